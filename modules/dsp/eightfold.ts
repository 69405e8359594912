/**
 * Soft clipper of one channel at eight times the rate: three half-band steps up, the shaper, three down. Linear phase.
 * The signal is delayed by exactly 32 frames: 27 + 7/2 + 5/4 by the filters, 1/8 by antiderivative antialiasing, 1/8 by
 * hand. Runs on: render thread.
 */
import {
  HALFBAND_27,
  HALFBAND_5,
  HALFBAND_7,
  halfbandDown,
  halfbandFilter,
  halfbandUp,
  partHalves,
} from './halfband';
import { softClipShares } from './shaper';

/** Delay in frames. */
export const EIGHTFOLD_LATENCY: i32 = 32;

// Buffers: history, then the frames of one run. Offsets of the first new frame, in bytes.
const SHARES: usize = 4 * (64 + 4);
const DOUBLE: usize = 4 * 8;
const FOURFOLD: usize = DOUBLE + 4 * (32 + 8);
const EIGHT_EVEN: usize = FOURFOLD + 4 * 64;
/** Rising and falling shares of the lines to the even and to the odd samples, each with one of history. */
const RISING_EVEN: usize = EIGHT_EVEN + 4 * (64 + 4);
const RISING_ODD: usize = RISING_EVEN + SHARES;
const FALLING_EVEN: usize = RISING_ODD + SHARES;
const FALLING_ODD: usize = FALLING_EVEN + SHARES;
const SHAPED_EVEN: usize = FALLING_ODD + 4 * (64 + 8);
const SHAPED_ODD: usize = SHAPED_EVEN + 4 * (64 + 8);
const FOUR_EVEN: usize = SHAPED_ODD + 4 * (64 + 8);
const FOUR_ODD: usize = FOUR_EVEN + 4 * (32 + 8);
const TWO_EVEN: usize = FOUR_ODD + 4 * (32 + 28);
const TWO_ODD: usize = TWO_EVEN + 4 * (16 + 16);
/** Scratch for one rate's samples before they are parted. */
const SCRATCH: usize = TWO_ODD + 4 * 16;
/** Bytes of the memory of one channel. */
export const EIGHTFOLD_BYTES: usize = SCRATCH + 4 * 64;

/**
 * n frames (1..16) of x, with 27 frames of history before it, to y. base: EIGHTFOLD_BYTES of memory, zero at first.
 * hardness: k for each of the n frames, f32. About 1100 operations per frame.
 */
export function eightfoldSaturate(base: usize, x: usize, hardness: usize, y: usize, n: i32): void {
  const scratch = base + SCRATCH;
  halfbandUp(x, base + DOUBLE, n, HALFBAND_27, 27, scratch);
  halfbandUp(base + DOUBLE, base + FOURFOLD, 2 * n, HALFBAND_7, 7, scratch);
  halfbandFilter(base + FOURFOLD, base + EIGHT_EVEN, 4 * n, HALFBAND_5, 5, 2.0);
  // The other half of that filter is a delay of two samples.
  shapeEight(base + EIGHT_EVEN, base + FOURFOLD - 8, base, hardness, n);
  halfbandDown(base + SHAPED_EVEN, base + SHAPED_ODD, scratch, 4 * n, HALFBAND_5, 5);
  partHalves(scratch, base + FOUR_EVEN, base + FOUR_ODD, 2 * n);
  halfbandDown(base + FOUR_EVEN, base + FOUR_ODD, scratch, 2 * n, HALFBAND_7, 7);
  partHalves(scratch, base + TWO_EVEN, base + TWO_ODD, n);
  halfbandDown(base + TWO_EVEN, base + TWO_ODD, y, n, HALFBAND_27, 27);

  keep(base + DOUBLE, 8, 2 * n);
  keep(base + FOURFOLD, 8, 4 * n);
  keep(base + SHAPED_EVEN, 8, 4 * n);
  keep(base + SHAPED_ODD, 8, 4 * n);
  keep(base + FOUR_EVEN, 8, 2 * n);
  keep(base + FOUR_ODD, 8, 2 * n);
  keep(base + TWO_EVEN, 28, n);
  keep(base + TWO_ODD, 16, n);
}

/**
 * The shaper at eight times the rate, four even and four odd samples per frame; odd has one of history before it. What it
 * makes of an even sample is known when the odd one after it is, and stands there: half of it waits for the next even
 * place, so that the whole is two samples (1/4 frame) late.
 */
function shapeEight(even: usize, odd: usize, base: usize, hardness: usize, n: i32): void {
  let at = base;
  for (let i = 0; i < n; i++, at += 16, hardness += 4, even += 16, odd += 16) {
    const k = load<f32>(hardness);
    softClipShares(odd - 4, even, k, at + RISING_EVEN, at + FALLING_EVEN);
    softClipShares(even, odd, k, at + RISING_ODD, at + FALLING_ODD);
  }
  const count = 4 * n;
  addLate(base + RISING_EVEN - 4, base + FALLING_ODD - 4, base + SHAPED_EVEN, count);
  addLate(base + RISING_ODD - 4, base + FALLING_EVEN, base + SHAPED_ODD, count);
  for (let ring: usize = RISING_EVEN; ring <= FALLING_ODD; ring += SHARES) keep(base + ring, 4, count);
}

/** Sums of `count` (a multiple of 4) f32. */
function addLate(a: usize, b: usize, to: usize, count: i32): void {
  const stop = to + ((<usize>count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; to < stop; to += 16, a += 16, b += 16) v128.store(to, f32x4.add(v128.load(a), v128.load(b)));
  } else {
    for (; to < stop; to += 4, a += 4, b += 4) store<f32>(to, load<f32>(a) + load<f32>(b));
  }
}

/** Moves the last `history` (a multiple of 4) of history + n samples to before `at`. */
export function keep(at: usize, history: usize, n: i32): void {
  const shift = (<usize>n) << 2;
  let to = at - 4 * history;
  if (ASC_FEATURE_SIMD) {
    for (; to < at; to += 16) v128.store(to, v128.load(to + shift));
  } else {
    for (; to < at; to += 8) store<u64>(to, load<u64>(to + shift));
  }
}
