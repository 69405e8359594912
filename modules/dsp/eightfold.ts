/**
 * Soft clipper of one channel at eight times the rate: three half-band steps up, the shaper, three down. Linear phase.
 * The signal is delayed by exactly 32 frames (27 + 7/2 + 5/4 of the filters, 1/4 by hand), and by the 1/16 frame that
 * antiderivative antialiasing adds. Runs on: render thread.
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
import { softClipMeans } from './shaper';

/** Delay in frames. */
export const EIGHTFOLD_LATENCY: i32 = 32;

// Buffers: history, then the frames of one run. Offsets of the first new frame, in bytes.
const DOUBLE: usize = 4 * 8;
const FOURFOLD: usize = DOUBLE + 4 * (32 + 8);
const EIGHT_EVEN: usize = FOURFOLD + 4 * 64;
const SHAPED_EVEN: usize = EIGHT_EVEN + 4 * (64 + 8);
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
  // One frame of the fourfold rate older: it makes the whole delay 32 frames.
  const late = base + FOURFOLD - 4;
  halfbandFilter(late, base + EIGHT_EVEN, 4 * n, HALFBAND_5, 5, 2.0);
  shapeEight(base + EIGHT_EVEN, late - 8, base, hardness, n);
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

/** The shaper at eight times the rate, four even and four odd samples per frame; odd has one of history before it. */
function shapeEight(even: usize, odd: usize, base: usize, hardness: usize, n: i32): void {
  let shapedEven = base + SHAPED_EVEN;
  let shapedOdd = base + SHAPED_ODD;
  for (let i = 0; i < n; i++, hardness += 4) {
    const k = load<f32>(hardness);
    softClipMeans(odd - 4, even, shapedEven, k);
    softClipMeans(even, odd, shapedOdd, k);
    even += 16;
    odd += 16;
    shapedEven += 16;
    shapedOdd += 16;
  }
}

/** Moves the last `history` (a multiple of 4) of history + n samples to before `at`. */
export function keep(at: usize, history: usize, n: i32): void {
  const shift = (<usize>n) << 2;
  for (let to = at - 4 * history; to < at; to += 8) store<u64>(to, load<u64>(to + shift));
}
