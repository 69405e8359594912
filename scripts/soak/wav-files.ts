/** WAV files: what a sample costs to encode, and damaged files by the thousand. */
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrames } from '../../modules/recorder/wav/encode.js';
import { bytesPerFrame, type SampleFormat, type WavFormat } from '../../modules/recorder/wav/format.js';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import { repairWav } from '../../modules/recorder/wav/wav-repair.js';
import { WavWriter } from '../../modules/recorder/wav/wav-writer.js';
import type { Figure, SoakPart } from './part.js';

const FORMATS: readonly SampleFormat[] = ['int16', 'int24', 'float32'];
const BLOCK = 256;
/** A tenth of what recording may cost (3 % of a core), for 48000 frames of two samples in a second. */
const MOST_NANOSECONDS = 31;

/** Numbers between 0 and 1, the same for the same seed (Lehmer). */
function random(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function formatOf(sample: SampleFormat): WavFormat {
  return { sampleRate: 48_000, channels: 2, sample };
}

/** Nanoseconds of this thread's processor time for one sample, in blocks as they are played. */
function encodeCost(sample: SampleFormat, next: () => number, blocks: number): number {
  const format = formatOf(sample);
  const samples = Float32Array.from({ length: BLOCK * 2 }, () => 2.1 * next() - 1.05);
  const into = new Uint8Array(BLOCK * bytesPerFrame(format));
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) encodeFrames(format, samples, BLOCK, i * BLOCK, into, 0);
  };
  run(2_000);
  const before = process.cpuUsage();
  run(blocks);
  const { user } = process.cpuUsage(before);
  return (user * 1_000) / (blocks * BLOCK * 2);
}

function costFigure(sample: SampleFormat, next: () => number, quick: boolean): Figure {
  const nanoseconds = encodeCost(sample, next, quick ? 10_000 : 100_000);
  return {
    figure: `encoding ${sample}: processor time for a sample`,
    asked: `at most ${MOST_NANOSECONDS} ns (0.3 % of a core for stereo at 48 kHz)`,
    measured: `${nanoseconds.toFixed(2)} ns`,
    reached: nanoseconds <= MOST_NANOSECONDS,
  };
}

/** A file of ours with some of its bytes turned, or cut off, or both. */
function damage(whole: Buffer, next: () => number): Buffer {
  const bytes = Buffer.from(whole);
  const sizes = [0, 1, 0x7fff_ffff, 0xffff_ffff];
  for (let i = Math.floor(next() * 5); i > 0; i--) {
    const nearHead = next() < 0.7 ? 1_024 : bytes.length - 4;
    const value = next() < 0.5 ? (sizes[Math.floor(next() * 4)] as number) : Math.floor(next() * 2 ** 32);
    bytes.writeUInt32LE(value, Math.floor(next() * nearHead));
  }
  return next() < 0.5 ? bytes : bytes.subarray(0, Math.floor(next() * bytes.length));
}

/** What is wrong with reading and repairing these bytes; undefined when nothing is. */
function fault(path: string, bytes: Buffer): string | undefined {
  writeFileSync(path, bytes);
  try {
    const opened = openWav(path);
    if (opened.ok) {
      const { frames, format, readBytes, close } = opened.value;
      const read = readBytes(0, frames).length;
      close();
      if (read !== frames * bytesPerFrame(format)) return `${frames} frames have ${read} bytes`;
    } else if (opened.error.code !== 'E_WAV') return `answered with ${opened.error.code}`;
    const dry = repairWav(path, { dryRun: true });
    if (!dry.ok) return undefined;
    repairWav(path, { dryRun: false });
    const again = repairWav(path, { dryRun: true });
    if (!again.ok || again.value.changed.length > 0) return 'a second repair finds something to do';
    return readFileSync(path).length === bytes.length ? undefined : 'repair changed the length';
  } catch (error) {
    return `it throws ${String(error)}`;
  }
}

function fuzz(folder: string, next: () => number, rounds: number, say: (line: string) => void): Figure {
  const seeds = FORMATS.map((sample) => {
    const path = join(folder, `${sample}.wav`);
    const writer = new WavWriter(openSync(path, 'wx'), formatOf(sample), { startFrame: 0 });
    writer.append(
      Float32Array.from({ length: 400 }, () => 2 * next() - 1),
      200,
    );
    writer.close({ cues: [{ frame: 7, label: 'seven' }] });
    return readFileSync(path);
  });
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const bytes = damage(seeds[round % seeds.length] as Buffer, next);
    const found = fault(join(folder, 'damaged.wav'), bytes);
    if (found) faults.push(`file ${round}: ${found}`);
    if ((round + 1) % 1_000 === 0) say(`${round + 1} damaged files, ${faults.length} faults`);
  }
  return {
    figure: `${rounds} damaged WAV files: read or refused, repaired at one go, none longer or shorter`,
    asked: '0 faults',
    measured: faults.length === 0 ? '0 faults' : `${faults.length} faults, first ${faults[0] ?? ''}`,
    reached: faults.length === 0,
  };
}

export const wavFiles: SoakPart = {
  name: 'wav',
  doc: 'WAV files: cost of encoding, damaged files read and repaired',
  run({ seed, quick, say }) {
    const next = random(seed);
    const folder = mkdtempSync(join(tmpdir(), 'chronus-wav-'));
    try {
      const costs = FORMATS.map((sample) => costFigure(sample, next, quick));
      return Promise.resolve([...costs, fuzz(folder, next, quick ? 500 : 20_000, say)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
