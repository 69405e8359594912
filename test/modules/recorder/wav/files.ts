/** WAV files to try things on, and what other programs say about them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { encodeFrames } from '../../../../modules/recorder/wav/encode.js';
import { bytesPerFrame, type SampleFormat, type WavFormat } from '../../../../modules/recorder/wav/format.js';
import { openWav, type WavFile } from '../../../../modules/recorder/wav/wav-reader.js';
import { WavWriter, type WavEnd, type WavStart } from '../../../../modules/recorder/wav/wav-writer.js';
import { needs } from '../../../helpers/needs.js';
import { valueOf } from '../../../helpers/outcome.js';
import { RATE, sampleAt, temporaryFolder } from '../fixtures.js';

export const noSox = needs('sox', 'sox');
export const noFfmpeg = needs('ffmpeg', 'ffmpeg') || needs('ffprobe', 'ffmpeg');
export const FORMATS: readonly SampleFormat[] = ['int16', 'int24', 'float32'];

export function formatOf(sample: SampleFormat, channels = 2): WavFormat {
  return { sampleRate: RATE, channels, sample };
}

/** Noise, as fixtures.ts plays it, interleaved. */
export function noise(from: number, frames: number, channels = 2): Float32Array {
  return Float32Array.from({ length: frames * channels }, (_, i) => sampleAt(from * channels + i));
}

/** The bytes `frames` frames of noise have in a file that begins at session frame `start`. */
export function noiseBytes(format: WavFormat, frames: number, start = 0): Buffer {
  const bytes = Buffer.alloc(frames * bytesPerFrame(format));
  encodeFrames(format, noise(0, frames, format.channels), frames, start, bytes, 0);
  return bytes;
}

export interface Growing {
  readonly path: string;
  readonly writer: WavWriter;
}

export function create(t: TestContext, format: WavFormat, start: Partial<WavStart> = {}): Growing {
  const path = join(temporaryFolder(t), 'a.wav');
  return { path, writer: new WavWriter(openSync(path, 'wx+'), format, { startFrame: 0, ...start }) };
}

/** A closed file of noise. */
export function made(t: TestContext, format: WavFormat, frames: number, end?: WavEnd): string {
  const { path, writer } = create(t, format);
  writer.append(noise(0, frames, format.channels), frames);
  writer.close(end);
  return path;
}

/** A file of these bytes. */
export function written(t: TestContext, bytes: Uint8Array): string {
  const path = join(temporaryFolder(t), 'b.wav');
  writeFileSync(path, bytes);
  return path;
}

export function opened<T>(path: string, use: (file: WavFile) => T): T {
  const file = valueOf(openWav(path));
  try {
    return use(file);
  } finally {
    file.close();
  }
}

export function allBytes(path: string): Buffer {
  return opened(path, (file) => file.readBytes(0, file.frames));
}

/** A foreign program; fails unless it ends with 0. */
export function ran(program: string, args: readonly string[]): { stdout: Buffer; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr.toString()}`);
  return { stdout, stderr: stderr.toString() };
}

interface Probe {
  readonly format: { readonly tags?: Readonly<Record<string, string>> };
  readonly streams: readonly [
    {
      readonly codec_name: string;
      readonly sample_rate: string;
      readonly channels: number;
      readonly duration_ts: number;
    },
  ];
}

export function probed(path: string): Probe {
  const { stdout, stderr } = ran('ffprobe', [
    ...['-v', 'warning', '-of', 'json', '-show_format', '-show_streams'],
    path,
  ]);
  assert.equal(stderr, '', 'ffprobe has nothing to warn of');
  return JSON.parse(stdout.toString()) as Probe;
}

export const CODEC: Readonly<Record<SampleFormat, string>> = {
  int16: 'pcm_s16le',
  int24: 'pcm_s24le',
  float32: 'pcm_f32le',
};

/** The bytes of the samples as ffmpeg reads them. */
export function decoded(path: string, sample: SampleFormat): Buffer {
  const codec = CODEC[sample];
  const { stdout, stderr } = ran('ffmpeg', [
    ...['-v', 'warning', '-guess_layout_max', '0', '-i', path, '-f', codec.slice(4), '-c:a', codec, '-'],
  ]);
  assert.equal(stderr, '', 'ffmpeg has nothing to warn of');
  return stdout;
}

/** Writes over a copy of `bytes`. */
export function patched(
  bytes: Buffer,
  ...patches: readonly (readonly [at: number, value: number])[]
): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, value] of patches) copy.writeUInt32LE(value, at);
  return copy;
}

export function bytesOf(path: string): Buffer {
  return readFileSync(path);
}
