/**
 * Third step: arguments against the rows of the tables. Finite numbers out of range are moved into it, with a
 * warning; what is no number where one is needed, is not finite, or names something that does not exist is refused.
 */
import type { Parameter } from '../registry/address.js';
import { clamp } from '../registry/scale.js';
import { isTarget, NO_TARGET, targetCode } from '../registry/target.js';
import { nearest } from '../shared/nearest.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { ArgRow, ParamRow, RouteRow } from '../shared/table.js';
import type { Arg } from './decode.js';
import { came, numberOf, plain, truthOf } from './value.js';

const KEPT = 'Nothing was changed.';

/** The value to set, as f32 holds it. */
export function checkParam(parameter: Parameter, arg: Arg, voices: number): Outcome<number> {
  const { row } = parameter;
  const value = meaning(row, arg, voices);
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value))
    return refuse('E_NUMBER', arg, `a finite number, ${range(row)}`, `${KEPT} Send a number in this range.`);
  if (row.unit === 'target' && !isTarget(value, voices)) {
    return refuse(
      'E_TARGET',
      arg,
      `${NO_TARGET} or a parameter that can be modulated`,
      `${KEPT} Send the name, as voice1/filter/freq.`,
    );
  }
  const set = Math.fround(clamp(row, value));
  const limited =
    row.unit !== 'target' &&
    (Math.fround(value) < Math.fround(row.min) || Math.fround(value) > Math.fround(row.max));
  return succeed(
    set,
    limited ? [`E_RANGE: got ${plain(value)}, allowed ${range(row)}. Set ${plain(set)}.`] : [],
  );
}

function meaning(row: ParamRow, arg: Arg, voices: number): number | Outcome<number> {
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
  return refuse('E_NUMBER', arg, `a number, ${range(row)}`, `${KEPT} Send one number in this range.`);
}

function wordIndex(
  row: ParamRow,
  words: readonly string[],
  arg: Arg,
  word: string,
): number | Outcome<number> {
  const index = words.indexOf(word.toLowerCase());
  if (index >= 0) return row.min + index;
  return refuse(
    'E_WORD',
    arg,
    `${words.join(', ')} or ${row.min} to ${row.max}`,
    `${KEPT} Send one of these words or its number.`,
    nearest(word, words),
  );
}

/** `allowed` for people: range and unit. */
export function range(row: Pick<ParamRow, 'min' | 'max' | 'unit'>): string {
  if (row.unit === 'target') return 'the name of a parameter';
  const unit = ['Hz', 's', 'dB', 'semitones', 'BPM', 'frames'].includes(row.unit) ? ` ${row.unit}` : '';
  return `${row.min}..${row.max}${unit}`;
}

/** Open (true) or closed. */
export function checkGate(arg: Arg | undefined): Outcome<boolean> {
  const truth = arg && truthOf(arg);
  if (truth !== undefined) return succeed(truth);
  const code = arg ? 'E_WORD' : 'E_ARGS';
  return refuse(
    code,
    arg,
    'a number above 0, on, true; 0 or less, off, false',
    `${KEPT} Send 1 to open the gate, 0 to close it.`,
  );
}

export type Value = number | string | boolean | undefined;

/** The arguments in the order of the row; a `rest` argument and what it takes stand in `args` as they came. */
export interface Checked {
  readonly values: readonly Value[];
  readonly args: readonly Arg[];
}

/** Arguments on a route that takes none are ignored: clients send `/engine/start 1`. */
export function checkArgs(row: RouteRow, args: readonly Arg[]): Outcome<Checked> {
  const values: Value[] = [];
  const warnings: string[] = [];
  for (const [i, argRow] of row.args.entries()) {
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
  const surplus = args.length - row.args.length;
  if (surplus > 0 && row.args.length > 0 && !row.args.at(-1)?.rest) {
    warnings.push(`E_ARGS: ignored the last ${surplus} of ${args.length} arguments; expected ${usage(row)}.`);
  }
  return succeed({ values, args }, warnings);
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
    nearest(word, row.words),
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
  return row.args
    .map((arg) => (arg.optional ? `[${arg.name}]` : arg.name) + (arg.rest ? '...' : ''))
    .join(' ');
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
