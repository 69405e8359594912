import { defineModule } from '../../engine/shared/table.js';

/** The last module before the output: no sample passes the ceiling. */
export const limiterTable = defineModule({
  type: 'limiter',
  idPrefix: 'limiter',
  instances: 1,
  level: 'bus',
  latencyFrames: 128,
  doc: 'Look-ahead brick-wall limiter on the master; below the ceiling it changes no bit.',
  params: {
    ceiling: {
      unit: 'dB',
      min: -20,
      max: 0,
      default: -1,
      smoothMs: 20,
      doc: 'The highest sample that can leave the engine, relative to full scale.',
    },
    release: {
      unit: 's',
      min: 0.01,
      max: 1,
      default: 0.05,
      curve: 'exp',
      smoothMs: 0,
      doc: 'Time constant of the return to full level.',
    },
  },
});
