/**
 * Reads WAV files: ours, and those of other programs as far as their samples are 16, 24 or 32-bit float. RIFF, RF64,
 * BW64, the extensible format. Constant memory, any size. A file that is growing, or that was cut off, opens too: what
 * counts is what is there.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { fail, succeed, type Outcome } from '../../../engine/shared/outcome.js';
import { codeOf } from '../name.js';
import { notWav, readAnatomy, type Anatomy } from './anatomy.js';
import { BEXT_BYTES, decodeBext, MAX_HISTORY_READ, type WavLoudness, type WavOrigin } from './bext.js';
import { readBytesAt, type Chunk } from './chunks.js';
import { decodeCues, MAX_CUES_READ, type Cue } from './cues.js';
import { bytesPerFrame, SAMPLE_FORMATS, type SampleFormat, type WavFormat } from './format.js';

export interface WavFile {
  readonly format: WavFormat;
  /** Whole frames that are really there. */
  readonly frames: number;
  /** Frames by the file's own account. */
  readonly headerFrames: number;
  /** First byte of the samples. */
  readonly dataOffset: number;
  readonly fileBytes: number;
  readonly origin?: WavOrigin;
  readonly loudness?: WavLoudness;
  readonly cues: readonly Cue[];
  /** The bytes of up to `frames` whole frames from `frame` on; fewer, or none, where the file ends; 64 MB at most. */
  readBytes(frame: number, frames: number): Buffer;
  close(): void;
}

/** Most that one call gives back. */
const MAX_READ_BYTES = 1 << 26;
const EXTENSIBLE = 0xfffe;
/** Most bytes of a LIST chunk that are read. */
const MAX_LIST_BYTES = 1 << 24;

/**
 * Opens a file for reading; E_WAV with what is wrong and the mend. A warning says where the sizes do not fit.
 * Blocking. Runs on: any thread that may wait for a disk.
 */
export function openWav(path: string): Outcome<WavFile> {
  const opened = openFile(path, constants.O_RDONLY);
  if (!opened.ok) return opened;
  const { fd, fileBytes } = opened.value;
  try {
    const file = readFile(fd, fileBytes);
    if (!file.ok) closeSync(fd);
    return file;
  } catch (error) {
    closeSync(fd);
    return cannot(path, error);
  }
}

/** A plain file, open; E_WAV for what is not there, not to be opened, or no plain file. */
export function openFile(path: string, flags: number): Outcome<{ fd: number; fileBytes: number }> {
  try {
    // Opening a pipe would wait for somebody to write into it.
    const fd = openSync(path, flags | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(fd);
    if (about.isFile()) return succeed({ fd, fileBytes: about.size });
    closeSync(fd);
    return notWav(
      about.isDirectory() ? `the directory ${path}` : `${path}, no plain file`,
      'Name a WAV file.',
    );
  } catch (error) {
    return cannot(path, error);
  }
}

function cannot(path: string, error: unknown): Outcome<never> {
  return fail({
    code: 'E_WAV',
    where: 'file',
    got: `${codeOf(error)} for ${path.replaceAll('\0', '\\0')}`,
    allowed: 'a WAV file that can be opened',
    mend: 'Look at the path and the rights of the file. Nothing was changed.',
  });
}

function readFile(fd: number, fileBytes: number): Outcome<WavFile> {
  const read = readAnatomy(fd, fileBytes);
  if (!read.ok) return read;
  const anatomy = read.value;
  const format = readFormat(anatomy.fmt);
  if (!format.ok) return format;
  const { dataOffset, frameBytes } = anatomy;
  const frames = Math.floor(anatomy.dataBytes / frameBytes);
  const headerFrames = Math.floor(anatomy.claimedData / frameBytes);
  const content = (id: string, most: number): Buffer | undefined => {
    const chunk = [...anatomy.head, ...anatomy.trailer].find((each) => each.id === id);
    return chunk && readBytesAt(fd, chunk.at + 8, Math.min(chunk.size, most));
  };
  const mostFrames = Math.ceil(MAX_READ_BYTES / frameBytes);
  const table = content('cue ', 4 + 24 * MAX_CUES_READ);
  const file: WavFile = {
    format: format.value,
    frames,
    headerFrames,
    dataOffset,
    fileBytes,
    ...decodeBext(content('bext', BEXT_BYTES + MAX_HISTORY_READ) ?? Buffer.alloc(0)),
    cues: table ? decodeCues(table, labels(fd, anatomy)) : [],
    readBytes(frame, count) {
      const from = clamp(frame, 0, frames);
      const to = clamp(from + Math.min(count, mostFrames), from, frames);
      return readBytesAt(fd, dataOffset + from * frameBytes, (to - from) * frameBytes);
    },
    close: () => closeSync(fd),
  };
  return succeed(file, frames === headerFrames ? [] : [sizesDiffer(frames, anatomy)]);
}

/** The whole number nearest to `value` in the range; `low` for NaN. */
function clamp(value: number, low: number, high: number): number {
  return value > low ? Math.min(Math.floor(value), high) : low;
}

function sizesDiffer(frames: number, { claimedData, frameBytes }: Anatomy): string {
  return `the sizes of the file speak of ${Math.floor(claimedData / frameBytes)} frames, it holds ${frames}: chronus repair FILE`;
}

/** Programs put other lists (INFO) beside the one with the names. */
function labels(fd: number, { head, trailer }: Anatomy): Buffer | undefined {
  const isNames = ({ id, at }: Chunk): boolean =>
    id === 'LIST' && readBytesAt(fd, at + 8, 4).toString('latin1') === 'adtl';
  const list = [...head, ...trailer].find(isNames);
  return list && readBytesAt(fd, list.at + 8, Math.min(list.size, MAX_LIST_BYTES));
}

function readFormat(fmt: Buffer): Outcome<WavFormat> {
  const wide = fmt.readUInt16LE(0) === EXTENSIBLE && fmt.length >= 26;
  const tag = fmt.readUInt16LE(wide ? 24 : 0);
  const bits = fmt.readUInt16LE(14);
  const channels = fmt.readUInt16LE(2);
  const sampleRate = fmt.readUInt32LE(4);
  const names = Object.keys(SAMPLE_FORMATS) as SampleFormat[];
  const sample = names.find((name) => SAMPLE_FORMATS[name].tag === tag && SAMPLE_FORMATS[name].bits === bits);
  if (!sample)
    return notWav(`format ${tag} with ${bits} bits`, 'Convert it: ffmpeg -i FILE -c:a pcm_s24le out.wav');
  const format = { sampleRate, channels, sample };
  if (channels === 0 || sampleRate === 0 || bytesPerFrame(format) !== fmt.readUInt16LE(12))
    return notWav(
      `${channels} channels at ${sampleRate} Hz in frames of ${fmt.readUInt16LE(12)} bytes`,
      "Its 'fmt ' chunk contradicts itself: render the take again, or convert it with a program that guesses.",
    );
  return succeed(format);
}
