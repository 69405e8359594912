/**
 * The words after /record/start, /record/keep, /record/mark and /record/stop. Of a start, one word is a name; two are
 * name and format when the second is a format, else id and name; three are id, name and format. Then dur= preroll=
 * format= bits= id= style= project= in any order. Pure.
 */
import { fail, show, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { alike } from '../../engine/shared/synonyms.js';
import { isFormatWord, readSample } from './formats.js';
import { NAME_STYLES, type NameStyle } from './name.js';
import type { SampleFormat } from './wav/format.js';

export const DEFAULT_ID = 'main';
/** What /record/stop takes for every take; no take can be called so. */
export const ALL = 'all';
const MAX_SECONDS = 7 * 24 * 3600;
/** A cue is a word or two, not a letter. */
export const MAX_MARK_CHARACTERS = 200;
const START_OPTIONS = ['dur', 'preroll', 'format', 'bits', 'id', 'style', 'project'] as const;
const KEEP_OPTIONS = ['format', 'bits', 'style', 'project'] as const;

export interface FileWords {
  /** Absent: automatic. */
  readonly name?: string;
  readonly sample: SampleFormat;
  readonly style: NameStyle;
  readonly project?: string;
}

export interface StartWords extends FileWords {
  readonly id: string;
  /** Length from the start command on; absent: until stop. */
  readonly durationSeconds?: number;
  readonly prerollSeconds: number;
}

export interface KeepWords extends FileWords {
  readonly seconds: number;
}

export interface MarkWords {
  readonly text: string;
  /** Absent: every take that runs. */
  readonly id?: string;
}

export type Args = readonly (string | number)[];

interface Sorted {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Words, and KEY=VALUE where KEY is one of `known`. */
function sort(args: Args, known: readonly string[]): Outcome<Sorted> {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const arg of args) {
    const text = String(arg);
    const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) words.push(text);
    else if (known.includes(key)) options.set(key, value);
    else return unknownOption(text, key, known);
  }
  return succeed({ words, options });
}

/** `lookBackSeconds`: what preroll= can reach. */
export function readStart(args: Args, lookBackSeconds: number): Outcome<StartWords> {
  const sorted = sort(args, START_OPTIONS);
  if (!sorted.ok) return sorted;
  const { words, options } = sorted.value;
  const placed = place(words);
  if (!placed.ok) return placed;

  const id = readId(options.get('id') ?? placed.value.id ?? DEFAULT_ID);
  if (!id.ok) return id;
  if (id.value === ALL)
    return wrong('E_ID', 'id', show(ALL), 'another word', 'all means every take: choose another id.');
  const file = readFile(placed.value, options);
  if (!file.ok) return file;
  const duration = readSeconds('dur', options.get('dur'), MAX_SECONDS);
  if (!duration.ok) return duration;
  if (duration.value === 0)
    return wrong('E_RANGE', 'dur', '0 s', 'more than 0 s', 'Leave dur= out to record until stop.');
  const preroll = readSeconds('preroll', options.get('preroll'), lookBackSeconds, LONGER);
  if (!preroll.ok) return preroll;

  return succeed({
    ...file.value,
    id: id.value,
    prerollSeconds: preroll.value ?? 0,
    ...(duration.value === undefined ? {} : { durationSeconds: duration.value }),
  });
}

/** `[seconds] [name] [format]`; without seconds all there is. */
export function readKeep(args: Args, lookBackSeconds: number): Outcome<KeepWords> {
  const sorted = sort(args, KEEP_OPTIONS);
  if (!sorted.ok) return sorted;
  const { words, options } = sorted.value;
  const first = words[0];
  const timed = first !== undefined && (typeof args[0] === 'number' || isSeconds(first));
  const rest = timed ? words.slice(1) : words;
  const [name, format] = rest;
  if (rest.length > 2) return tooMany(words.length, 'at most seconds, name and format');
  const seconds = readSeconds('seconds', timed ? first : undefined, lookBackSeconds, LONGER);
  if (!seconds.ok) return seconds;
  if (seconds.value === 0)
    return wrong('E_RANGE', 'seconds', '0 s', 'more than 0 s', 'Leave it out to keep all there is.');
  const file = readFile(
    { ...(name === undefined ? {} : { name }), ...(format === undefined ? {} : { format }) },
    options,
  );
  return file.ok ? succeed({ ...file.value, seconds: seconds.value ?? lookBackSeconds }) : file;
}

export function readMark(args: Args): Outcome<MarkWords> {
  const sorted = sort(args, ['id']);
  if (!sorted.ok) return sorted;
  const text = sorted.value.words.join(' ').trim();
  // Control characters, and halves of pairs, which would not survive UTF-8.
  const clean = text.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, ' ');
  if (clean.length > MAX_MARK_CHARACTERS) {
    const got = `${clean.length} characters`;
    return wrong(
      'E_TEXT',
      'name',
      got,
      `at most ${MAX_MARK_CHARACTERS}`,
      'Send a shorter one. Nothing was marked.',
    );
  }
  const wanted = sorted.value.options.get('id');
  const id = wanted === undefined || wanted === ALL ? undefined : readId(wanted);
  if (id && !id.ok) return id;
  return succeed({ text: clean === '' ? 'mark' : clean, ...(id ? { id: id.value } : {}) });
}

/** The id to stop, or ALL. */
export function readStop(args: Args): Outcome<string> {
  if (args.length > 1) return tooMany(args.length, 'one id, or all');
  return readId(String(args[0] ?? DEFAULT_ID).replace(/^id=/, ''));
}

interface Placed {
  readonly id?: string;
  readonly name?: string;
  readonly format?: string;
}

function place(words: readonly string[]): Outcome<Placed> {
  const [first, second, third] = words;
  if (words.length > 3) return tooMany(words.length, 'at most id, name and format');
  if (first === undefined) return succeed({});
  if (second === undefined) return succeed({ name: first });
  if (third !== undefined) return succeed({ id: first, name: second, format: third });
  return succeed(
    isFormatWord(second, 'second') ? { name: first, format: second } : { id: first, name: second },
  );
}

function readFile({ name, format }: Placed, options: ReadonlyMap<string, string>): Outcome<FileWords> {
  const sample = readSample(options.get('format') ?? format ?? formatOf(name), options.get('bits'));
  if (!sample.ok) return sample;
  const project = options.get('project');
  const style = options.get('style') ?? (project === undefined ? 'session' : 'project');
  if (!(NAME_STYLES as readonly string[]).includes(style)) {
    const mend = 'Send one of these, or a name of your own. Nothing was recorded.';
    return wrong('E_ARGS', 'style', show(style), NAME_STYLES.join(', '), mend);
  }
  return succeed({
    sample: sample.value,
    style: style as NameStyle,
    ...(name === undefined ? {} : { name }),
    ...(project === undefined ? {} : { project }),
  });
}

function readId(text: string): Outcome<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return succeed(text);
  const allowed = '1 to 64 letters, digits, _ . -';
  return wrong('E_ID', 'id', show(text), allowed, 'Send a plain word as id. Nothing was changed.');
}

/** The format a name ends with; undefined where its ending is none. */
function formatOf(name: string | undefined): string | undefined {
  const ending = name === undefined ? undefined : /\.([^./\\]+)$/.exec(name)?.[1];
  return ending !== undefined && isFormatWord(ending, 'ending') ? ending : undefined;
}

const SECONDS = /^\+?(\d+\.?\d*|\.\d+)s?$/;
const LONGER = ' An engine started with --look-back 600 keeps ten minutes.';

function isSeconds(text: string): boolean {
  return SECONDS.test(text) || /^([+-]?[\d.,]+(e[+-]?\d+)?|0x[\da-f]+|[+-]?infinity|nan)s?$/i.test(text);
}

function readSeconds(
  where: string,
  text: string | undefined,
  max: number,
  more = '',
): Outcome<number | undefined> {
  if (text === undefined) return succeed(undefined);
  const seconds = SECONDS.test(text) ? Number.parseFloat(text) : NaN;
  if (seconds <= max) return succeed(seconds);
  const example = where === 'seconds' ? '10' : `${where}=10`;
  return wrong(
    'E_RANGE',
    where,
    show(text),
    `0..${max} seconds`,
    `Send ${example} for ten seconds. Nothing was recorded.${more}`,
  );
}

function unknownOption(text: string, key: string, known: readonly string[]): Outcome<never> {
  return fail({
    code: 'E_ARGS',
    where: key,
    got: show(text),
    allowed: known.map((option) => `${option}=`).join(' '),
    mend: 'Use one of these; a file name cannot hold =. Nothing was recorded.',
    nearest: alike(key, known),
  });
}

function tooMany(count: number, allowed: string): Outcome<never> {
  return wrong(
    'E_ARGS',
    'words',
    `${count} words`,
    allowed,
    'Put a name with blanks into one argument. Nothing was changed.',
  );
}

function wrong(code: string, where: string, got: string, allowed: string, mend: string): Outcome<never> {
  return fail({ code, where, got, allowed, mend });
}
