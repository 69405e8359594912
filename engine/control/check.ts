/**
 * Third step: arguments against the rows of the tables. Finite numbers out of range are moved into it, with a
 * warning; what is no number where one is needed, is not finite, or names something that does not exist is refused.
 */
import type { Named } from '../registry/address.js';
import type { Scale } from '../registry/aliases.js';
import { clamp } from '../registry/scale.js';
import { isTarget, NO_TARGET, targetCode } from '../registry/target.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { alike } from '../shared/synonyms.js';
import { usageOf, type ArgRow, type ParamRow, type RouteRow } from '../shared/table.js';
import type { Arg } from './decode.js';
import { came, numberOf, plain, truthOf } from './value.js';

const KEPT = 'Nothing was changed.';

/** The value to set, in the parameter's unit, as f32 holds it. Everything that is said is in the unit of the name. */
export function checkParam(named: Named, arg: Arg, voices: number): Outcome<number> {
  const value = checkValue(named, arg, voices);
  return value.ok ? succeed(value.value.set, limitWarnings(named, value.value)) : value;
}

/** What was sent, in the unit of the name, and what is set, in that of the parameter. */
export interface SetValue {
  readonly sent: number;
  readonly set: number;
  readonly limited: boolean;
}

/** As checkParam, without the words: whoever sets thousands does not need them all. */
export function checkValue({ parameter, scale, order }: Named, arg: Arg, voices: number): Outcome<SetValue> {
  const { row } = parameter;
  const factor = scale?.factor ?? 1;
  const sent = meaning(row, arg, voices, scale);
  if (typeof sent !== 'number') return sent;
  if (!Number.isFinite(sent))
    return refuse(
      'E_NUMBER',
      arg,
      `a finite number, ${range(row, scale)}`,
      `${KEPT} Send a number in this range.`,
    );
  const value = sent * factor;
  if (row.unit === 'target' && !isTarget(value, voices)) {
    return refuse(
      'E_TARGET',
      arg,
      `${NO_TARGET} or a parameter that can be modulated`,
      `${KEPT} Send the name, as voice1/filter/freq.`,
    );
  }
  const inRange = clamp(row, value);
  const number = order && numberOf(arg) !== undefined ? order[inRange] : undefined;
  const set = Math.fround(number ?? inRange);
  const limited =
    row.unit !== 'target' &&
    (Math.fround(value) < Math.fround(row.min) || Math.fround(value) > Math.fround(row.max));
  return succeed({ sent, set, limited });
}

/** What to tell the sender of a number that was moved into its range. */
export function limitWarnings(
  { parameter, scale, order, hint }: Named,
  { sent, set, limited }: SetValue,
): readonly string[] {
  if (!limited) return [];
  const shown = order ? order.indexOf(set) : plain(plain(set) / (scale?.factor ?? 1));
  const more = hint === undefined ? '' : ` ${hint}`;
  return [`E_RANGE: got ${plain(sent)}, allowed ${range(parameter.row, scale)}. Set ${shown}.${more}`];
}

function meaning(row: ParamRow, arg: Arg, voices: number, scale?: Scale): number | Outcome<never> {
  const number = numberOf(arg);
  if (number !== undefined) return number;
  const word = typeof arg.value === 'string' ? arg.value.trim() : undefined;
  if (row.unit === 'bool') {
    const truth = truthOf(arg);
    return truth === undefined
      ? refuse('E_WORD', arg, '1, on, true, 0, off, false', `${KEPT} Send 1 or 0.`)
      : Number(truth);
  }
  if (row.words && word !== undefined) return wordIndex(row, row.words, arg, word);
  if (row.unit === 'voice' && word !== undefined) {
    if (word === NO_TARGET) return 0;
    const voice = /^voice([1-9]\d{0,2})$/.exec(word)?.[1];
    return voice === undefined
      ? refuse('E_VOICE', arg, 'voice1, voice2, ... or none', `${KEPT} Send the name or number of a voice.`)
      : Number(voice);
  }
  if (row.unit === 'target' && word !== undefined) {
    const code = targetCode(word, voices);
    if (typeof code === 'number') return code;
    return refuse('E_TARGET', arg, code.allowed, `${KEPT} ${capital(code.why)}. Send one of these.`);
  }
  return refuse('E_NUMBER', arg, `a number, ${range(row, scale)}`, `${KEPT} Send one number in this range.`);
}

function wordIndex(row: ParamRow, words: readonly string[], arg: Arg, word: string): number | Outcome<never> {
  const index = words.indexOf(word.toLowerCase());
  if (index >= 0) return row.min + index;
  return refuse(
    'E_WORD',
    arg,
    `${words.join(', ')} or ${row.min} to ${row.max}`,
    `${KEPT} Send one of these words or its number.`,
    alike(word, words),
  );
}

/** What to tell somebody who sends more than the one value a parameter or gate takes. */
export function surplus(args: readonly Arg[]): readonly string[] {
  const more = args.slice(1).filter(({ type }) => type !== 'N').length;
  return more === 0
    ? []
    : [`E_ARGS: ignored the last ${more} of ${args.length} arguments; expected one value.`];
}

/** `allowed` for people: range and unit, in that of `scale` where there is one. */
export function range(row: Pick<ParamRow, 'min' | 'max' | 'unit'>, scale?: Scale): string {
  if (row.unit === 'target') return 'the name of a parameter';
  if (scale) return `${plain(row.min / scale.factor)}..${plain(row.max / scale.factor)} ${scale.unit}`;
  const unit = ['Hz', 's', 'dB', 'semitones', 'BPM', 'frames'].includes(row.unit) ? ` ${row.unit}` : '';
  return `${row.min}..${row.max}${unit}`;
}

/** Open (true) or closed. */
export function checkGate(arg: Arg | undefined): Outcome<boolean> {
  const given = arg?.type === 'N' ? undefined : arg;
  const truth = given && truthOf(given);
  if (truth !== undefined) return succeed(truth);
  const code = given ? 'E_WORD' : 'E_ARGS';
  return refuse(
    code,
    given,
    'a number above 0, on, true; 0 or less, off, false',
    `${KEPT} Send 1 to open the gate, 0 to close it.`,
  );
}

export type Value = number | string | boolean | undefined;

/** The arguments in the order of the row; a `rest` argument and what it takes stand in `args` as they came. */
export interface Checked {
  readonly values: readonly Value[];
  /** Without those that have a name. */
  readonly args: readonly Arg[];
  readonly named: Readonly<Record<string, Value>>;
  /** 0: the arguments of the row; from 1: of its other forms. */
  readonly form: number;
}

/** Arguments on a route that takes none are ignored: clients send `/engine/start 1`. */
export function checkArgs(row: RouteRow, args: readonly Arg[]): Outcome<Checked> {
  const first = checkForm(row, args, 0);
  if (first.ok) return first;
  for (const [i, { args: rows }] of (row.forms ?? []).entries()) {
    const other = checkForm({ ...row, args: rows }, args, i + 1);
    if (other.ok) return other;
  }
  return first;
}

function checkForm(row: RouteRow, all: readonly Arg[], form: number): Outcome<Checked> {
  const read = takeNamed(row, all);
  if (!read.ok) return read;
  const { args, named } = read.value;
  const values: Value[] = [];
  const warnings: string[] = [];
  const rows = row.args.filter((arg) => arg.named !== true);
  for (const [i, argRow] of rows.entries()) {
    const arg = args[i];
    if (!arg || arg.type === 'N') {
      if (!argRow.optional) return missing(row, args.length);
      values.push(argRow.default);
      continue;
    }
    const value = checkArg(argRow, arg);
    if (!value.ok) return value;
    values.push(value.value);
    warnings.push(...value.warnings);
  }
  const surplus = args.length - rows.length;
  if (surplus > 0 && rows.length > 0 && !rows.at(-1)?.rest) {
    warnings.push(`E_ARGS: ignored the last ${surplus} of ${args.length} arguments; expected ${usage(row)}.`);
  }
  return succeed({ values, args, named, form }, warnings);
}

/** `name=word`, where the row has such a name; the first argument is never one, as a track may be called so. */
function takeNamed(row: RouteRow, all: readonly Arg[]): Outcome<Pick<Checked, 'args' | 'named'>> {
  const rows = row.args.filter((arg) => arg.named === true);
  const named: Record<string, Value> = {};
  const args: Arg[] = [];
  const fixed = row.args.length > rows.length ? 1 : 0;
  for (const [i, arg] of all.entries()) {
    const [, name, word = ''] =
      i >= fixed && typeof arg.value === 'string'
        ? (/^\s*([a-z_]+)\s*=([\s\S]*)$/.exec(arg.value) ?? [])
        : [];
    const argRow = rows.find((candidate) => candidate.name === name);
    if (!argRow) {
      args.push(arg);
      continue;
    }
    const value = checkArg(argRow, { type: 's', value: word.trim() });
    if (!value.ok) return value;
    named[argRow.name] = value.value;
  }
  return succeed({ args, named });
}

function checkArg(row: ArgRow, arg: Arg): Outcome<Value> {
  switch (row.type) {
    case 'any':
      return succeed(
        typeof arg.value === 'string' || typeof arg.value === 'number' ? arg.value : truthOf(arg),
      );
    case 'text':
      return checkText(row, arg);
    case 'bool': {
      const truth = truthOf(arg);
      return truth === undefined
        ? refuse('E_WORD', arg, '1, on, true, 0, off, false', `${KEPT} Send 1 or 0.`)
        : succeed(truth);
    }
    case 'int':
    case 'number':
      return checkNumber(row, arg);
  }
}

/** A `number` out of range is moved into it; an `int` out of range names something that does not exist. */
function checkNumber(row: ArgRow, arg: Arg): Outcome<number> {
  const { min = -Infinity, max = Infinity, unit = 'lin' } = row;
  const number = numberOf(arg);
  const allowed = Number.isFinite(min) ? range({ min, max, unit }) : '';
  if (number === undefined || !Number.isFinite(number)) {
    return refuse(
      'E_NUMBER',
      arg,
      `${row.name}: a finite number ${allowed}`.trim(),
      `${KEPT} Send a number.`,
    );
  }
  const value = row.type === 'int' ? Math.trunc(number) : number;
  if (row.type === 'int') {
    if (value >= min && value <= max) return succeed(value);
    return refuse('E_RANGE', arg, `${row.name}: ${allowed}`, `${KEPT} Send a number in this range.`);
  }
  const set = Math.min(max, Math.max(min, value));
  if (Math.fround(set) === Math.fround(value)) return succeed(set);
  return succeed(set, [`E_RANGE: got ${plain(value)}, allowed ${allowed}. Set ${plain(set)}.`]);
}

function checkText(row: ArgRow, arg: Arg): Outcome<string> {
  if (typeof arg.value !== 'string' && typeof arg.value !== 'number') {
    return refuse('E_TEXT', arg, `${row.name}: a text`, `${KEPT} Send it as a text (s).`);
  }
  const word = typeof arg.value === 'number' ? String(plain(arg.value)) : arg.value;
  if (!row.words || row.words.includes(word.toLowerCase()))
    return succeed(row.words ? word.toLowerCase() : word);
  return refuse(
    'E_WORD',
    arg,
    `${row.name}: ${row.words.join(', ')}`,
    `${KEPT} Send one of these words.`,
    alike(word, row.words),
  );
}

function missing(row: RouteRow, count: number): Outcome<Checked> {
  const allowed = usage(row);
  const example = row.example.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(' ');
  return fail({
    code: 'E_ARGS',
    got: `${count} argument${count === 1 ? '' : 's'}`,
    allowed,
    mend: `${KEPT} Send for example: ${row.address} ${example}`,
  });
}

function usage(row: RouteRow): string {
  return usageOf(row.args);
}

function refuse(
  code: string,
  arg: Arg | undefined,
  allowed: string,
  mend: string,
  near?: string[],
): Outcome<never> {
  const got = arg ? came(arg) : 'no argument';
  return fail({ code, got, allowed, mend, ...(near && { nearest: near }) });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
