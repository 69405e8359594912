/**
 * Tests and remedies for signals too small to matter. WASM has no flush-to-zero mode, and arithmetic on subnormal
 * numbers is up to 30 times slower, so whatever feeds back clears its own.
 * Runs on: render thread.
 */

/** True when n samples (1..16, any alignment) at `left` and at `right` are zeros of either sign. */
export function isSilent(left: usize, right: usize, n: i32): bool {
  let bits: u64 = 0;
  const bytes = (<usize>n) << 2;
  const paired = bytes & ~7;
  for (let at: usize = 0; at < paired; at += 8) bits |= load<u64>(left + at) | load<u64>(right + at);
  if (paired < bytes) bits |= <u64>(load<u32>(left + paired) | load<u32>(right + paired));
  return (bits & 0x7fffffff7fffffff) == 0;
}

/** x, or 0 when its size is below `least` (also when it is NaN). */
export function flush(x: f32, least: f32): f32 {
  'inline';
  return abs<f32>(x) >= least ? x : 0.0;
}

/** Flushes `count` consecutive f32; returns the sum of their sizes, which is not finite when one of them is not. */
export function flushAll(at: usize, count: i32, least: f32): f32 {
  let sum: f32 = 0.0;
  for (let i = 0; i < count; i++, at += 4) {
    const x = load<f32>(at);
    sum += abs<f32>(x);
    if (abs<f32>(x) < least) store<f32>(at, 0.0);
  }
  return sum;
}

/** True for a sum of sizes that a working filter can hold; false for infinity and NaN. */
export function isSane(sum: f32): bool {
  return sum < 1e20;
}
