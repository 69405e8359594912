/** Single arguments as the numbers and words they stand for. */
import type { Arg } from './decode.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const OPEN = new Set(['on', 'true']);
/** Types whose value says nothing to people. */
const NAMES: Readonly<Record<string, string>> = {
  '[': 'a list',
  b: 'a blob',
  N: 'nil',
  I: 'an impulse',
  t: 'a time tag',
  r: 'a colour',
  m: 'a MIDI message',
};
const CLOSED = new Set(['off', 'false']);

/** i, h, f, d, T (1), F (0) and text that is a number. Undefined: no number. May be NaN or infinite. */
export function numberOf(arg: Arg): number | undefined {
  switch (arg.type) {
    case 'i':
    case 'h':
    case 'f':
    case 'd':
      return typeof arg.value === 'number' || typeof arg.value === 'bigint' ? Number(arg.value) : undefined;
    case 'T':
      return 1;
    case 'F':
      return 0;
    case 's':
      return typeof arg.value === 'string' && NUMBER.test(arg.value.trim()) ? Number(arg.value) : undefined;
    default:
      return undefined;
  }
}

/** Above 0, `on`, `true`: open. 0 and below, `off`, `false`: closed. Undefined: neither (NaN too). */
export function truthOf(arg: Arg): boolean | undefined {
  const number = numberOf(arg);
  if (number !== undefined) return Number.isNaN(number) ? undefined : number > 0;
  const word = typeof arg.value === 'string' ? arg.value.trim().toLowerCase() : '';
  return OPEN.has(word) ? true : CLOSED.has(word) ? false : undefined;
}

/** The shortest number that is the same in f32: 0.3, not 0.30000001192092896. For people and JSON. */
export function plain(x: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === Math.fround(x)) return short;
  }
  return x;
}

/** What came, for an error: texts in quotes, numbers bare. */
export function came(arg: Arg): string {
  if (typeof arg.value === 'string')
    return arg.value.length > 60 ? `'${arg.value.slice(0, 57)}...'` : `'${arg.value}'`;
  const name = NAMES[arg.type];
  if (name !== undefined) return name;
  return arg.type === 'f' ? String(plain(Number(arg.value))) : String(arg.value);
}
