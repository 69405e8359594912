/** Largest value of a 24-bit sample; full scale is symmetric, -8388608 is never written. */
export const INT24_MAX = 8_388_607;

/**
 * A sample -1..1 as a whole number: clipped to +-1, then Math.round(x * 8388607), halves towards +infinity.
 * NaN is silence. Error at most half a step (-144.5 dB); no dither, so that equal signals give equal files. Pure.
 */
export function toInt24(x: number): number {
  const clipped = x > 1 ? 1 : x < -1 ? -1 : x;
  return Math.round(clipped * INT24_MAX) | 0;
}

/**
 * Writes `count` samples as little-endian 24-bit at `into[at...]`; three bytes each.
 * Runs on: a writer's thread, every block; no allocation.
 */
export function encodeInt24(samples: Float32Array, count: number, into: Uint8Array, at: number): void {
  let to = at;
  for (let i = 0; i < count; i++) {
    const value = toInt24(samples[i] as number);
    into[to] = value;
    into[to + 1] = value >> 8;
    into[to + 2] = value >> 16;
    to += 3;
  }
}
