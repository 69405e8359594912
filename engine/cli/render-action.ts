/** Renders a program to a WAV file and says what came out. */
import { existsSync, mkdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Levels } from '../../modules/recorder/levels.js';
import { createNew, sidecarPath, type NewFile } from '../../modules/recorder/name.js';
import { WAV_BITS, WAV_HEADER_BYTES } from '../../modules/recorder/wav-header.js';
import { WavWriter } from '../../modules/recorder/wav-writer.js';
import { resolveSource } from '../patterns/source.js';
import { PatternStore } from '../patterns/store.js';
import { CHANNELS } from '../shared/tap.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { readRun, RUN_FILE } from '../supervisor/journal-file.js';
import { renderProgram } from '../supervisor/offline.js';
import { checkNumber, NUMBER_OPTIONS, type NumberOption } from '../supervisor/options.js';
import { barFrames, runProgram, slotProgram, type Program } from '../supervisor/program.js';
import { printError, printJson } from './output.js';

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
  const program = await openProgram(source, flags);
  if (!program.ok) {
    printError(program.error, json);
    process.exitCode = program.error.code === 'E_OPTION' ? 2 : 1;
    return;
  }
  const written = write(program.value, outputPath(source, flags), json);
  if (!written.ok) {
    printError(written.error, json);
    process.exitCode = 1;
    return;
  }
  if (json) printJson({ ...written.value, warnings: program.warnings });
  else report(written.value, program.warnings);
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
  try {
    if (folder) return succeed(runProgram(readRun(folder)));
    if (isTake) return succeed(takeProgram(resolve(source), home));
  } catch (error) {
    return fail({
      code: 'E_SOURCE',
      got: `${show(source)} (${(error as Error).message})`,
      allowed:
        'the folder of a run with run.json, commands.bin and core.wasm, or a take with its .json beside it',
      mend: 'Nothing was rendered. Is the journal of that run still there?',
    });
  }
  return patternProgram(source, home, flags);
}

/** The part of its run that a take holds. */
function takeProgram(path: string, home: string): Program {
  const about = JSON.parse(readFileSync(sidecarPath(path), 'utf8')) as Record<string, unknown>;
  const { run, startFrame } = about;
  if (typeof run !== 'string' || typeof startFrame !== 'number') {
    throw new Error(`${sidecarPath(path)} names no run and startFrame`);
  }
  const beside = join(dirname(dirname(path)), 'journal', run);
  const journal = readRun(existsSync(beside) ? beside : join(home, 'journal', run));
  const frames = typeof about['frames'] === 'number' ? about['frames'] : framesOf(path);
  const known = journal.blocks * journal.info.blockFrames;
  if (startFrame + frames > known) {
    throw new Error(
      `the journal of ${run} ends at frame ${known}, the take at ${startFrame + frames}; ` +
        'if the engine still runs, try again in a moment, else render the run itself',
    );
  }
  return runProgram(journal, { startFrame, frames });
}

/** A take that was cut off by a kill is as long as its file. */
function framesOf(path: string): number {
  return Math.floor((statSync(path).size - WAV_HEADER_BYTES) / ((CHANNELS * WAV_BITS) / 8));
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

function notForRuns(flags: readonly string[]) {
  return {
    code: 'E_OPTION',
    got: `--${flags.join(', --')} for a run or take`,
    allowed: '-o, --home and --json: length, rate and voices are those of the run',
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

/** Into a folder that exists under the source's own name; `.wav` is added where it is missing. */
function outputPath(source: string, flags: Flags): string {
  const own = `${basename(source).replace(/\.\w+$/, '')}.wav`;
  const wanted = resolve(String(flags.output ?? own));
  if (existsSync(wanted) && statSync(wanted).isDirectory()) return join(wanted, own);
  return /\.wav$/i.test(wanted) ? wanted : `${wanted}.wav`;
}

interface Written {
  readonly path: string;
  readonly frames: number;
  readonly seconds: number;
  readonly sampleRate: number;
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

function write(program: Program, path: string, json: boolean): Outcome<Written> {
  const { sampleRate, frames } = program;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch {
    // Said by createNew, with the reason.
  }
  const file = createOutput(path);
  if (!file.ok) return file;
  const began = performance.now();
  const writer = new WavWriter(file.value.fd, { sampleRate, channels: CHANNELS });
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
    if (statSync(file.value.path).size <= 44) unlinkSync(file.value.path);
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
      `length ${result.seconds.toFixed(3)} s (${result.frames} frames at ${result.sampleRate} Hz), ` +
      `peak ${db(result.peakDb)}, RMS ${db(result.rmsDb)}; ${result.realTimeFactor} times real time\n`,
  );
}
