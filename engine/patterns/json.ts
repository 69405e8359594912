/**
 * Writes JSON as the original does: two-space indent, members in the given order (a Map, as an object would put keys
 * like `10` first), and a decimal point in every number that is not a count.
 */
import { joinText, type SlotText } from './slot-text.js';

export interface Float {
  readonly float: number;
}
/** JSON that is written already, with the indent of its place, in parts that follow one another. */
export interface Raw {
  readonly raw: SlotText;
}
/** A plain number is a whole number. */
export type Json = string | boolean | number | Float | Raw | readonly Json[] | ReadonlyMap<string, Json>;

/** `line`: a line end with the indent of the place. Throws a RangeError for a number that JSON cannot hold. */
export function writeJson(value: Json, line = '\n'): string {
  return joinText(jsonParts(value, line));
}

/** The same in parts that follow one another: a large text is not joined before it must be. */
export function jsonParts(value: Json, line = '\n'): SlotText {
  const out: Out = [];
  put(out, value, line);
  return out;
}

type Out = SlotText[number][];

function put(out: Out, value: Json, line: string): void {
  if (typeof value === 'number') out.push(writeWhole(value));
  else if (typeof value !== 'object') out.push(JSON.stringify(value));
  else if ('float' in value) out.push(writeFloat(value.float));
  else if ('raw' in value) for (const part of value.raw) out.push(part);
  else if (value instanceof Map) putMembers(out, value as ReadonlyMap<string, Json>, line);
  else putItems(out, value as readonly Json[], line);
}

function putMembers(out: Out, members: ReadonlyMap<string, Json>, line: string): void {
  const inner = `${line}  `;
  let before = `{${inner}`;
  for (const [key, member] of members) {
    out.push(before, JSON.stringify(key), ': ');
    put(out, member, inner);
    before = `,${inner}`;
  }
  out.push(members.size === 0 ? '{}' : `${line}}`);
}

function putItems(out: Out, items: readonly Json[], line: string): void {
  const inner = `${line}  `;
  let before = `[${inner}`;
  for (const item of items) {
    out.push(before);
    put(out, item, inner);
    before = `,${inner}`;
  }
  out.push(items.length === 0 ? '[]' : `${line}]`);
}

function writeWhole(x: number): string {
  if (!Number.isSafeInteger(x)) throw new RangeError(`${x} is no whole number`);
  return String(x);
}

/** Throws a RangeError for a number that JSON cannot hold. */
export function writeFloat(x: number): string {
  if (!Number.isFinite(x)) throw new RangeError(`${x} cannot be written as JSON`);
  // Larger ones may be written with an exponent, which needs no point.
  return Number.isInteger(x) && Math.abs(x) < 1e21 ? `${x}.0` : String(x);
}
