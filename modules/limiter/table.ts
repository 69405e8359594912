import { defineModule } from '../../engine/shared/table.js';

/** The last module before the output: no true peak passes the ceiling. */
export const limiterTable = defineModule({
  type: 'limiter',
  idPrefix: 'limiter',
  instances: 1,
  level: 'bus',
  latencyFrames: 128,
  doc: 'Look-ahead true-peak limiter on the master; 0.1 dB below the ceiling it changes no bit.',
  params: {
    ceiling: {
      unit: 'dB',
      min: -20,
      max: 0,
      default: -1,
      smoothMs: 20,
      doc: 'The highest true peak (between samples too) that can leave the engine, relative to full scale.',
    },
    release: {
      unit: 's',
      min: 0.01,
      max: 1,
      default: 0.05,
      curve: 'exp',
      smoothMs: 0,
      doc: 'Time constant of the return to full level. It begins after 0.4 of it, at most 25 ms, without a peak.',
    },
  },
});
