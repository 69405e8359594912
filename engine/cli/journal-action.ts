/** What the journals of a home hold, for people and as JSON. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parameterAt } from '../registry/address.js';
import type { Command } from '../shared/command.js';
import { ENTRY_WORDS } from '../shared/command.js';
import { decodeEntry } from '../shared/decode-entry.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { driftPpm } from '../supervisor/clock-notes.js';
import { JournalError, readRun, RUN_FILE, type RunJournal } from '../supervisor/journal-file.js';
import { describeSpan } from '../supervisor/run-program.js';
import { parameterName } from '../supervisor/run-tables.js';
import { checkNumber, type NumberOption } from '../supervisor/options.js';
import { homeOf, wantsJson, type Flags } from './flags.js';
import { give, printError, printJson, type Said } from './output.js';

export function journal(name: string | undefined, flags: Flags): void {
  const folder = join(homeOf(flags), 'journal');
  if (name === undefined) return give(succeed(list(folder)), wantsJson(flags));
  const found = [resolve(name), join(folder, name)].find((path) => existsSync(join(path, RUN_FILE)));
  if (found === undefined) return give(fail(noRun(name, folder)), wantsJson(flags));
  try {
    const run = readRun(found);
    if (flags['commands'] === true) printCommands(run, flags);
    else give(succeed(detail(run)), wantsJson(flags));
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    give(fail(error.problem), wantsJson(flags));
  }
}

function noRun(name: string, folder: string): Problem {
  const runs = runsIn(folder);
  return {
    code: 'E_RUN',
    got: show(name),
    allowed: `a run in ${folder}, or the folder of one`,
    ...(runs.length > 0 && { nearest: runs.slice(-3) }),
    mend: 'chronus journal lists the runs of a home; --home DIR names another one.',
  };
}

/** Oldest first: their names begin with their time. */
function runsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, RUN_FILE)))
      .sort();
  } catch {
    return [];
  }
}

/** One line about a run. */
function summary(run: RunJournal) {
  const { info, segments, notes, problems } = run;
  const takes = new Set(notes.flatMap(({ note }) => (note.kind === 'take' ? [note.file] : [])));
  return {
    run: basename(run.folder),
    started: info.started,
    engine: info.engineVersion,
    seconds: Number(((run.blocks * info.blockFrames) / info.sampleRate).toFixed(3)),
    frames: run.blocks * info.blockFrames,
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    takes: takes.size,
    players: notes.filter(({ note }) => note.kind === 'player').length,
    problems: problems.length,
  };
}

function list(folder: string): Said {
  const runs = runsIn(folder).map((name) => {
    try {
      return summary(readRun(join(folder, name)));
    } catch (error) {
      if (error instanceof JournalError) return { run: name, error: error.problem };
      throw error;
    }
  });
  const lines = runs.map((run) =>
    'error' in run
      ? `${run.run}  ${run.error.code}: ${run.error.got}`
      : `${run.run}  ${run.seconds.toFixed(1)} s, ${count(run.takes, 'take')}, ${count(run.players, 'player')}, ` +
        `${count(run.segments, 'segment')}, ${megabytes(run.bytes)}` +
        (run.problems > 0 ? `, ${count(run.problems, 'problem')}` : ''),
  );
  return { document: { folder, runs }, text: lines.join('\n') || `There is no run in ${folder}.` };
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function detail(run: RunJournal): Said {
  const { info, notes, snapshots, segments, spans, holes, problems } = run;
  const drift = driftPpm(
    notes.map(({ note }) => note),
    info.sampleRate,
  );
  const document = {
    ...summary(run),
    folder: run.folder,
    info,
    commands: run.commands.size,
    // Of the clock that paced the run against the system's, over the whole of it.
    driftPpm: drift === undefined ? null : Number(drift.toFixed(2)),
    snapshots: snapshots.map(({ block, segment }) => ({ frame: block * info.blockFrames, segment })),
    segmentList: segments,
    notes,
    renderable: spans.map(({ from, to }) => ({ from: from * info.blockFrames, to: to * info.blockFrames })),
    lost: holes,
    problems,
  };
  const lines = [
    `${document.run}: ${document.seconds} s (${document.frames} frames) at ${info.sampleRate} Hz, ${info.voices} voices`,
    `started ${info.started}, Music Chronus ${info.engineVersion}, ` +
      `${count(snapshots.length, 'snapshot')}, commands in ${count(run.commands.size, 'block')}`,
    ...segments.map(
      ({ file, bytes, torn }) => `  ${file}  ${megabytes(bytes)}${torn ? ', ends in a torn record' : ''}`,
    ),
    `can be rendered: ${spans.map((span) => describeSpan(run, span)).join(', ') || 'nothing'}`,
    ...(drift === undefined ? [] : [`clock drift ${drift.toFixed(2)} ppm`]),
    ...notes.flatMap(({ note }) => {
      if (note.kind === 'player') return [`player ${note.source}: ${note.name}`];
      if (note.kind === 'take') return [`take ${note.id} ${note.event} at frame ${note.frame}: ${note.file}`];
      return note.kind === 'mark' ? [`mark at frame ${note.frame}: ${note.text}`] : [];
    }),
    ...problems.map(({ code, got, mend }) => `${code}: ${got}\n  ${mend}`),
  ];
  return { document, text: lines.join('\n') };
}

interface Line {
  /** At which it acted; for a step or bar: the first at which it could. */
  readonly frame: number;
  readonly block: number;
  readonly when: string;
  readonly source: number;
  readonly by: string;
  readonly command: string;
  readonly text: string;
}

function printCommands(run: RunJournal, flags: Flags): void {
  const range = rangeOf(run, flags);
  if (!range.ok) {
    printError(range.error, wantsJson(flags));
    process.exitCode = 2;
    return;
  }
  const { from, to } = range.value;
  const players = new Map(
    run.notes.flatMap(({ note }) => (note.kind === 'player' ? [[note.source, note.name] as const] : [])),
  );
  const { tables } = run;
  const nameOf = (address: number): string =>
    tables ? parameterName(tables, address) : (parameterAt(address)?.path ?? String(address));
  const lines: Line[] = [];
  for (const [block, words] of run.commands) {
    if (block < from || block >= to) continue;
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const entry = decodeEntry(words, at);
      if (!entry) continue;
      const { command, when, source } = entry;
      const edge = block * run.info.blockFrames;
      const line: Line = {
        frame: when.at === 'frame' ? Math.max(when.frame, edge) : edge,
        block,
        when: when.at,
        source,
        by: players.get(source) ?? (source === 0 ? 'engine' : `player ${source}`),
        command: command.kind,
        text: describe(command, nameOf),
      };
      if (wantsJson(flags)) lines.push(line);
      else process.stdout.write(`${line.frame}  ${line.by}  ${line.text}${suffix(when.at)}\n`);
    }
  }
  if (wantsJson(flags)) printJson({ run: basename(run.folder), commands: lines });
}

function suffix(when: string): string {
  return when === 'bar' || when === 'step' ? ` at the next ${when}` : '';
}

/** In blocks. */
function rangeOf(run: RunJournal, flags: Flags): Outcome<{ readonly from: number; readonly to: number }> {
  const { sampleRate, blockFrames } = run.info;
  const read = (key: 'from' | 'to', fallback: number): Outcome<number> => {
    if (flags[key] === undefined) return succeed(fallback);
    const option: NumberOption = {
      name: 'leadMs',
      flag: `--${key}`,
      unit: 'seconds',
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      default: 0,
      whole: false,
      doc: 'a place in the run',
    };
    const value = checkNumber(option, `--${key}`, String(flags[key]));
    return value.ok ? succeed(Math.floor((value.value * sampleRate) / blockFrames)) : value;
  };
  const from = read('from', 0);
  const to = read('to', Infinity);
  if (!from.ok) return from;
  if (!to.ok) return to;
  return succeed({ from: from.value, to: to.value });
}

/** As a person reads it. Voices count from 1. */
function describe(command: Command, nameOf: (address: number) => string): string {
  const voice = (number: number): string => (number < 0 ? 'any voice' : `voice${number + 1}`);
  const rounded = (x: number): string => String(Number(x.toPrecision(7)));
  switch (command.kind) {
    case 'set':
      return `${nameOf(command.address)} ${rounded(command.value)}`;
    case 'gate':
      return `gate ${voice(command.voice)} ${command.on ? 'on' : 'off'}, velocity ${rounded(command.velocity)}`;
    case 'note':
      return `note ${voice(command.voice)} ${rounded(command.hz)} Hz, velocity ${rounded(command.velocity)}, ${rounded(command.beats)} beats`;
    case 'transport':
      return command.running ? 'start' : command.release ? 'stop, notes to their ends' : 'stop';
    case 'tempo':
      return `tempo ${command.milliBpm / 1000}${command.beats ? ` over ${command.beats} beats` : ''}`;
    case 'nudge':
      return `nudge ${command.micros / 1000} ms`;
    case 'seed':
      return `seed ${command.seed}`;
    case 'swing':
      return `swing ${rounded(command.amount)}`;
    case 'stage':
      return `content of ${command.region === 0 ? 'a track' : 'a load'} from word ${command.offset} on: ${command.words.join(' ')}`;
    case 'commitTrack':
      return `track in place ${command.track} of ${command.words} words`;
    case 'removeTrack':
      return `track in place ${command.track} removed`;
    case 'forget':
      return `track in place ${command.track} gives up fields ${command.fields.toString(2)}`;
    case 'commitLoad':
      return `load ${command.serial} of ${command.words} words`;
    case 'bypass':
      return `unit ${command.unit} ${command.on ? 'bypassed' : 'back'}${command.strike ? ' as it failed' : ''}`;
    case 'chaos':
      return `fault ${command.fault} in ${command.subject}`;
    case 'skipped':
      return command.count < 0 ? 'sequencer stopped as it failed' : `${command.count} commands skipped`;
    case 'clearTracks':
      return 'all tracks removed';
    case 'panic':
      return 'panic';
  }
}
