/** Runs an engine until it is told to end. */
import { join, resolve } from 'node:path';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { startEngine, type Engine } from '../supervisor/engine.js';
import { StartError } from '../supervisor/home.js';
import { checkLead, checkNumber, NUMBER_OPTIONS, type EngineOptions } from '../supervisor/options.js';
import { printError, printJson } from './output.js';

type Flags = Readonly<Record<string, unknown>>;

/** Flags first, then the environment, then the default. */
function readOptions(flags: Flags): Outcome<EngineOptions> {
  const numbers: Record<string, number> = {};
  for (const option of NUMBER_OPTIONS) {
    const key = option.flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const flag = flags[key];
    const env = option.env ? process.env[option.env] : undefined;
    const given =
      flag !== undefined ? [option.flag, String(flag)] : env ? [option.env ?? '', env] : undefined;
    const value = given
      ? checkNumber(option, given[0] as string, given[1] as string)
      : succeed(option.default);
    if (!value.ok) return value;
    numbers[option.name] = value.value;
  }
  const home = resolve(String(flags.home ?? process.env.CHRONUS_HOME ?? '.'));
  return checkLead({
    ...(numbers as unknown as Omit<EngineOptions, 'home' | 'recordingsFolder' | 'device' | 'oscHost'>),
    home,
    recordingsFolder: resolve(
      String(flags.recordings ?? process.env.CHRONUS_RECORDINGS ?? join(home, 'recordings')),
    ),
    device: String(flags.device ?? deviceFromEnvironment() ?? 'auto'),
    oscHost: String(process.env.CHRONUS_OSC_HOST ?? flags.oscHost ?? '127.0.0.1'),
    standby: flags.standby !== false,
    chaos: flags.chaos === true,
  });
}

/** CHRONUS_DEVICE_ID: the number of a card; -1 and nothing: whichever there is. */
function deviceFromEnvironment(): string | undefined {
  const id = process.env.CHRONUS_DEVICE_ID?.trim();
  return id && id !== '-1' ? id : undefined;
}

export async function run(flags: Flags): Promise<void> {
  const json = flags.json === true;
  const options = readOptions(flags);
  if (!options.ok) return give(options.error, json, 2);
  const say = (line: string): void => void (flags.quiet !== true && process.stderr.write(`${line}\n`));
  let engine: Engine;
  try {
    engine = await startEngine(options.value, {
      onNotice: (line) => process.stderr.write(`${line}\n`),
      onNews: say,
    });
  } catch (error) {
    return give(problemOf(error), json, 1);
  }
  const ended = endOnSignals(engine, say);
  if (flags.play !== undefined) {
    const played = await engine.play(String(flags.play));
    if (!played.ok) {
      await engine.stop();
      return give(played.error, json, 1);
    }
    for (const warning of played.warnings) say(warning);
    say(`Playing ${played.value}.`);
  }
  const { file } = engine;
  if (json) printJson({ ready: true, ...file });
  say(engine.outputLine);
  say(
    `OSC on UDP and TCP port ${file.oscPort}; ${file.voices} voices, ${file.sampleRate} Hz, blocks of ${file.blockFrames}. Ctrl+C ends.`,
  );
  await ended;
}

function give(problem: Problem, json: boolean, exitCode: number): void {
  printError(problem, json);
  process.exitCode = exitCode;
}

function problemOf(error: unknown): Problem {
  if (error instanceof StartError) return error.problem;
  const text = error instanceof Error ? error.message : String(error);
  const failed = fail({
    code: 'E_START',
    got: text,
    allowed: 'a start',
    mend: 'Please report it with this text.',
  });
  return failed.error;
}

/** Resolves when the engine has been ended by a signal; a second signal ends the process at once. */
function endOnSignals(engine: Engine, say: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let ending = false;
    const end = (signal: NodeJS.Signals): void => {
      if (ending) process.exit(1);
      ending = true;
      say(`\n${signal}: closing recordings and ports ...`);
      void engine.stop().then(resolve);
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}
