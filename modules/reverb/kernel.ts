/**
 * Room, stereo: a feedback delay network of eight modulated lines behind four diffusers.
 *
 *   diffuser  8 delays and a Hadamard matrix, four in a row: from one click on one side 2048 echoes of equal size within
 *             60 ms (after "Let's Write a Reverb", Signalsmith Audio, 2021); left goes into the even, right into the odd
 *             ones of the first. Delays: of some thousand drawn sets one whose echo density is soonest 1 (scripts/sound)
 *   network   8 lines of 31 to 84 ms, two equal one-pole low-passes and a gain each, mixed by a Hadamard matrix (Jot and
 *             Chaigne, "Digital delay networks for designing artificial reverberators", AES 1991)
 *   output    early: four rows of the last diffuser a side, with signs that let all of its delays be heard equally loud.
 *             Late: two lines a side. Which row of the matrix feeds which line is chosen so that neither comes back to
 *             the side it is heard on: the tail has no echo at the length of a line
 *
 * Decay: T60 = 0.4 s * 20^room at 500 Hz, whatever damp: 0.4 s at 0, 1.8 s at 0.5, 8 s at 1. At 6 kHz it is
 * T60 * 2^(-2.5 damp), but no low-pass has its corner below 1 kHz, so that small damped rooms keep about 0.1 s. Every line
 * loses the same number of dB per second at both, so no tone outlives the others; below 500 Hz a strongly damped room
 * rings up to a quarter longer. Reading positions swing by 0.25 ms at 0.35 to 1 Hz (1 to 2 cents), taken from the frame
 * counter: the same frames give the same samples. Cubic interpolation: at 10 kHz an undamped room of 1.8 s has 1.55 s.
 * Level: as Freeverb (Jezar, 2000) with its gain of 0.015.
 */
import { clamp, exp2 } from '../dsp/math';
import { addRun, mix8 } from '../dsp/hadamard';
import { rampEnd, rampStep, rampStore, rampValue, rampsAim, rampsLand } from '../dsp/ramps';
import {
  COLUMN,
  DELAYS,
  PLACES,
  ringBytes,
  ringFrames,
  ROW_BYTES,
  RUN,
  SIZES,
  diffuse,
  readLines,
  writeRing,
} from '../dsp/rings';
import { flush, flushAll, isSane, isSilent } from '../dsp/silence';

/** Delays of the four diffusers and of the lines in frames at 48 kHz, one row of eight each. */
const LENGTHS: usize = memory.data<f32>([
  17.0, 89.0, 109.0, 151.0, 101.0, 23.0, 37.0, 41.0, 29.0, 167.0, 127.0, 61.0, 101.0, 131.0, 157.0, 239.0,
  241.0, 409.0, 359.0, 23.0, 157.0, 109.0, 151.0, 269.0, 109.0, 937.0, 1627.0, 1289.0, 383.0, 613.0, 653.0,
  181.0, 1489.0, 1721.0, 1979.0, 2281.0, 2633.0, 3037.0, 3499.0, 4021.0,
]);
/** Diffusers; their rows come before that of the lines. */
const STEPS: usize = 4;
/** Delays of all. */
const TAPS: i32 = 40;
/** Rates of the eight swings in Hz. */
const RATES: usize = memory.data<f32>([0.35, 0.83, 0.59, 0.43, 1.0, 0.67, 0.51, 0.77]);
/** Line (column of the matrix) that each row feeds. Rows 0, 2, 4, 6 are heard left: lines 2 to 5. */
const LINE_OF_ROW: usize = memory.data<u8>([2, 0, 3, 1, 4, 6, 5, 7]);
/** Swing of a reading position in seconds, to either side. */
const SWING_S: f32 = 12.0 / 48000.0;
/** Input gain: four unscaled matrices of eight (8^-2), and the level measured against Freeverb. */
const INPUT_GAIN: f32 = 0.015625 * 0.13;
/** 1 / sqrt(8): scales the matrix of the network. */
const MATRIX_GAIN: f32 = 0.3535533905932738;
/** Where the decay is that of `room`, where it is less by `damp`, and the least corner of the low-passes. */
const MIDDLE_HZ: f32 = 500.0;
const TREBLE_HZ: f32 = 6000.0;
const CORNER_HZ: f32 = 1000.0;
const LEAST_STATE: f32 = 1e-15;
const SHORTEST_S: f32 = 0.4;
/** log2(20) and 2.5: octaves of decay time over the range of room and damp. */
const ROOM_OCTAVES: f32 = 4.321928094887363;
const DAMP_OCTAVES: f32 = 2.5;
/** log2(1000): octaves in 60 dB. */
const OCTAVES_60_DB: f32 = 9.965784284662087;

// Parameters, in the order of the table, 16 bytes each: value, target, left, mod.
const MIX: usize = 0;
const ROOM: usize = 16;
const DAMP: usize = 32;

@unmanaged
class Reverb {
  sampleRate: f32;
  primed: i32;
  mix: f32;
  room: f32;
  damp: f32;
  // coefficients; the others are in the banks
  left: i32;
  swing: f32;
  /** Frames after which silence has filled everything. */
  memoryFrames: i32;
  // memory
  frame: u32;
  quiet: i32;
  asleep: i32;
  pad: i32;
}

// Bank of levels: gain and pole of each line, mix. Bank of swings: reading offset of each line in frames.
const GAIN: i32 = 0;
const POLE: i32 = 8;
const WET: i32 = 16;
const LEVELS: i32 = 20;
const SWINGS: i32 = 8;

const HEAD: usize = 48;
const LEVEL_BANK: usize = HEAD;
const SWING_BANK: usize = LEVEL_BANK + 240;
const STATES: usize = SWING_BANK + 96;
/** Five rows of rings: four diffusers, the lines. Phase increments of the swings. */
const ROWS: usize = STATES + 64;
const LINES: usize = ROWS + STEPS * ROW_BYTES;
const INCREMENTS: usize = LINES + ROW_BYTES;
/** Sixteen columns of 16 frames: what the diffusers give, what the lines return. */
const DIFFUSED: usize = INCREMENTS + 32;
const RETURNED: usize = DIFFUSED + 8 * COLUMN;
const RINGS: usize = RETURNED + 8 * COLUMN;

/** Delay number i in frames at a rate. */
function delayFrames(i: i32, sampleRate: f32): i32 {
  return <i32>nearest<f32>(load<f32>(LENGTHS + ((<usize>i) << 2)) * (sampleRate / <f32>48000.0));
}

/** Frames of the ring for delay number i: room for the delay and its swing; one size in a diffuser. */
function sizeOf(i: i32, sampleRate: f32): i32 {
  let longest = delayFrames(i, sampleRate);
  const first = i & ~7;
  if (i < TAPS - 8)
    for (let k = 0; k < 8; k++) longest = max<i32>(longest, delayFrames(first + k, sampleRate));
  return ringFrames(longest + <i32>(<f32>2.0 * SWING_S * sampleRate) + 3);
}

/** Bytes of state: 206 KB at 48 kHz. */
export function reverbBytes(sampleRate: f32): usize {
  let bytes = RINGS;
  for (let i = 0; i < TAPS; i++) if (i < 2 || i > 7) bytes += ringBytes(sizeOf(i, sampleRate));
  return bytes;
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function reverbInit(s: usize, sampleRate: f32): void {
  const reverb = changetype<Reverb>(s);
  reverb.sampleRate = sampleRate;
  reverb.swing = SWING_S * sampleRate;
  let place = RINGS;
  for (let i = 0; i < TAPS; i++) {
    const at = s + ROWS + <usize>(i >> 3) * ROW_BYTES + ((<usize>(i & 7)) << 2);
    const size = sizeOf(i, sampleRate);
    store<i32>(at, size, SIZES);
    store<i32>(at, delayFrames(i, sampleRate), DELAYS);
    // The first diffuser reads two rings, left and right.
    const shared = i > 1 && i < 8;
    store<u32>(at, shared ? load<u32>(at - 8, PLACES) : <u32>place, PLACES);
    if (!shared) place += ringBytes(size);
    if ((i & 7) == 7) reverb.memoryFrames += size + RUN;
  }
  for (let i: usize = 0; i < 32; i += 4) {
    const turns: f64 = <f64>load<f32>(RATES + i) / <f64>sampleRate;
    store<u32>(s + INCREMENTS + i, <u32>nearest<f64>(turns * 4294967296.0));
  }
}

/** Clears what the signal left behind; parameters and the swing stay. Runs on: render thread. */
export function reverbReset(s: usize): void {
  const reverb = changetype<Reverb>(s);
  memory.fill(s + STATES, 0, 64);
  memory.fill(s + DIFFUSED, 0, reverbBytes(reverb.sampleRate) - DIFFUSED);
  reverb.quiet = reverb.memoryFrames;
}

/**
 * Parameters to coefficients: mix, room, damp 0..1. Also flushes the filters, heals a non-finite state by a reset and
 * puts the module to sleep when nothing but zeros is left in it. Eight swings per cell; 16 exp2 and 8 square roots when
 * room or damp moves. Runs on: render thread, once per cell.
 */
export function reverbTick(p: usize, s: usize, frames: i32): void {
  const reverb = changetype<Reverb>(s);
  const sum = flushAll(s + STATES, 16, LEAST_STATE);
  if (!isSane(sum)) {
    reverbReset(s);
    // Its coefficients may be what broke it.
    reverb.primed = 0;
  }
  if (reverb.quiet >= reverb.memoryFrames && sum == 0.0) reverb.asleep = 1;
  const land = reverb.asleep || !reverb.primed;

  const mix = load<f32>(p + MIX);
  const room = load<f32>(p + ROOM);
  const damp = load<f32>(p + DAMP);
  const moved = mix != reverb.mix || room != reverb.room || damp != reverb.damp || !reverb.primed;
  if (room != reverb.room || damp != reverb.damp || !reverb.primed) aimDecay(s, room, damp);
  if (moved) rampEnd(s + LEVEL_BANK, LEVELS, WET, mix);
  reverb.mix = mix;
  reverb.room = room;
  reverb.damp = damp;
  reverb.primed = 1;
  if (land && !moved && reverb.left == 0) return;

  aimSwings(s, frames);
  if (land) {
    rampsLand(s + LEVEL_BANK, LEVELS);
    rampsLand(s + SWING_BANK, SWINGS);
    reverb.left = 0;
    return;
  }
  if (moved || reverb.left > 0) rampsAim(s + LEVEL_BANK, LEVELS, frames);
  rampsAim(s + SWING_BANK, SWINGS, frames);
  reverb.left = frames;
}

/** Gain and pole of each line for the decay at MIDDLE_HZ and at TREBLE_HZ. */
function aimDecay(s: usize, room: f32, damp: f32): void {
  const reverb = changetype<Reverb>(s);
  const bank = s + LEVEL_BANK;
  const t60: f32 = SHORTEST_S * exp2(ROOM_OCTAVES * clamp(room, 0.0, 1.0));
  const trebleT60: f32 = t60 * exp2(-DAMP_OCTAVES * clamp(damp, 0.0, 1.0));
  const middle: f32 = -OCTAVES_60_DB / (t60 * reverb.sampleRate);
  const treble: f32 = -OCTAVES_60_DB / (trebleT60 * reverb.sampleRate) - middle;
  const atMiddle = lessThanOne(MIDDLE_HZ / reverb.sampleRate);
  const atTreble = lessThanOne(TREBLE_HZ / reverb.sampleRate);
  const least = lessThanOne(CORNER_HZ / reverb.sampleRate);
  for (let i = 0; i < 8; i++) {
    const length: f32 = <f32>load<i32>(s + LINES + ((<usize>i) << 2), DELAYS) + reverb.swing;
    // Energy that one low-pass leaves at w is q / (q + 1 - cos w), q = (1 - pole)^2 / (2 pole). Of two, the treble is to
    // lose `fall` against the middle: in energy, the square root of it in each.
    const fall = exp2(treble * length);
    const q = max<f32>((fall * atTreble - atMiddle) / max<f32>(<f32>1.0 - fall, 1e-9), least);
    const pole: f32 = <f32>1.0 / (<f32>1.0 + q + sqrt<f32>(q * (q + <f32>2.0)));
    const gain: f32 = (exp2(middle * length) * (q + atMiddle)) / q;
    rampEnd(bank, LEVELS, GAIN + i, gain * (<f32>1.0 - pole) * MATRIX_GAIN);
    rampEnd(bank, LEVELS, POLE + i, pole);
  }
}

/** 1 - cos(2 pi x) for x in 0..0.14, from its series, to 1e-6 of itself. */
function lessThanOne(x: f32): f32 {
  const u: f32 = x * x * <f32>39.47841760435743;
  return u * (<f32>0.5 - u * (<f32>(1.0 / 24.0) - u * (<f32>(1.0 / 720.0) - u * <f32>(1.0 / 40320.0))));
}

/** Where the swings are `frames` frames from now: a sine of parabolas, from integer phase. */
function aimSwings(s: usize, frames: i32): void {
  const reverb = changetype<Reverb>(s);
  const then = reverb.frame + <u32>frames;
  for (let i = 0; i < 8; i++) {
    const phase = <i32>(then * load<u32>(s + INCREMENTS + ((<usize>i) << 2)));
    const x: f32 = <f32>phase * <f32>(1.0 / 2147483648.0);
    const sine: f32 = <f32>4.0 * x * (<f32>1.0 - abs<f32>(x));
    rampEnd(s + SWING_BANK, SWINGS, i, reverb.swing * (<f32>1.0 + sine));
  }
}

/**
 * Adds the room's answer to n frames (1..16) of the send to outLeft, outRight. All buffers: mono f32, in and out apart.
 * First sound 4 ms after the input. About 200 operations per frame. Runs on: render thread.
 */
export function reverbProcess(
  s: usize,
  inLeft: usize,
  inRight: usize,
  outLeft: usize,
  outRight: usize,
  n: i32,
): void {
  const reverb = changetype<Reverb>(s);
  if (reverb.asleep) {
    if (isSilent(inLeft, inRight, n)) {
      reverb.frame += n;
      return;
    }
    reverb.asleep = 0;
    reverb.quiet = 0;
  }
  for (let i = 0; i < n;) {
    // A run ends with the ramps and where rings may wrap.
    let m = min<i32>(n - i, RUN - ((<i32>reverb.frame) & (RUN - 1)));
    if (reverb.left > 0) m = min<i32>(m, reverb.left);
    const at = (<usize>i) << 2;
    roomRun(s, inLeft + at, inRight + at, outLeft + at, outRight + at, m);
    i += m;
    if (reverb.left > 0) {
      reverb.left -= m;
      if (reverb.left == 0) {
        rampsLand(s + LEVEL_BANK, LEVELS);
        rampsLand(s + SWING_BANK, SWINGS);
      }
    }
  }
}

/** m frames (1..16) without a wrap, during which every coefficient follows one straight line. */
function roomRun(s: usize, inLeft: usize, inRight: usize, outLeft: usize, outRight: usize, m: i32): void {
  const reverb = changetype<Reverb>(s);
  const diffused = s + DIFFUSED;
  const returned = s + RETURNED;
  let sound = -1;
  for (let f = 0; f < m; f++) {
    const at = (<usize>f) << 2;
    const left = flush(load<f32>(inLeft + at), LEAST_STATE) * INPUT_GAIN;
    const right = flush(load<f32>(inRight + at), LEAST_STATE) * INPUT_GAIN;
    store<f32>(diffused + at, left);
    store<f32>(diffused + at, right, COLUMN);
    if (left != 0.0 || right != 0.0) sound = f;
  }
  const frame = reverb.frame;
  const rows = s + ROWS;
  writeRing(s, rows, 0, frame, diffused, m);
  writeRing(s, rows, 1, frame, diffused + COLUMN, m);
  for (let step: usize = 0; step < STEPS; step++) {
    const row = rows + step * ROW_BYTES;
    diffuse(s, row, step < STEPS - 1 ? row + ROW_BYTES : 0, diffused, frame, m);
  }
  const bank = s + LEVEL_BANK;
  const swings = s + SWING_BANK;
  sound = max<i32>(sound, readLines(s, s + LINES, frame, bank, LEVELS, swings, s + STATES, returned, m));
  addOut(s, outLeft, outRight, m);
  mix8(
    returned,
    returned + COLUMN,
    returned + 2 * COLUMN,
    returned + 3 * COLUMN,
    returned + 4 * COLUMN,
    returned + 5 * COLUMN,
    returned + 6 * COLUMN,
    returned + 7 * COLUMN,
    returned,
    COLUMN,
    m,
  );
  for (let i: usize = 0; i < 8; i++) {
    addRun(diffused + i * COLUMN, returned + i * COLUMN, m);
    writeRing(s, s + LINES, <usize>load<u8>(LINE_OF_ROW + i), frame, diffused + i * COLUMN, m);
  }
  reverb.frame = frame + m;
  reverb.quiet = sound < 0 ? (reverb.quiet + m) & 0x3fffffff : m - 1 - sound;
}

/** Adds what is heard of the last diffuser and of four lines to m frames of the output. */
function addOut(s: usize, outLeft: usize, outRight: usize, m: i32): void {
  const bank = s + LEVEL_BANK;
  const step = rampStep(bank, LEVELS, WET);
  let wet = rampValue(bank, WET);
  let x = s + DIFFUSED;
  const stop = x + ((<usize>m) << 2);
  if (ASC_FEATURE_SIMD) {
    const four = f32x4.splat(4.0);
    for (; x + 16 <= stop; x += 16, outLeft += 16, outRight += 16) {
      const y = x + (RETURNED - DIFFUSED);
      let wets = f32x4.splat(wet + step);
      wets = f32x4.replace_lane(wets, 1, wet + step + step);
      wets = f32x4.replace_lane(wets, 2, wet + step + step + step);
      wet = wet + step + step + step + step;
      wets = f32x4.replace_lane(wets, 3, wet);
      const d0 = f32x4.add(v128.load(x), v128.load(x, 2 * COLUMN));
      const d1 = f32x4.sub(v128.load(x, 4 * COLUMN), v128.load(x, 6 * COLUMN));
      const d2 = f32x4.add(v128.load(x, COLUMN), v128.load(x, 3 * COLUMN));
      const d3 = f32x4.sub(v128.load(x, 5 * COLUMN), v128.load(x, 7 * COLUMN));
      const late0 = f32x4.mul(four, f32x4.add(v128.load(y), v128.load(y, COLUMN)));
      const late1 = f32x4.mul(four, f32x4.sub(v128.load(y, 2 * COLUMN), v128.load(y, 3 * COLUMN)));
      const left = f32x4.add(f32x4.add(d0, d1), late0);
      const right = f32x4.add(f32x4.add(d2, d3), late1);
      v128.store(outLeft, f32x4.add(v128.load(outLeft), f32x4.mul(wets, left)));
      v128.store(outRight, f32x4.add(v128.load(outRight), f32x4.mul(wets, right)));
    }
  }
  for (; x < stop; x += 4, outLeft += 4, outRight += 4) {
    const y = x + (RETURNED - DIFFUSED);
    wet += step;
    const d0: f32 = load<f32>(x) + load<f32>(x, 2 * COLUMN);
    const d1: f32 = load<f32>(x, 4 * COLUMN) - load<f32>(x, 6 * COLUMN);
    const d2: f32 = load<f32>(x, COLUMN) + load<f32>(x, 3 * COLUMN);
    const d3: f32 = load<f32>(x, 5 * COLUMN) - load<f32>(x, 7 * COLUMN);
    const left: f32 = d0 + d1 + <f32>4.0 * (load<f32>(y) + load<f32>(y, COLUMN));
    const right: f32 = d2 + d3 + <f32>4.0 * (load<f32>(y, 2 * COLUMN) - load<f32>(y, 3 * COLUMN));
    store<f32>(outLeft, load<f32>(outLeft) + wet * left);
    store<f32>(outRight, load<f32>(outRight) + wet * right);
  }
  rampStore(bank, WET, wet);
}
