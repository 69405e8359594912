/** A program to a WAV file, and what came out. */
import { mkdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Levels } from '../../modules/recorder/levels.js';
import { createNew, type NewFile } from '../../modules/recorder/name.js';
import { bitsOf, type SampleFormat } from '../../modules/recorder/wav/format.js';
import { WAV_HEAD_BYTES } from '../../modules/recorder/wav/wav-header.js';
import { WavWriter } from '../../modules/recorder/wav/wav-writer.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { CHANNELS } from '../shared/tap.js';
import { renderProgram } from '../supervisor/offline.js';
import type { Program } from '../supervisor/program.js';

export interface Written {
  readonly path: string;
  readonly frames: number;
  readonly seconds: number;
  readonly sampleRate: number;
  readonly bits: number;
  readonly bytes: number;
  readonly peakDb: number | null;
  readonly rmsDb: number | null;
  readonly realTimeFactor: number;
}

/** Seconds of sound between two calls of `tell`. */
const TELL_SECONDS = 10;

/** Renders to a new file at `path`. `tell` gets the share that is done, 0..1. */
export function writeProgram(
  program: Program,
  sample: SampleFormat,
  path: string,
  tell: (share: number) => void,
): Outcome<Written> {
  const { sampleRate, startFrame, frames } = program;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch {
    // Said by createNew, with the reason.
  }
  const file = createOutput(path);
  if (!file.ok) return file;
  const began = performance.now();
  const writer = new WavWriter(file.value.fd, { sampleRate, channels: CHANNELS, sample }, { startFrame });
  const levels = new Levels();
  let done = 0;
  let told = 0;
  try {
    renderProgram(program, (samples, count) => {
      levels.add(samples, count * CHANNELS);
      done += count;
      if (done - told >= sampleRate * TELL_SECONDS) tell((told = done) / frames);
      return writer.append(samples, count) === count;
    });
    writer.close();
  } catch (error) {
    if (statSync(file.value.path).size <= WAV_HEAD_BYTES) unlinkSync(file.value.path);
    return fail({
      code: 'E_RENDER',
      got: `${file.value.path} (${(error as Error).message})`,
      allowed: 'room on the disk, and a run this machine can play',
      mend: 'What was rendered before is in the file, if anything.',
    });
  }
  const seconds = frames / sampleRate;
  return succeed({
    path: file.value.path,
    frames: writer.frames,
    seconds,
    sampleRate,
    bits: bitsOf(sample),
    bytes: writer.bytes,
    peakDb: levels.peakDb,
    rmsDb: levels.rmsDb,
    realTimeFactor: Math.round((seconds * 1000) / (performance.now() - began)),
  });
}

function createOutput(path: string): Outcome<NewFile> {
  try {
    const file = createNew(dirname(path), basename(path));
    return file.ok
      ? file
      : fail({ ...file.error, mend: 'Nothing was rendered. Choose another file with -o FILE.' });
  } catch (error) {
    return fail({
      code: 'E_NAME',
      got: `${show(path)} (${(error as Error).message})`,
      allowed: 'a file name this system takes',
      mend: 'Nothing was rendered. Choose another file with -o FILE.',
    });
  }
}
