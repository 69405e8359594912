/** What `chronus render` plays: a run or take by its journal, anything else as a pattern. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SampleFormat } from '../../modules/recorder/wav/format.js';
import { resolveSource, type SlotSource } from '../patterns/source.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { checkNumber, NUMBER_OPTIONS, type NumberOption } from '../supervisor/options.js';
import { barFrames, slotProgram, type Program } from '../supervisor/program.js';
import { RUN_FILE } from '../supervisor/journal-format.js';

type Flags = Readonly<Record<string, unknown>>;

export interface Source {
  readonly program: Outcome<Program>;
  /** A take is rendered as what it was recorded. */
  readonly sample?: SampleFormat | undefined;
}

const LENGTHS: Readonly<Record<'bars' | 'seconds' | 'tail', NumberOption>> = {
  bars: length('--bars', 'bars', 8, 0.0625, 100_000),
  seconds: length('--seconds', 'seconds', 16, 0.001, 86_400),
  tail: length('--tail', 'seconds', 0, 0, 3600),
};

function length(flag: string, unit: string, fallback: number, min: number, max: number): NumberOption {
  return { name: 'leadMs', flag, unit, min, max, default: fallback, whole: false, doc: unit };
}

/** What runs and takes need is loaded for them alone: a pattern is up the sooner. */
export async function openSource(source: string, flags: Flags): Promise<Source> {
  const home = resolve(String(flags['home'] ?? process.env['CHRONUS_HOME'] ?? '.'));
  const folder = [resolve(source), join(home, 'journal', source)].find((path) =>
    existsSync(join(path, RUN_FILE)),
  );
  const isTake = /\.wav$/i.test(source);
  const surplus = ['bars', 'seconds', 'tail', 'rate', 'voices'].filter((key) => flags[key] !== undefined);
  if ((folder !== undefined || isTake) && surplus.length > 0) return { program: fail(notForRuns(surplus)) };
  const ofRuns = ['from', 'to'].filter((key) => flags[key] !== undefined);
  if (folder === undefined && !isTake) {
    if (ofRuns.length > 0) return { program: fail(onlyForRuns(ofRuns)) };
    return { program: await patternProgram(source, home, flags) };
  }
  const { openRun, openTakenRun } = await import('./render-journal.js');
  return folder === undefined
    ? openTakenRun(source, home, flags)
    : { program: openRun(source, folder, flags) };
}

function number(flags: Flags, key: string, option: NumberOption): Outcome<number> {
  return flags[key] === undefined
    ? succeed(option.default)
    : checkNumber(option, `--${key}`, String(flags[key]));
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
  if (flags['bars'] !== undefined && flags['seconds'] !== undefined) return fail(neither());
  const loaded = await resolveSource(slotsOf(home), source);
  if (!loaded.ok) return loaded;
  const { document } = loaded.value;
  const milliBpm = Math.round((document.sequencer?.bpm ?? 120) * 1000);
  const frames =
    flags['seconds'] === undefined
      ? barFrames(bars.value, milliBpm, rate.value)
      : Math.round(seconds.value * rate.value);
  const tailFrames = Math.round(tail.value * rate.value);
  const format = { sampleRate: rate.value, voices: voices.value, blockFrames: option('blockFrames').default };
  return succeed(slotProgram(document, format, frames, tailFrames), loaded.warnings);
}

/** The slots of a home, opened when one is asked for. */
function slotsOf(home: string): SlotSource {
  return {
    load: async (slot) => {
      const { PatternStore } = await import('../patterns/store.js');
      return new PatternStore(home).load(slot);
    },
  };
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
    allowed:
      '-o, --from, --to, --format, --tap, --jobs, --home and --json: rate and voices are those of the run',
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
