import { defineModule } from '../../engine/shared/table.js';

/** Slow oscillators that move a parameter. */
export const lfoTable = defineModule({
  type: 'lfo',
  idPrefix: 'lfo',
  instances: 2,
  level: 'control',
  latencyFrames: 0,
  doc: 'Modulator with eight shapes, depth, offset and a target; depth 0 changes nothing.',
  notes:
    'At start lfo1 moves the cutoff of voice2 (and of the acid filter on it) and lfo2 the level of voice3.',
  instanceDefaults: {
    lfo1: { rate: 0.25, depth: 0.7, target: 'voice2/filter/freq' },
    lfo2: { rate: 4, depth: 0.3, target: 'voice3/amp' },
  },
  params: {
    rate: {
      unit: 'Hz',
      min: 0.01,
      max: 10,
      default: 0.25,
      curve: 'exp',
      smoothMs: 20,
      doc: 'Cycles per second.',
    },
    depth: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0,
      smoothMs: 20,
      doc: 'How far the target is moved; 0 = not at all.',
    },
    shape: {
      unit: 'enum',
      min: 0,
      max: 7,
      default: 0,
      smoothMs: 0,
      words: ['sine', 'triangle', 'saw_up', 'saw_down', 'square', 'pulse', 'sample_hold', 'smooth_random'],
      doc: 'Form of the movement.',
    },
    offset: {
      unit: 'lin',
      min: -1,
      max: 1,
      default: 0,
      smoothMs: 20,
      doc: 'Added to the shape before depth.',
    },
    target: {
      unit: 'target',
      min: 0,
      max: 16777216,
      default: 0,
      smoothMs: 0,
      doc: "What it moves, as '<module>/<parameter>' (voice2/filter/freq), or 'none'.",
    },
  },
});
