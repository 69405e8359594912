import { defineModule } from '../../engine/shared/table.js';

/** Stereo echo on a send, its filters inside the loop. */
export const delayTable = defineModule({
  type: 'delay',
  idPrefix: 'delay',
  instances: 1,
  level: 'bus',
  latencyFrames: 0,
  doc: 'Filtered feedback delay fed by the delay sends; returns wet signal only.',
  params: {
    time: {
      unit: 's',
      min: 0.1,
      max: 0.6,
      default: 0.25,
      smoothMs: 20,
      doc: 'Time between echoes; a new time is faded in over 50 ms, without a change of pitch.',
    },
    feedback: {
      unit: 'lin',
      min: 0,
      max: 0.7,
      default: 0.4,
      smoothMs: 20,
      doc: 'Level of each echo against the one before.',
    },
    mix: { unit: 'lin', min: 0, max: 1, default: 0.3, smoothMs: 20, doc: 'Level of the echoes in the mix.' },
    lowcut: {
      unit: 'Hz',
      min: 20,
      max: 1000,
      default: 100,
      curve: 'exp',
      smoothMs: 20,
      doc: 'Each echo loses what lies below.',
    },
    highcut: {
      unit: 'Hz',
      min: 1000,
      max: 10000,
      default: 5000,
      curve: 'exp',
      smoothMs: 20,
      doc: 'Each echo loses what lies above.',
    },
  },
});
