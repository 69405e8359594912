/** For the benchmark only: one module's work again and again, on its present state. */
import { HEADER_BYTES } from './cell.lane';
import {
  CELL_FRAMES,
  MODULE_ACID,
  MODULE_DELAY,
  MODULE_DISTORTION,
  MODULE_LIMITER,
  MODULE_REVERB,
  MODULE_VOICE,
} from './generated/layout';
import { place, session } from './session';
import { acidProcess } from '../../modules/acid/kernel';
import { delayProcess, delayTick } from '../../modules/delay/kernel';
import { distortionProcess, distortionTick } from '../../modules/distortion/kernel';
import { limiterProcess, limiterTick } from '../../modules/limiter/kernel';
import { reverbProcess, reverbTick } from '../../modules/reverb/kernel';
import { voiceTick } from '../../modules/voice/tick.lane';
import { voiceProcess } from '../../modules/voice/kernel.lane';

const IN: usize = memory.data(4 * 64, 64);
const OUT: usize = memory.data(8 * 64, 64);
const ROWS: usize = memory.data(6 * 256, 64);
const WORDS: usize = memory.data(64, 64);

/** Processes `cells` cells of 16 frames with the module of that type (voices: all groups, with their coefficients). */
export function benchModule(type: i32, cells: i32): void {
  const at = place(type);
  const p = at.base + HEADER_BYTES;
  const s = at.state;
  const n = CELL_FRAMES;
  for (let c = 0; c < cells; c++) {
    // A sawtooth that does not fall asleep.
    for (let i = 0; i < 64; i++)
      store<f32>(IN + ((<usize>i) << 2), <f32>((c * 16 + i) % 109) * <f32>0.005 - <f32>0.27);
    if (type === MODULE_VOICE) {
      for (let g = 0; g < session().groups; g++) {
        const group = at.base + <usize>g * at.stride;
        voiceTick(group, -1, n, session().sampleRate);
        voiceProcess(group, ROWS, 0, (c * 16) & 63, n, WORDS);
      }
      memory.fill(ROWS, 0, 6 * 256);
    } else if (type === MODULE_ACID) acidProcess(s, ROWS, OUT, n);
    else if (type === MODULE_DISTORTION) {
      distortionTick(p, s, n);
      distortionProcess(s, IN, IN + 64, n);
    } else if (type === MODULE_REVERB) {
      reverbTick(p, s, n);
      reverbProcess(s, IN, IN + 64, OUT, OUT + 64, n);
    } else if (type === MODULE_DELAY) {
      delayTick(p, s, n);
      delayProcess(s, IN, IN + 64, OUT, OUT + 64, n);
    } else if (type === MODULE_LIMITER) {
      limiterTick(p, s, n);
      limiterProcess(s, IN, IN + 64, n);
    }
    memory.fill(OUT, 0, 8 * 64);
  }
}
