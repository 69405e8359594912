/**
 * The 44 bytes before the samples of a WAV file (PCM, little-endian):
 *
 *      0  'RIFF'  4  bytes after this word (36 + data)     8  'WAVE'
 *     12  'fmt '  16 length 16   20 tag 1 (PCM)   22 channels   24 frames/s   28 bytes/s   32 bytes/frame   34 bits
 *     36  'data'  40 bytes of samples                     44  samples
 *
 * Both sizes are 32 bits: a file ends at 4 GiB (at 48 kHz, 24 bits, stereo after 4 h 8 min).
 */
export const WAV_HEADER_BYTES = 44;
export const WAV_BITS = 24;

export interface WavFormat {
  readonly sampleRate: number;
  readonly channels: number;
}

export function bytesPerFrame(format: WavFormat): number {
  return (format.channels * WAV_BITS) / 8;
}

/** Whole frames that fit below 4 GiB. */
export function maxFrames(format: WavFormat): number {
  return Math.floor((0xffff_ffff - (WAV_HEADER_BYTES - 8)) / bytesPerFrame(format));
}

/** Writes the header for a file with `frames` frames into `into[0..44]`. No allocation after the view. */
export function encodeWavHeader(into: Uint8Array, format: WavFormat, frames: number): void {
  const view = new DataView(into.buffer, into.byteOffset, WAV_HEADER_BYTES);
  const frameBytes = bytesPerFrame(format);
  word(into, 0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + frames * frameBytes, true);
  word(into, 8, 'WAVE');
  word(into, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.sampleRate, true);
  view.setUint32(28, format.sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, WAV_BITS, true);
  word(into, 36, 'data');
  view.setUint32(40, frames * frameBytes, true);
}

function word(into: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
}
