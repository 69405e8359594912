/** Samples to the bytes of a WAV file. The same samples at the same session frames give the same bytes, always. */
import { encodeFloat32 } from './float32.js';
import type { WavFormat } from './format.js';
import { encodeInt16 } from './int16.js';
import { encodeInt24 } from './int24.js';

/**
 * Writes `frames` interleaved frames at `into[at...]`, frames * bytesPerFrame(format) bytes. `sessionFrame`: whole,
 * 0..2^53-1, of the first frame; only int16 depends on it (dither). Runs on: any thread; no allocation.
 */
export function encodeFrames(
  format: WavFormat,
  samples: Float32Array,
  frames: number,
  sessionFrame: number,
  into: Uint8Array,
  at: number,
): void {
  const { channels, sample } = format;
  if (sample === 'int24') encodeInt24(samples, frames * channels, into, at);
  else if (sample === 'int16') encodeInt16(samples, channels, frames, sessionFrame, into, at);
  else encodeFloat32(samples, frames * channels, into, at);
}
