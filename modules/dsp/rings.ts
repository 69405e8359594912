/**
 * Delay lines in rows of eight, written and read in runs of up to 16 frames.
 *
 * A row is 96 bytes: size[8] in frames (powers of two), place[8] in bytes from the state block, delay[8] in frames.
 * Behind each ring lies a copy of its first 16 frames, so that a run can be read from any place without a wrap. Runs are
 * written where `frame` counts; one must not cross a multiple of 16.
 *
 * Runs on: render thread.
 */
import { copyRun, mix8 } from './hadamard';
import { rampStep, rampStore, rampValue } from './ramps';

export const ROW_BYTES: usize = 96;
export const SIZES: usize = 0;
export const PLACES: usize = 32;
export const DELAYS: usize = 64;
/** Longest run, and frames copied behind each ring. */
export const RUN: i32 = 16;
/** Bytes from one column of a run to the next. */
export const COLUMN: usize = 64;

/** What leaves a modulated line below -200 dB leaves it as 0. */
const LEAST_RETURN: f32 = 1e-10;
const SIXTH: f32 = 1.0 / 6.0;

/** Frames of a ring for delays of up to `longest` frames. */
export function ringFrames(longest: i32): i32 {
  return 1 << (32 - clz<i32>(longest + RUN - 1));
}

/** Bytes of a ring with its margin. */
export function ringBytes(frames: i32): usize {
  return (<usize>(frames + RUN)) << 2;
}

/** Writes m frames into ring i of a row, and into its margin when they are its first. */
export function writeRing(s: usize, row: usize, i: usize, frame: u32, from: usize, m: i32): void {
  const at = row + 4 * i;
  const size = load<i32>(at, SIZES);
  const slot = (<i32>frame) & (size - 1);
  const ring = s + <usize>load<u32>(at, PLACES);
  copyRun(ring + ((<usize>slot) << 2), from, m);
  if (slot < RUN) copyRun(ring + ((<usize>(size + slot)) << 2), from, m);
}

/** Where m frames are read from ring i of a row, its delay (at least 16) ago. */
function readPlace(s: usize, row: usize, i: usize, frame: u32): usize {
  'inline';
  const at = row + 4 * i;
  const slot = (<i32>frame - load<i32>(at, DELAYS)) & (load<i32>(at, SIZES) - 1);
  return s + <usize>load<u32>(at, PLACES) + ((<usize>slot) << 2);
}

/**
 * One diffuser: m frames of the eight rings of a row, each its delay ago, times the unscaled matrix, go into the eight
 * rings of the row `next`, all of one size, or, when that is 0, into eight columns.
 */
export function diffuse(s: usize, row: usize, next: usize, columns: usize, frame: u32, m: i32): void {
  let to = columns;
  let apart = COLUMN;
  let size = 0;
  let slot = RUN;
  if (next != 0) {
    size = load<i32>(next, SIZES);
    slot = (<i32>frame) & (size - 1);
    to = s + <usize>load<u32>(next, PLACES) + ((<usize>slot) << 2);
    apart = ringBytes(size);
  }
  mix8(
    readPlace(s, row, 0, frame),
    readPlace(s, row, 1, frame),
    readPlace(s, row, 2, frame),
    readPlace(s, row, 3, frame),
    readPlace(s, row, 4, frame),
    readPlace(s, row, 5, frame),
    readPlace(s, row, 6, frame),
    readPlace(s, row, 7, frame),
    to,
    apart,
    m,
  );
  if (slot >= RUN) return;
  const margin = (<usize>size) << 2;
  for (let i = 0; i < 8; i++, to += apart) copyRun(to + margin, to, m);
}

/**
 * Reads m frames of eight modulated, damped lines into eight columns: the place delay + swing frames ago, by a cubic
 * through four samples (Lagrange; -0.25 dB at 10 kHz and 48 kHz on average), times gain, through two equal low-passes.
 *   u = gain * x + pole * u',  y = u + pole * (y' - u)
 * levels: a bank of ramps that begins with gain[8], pole[8]; swings: a bank of 8, in frames >= 0; states: u'[8], y'[8].
 * Returns the last frame in which one of them was not 0, or -1. A vector is four lines; the loop gives the same bits.
 */
export function readLines(
  s: usize,
  row: usize,
  frame: u32,
  levels: usize,
  levelCount: i32,
  swings: usize,
  states: usize,
  columns: usize,
  m: i32,
): i32 {
  if (ASC_FEATURE_SIMD) {
    const low = readFour(s, row, frame, levels, levelCount, swings, states, columns, m);
    const columns4 = columns + 4 * COLUMN;
    const high = readFour(s, row + 16, frame, levels + 16, levelCount, swings + 16, states + 16, columns4, m);
    return max<i32>(low, high);
  }
  let sound = -1;
  for (let i = 0; i < 8; i++) {
    const at = row + ((<usize>i) << 2);
    const mask = load<i32>(at, SIZES) - 1;
    const ring = s + <usize>load<u32>(at, PLACES);
    const start = <i32>frame - load<i32>(at, DELAYS);
    const column = columns + <usize>i * COLUMN;
    let gain = rampValue(levels, i);
    let pole = rampValue(levels, 8 + i);
    let swing = rampValue(swings, i);
    const gainStep = rampStep(levels, levelCount, i);
    const poleStep = rampStep(levels, levelCount, 8 + i);
    const swingStep = rampStep(swings, 8, i);
    let low = load<f32>(states + ((<usize>i) << 2));
    let lower = load<f32>(states + ((<usize>i) << 2), 32);
    for (let f = 0; f < m; f++) {
      gain += gainStep;
      pole += poleStep;
      swing += swingStep;
      const whole = <i32>swing;
      const t: f32 = swing - <f32>whole;
      const from = ring + ((<usize>((start + f - whole - 2) & mask)) << 2);
      const x2 = load<f32>(from, 4);
      const x1 = load<f32>(from, 8);
      const d: f32 = x2 - x1;
      const newer: f32 = x1 - load<f32>(from, 12) - d;
      const older: f32 = d - (load<f32>(from) - x2);
      const bend: f32 = t * SIXTH * (<f32>1.0 - t) * ((<f32>2.0 - t) * newer + (<f32>1.0 + t) * older);
      low = (x1 + t * d + bend) * gain + low * pole;
      lower = low + (lower - low) * pole;
      const back: f32 = abs<f32>(lower) >= LEAST_RETURN ? lower : 0.0;
      store<f32>(column + ((<usize>f) << 2), back);
      if (back != 0.0) sound = max<i32>(sound, f);
    }
    store<f32>(states + ((<usize>i) << 2), low);
    store<f32>(states + ((<usize>i) << 2), lower, 32);
    rampStore(levels, i, gain);
    rampStore(levels, 8 + i, pole);
    rampStore(swings, i, swing);
  }
  return sound;
}

/** Four lines of `readLines`. */
function readFour(
  s: usize,
  row: usize,
  frame: u32,
  levels: usize,
  levelCount: i32,
  swings: usize,
  states: usize,
  columns: usize,
  m: i32,
): i32 {
  const steps = levels + ((<usize>levelCount) << 3);
  const masks = i32x4.sub(v128.load(row, SIZES), i32x4.splat(1));
  const places = i32x4.add(v128.load(row, PLACES), i32x4.splat(<i32>s));
  let start = i32x4.sub(i32x4.splat(<i32>frame), v128.load(row, DELAYS));
  let gain = v128.load(levels);
  let pole = v128.load(levels, 32);
  let swing = v128.load(swings);
  const gainStep = v128.load(steps);
  const poleStep = v128.load(steps, 32);
  const swingStep = v128.load(swings, 64);
  let low = v128.load(states);
  let lower = v128.load(states, 32);
  const one = f32x4.splat(1.0);
  let sound = -1;
  // The oldest of four samples is read first.
  start = i32x4.sub(start, i32x4.splat(2));
  for (let f = 0; f < m; f++, columns += 4) {
    gain = f32x4.add(gain, gainStep);
    pole = f32x4.add(pole, poleStep);
    swing = f32x4.add(swing, swingStep);
    const whole = i32x4.trunc_sat_f32x4_s(swing);
    const t = f32x4.sub(swing, f32x4.convert_i32x4_s(whole));
    const at = i32x4.add(places, i32x4.shl(v128.and(i32x4.sub(start, whole), masks), 2));
    const a = v128.load(<usize>i32x4.extract_lane(at, 0));
    const b = v128.load(<usize>i32x4.extract_lane(at, 1));
    const c = v128.load(<usize>i32x4.extract_lane(at, 2));
    const e = v128.load(<usize>i32x4.extract_lane(at, 3));
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const ce = v128.shuffle<f32>(c, e, 0, 4, 1, 5);
    const abNew = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const ceNew = v128.shuffle<f32>(c, e, 2, 6, 3, 7);
    const x3 = v128.shuffle<f32>(ab, ce, 0, 1, 4, 5);
    const x2 = v128.shuffle<f32>(ab, ce, 2, 3, 6, 7);
    const x1 = v128.shuffle<f32>(abNew, ceNew, 0, 1, 4, 5);
    const x0 = v128.shuffle<f32>(abNew, ceNew, 2, 3, 6, 7);
    const d = f32x4.sub(x2, x1);
    const newer = f32x4.sub(f32x4.sub(x1, x0), d);
    const older = f32x4.sub(d, f32x4.sub(x3, x2));
    const near = f32x4.mul(f32x4.sub(f32x4.splat(2.0), t), newer);
    const far = f32x4.mul(f32x4.add(one, t), older);
    const share = f32x4.mul(f32x4.mul(t, f32x4.splat(SIXTH)), f32x4.sub(one, t));
    const line = f32x4.add(x1, f32x4.mul(t, d));
    const x = f32x4.add(line, f32x4.mul(share, f32x4.add(near, far)));
    low = f32x4.add(f32x4.mul(x, gain), f32x4.mul(low, pole));
    lower = f32x4.add(low, f32x4.mul(f32x4.sub(lower, low), pole));
    const back = v128.and(lower, f32x4.ge(f32x4.abs(lower), f32x4.splat(LEAST_RETURN)));
    v128.store_lane<f32>(columns, back, 0);
    v128.store_lane<f32>(columns, back, 1, COLUMN);
    v128.store_lane<f32>(columns, back, 2, 2 * COLUMN);
    v128.store_lane<f32>(columns, back, 3, 3 * COLUMN);
    if (v128.any_true(back)) sound = f;
    start = i32x4.add(start, i32x4.splat(1));
  }
  v128.store(states, low);
  v128.store(states, lower, 32);
  v128.store(levels, gain);
  v128.store(levels, pole, 32);
  v128.store(swings, swing);
  return sound;
}
