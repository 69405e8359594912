/** Renders a program to a WAV file and says what came out. */
import { existsSync, mkdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Levels } from '../../modules/recorder/levels.js';
import { createNew, type NewFile } from '../../modules/recorder/name.js';
import {
  bitsOf,
  SAMPLE_FORMAT_WORDS,
  sampleFormatOf,
  type SampleFormat,
} from '../../modules/recorder/wav/format.js';
import { WAV_HEAD_BYTES } from '../../modules/recorder/wav/wav-header.js';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import { WavWriter } from '../../modules/recorder/wav/wav-writer.js';
import { resolveSource } from '../patterns/source.js';
import { PatternStore } from '../patterns/store.js';
import { CHANNELS } from '../shared/tap.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { JournalError, readRun, RUN_FILE, type RunJournal } from '../supervisor/journal-file.js';
import { renderProgram } from '../supervisor/offline.js';
import { checkNumber, NUMBER_OPTIONS, type NumberOption } from '../supervisor/options.js';
import { barFrames, slotProgram, type Program } from '../supervisor/program.js';
import { tapProgram } from '../supervisor/tap-program.js';
import { isFrame, openTake } from '../takes/open-take.js';
import { printError, printJson } from './output.js';
import type { FrameRange } from '../supervisor/run-program.js';
import { partOfRun } from './render-range.js';

type Flags = Readonly<Record<string, unknown>>;

const LENGTHS: Readonly<Record<'bars' | 'seconds' | 'tail', NumberOption>> = {
  bars: length('--bars', 'bars', 8, 0.0625, 100_000),
  seconds: length('--seconds', 'seconds', 16, 0.001, 86_400),
  tail: length('--tail', 'seconds', 0, 0, 3600),
};

function length(flag: string, unit: string, fallback: number, min: number, max: number): NumberOption {
  return { name: 'leadMs', flag, unit, min, max, default: fallback, whole: false, doc: unit };
}

export async function run(source: string, flags: Flags): Promise<void> {
  const json = flags.json === true;
  const refuse = (problem: Problem): void => {
    printError(problem, json);
    process.exitCode = /^E_(OPTION|TAP)$/.test(problem.code) ? 2 : 1;
  };
  const sample = readFormat(flags.format ?? formatOf(source));
  if (!sample.ok) return refuse(sample.error);
  const program = tapProgram(await openProgram(source, flags), flags.tap);
  if (!program.ok) return refuse(program.error);
  const path = outputPath(source, flags, program.value.tap);
  const written = write(program.value, sample.value, path, json);
  if (!written.ok) return refuse(written.error);
  if (json) printJson({ ...written.value, tap: program.value.tap ?? 'master', warnings: program.warnings });
  else report(written.value, program.warnings);
}

function readFormat(word: unknown): Outcome<SampleFormat> {
  const sample = sampleFormatOf(String(word ?? 'int24'));
  if (sample) return succeed(sample);
  const mend = 'Nothing was rendered. Leave --format out for 24 bits.';
  return fail({ code: 'E_OPTION', where: '--format', got: show(word), allowed: SAMPLE_FORMAT_WORDS, mend });
}

function number(flags: Flags, key: string, option: NumberOption): Outcome<number> {
  return flags[key] === undefined
    ? succeed(option.default)
    : checkNumber(option, `--${key}`, String(flags[key]));
}

/** A run or take by its journal, anything else as a pattern. */
async function openProgram(source: string, flags: Flags): Promise<Outcome<Program>> {
  const home = resolve(String(flags.home ?? process.env.CHRONUS_HOME ?? '.'));
  const folder = [resolve(source), join(home, 'journal', source)].find((path) =>
    existsSync(join(path, RUN_FILE)),
  );
  const isTake = /\.wav$/i.test(source);
  const surplus = ['bars', 'seconds', 'tail', 'rate', 'voices'].filter((key) => flags[key] !== undefined);
  if ((folder || isTake) && surplus.length > 0) return fail(notForRuns(surplus));
  const ofRuns = ['from', 'to'].filter((key) => flags[key] !== undefined);
  if (!folder && !isTake && ofRuns.length > 0) return fail(onlyForRuns(ofRuns));
  try {
    if (folder) return ofRun(readRun(folder), flags);
    if (isTake) return takeProgram(resolve(source), home, flags);
  } catch (error) {
    if (error instanceof JournalError) return fail(error.problem);
    return fail({
      code: 'E_SOURCE',
      got: `${show(source)} (${(error as Error).message})`,
      allowed: 'the folder of a run with run.json, or a take with its .json beside it',
      mend: 'Nothing was rendered. Is the journal of that run still there?',
    });
  }
  return patternProgram(source, home, flags);
}

/** With what is wrong with its journal as warnings. */
function ofRun(journal: RunJournal, flags: Flags, take?: FrameRange): Outcome<Program> {
  const program = partOfRun(journal, flags, take);
  return program.ok
    ? succeed(
        program.value,
        journal.problems.map(({ code, got }) => `${code}: ${got}`),
      )
    : program;
}

/** The part of its run that a take holds. */
function takeProgram(path: string, home: string, flags: Flags): Outcome<Program> {
  const opened = openTake(path, home);
  if (!opened.ok) return opened;
  const { run, startFrame, wav, about } = opened.value;
  wav.close();
  // A take that was cut off by a kill is as long as its file.
  const frames = isFrame(about['frames']) ? about['frames'] : wav.frames;
  return ofRun(run, flags, { startFrame, frames });
}

/** A take is rendered as what it was recorded. */
function formatOf(path: string): SampleFormat | undefined {
  const opened = /\.wav$/i.test(path) ? openWav(path) : undefined;
  if (!opened?.ok) return undefined;
  opened.value.close();
  return opened.value.format.sample;
}

async function patternProgram(source: string, home: string, flags: Flags): Promise<Outcome<Program>> {
  const option = (name: NumberOption['name']): NumberOption =>
    NUMBER_OPTIONS.find((it) => it.name === name) as NumberOption;
  const rate = number(flags, 'rate', option('sampleRate'));
  const voices = number(flags, 'voices', option('voices'));
  const bars = number(flags, 'bars', LENGTHS.bars);
  const seconds = number(flags, 'seconds', LENGTHS.seconds);
  const tail = number(flags, 'tail', LENGTHS.tail);
  for (const value of [rate, voices, bars, seconds, tail]) if (!value.ok) return value;
  if (!rate.ok || !voices.ok || !bars.ok || !seconds.ok || !tail.ok) return fail(neither());
  if (flags.bars !== undefined && flags.seconds !== undefined) return fail(neither());
  const loaded = await resolveSource(new PatternStore(home), source);
  if (!loaded.ok) return loaded;
  const { document } = loaded.value;
  const milliBpm = Math.round((document.sequencer?.bpm ?? 120) * 1000);
  const frames =
    flags.seconds === undefined
      ? barFrames(bars.value, milliBpm, rate.value)
      : Math.round(seconds.value * rate.value);
  const tailFrames = Math.round(tail.value * rate.value);
  const format = { sampleRate: rate.value, voices: voices.value, blockFrames: option('blockFrames').default };
  return succeed(slotProgram(document, format, frames, tailFrames), loaded.warnings);
}

function onlyForRuns(flags: readonly string[]) {
  return {
    code: 'E_OPTION',
    got: `--${flags.join(', --')} for a pattern`,
    allowed: '--bars or --seconds for a pattern; --from and --to for a run or take',
    mend: 'Leave them out.',
  };
}

function notForRuns(flags: readonly string[]) {
  return {
    code: 'E_OPTION',
    got: `--${flags.join(', --')} for a run or take`,
    allowed: '-o, --from, --to, --format, --tap, --home and --json: rate and voices are those of the run',
    mend: 'Leave them out.',
  };
}

function neither() {
  return {
    code: 'E_OPTION',
    got: '--bars and --seconds together',
    allowed: 'one of them',
    mend: 'Leave one out.',
  };
}

/** Into a folder that exists under the name of source and tap; `.wav` is added where it is missing. */
function outputPath(source: string, flags: Flags, tap?: string): string {
  const own = `${[basename(source).replace(/\.\w+$/, ''), tap].filter(Boolean).join('_')}.wav`;
  const wanted = resolve(String(flags.output ?? own));
  if (existsSync(wanted) && statSync(wanted).isDirectory()) return join(wanted, own);
  return /\.wav$/i.test(wanted) ? wanted : `${wanted}.wav`;
}

interface Written {
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

function write(program: Program, sample: SampleFormat, path: string, json: boolean): Outcome<Written> {
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
  const showProgress = !json && process.stderr.isTTY === true;
  try {
    renderProgram(program, (samples, count) => {
      levels.add(samples, count * CHANNELS);
      if (showProgress && writer.frames % (sampleRate * 10) < count) progress(writer.frames / frames);
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

function progress(share: number): void {
  process.stderr.write(`\r${Math.round(share * 100)} %`);
}

function report(result: Written, warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const db = (x: number | null): string => (x === null ? 'silence' : `${x.toFixed(1)} dBFS`);
  process.stdout.write(
    `${result.path}\n` +
      `length ${result.seconds.toFixed(3)} s (${result.frames} frames at ${result.sampleRate} Hz, ${result.bits}-bit), ` +
      `peak ${db(result.peakDb)}, RMS ${db(result.rmsDb)}; ${result.realTimeFactor} times real time\n`,
  );
}
