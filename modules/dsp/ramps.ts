/**
 * A bank of numbers that move in straight lines: coefficients on their way from one cell to the next.
 * Layout of a bank of `count` f32: value[count], end[count], step[count], contiguous, 4-byte aligned.
 * A sample loop adds `step` to `value` before each use, so that the last of `frames` samples uses the end; the owner
 * counts the frames and lands the bank when none is left. Any split of the frames therefore gives the same values.
 * Runs on: render thread.
 */

/** Value number i. */
export function rampValue(bank: usize, i: i32): f32 {
  'inline';
  return load<f32>(bank + ((<usize>i) << 2));
}

/** Step per frame of number i. */
export function rampStep(bank: usize, count: i32, i: i32): f32 {
  'inline';
  return load<f32>(bank + ((<usize>(2 * count + i)) << 2));
}

/** Stores the value number i reached after a run of samples. */
export function rampStore(bank: usize, i: i32, value: f32): void {
  'inline';
  store<f32>(bank + ((<usize>i) << 2), value);
}

/** Sets where number i goes; `rampsAim` starts the way. */
export function rampEnd(bank: usize, count: i32, i: i32, end: f32): void {
  store<f32>(bank + ((<usize>(count + i)) << 2), end);
}

/** Starts all numbers on their way to their ends, reached after `frames` >= 1 frames. One division. */
export function rampsAim(bank: usize, count: i32, frames: i32): void {
  const bytes = (<usize>count) << 2;
  const perFrame: f32 = <f32>1.0 / <f32>frames;
  for (let at = bank, stop = bank + bytes; at < stop; at += 4) {
    store<f32>(at + 2 * bytes, (load<f32>(at + bytes) - load<f32>(at)) * perFrame);
  }
}

/** Puts all numbers at their ends and stops them. */
export function rampsLand(bank: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  memory.copy(bank, bank + bytes, bytes);
  memory.fill(bank + 2 * bytes, 0, bytes);
}
