/**
 * The loop of the echo, in runs of at most 16 frames that are read before any of them is written: nothing in a run hears
 * itself, so the filters do not wait for the loop. SIMD holds left and right in one vector; the scalar build gives the same
 * bits. Runs on: render thread.
 */
import { rampStep, rampStore, rampValue } from '../dsp/ramps';
import { flush } from '../dsp/silence';
import {
  BACK,
  BANK,
  CROSS,
  Delay,
  FILTERS,
  GUARD,
  HIGH_A1,
  HIGH_A2,
  HIGH_A3,
  LINE,
  LOW_A1,
  LOW_A2,
  LOW_A3,
  RAMPS,
  WET,
} from './kernel-state';

/** 1 / Q of a Butterworth filter. */
export const K: f32 = 1.4142135623730951;
/** -200 dB: what is written below it is written as 0. */
const LEAST_WRITTEN: f32 = 1e-10;
/** Both sides to one: a sound in the middle keeps its energy. */
const MONO: f32 = 0.7071067811865476;

/** What the filters make of a run, frames of left and right. */
const ECHOES: usize = memory.data(16 * 8, 16);

function value4(bank: usize, i: i32): v128 {
  return f32x4.splat(rampValue(bank, i));
}
function step4(bank: usize, i: i32): v128 {
  return f32x4.splat(rampStep(bank, RAMPS, i));
}
function keep4(bank: usize, i: i32, x: v128): void {
  rampStore(bank, i, f32x4.extract_lane(x, 0));
}

/** Low-pass and high-pass of n frames from `taps`; gives where the echoes are. */
export function filterRun(s: usize, taps: usize, n: i32): usize {
  if (!ASC_FEATURE_SIMD) {
    filterSide(s, taps, n, 0);
    filterSide(s, taps, n, 4);
    return ECHOES;
  }
  const bank = s + BANK;
  const filters = s + FILTERS;
  let a1 = value4(bank, LOW_A1);
  let a2 = value4(bank, LOW_A2);
  let a3 = value4(bank, LOW_A3);
  let b1 = value4(bank, HIGH_A1);
  let b2 = value4(bank, HIGH_A2);
  let b3 = value4(bank, HIGH_A3);
  const da1 = step4(bank, LOW_A1);
  const da2 = step4(bank, LOW_A2);
  const da3 = step4(bank, LOW_A3);
  const db1 = step4(bank, HIGH_A1);
  const db2 = step4(bank, HIGH_A2);
  const db3 = step4(bank, HIGH_A3);
  const k = f32x4.splat(K);
  let z1 = v128.load64_zero(filters);
  let z2 = v128.load64_zero(filters, 8);
  let y1 = v128.load64_zero(filters, 16);
  let y2 = v128.load64_zero(filters, 24);
  for (let at: usize = 0, stop = (<usize>n) << 3; at < stop; at += 8) {
    a1 = f32x4.add(a1, da1);
    a2 = f32x4.add(a2, da2);
    a3 = f32x4.add(a3, da3);
    b1 = f32x4.add(b1, db1);
    b2 = f32x4.add(b2, db2);
    b3 = f32x4.add(b3, db3);
    let v3 = f32x4.sub(v128.load64_zero(taps + at), z2);
    let v1 = f32x4.add(f32x4.mul(a1, z1), f32x4.mul(a2, v3));
    const low = f32x4.add(f32x4.add(z2, f32x4.mul(a2, z1)), f32x4.mul(a3, v3));
    z1 = f32x4.sub(f32x4.add(v1, v1), z1);
    z2 = f32x4.sub(f32x4.add(low, low), z2);
    v3 = f32x4.sub(low, y2);
    v1 = f32x4.add(f32x4.mul(b1, y1), f32x4.mul(b2, v3));
    const v2 = f32x4.add(f32x4.add(y2, f32x4.mul(b2, y1)), f32x4.mul(b3, v3));
    y1 = f32x4.sub(f32x4.add(v1, v1), y1);
    y2 = f32x4.sub(f32x4.add(v2, v2), y2);
    v128.store_lane<f64>(ECHOES + at, f32x4.sub(f32x4.sub(low, f32x4.mul(k, v1)), v2), 0);
  }
  v128.store_lane<f64>(filters, z1, 0);
  v128.store_lane<f64>(filters, z2, 0, 8);
  v128.store_lane<f64>(filters, y1, 0, 16);
  v128.store_lane<f64>(filters, y2, 0, 24);
  keep4(bank, LOW_A1, a1);
  keep4(bank, LOW_A2, a2);
  keep4(bank, LOW_A3, a3);
  keep4(bank, HIGH_A1, b1);
  keep4(bank, HIGH_A2, b2);
  keep4(bank, HIGH_A3, b3);
  return ECHOES;
}

/** The same for one side, 0 or 4 bytes into each frame; the second one moves the coefficients. */
function filterSide(s: usize, taps: usize, n: i32, side: usize): void {
  const bank = s + BANK;
  const filters = s + FILTERS + side;
  let a1 = rampValue(bank, LOW_A1);
  let a2 = rampValue(bank, LOW_A2);
  let a3 = rampValue(bank, LOW_A3);
  let b1 = rampValue(bank, HIGH_A1);
  let b2 = rampValue(bank, HIGH_A2);
  let b3 = rampValue(bank, HIGH_A3);
  let z1 = load<f32>(filters);
  let z2 = load<f32>(filters, 8);
  let y1 = load<f32>(filters, 16);
  let y2 = load<f32>(filters, 24);
  for (let at = side, stop = (<usize>n) << 3; at < stop; at += 8) {
    a1 += rampStep(bank, RAMPS, LOW_A1);
    a2 += rampStep(bank, RAMPS, LOW_A2);
    a3 += rampStep(bank, RAMPS, LOW_A3);
    b1 += rampStep(bank, RAMPS, HIGH_A1);
    b2 += rampStep(bank, RAMPS, HIGH_A2);
    b3 += rampStep(bank, RAMPS, HIGH_A3);
    let v3: f32 = load<f32>(taps + at) - z2;
    let v1: f32 = a1 * z1 + a2 * v3;
    const low: f32 = z2 + a2 * z1 + a3 * v3;
    z1 = v1 + v1 - z1;
    z2 = low + low - z2;
    v3 = low - y2;
    v1 = b1 * y1 + b2 * v3;
    const v2: f32 = y2 + b2 * y1 + b3 * v3;
    y1 = v1 + v1 - y1;
    y2 = v2 + v2 - y2;
    store<f32>(ECHOES + at, low - K * v1 - v2);
  }
  store<f32>(filters, z1);
  store<f32>(filters, z2, 8);
  store<f32>(filters, y1, 16);
  store<f32>(filters, y2, 24);
  if (side === 0) return;
  rampStore(bank, LOW_A1, a1);
  rampStore(bank, LOW_A2, a2);
  rampStore(bank, LOW_A3, a3);
  rampStore(bank, HIGH_A1, b1);
  rampStore(bank, HIGH_A2, b2);
  rampStore(bank, HIGH_A3, b3);
}

/**
 * Writes n frames of input and echoes to the line and adds the echoes to the output. At full ping-pong the input comes in
 * as one on the left, and each echo is fed to the other side.
 */
export function feedRun(
  s: usize,
  echoes: usize,
  inLeft: usize,
  inRight: usize,
  outLeft: usize,
  outRight: usize,
  n: i32,
): void {
  const delay = changetype<Delay>(s);
  const bank = s + BANK;
  const line = s + LINE + ((<usize>delay.write) << 3);
  let back = rampValue(bank, BACK);
  let wet = rampValue(bank, WET);
  let cross = rampValue(bank, CROSS);
  const dBack = rampStep(bank, RAMPS, BACK);
  const dWet = rampStep(bank, RAMPS, WET);
  const dCross = rampStep(bank, RAMPS, CROSS);
  const crosses = cross !== 0 || dCross !== 0;
  let quiet = delay.quiet;
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    back += dBack;
    wet += dWet;
    cross += dCross;
    const echoLeft = load<f32>(echoes + 2 * i);
    const echoRight = load<f32>(echoes + 2 * i, 4);
    store<f32>(outLeft + i, load<f32>(outLeft + i) + wet * echoLeft);
    store<f32>(outRight + i, load<f32>(outRight + i) + wet * echoRight);
    let left = load<f32>(inLeft + i);
    let right = load<f32>(inRight + i);
    let fedLeft = echoLeft;
    let fedRight = echoRight;
    if (crosses) {
      const stays: f32 = 1.0 - cross;
      left = stays * left + cross * ((left + right) * MONO);
      right *= stays;
      fedLeft = stays * echoLeft + cross * echoRight;
      fedRight = stays * echoRight + cross * echoLeft;
    }
    left = flush(left + back * fedLeft, LEAST_WRITTEN);
    right = flush(right + back * fedRight, LEAST_WRITTEN);
    store<f32>(line + 2 * i, left);
    store<f32>(line + 2 * i, right, 4);
    quiet = left == 0.0 && right == 0.0 ? quiet + 1 : 0;
  }
  rampStore(bank, BACK, back);
  rampStore(bank, WET, wet);
  rampStore(bank, CROSS, cross);
  delay.quiet = quiet & 0x3fffffff;
  advance(s, delay, n);
}

/** Moves on, and keeps the guard equal to the beginning of the line. */
function advance(s: usize, delay: Delay, n: i32): void {
  const line = s + LINE;
  const from = delay.write;
  const size = delay.size;
  const to = from + n;
  const end = line + ((<usize>size) << 3);
  if (from < GUARD) {
    const at = (<usize>from) << 3;
    memory.copy(end + at, line + at, (<usize>(min<i32>(to, GUARD) - from)) << 3);
  }
  if (to > size) memory.copy(line, end, (<usize>(to - size)) << 3);
  delay.write = to >= size ? to - size : to;
}
