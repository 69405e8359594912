// A fixed bank to measure against in the same run: what the first prototype did, and nothing more. Per voice: polyBLEP saw,
// smoothed pitch, exponential envelope, trapezoidal low-pass with coefficients per sample, three mono sums. Then a reverb of
// eight damped combs and four allpasses for each side.
// Not part of the engine. It must not be made faster or slower: figures are ratios to it.
import { LANES, Row, any, most, select, sumRow } from '../../engine/core/lane.lane';

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
  reverb();
}

const LINE: usize = 2048;
const COMBS: i32 = 8;
const LINES: usize = memory.data(16 * 2048 * 4, 64);
const DAMPED: usize = memory.data(16 * 4, 64);
const WET: usize = memory.data(2 * 256 * 16, 64);
const EARS: usize = memory.data(2 * 256 * 4, 64);
const PAST: usize = memory.data(8 * 4096, 64);
const NOW: usize = memory.data(16, 16);
const LENGTHS: usize = memory.data<i32>([
  1215, 1293, 1390, 1476, 1548, 1623, 1695, 1760, 1240, 1318, 1415, 1501, 1573, 1648, 1720, 1785,
]);

@unmanaged
class Comb {
  damp: lane;
}

/** Each lane at its own delay. */
function echo(line: usize, now: usize, lengths: usize): lane {
  let at = v128.load32_zero(line + (((now - load<u32>(lengths)) & (LINE - 1)) << 4));
  at = v128.load_lane<f32>(line + (((now - load<u32>(lengths, 4)) & (LINE - 1)) << 4), at, 1, 4);
  at = v128.load_lane<f32>(line + (((now - load<u32>(lengths, 8)) & (LINE - 1)) << 4), at, 2, 8);
  return changetype<lane>(
    v128.load_lane<f32>(line + (((now - load<u32>(lengths, 12)) & (LINE - 1)) << 4), at, 3, 12),
  );
}

function reverb(): void {
  const start: usize = load<u32>(NOW);
  memory.fill(WET, 0, 2 * 256 * 16);
  for (let c = 0; c < COMBS; c += LANES) {
    const left = held<Comb>(DAMPED + 4 * <usize>c);
    const right = held<Comb>(DAMPED + 4 * <usize>(COMBS + c));
    const leftLine = LINES + 4 * LINE * <usize>c;
    const rightLine = LINES + 4 * LINE * <usize>(COMBS + c);
    const lengths = LENGTHS + 4 * <usize>c;
    for (let i: usize = 0; i < <usize>FRAMES; i++) {
      const input = splat(load<f32>(SUMS + 1024 + 4 * i) * <f32>0.015);
      const leftEcho = echo(leftLine, start + i, lengths);
      const rightEcho = echo(rightLine, start + i, lengths + 4 * COMBS);
      left.damp = 0.8 * leftEcho + 0.2 * left.damp;
      right.damp = 0.8 * rightEcho + 0.2 * right.damp;
      const here = ((start + i) & (LINE - 1)) << 4;
      store<lane>(leftLine + here, input + 0.84 * left.damp);
      store<lane>(rightLine + here, input + 0.84 * right.damp);
      const wet = WET + (i << 4);
      store<lane>(wet, load<lane>(wet) + leftEcho);
      store<lane>(wet + 4096, load<lane>(wet + 4096) + rightEcho);
    }
  }
  sumRow(EARS, WET, 512);
  store<u32>(NOW, <u32>(start + 256));
  allpass(EARS, PAST, 605);
  allpass(EARS, PAST + 4096, 480);
  allpass(EARS, PAST + 8192, 371);
  allpass(EARS, PAST + 12288, 245);
  allpass(EARS + 1024, PAST + 16384, 630);
  allpass(EARS + 1024, PAST + 20480, 505);
  allpass(EARS + 1024, PAST + 24576, 396);
  allpass(EARS + 1024, PAST + 28672, 270);
}

/** In place; the lanes are samples that follow each other. */
function allpass(x: usize, line: usize, delay: usize): void {
  for (let i: usize = 0; i < 1024; i += 16) {
    const past = load<lane>(line + i);
    const input = load<lane>(x + i);
    store<lane>(x + i, past - input);
    store<lane>(line + (delay << 2) + i, input + 0.5 * past);
  }
  memory.copy(line, line + 1024, delay << 2);
}
