/**
 * Four times the rate by two half-band filters whose polyphase halves are chains of all-passes (Valenzuela and
 * Constantinides, "Digital signal processing schemes for efficient interpolation and decimation", IEE Proc. G, 1983).
 * They have no latency to declare: their group delay is 2.0 frames up to 2 kHz, 2.4 at 10 kHz and 4 at 18 kHz.
 *
 *   2 x   stop from 27 kHz at 48 kHz, 86 dB       4 x   stop from 72 kHz, 89 dB
 *
 * Runs on: render thread; 12 all-passes a frame, about 80 operations.
 */

/** Weights of the halves, three each, then two and one. */
const SLOW_EVEN: usize = memory.data<f32>([0.052904929, 0.376506403, 0.743150207]);
const SLOW_ODD: usize = memory.data<f32>([0.19260167, 0.566026852, 0.912029778]);
const FAST_EVEN: usize = memory.data<f32>([0.070224059, 0.684541359]);
const FAST_ODD: usize = memory.data<f32>([0.28508628]);

/** Memory: for each chain its last input and the last output of each of its all-passes. */
const ODD: usize = 16;
const FAST: usize = 32;
const FAST_SECOND: usize = FAST + 12;
export const RAISE_FLOATS: i32 = 13;

/** x through `count` all-passes in a row: y = x1 + a (x - y1). */
function chain(x: f32, memory: usize, weights: usize, count: usize): f32 {
  let x1 = load<f32>(memory);
  store<f32>(memory, x);
  for (let i: usize = 0; i < count << 2; i += 4) {
    const y1 = load<f32>(memory + i, 4);
    x = x1 + load<f32>(weights + i) * (x - y1);
    store<f32>(memory + i, x, 4);
    x1 = y1;
  }
  return x;
}

/** One frame x to four samples at `to`. */
export function raise(x: f32, memory: usize, to: usize): void {
  const even = chain(x, memory, SLOW_EVEN, 3);
  store<f32>(to, chain(even, memory + FAST, FAST_EVEN, 2));
  store<f32>(to, chain(even, memory + FAST_SECOND, FAST_ODD, 1), 4);
  const odd = chain(x, memory + ODD, SLOW_ODD, 3);
  store<f32>(to, chain(odd, memory + FAST, FAST_EVEN, 2), 8);
  store<f32>(to, chain(odd, memory + FAST_SECOND, FAST_ODD, 1), 12);
}
