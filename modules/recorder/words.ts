/**
 * The words after /record/start and /record/stop. One word is a name; two are name and format when the second is a
 * format, else id and name; three are id, name and format. Then dur= preroll= format= id= in any order. Pure.
 */
import { fail, show, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { alike } from '../../engine/shared/synonyms.js';

export const DEFAULT_ID = 'main';
/** What /record/stop takes for every take; no take can be called so. */
export const ALL = 'all';
/** Words that are formats, as a second word and as the end of a name. */
export const KNOWN_FORMATS = [
  'wav',
  'aiff',
  'aif',
  'flac',
  'ogg',
  'opus',
  'mp3',
  'm4a',
  'bwf',
  'rf64',
] as const;
/** Those of them that are written. */
export const WRITTEN_FORMATS = ['wav'] as const;
/** The look-back of the tap, seconds. */
export const MAX_PREROLL_SECONDS = 60;
const MAX_SECONDS = 7 * 24 * 3600;
const OPTIONS = ['dur', 'preroll', 'format', 'id'] as const;

export interface StartWords {
  readonly id: string;
  /** Absent: automatic. */
  readonly name?: string;
  readonly format: (typeof WRITTEN_FORMATS)[number];
  /** Length from the start command on; absent: until stop. */
  readonly durationSeconds?: number;
  readonly prerollSeconds: number;
}

type Args = readonly (string | number)[];

export function readStart(args: Args): Outcome<StartWords> {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const arg of args) {
    const text = String(arg);
    const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) words.push(text);
    else if (isOneOf(OPTIONS, key)) options.set(key, value);
    else return unknownOption(text, key);
  }
  const placed = place(words);
  if (!placed.ok) return placed;

  const id = readId(options.get('id') ?? placed.value.id ?? DEFAULT_ID);
  if (!id.ok) return id;
  if (id.value === ALL)
    return wrong('E_ID', 'id', show(ALL), 'another word', 'all means every take: choose another id.');
  const { name } = placed.value;
  const format = readFormat(options.get('format') ?? placed.value.format ?? formatOf(name) ?? 'wav');
  if (!format.ok) return format;
  const duration = readSeconds('dur', options.get('dur'), MAX_SECONDS);
  if (!duration.ok) return duration;
  if (duration.value === 0)
    return wrong('E_RANGE', 'dur', '0 s', 'more than 0 s', 'Leave dur= out to record until stop.');
  const preroll = readSeconds('preroll', options.get('preroll'), MAX_PREROLL_SECONDS);
  if (!preroll.ok) return preroll;

  return succeed({
    id: id.value,
    format: format.value,
    prerollSeconds: preroll.value ?? 0,
    ...(name === undefined ? {} : { name }),
    ...(duration.value === undefined ? {} : { durationSeconds: duration.value }),
  });
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
  return succeed(isFormat(second) ? { name: first, format: second } : { id: first, name: second });
}

function readId(text: string): Outcome<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return succeed(text);
  const allowed = '1 to 64 letters, digits, _ . -';
  return wrong('E_ID', 'id', show(text), allowed, 'Send a plain word as id. Nothing was changed.');
}

function readFormat(text: string): Outcome<(typeof WRITTEN_FORMATS)[number]> {
  const format = text.toLowerCase();
  if (isOneOf(WRITTEN_FORMATS, format)) return succeed(format);
  const allowed = `${WRITTEN_FORMATS.join(', ')} (24-bit)`;
  return wrong(
    'E_FORMAT',
    'format',
    show(text),
    allowed,
    'Record as wav and convert the file. Nothing was recorded.',
  );
}

/** The format a name ends with; undefined where its ending is none. */
function formatOf(name: string | undefined): string | undefined {
  const ending = name === undefined ? undefined : /\.([^./\\]+)$/.exec(name)?.[1];
  return ending !== undefined && isFormat(ending) ? ending : undefined;
}

function readSeconds(where: string, text: string | undefined, max: number): Outcome<number | undefined> {
  if (text === undefined) return succeed(undefined);
  const seconds = /^\+?(\d+\.?\d*|\.\d+)s?$/.test(text) ? Number.parseFloat(text) : NaN;
  if (seconds <= max) return succeed(seconds);
  return wrong(
    'E_RANGE',
    where,
    show(text),
    `0..${max} seconds`,
    `Send ${where}=10 for ten seconds. Nothing was recorded.`,
  );
}

function isFormat(text: string): boolean {
  return isOneOf(KNOWN_FORMATS, text.toLowerCase());
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text);
}

function unknownOption(text: string, key: string): Outcome<never> {
  return fail({
    code: 'E_ARGS',
    where: key,
    got: show(text),
    allowed: OPTIONS.map((option) => `${option}=`).join(' '),
    mend: 'Use one of these; a file name cannot hold =. Nothing was recorded.',
    nearest: alike(key, OPTIONS),
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
