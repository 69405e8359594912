import { defineModule } from '../../engine/shared/table.js';

/** Stereo room on a send. */
export const reverbTable = defineModule({
  type: 'reverb',
  idPrefix: 'reverb',
  instances: 1,
  level: 'bus',
  latencyFrames: 0,
  doc: 'Stereo reverb fed by the reverb sends; returns wet signal only.',
  params: {
    mix: { unit: 'lin', min: 0, max: 1, default: 0.3, smoothMs: 20, doc: 'Level of the reverb in the mix.' },
    room: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0.5,
      smoothMs: 20,
      doc: 'Size of the room, from a booth to a hall: T60 at 500 Hz is 0.4 s * 20^room, 0.4 to 8 s.',
    },
    damp: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0.5,
      smoothMs: 20,
      doc: 'How fast the treble dies: at 6 kHz T60 is shorter by 2^(2.5 damp).',
    },
  },
});
