/** Values of a program -> arguments of a message. Pure. */
import type { Arg } from '../engine/control/decode.js';

/** What may stand as one argument. A whole number goes as `i`, any other as `d`: 60 is MIDI, 60.5 is Hz. */
export type Value = string | number | boolean;
export type Options = Readonly<Record<string, Value | readonly Value[] | undefined>>;

/** How the arguments of a method become those of its route. */
export interface Shape {
  readonly address: string;
  /** Names of the arguments of the route, in their order; those from `positional` on are given by name. */
  readonly places: readonly string[];
  readonly positional: number;
  /** The last place takes lists, and what is given by name goes behind it as `name=value`. */
  readonly rest?: boolean;
}

const INT_LIMIT = 2 ** 31;

export function toArg(value: Value): Arg {
  if (typeof value === 'string') return { type: 's', value };
  if (typeof value === 'boolean') return { type: value ? 'T' : 'F' };
  const whole = Number.isInteger(value) && value >= -INT_LIMIT && value < INT_LIMIT;
  return { type: whole ? 'i' : 'd', value };
}

/**
 * `given`: the places, then options. An option goes to the place of its name, or behind all as `name=value`; a list as
 * a value is joined by blanks. What is left out in the middle goes as nil, which is its default.
 */
export function argumentsOf({ places, positional }: Shape, given: readonly unknown[]): Arg[] {
  const options = isOptions(given.at(-1)) ? (given.at(-1) as Options) : {};
  const values = given.slice(
    0,
    Math.min(isOptions(given.at(-1)) ? given.length - 1 : given.length, positional),
  );
  const placed: (Value | readonly Value[] | undefined)[] = places.map((name, i) =>
    i < positional ? (values[i] as Value | undefined) : options[name],
  );
  while (placed.length > 0 && placed.at(-1) === undefined) placed.pop();
  const named = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !places.slice(positional).includes(name),
  );
  return [
    ...placed.flatMap((value): Arg[] => {
      if (value === undefined) return [{ type: 'N' }];
      return isList(value) ? value.map(toArg) : [toArg(value)];
    }),
    ...named.map(([name, value]): Arg => ({ type: 's', value: `${name}=${wordOf(value as Value)}` })),
  ];
}

function wordOf(value: Value | readonly Value[]): string {
  if (isList(value)) return value.map(wordOf).join(' ');
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
