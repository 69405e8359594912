/** A tap that is played by hand, a folder that goes away, and WAV files read byte by byte. */
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  CHANNELS,
  TAP_CONTROL_INTS,
  TAP_HEAD,
  TapWriter,
  type TapMemory,
} from '../../../engine/shared/tap.js';
import type { Recorder, RecorderOptions } from '../../../modules/recorder/recorder.js';
import { createRecorder } from '../../../modules/recorder/service.js';
import { toInt24 } from '../../../modules/recorder/wav/int24.js';

export const RATE = 48_000;
export const BLOCK = 256;

export function smallTap(blocks = 1_024): TapMemory {
  return {
    control: new SharedArrayBuffer(TAP_CONTROL_INTS * 4),
    samples: new SharedArrayBuffer(blocks * BLOCK * CHANNELS * 4),
    blockFrames: BLOCK,
    blocks,
  };
}

/** Noise that depends on the frame alone; a twentieth of the samples lies beyond full scale. */
export function sampleAt(index: number): number {
  let x = Math.imul(index + 1, 0x9e37_79b1);
  x = Math.imul(x ^ (x >>> 15), 0x85eb_ca6b);
  x ^= x >>> 13;
  return Math.fround((x / 0x8000_0000) * 1.05);
}

/** Plays blocks of `sampleAt` into a tap. */
export class Player {
  readonly #writer: TapWriter;
  readonly #block = new Float32Array(BLOCK * CHANNELS);
  next: number;

  constructor(tap: TapMemory, from = 0) {
    this.#writer = new TapWriter(tap);
    this.next = from;
    new Int32Array(tap.control)[TAP_HEAD] = from;
  }

  play(blocks: number): void {
    for (let i = 0; i < blocks; i++, this.next++) {
      for (let s = 0; s < this.#block.length; s++)
        this.#block[s] = sampleAt(this.next * this.#block.length + s);
      this.#writer.write(this.next, this.#block);
    }
  }
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'chronus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Studio {
  readonly folder: string;
  readonly tap: TapMemory;
  readonly player: Player;
  readonly recorder: Recorder;
}

export function studio(
  t: TestContext,
  options: Partial<RecorderOptions> & { readonly blocks?: number } = {},
): Studio {
  const tap = options.taps?.master ?? smallTap(options.blocks);
  const folder = options.recordingsFolder ?? temporaryFolder(t);
  const recorder = createRecorder({
    taps: { master: tap },
    recordingsFolder: folder,
    sampleRate: RATE,
    run: { runFolder: '/journal/run_001', startBlock: 0 },
    engineVersion: '9.9.9',
    now: () => new Date(2025, 0, 7, 14, 30, 52),
    ...options,
  });
  t.after(() => recorder.stopAll());
  return { folder, tap, player: new Player(tap), recorder };
}

/** Resolves as soon as `holds` does; rejects with `what` after 20 s. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const limit = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`waited 20 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface Wav {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  readonly frames: number;
  /** What the file has beyond the bytes its header speaks of. */
  readonly extraBytes: number;
  readonly samples: Int32Array;
}

/** Bytes before the samples; written here once more, so that these tests know the layout by themselves. */
export const HEAD_BYTES = 1_024;

/** Reads a 24-bit WAV of ours strictly: both sizes must be consistent and covered by the file. */
export function parseWav(bytes: Buffer): Wav {
  const text = (at: number): string => bytes.toString('latin1', at, at + 4);
  const words = [0, 8, 12, 48, FMT_AT, HEAD_BYTES - 8].map(text).join();
  if (words !== 'RIFF,WAVE,JUNK,bext,fmt ,data') throw new Error(`chunks ${words}`);
  const dataBytes = bytes.readUInt32LE(HEAD_BYTES - 4);
  const behind = bytes.readUInt32LE(4) + 8 - HEAD_BYTES - dataBytes;
  if (behind < 0) throw new Error('RIFF size and data size differ');
  if (bytes.length < HEAD_BYTES + dataBytes)
    throw new Error(`header counts ${dataBytes}, the file has ${bytes.length - HEAD_BYTES}`);
  const samples = new Int32Array(dataBytes / 3);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readIntLE(HEAD_BYTES + i * 3, 3);
  const channels = bytes.readUInt16LE(FMT_AT + 10);
  return {
    sampleRate: bytes.readUInt32LE(FMT_AT + 12),
    channels,
    bits: bytes.readUInt16LE(FMT_AT + 22),
    frames: samples.length / channels,
    extraBytes: bytes.length - HEAD_BYTES - dataBytes - behind,
    samples,
  };
}

const FMT_AT = HEAD_BYTES - 8 - 24;

/** The frames the header of a growing file counts; at least these are in it. */
export function countedFrames(path: string): number {
  const header = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(path, 'r');
  readSync(fd, header, 0, HEAD_BYTES, 0);
  closeSync(fd);
  return header.readUInt32LE(HEAD_BYTES - 4) / header.readUInt16LE(FMT_AT + 20);
}

export function readWav(path: string): Wav {
  return parseWav(readFileSync(path));
}

/** Where the samples are not those of `sampleAt` from `startFrame` on; undefined when all are. */
export function firstDifference(wav: Wav, startFrame: number): string | undefined {
  const at = wav.samples.findIndex((value, i) => value !== toInt24(sampleAt(startFrame * wav.channels + i)));
  if (at < 0) return undefined;
  const expected = toInt24(sampleAt(startFrame * wav.channels + at));
  return `frame ${Math.floor(at / wav.channels)}: expected ${expected}, got ${wav.samples[at]}`;
}
