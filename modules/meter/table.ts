import { defineModule } from '../../engine/shared/table.js';

/** Levels of every voice and of the master, measured in the core. */
export const meterTable = defineModule({
  type: 'meter',
  idPrefix: 'meter',
  instances: 1,
  level: 'bus',
  latencyFrames: 0,
  doc: 'Peak (falls by 20 dB in 300 ms) per voice and master, RMS over 300 ms of the master.',
  params: {},
});
