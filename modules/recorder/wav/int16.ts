import { ditherKey, ditherOf } from './dither.js';

/** Largest value of a 16-bit sample; full scale is symmetric, -32768 is never written. */
export const INT16_MAX = 32_767;

const TWO_32 = 2 ** 32;

/**
 * A sample -1..1 as a whole number: clipped to +-1, times 32767, plus `dither` (LSB), rounded, clipped again. NaN is
 * silence. Exactly 0 stays 0: it has no rounding error to be masked, and a take in which nothing was played stays
 * digital silence. Pure.
 */
export function toInt16(x: number, dither: number): number {
  if (x === 0 || x !== x) return 0;
  const clipped = x > 1 ? 1 : x < -1 ? -1 : x;
  // Math.round by cutting off a positive number: half the time.
  const value = ((clipped * INT16_MAX + dither + 32_768.5) | 0) - 32_768;
  return value > INT16_MAX ? INT16_MAX : value < -INT16_MAX ? -INT16_MAX : value;
}

/**
 * Writes `frames` interleaved frames as little-endian 16-bit at `into[at...]`, dithered as the session frame
 * `sessionFrame` and those after it. Runs on: a writer's thread, every block; no allocation.
 */
export function encodeInt16(
  samples: Float32Array,
  channels: number,
  frames: number,
  sessionFrame: number,
  into: Uint8Array,
  at: number,
): void {
  for (let done = 0; done < frames;) {
    const frame = sessionFrame + done;
    const high = Math.floor(frame / TWO_32);
    const run = Math.min(frames - done, (high + 1) * TWO_32 - frame);
    for (let channel = 0; channel < channels; channel++) {
      const key0 = ditherKey(channel, high, 0);
      const key1 = ditherKey(channel, high, 1);
      let from = done * channels + channel;
      let to = at + from * 2;
      let low = frame | 0;
      for (let i = 0; i < run; i++) {
        const value = toInt16(samples[from] as number, ditherOf(low, key0, key1));
        into[to] = value;
        into[to + 1] = value >> 8;
        from += channels;
        to += channels * 2;
        low = (low + 1) | 0;
      }
    }
    done += run;
  }
}
