import { defineModule } from '../../engine/shared/table.js';

/** Antialiased waveshaper over the sum of the voices. */
export const distortionTable = defineModule({
  type: 'distortion',
  idPrefix: 'dist',
  instances: 1,
  level: 'bus',
  latencyFrames: 32,
  doc: 'Saturation of the mixed voices, oversampled; the dry path is delayed to match.',
  notes: 'The sends to reverb1 and delay1 leave before it and are delayed to match.',
  params: {
    drive: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0,
      smoothMs: 20,
      doc: 'Hardness of the shaper; full drive is k = 30. The loudness stays.',
    },
    mix: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0,
      smoothMs: 20,
      doc: 'From dry (0) to shaped (1), linear.',
    },
    tone: {
      unit: 'lin',
      min: 0,
      max: 1,
      default: 0.5,
      smoothMs: 20,
      doc: 'Low-pass on the shaped sound, from dark (1 kHz) to bright (8 kHz), linear.',
    },
  },
});
