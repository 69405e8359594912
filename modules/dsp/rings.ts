/**
 * Delay lines in rows of eight, written and read in runs of up to 16 frames.
 *
 * A row is 96 bytes: size[8] in frames (powers of two), place[8] in bytes from the state block, delay[8] in frames.
 * Behind each ring lies a copy of its first 16 frames, so that a run can be read from any place without a wrap. Runs are
 * written where `frame` counts; one must not cross a multiple of 16.
 *
 * Runs on: render thread.
 */
import { copyRun } from './hadamard';
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

/** Reads m frames from ring i of a row, its delay (at least 16) ago. */
export function readRing(s: usize, row: usize, i: usize, frame: u32, to: usize, m: i32): void {
  const at = row + 4 * i;
  const slot = (<i32>frame - load<i32>(at, DELAYS)) & (load<i32>(at, SIZES) - 1);
  copyRun(to, s + <usize>load<u32>(at, PLACES) + ((<usize>slot) << 2), m);
}

/**
 * Reads m frames of eight modulated, damped lines into eight columns:
 *   y = gain * x[n - delay - swing] + pole * y', with linear interpolation of the reading position.
 * levels: a bank of ramps that begins with gain[8], pole[8]; swings: a bank of 8, in frames >= 0; states: y'[8].
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
    let state = load<f32>(states + ((<usize>i) << 2));
    for (let f = 0; f < m; f++) {
      gain += gainStep;
      pole += poleStep;
      swing += swingStep;
      const whole = <i32>swing;
      const fraction: f32 = swing - <f32>whole;
      const slot = start + f - whole;
      const near = load<f32>(ring + ((<usize>(slot & mask)) << 2));
      const far = load<f32>(ring + ((<usize>((slot - 1) & mask)) << 2));
      state = (near + (far - near) * fraction) * gain + state * pole;
      const back: f32 = abs<f32>(state) >= LEAST_RETURN ? state : 0.0;
      store<f32>(column + ((<usize>f) << 2), back);
      if (back != 0.0) sound = max<i32>(sound, f);
    }
    store<f32>(states + ((<usize>i) << 2), state);
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
  let state = v128.load(states);
  let sound = -1;
  for (let f = 0; f < m; f++, columns += 4) {
    gain = f32x4.add(gain, gainStep);
    pole = f32x4.add(pole, poleStep);
    swing = f32x4.add(swing, swingStep);
    const whole = i32x4.trunc_sat_f32x4_s(swing);
    const fraction = f32x4.sub(swing, f32x4.convert_i32x4_s(whole));
    const slot = i32x4.sub(start, whole);
    const nearAt = i32x4.add(places, i32x4.shl(v128.and(slot, masks), 2));
    const farAt = i32x4.add(places, i32x4.shl(v128.and(i32x4.sub(slot, i32x4.splat(1)), masks), 2));
    const near = gather(nearAt);
    const far = gather(farAt);
    const between = f32x4.add(near, f32x4.mul(f32x4.sub(far, near), fraction));
    state = f32x4.add(f32x4.mul(between, gain), f32x4.mul(state, pole));
    const back = v128.and(state, f32x4.ge(f32x4.abs(state), f32x4.splat(LEAST_RETURN)));
    v128.store_lane<f32>(columns, back, 0);
    v128.store_lane<f32>(columns, back, 1, COLUMN);
    v128.store_lane<f32>(columns, back, 2, 2 * COLUMN);
    v128.store_lane<f32>(columns, back, 3, 3 * COLUMN);
    if (v128.any_true(back)) sound = f;
    start = i32x4.add(start, i32x4.splat(1));
  }
  v128.store(states, state);
  v128.store(levels, gain);
  v128.store(levels, pole, 32);
  v128.store(swings, swing);
  return sound;
}

/** The four f32 at four addresses. */
function gather(at: v128): v128 {
  let x = v128.load32_zero(<usize>i32x4.extract_lane(at, 0));
  x = v128.load_lane<f32>(<usize>i32x4.extract_lane(at, 1), x, 1);
  x = v128.load_lane<f32>(<usize>i32x4.extract_lane(at, 2), x, 2);
  return v128.load_lane<f32>(<usize>i32x4.extract_lane(at, 3), x, 3);
}
