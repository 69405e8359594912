// A fixed bank of voices to measure against in the same run: what the first prototype did, and nothing more. Per voice:
// polyBLEP saw, smoothed pitch, exponential envelope, trapezoidal low-pass with coefficients per sample, three mono sums.
// Not part of the engine. It must not be made faster or slower: figures are ratios to it.
import { Row, any, most, select, sumRow } from '../../engine/core/lane.lane';

@unmanaged
class Voice {
  phase: lane;
  inc: lane;
  incGoal: lane;
  cutoff: lane;
  cutoffGoal: lane;
  damping: lane;
  dampingGoal: lane;
  ic1: lane;
  ic2: lane;
  env: lane;
  envGoal: lane;
  envRate: lane;
  top: lane;
  sustain: lane;
  decayRate: lane;
  gain: lane;
  reverb: lane;
  delay: lane;
}

const FRAMES: i32 = 256;
const VOICES: usize = memory.data(64 * 18 * 16, 64);
const ROWS: usize = memory.data(3 * 256 * 16, 64);
const SUMS: usize = memory.data(3 * 256 * 4, 64);

function saw(phase: lane, inc: lane): lane {
  const reach = 1.0 / inc;
  const after = most(0.0, 1.0 - phase * reach);
  const before = most(0.0, 1.0 - (1.0 - phase) * reach);
  return phase + phase - 1.0 + after * after - before * before;
}

/** Starts `groups` groups of four voices, four semitones apart from 55 Hz. */
export function start(groups: i32): void {
  let inc: f32 = <f32>55.0 / <f32>48000.0;
  for (let g = 0; g < groups; g++) {
    const v = changetype<Voice>(VOICES + <usize>g * offsetof<Voice>());
    v.inc = splat(inc);
    v.incGoal = v.inc;
    v.cutoff = 0.05;
    v.cutoffGoal = 0.05;
    v.damping = 0.5;
    v.dampingGoal = 0.5;
    v.envGoal = 1.2;
    v.envRate = 0.01;
    v.top = 1.0;
    v.sustain = 0.7;
    v.decayRate = 0.001;
    v.gain = 0.02;
    v.reverb = 0.2;
    v.delay = 0.2;
    inc *= <f32>1.2599211;
    if (inc > <f32>0.02) inc = <f32>55.0 / <f32>48000.0;
  }
}

/** One block of 256 frames. */
export function block(groups: i32): void {
  memory.fill(ROWS, 0, 3 * 256 * 16);
  const dry = changetype<Row>(ROWS);
  for (let g = 0; g < groups; g++) {
    const v = held<Voice>(VOICES + <usize>g * offsetof<Voice>());
    for (let i: i32 = 0; i < FRAMES; i++) {
      v.inc += 0.002 * (v.incGoal - v.inc);
      const next = v.phase + v.inc;
      v.phase = select(next < 1.0, next, next - 1.0);
      v.env += v.envRate * (v.envGoal - v.env);
      const top = v.top <= v.env;
      if (any(top)) {
        v.env = select(top, 1.0, v.env);
        v.envGoal = select(top, v.sustain, v.envGoal);
        v.envRate = select(top, v.decayRate, v.envRate);
        v.top = select(top, 1e9, v.top);
      }
      v.cutoff += 0.001 * (v.cutoffGoal - v.cutoff);
      v.damping += 0.001 * (v.dampingGoal - v.damping);
      const x = v.cutoff * 3.14159265;
      const x2 = x * x;
      const above = x * (1.0 + x2 * (-0.11111111 + x2 * 0.0010582011));
      const below = 1.0 + x2 * (-0.44444444 + x2 * 0.015873016);
      const square = below * below;
      const inverse = 1.0 / (square + v.damping * above * below + above * above);
      const a1 = square * inverse;
      const a2 = above * below * inverse;
      const a3 = above * above * inverse;
      const v3 = saw(v.phase, v.inc) - v.ic2;
      const v1 = a1 * v.ic1 + a2 * v3;
      const v2 = v.ic2 + a2 * v.ic1 + a3 * v3;
      v.ic1 = v1 + v1 - v.ic1;
      v.ic2 = v2 + v2 - v.ic2;
      const out = v2 * v.env * v.gain;
      dry[i] += out;
      dry[FRAMES + i] += out * v.reverb;
      dry[2 * FRAMES + i] += out * v.delay;
    }
  }
  sumRow(SUMS, ROWS, 3 * FRAMES);
}
