/**
 * The head of a WAV file of ours: 1024 bytes before the samples, whatever the format, all there from the first moment
 * on. It is written anew in one piece when the sizes change.
 *
 *      0  'RIFF'  4  bytes after this word                     8  'WAVE'
 *     12  'JUNK'  28 bytes: room for 'ds64'
 *     48  'bext'  broadcast extension, coding history up to the end of the room (see bext.ts)
 *         'fmt '  tag (1 PCM, 3 float), channels, frames/s, bytes/s, bytes/frame, bits
 *         'fact'  frames; float only
 *   1016  'data'  1020 bytes of samples                     1024  samples; a pad byte where their size is odd
 *                                                                 'cue ', 'LIST adtl' when the file is closed
 *
 * From 4 GiB on it is RF64 (EBU Tech 3306): 'RF64' for 'RIFF', -1 in both sizes, and 'ds64' for 'JUNK', with the
 * sizes in 64 bits. Nothing else moves.
 */
import { BEXT_BYTES, encodeBext, type WavLoudness, type WavOrigin } from './bext.js';
import { bitsOf, bytesPerFrame, SAMPLE_FORMATS, type WavFormat } from './format.js';

export const WAV_HEAD_BYTES = 1_024;
/** Where the room for `ds64` begins, and how much it has. */
export const DS64_AT = 12;
export const DS64_BYTES = 28;
const BEXT_AT = DS64_AT + 8 + DS64_BYTES;
/** In a 32-bit size: the true one is in ds64. */
export const IN_DS64 = 0xffff_ffff;

export interface WavSizes {
  readonly frames: number;
  /** Bytes of the chunks after the samples; a pad byte is not among them. */
  readonly trailerBytes?: number;
}

/** Bytes from the first to the last one that the sizes count. */
export function wavFileBytes(format: WavFormat, { frames, trailerBytes = 0 }: WavSizes): number {
  const data = frames * bytesPerFrame(format);
  return WAV_HEAD_BYTES + data + (data % 2) + trailerBytes;
}

/**
 * Writes the sizes into a head. `into` is what encodeWavHead has filled; no allocation. Runs on: a writer's thread,
 * after every flush.
 */
export function putWavSizes(view: DataView, format: WavFormat, sizes: WavSizes): void {
  const dataBytes = sizes.frames * bytesPerFrame(format);
  const riffBytes = wavFileBytes(format, sizes) - 8;
  const wide = riffBytes >= IN_DS64;
  word(view, 0, wide ? 'RF64' : 'RIFF');
  word(view, DS64_AT, wide ? 'ds64' : 'JUNK');
  view.setUint32(4, wide ? IN_DS64 : riffBytes, true);
  view.setUint32(WAV_HEAD_BYTES - 4, wide ? IN_DS64 : dataBytes, true);
  putUint64(view, DS64_AT + 8, wide ? riffBytes : 0);
  putUint64(view, DS64_AT + 16, wide ? dataBytes : 0);
  putUint64(view, DS64_AT + 24, wide ? sizes.frames : 0);
  if (SAMPLE_FORMATS[format.sample].tag === 3)
    view.setUint32(WAV_HEAD_BYTES - 12, Math.min(sizes.frames, IN_DS64), true);
}

/** Fills `into[0..1024]` but for the sizes (see putWavSizes). */
export function encodeWavHead(
  into: Uint8Array,
  format: WavFormat,
  origin?: WavOrigin,
  loudness?: WavLoudness,
): void {
  const view = new DataView(into.buffer, into.byteOffset, WAV_HEAD_BYTES);
  const { tag } = SAMPLE_FORMATS[format.sample];
  const fmtBytes = tag === 3 ? 18 : 16;
  const fmtAt = WAV_HEAD_BYTES - 8 - (tag === 3 ? 12 : 0) - fmtBytes - 8;
  const bextBytes = fmtAt - BEXT_AT - 8;
  into.fill(0, 0, WAV_HEAD_BYTES);
  word(view, 8, 'WAVE');
  view.setUint32(DS64_AT + 4, DS64_BYTES, true);
  word(view, BEXT_AT, 'bext');
  view.setUint32(BEXT_AT + 4, bextBytes, true);
  encodeBext(into, BEXT_AT + 8, bextBytes - BEXT_BYTES, origin, loudness);
  word(view, fmtAt, 'fmt ');
  view.setUint32(fmtAt + 4, fmtBytes, true);
  view.setUint16(fmtAt + 8, tag, true);
  view.setUint16(fmtAt + 10, format.channels, true);
  view.setUint32(fmtAt + 12, format.sampleRate, true);
  view.setUint32(fmtAt + 16, format.sampleRate * bytesPerFrame(format), true);
  view.setUint16(fmtAt + 20, bytesPerFrame(format), true);
  view.setUint16(fmtAt + 22, bitsOf(format.sample), true);
  if (tag === 3) {
    word(view, WAV_HEAD_BYTES - 20, 'fact');
    view.setUint32(WAV_HEAD_BYTES - 16, 4, true);
  }
  word(view, WAV_HEAD_BYTES - 8, 'data');
}

export function putUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

function word(view: DataView, at: number, text: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, text.charCodeAt(i));
}
