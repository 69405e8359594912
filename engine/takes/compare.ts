/**
 * A take rendered again beside its file. Dither is a function of session frame and channel, so files of whole numbers
 * compare byte by byte too. Runs on: a thread that may work for long.
 */
import { encodeFrames } from '../../modules/recorder/wav/encode.js';
import { bytesPerFrame } from '../../modules/recorder/wav/format.js';
import type { WavFile } from '../../modules/recorder/wav/wav-reader.js';
import { CHANNELS } from '../shared/tap.js';
import { renderProgram } from '../supervisor/offline.js';
import type { RunJournal } from '../supervisor/journal-file.js';
import { runProgram } from '../supervisor/run-program.js';

export interface Part {
  /** Frame in the file. */
  readonly frame: number;
  readonly frames: number;
  /** As rendered, interleaved; reused. */
  readonly samples: Float32Array;
  /** As they belong into the file; reused. */
  readonly bytes: Uint8Array;
  /** Behind the end of the journal: rendered as if nothing more had been sent. */
  readonly beyond: boolean;
}

export interface Rendered {
  readonly run: RunJournal;
  readonly wav: Pick<WavFile, 'format'>;
  readonly startFrame: number;
  readonly knownFrames: number;
}

/**
 * Renders frames [from, to) of the take in parts of at most a block; `each` may give false to end early. A take that was
 * cut off may reach a moment further than its journal: that is rendered on without commands. Throws JournalError where
 * the journal has a hole.
 */
export function renderTake(
  { run, wav, startFrame, knownFrames }: Rendered,
  from: number,
  to: number,
  each: (part: Part) => boolean | void,
): void {
  if (to <= from) return;
  const bytes = new Uint8Array(run.info.blockFrames * bytesPerFrame(wav.format));
  const known = Math.min(to, Math.max(from, knownFrames));
  const program = runProgram(run, { startFrame: startFrame + from, frames: known - from });
  let frame = from;
  renderProgram({ ...program, frames: to - from }, (samples, frames) => {
    encodeFrames(wav.format, samples, frames, startFrame + frame, bytes, 0);
    const part: Part = {
      frame,
      frames,
      samples,
      bytes: bytes.subarray(0, frames * bytesPerFrame(wav.format)),
      beyond: frame >= knownFrames,
    };
    frame += frames;
    return each(part);
  });
}

/** Frames in which a part of the file differs from what was rendered. */
export function countDifferent(wanted: Uint8Array, found: Buffer, frameBytes: number): number {
  if (found.equals(wanted)) return 0;
  let count = 0;
  for (let at = 0; at < wanted.length; at += frameBytes)
    if (!found.subarray(at, at + frameBytes).equals(wanted.subarray(at, at + frameBytes))) count++;
  return count;
}

/** The first sample in which a part of the file differs from the rendering. */
export interface Difference {
  /** Frame in the file, and in the session. */
  readonly frame: number;
  readonly sessionFrame: number;
  readonly seconds: number;
  /** From 0. */
  readonly channel: number;
  /** As whole numbers of the file's bits, or as float. */
  readonly expected: number;
  readonly got: number;
}

/** Undefined: `found` holds the same bytes. */
export function firstDifference(
  { wav, startFrame }: Rendered,
  { frame, bytes }: Part,
  found: Buffer,
): Difference | undefined {
  const at = bytes.findIndex((byte, i) => byte !== found[i]);
  if (at < 0) return undefined;
  const sampleBytes = bytesPerFrame(wav.format) / CHANNELS;
  const sample = Math.floor(at / sampleBytes);
  const read = (from: Uint8Array): number => readSample(Buffer.from(from), sample * sampleBytes, sampleBytes);
  const place = frame + Math.floor(sample / CHANNELS);
  return {
    frame: place,
    sessionFrame: startFrame + place,
    seconds: place / wav.format.sampleRate,
    channel: sample % CHANNELS,
    expected: read(bytes),
    got: read(found),
  };
}

function readSample(bytes: Buffer, at: number, size: number): number {
  if (at + size > bytes.length) return NaN;
  return size === 4 ? bytes.readFloatLE(at) : bytes.readIntLE(at, size);
}
