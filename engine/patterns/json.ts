/**
 * Writes JSON as the original does: two-space indent, members in the given order (a Map, as an object would put keys
 * like `10` first), and a decimal point in every number that is not a count.
 */

export interface Float {
  readonly float: number;
}
/** A plain number is a whole number. */
export type Json = string | boolean | number | Float | readonly Json[] | ReadonlyMap<string, Json>;

/** Throws a RangeError for a number that JSON cannot hold. */
export function writeJson(value: Json, indent = ''): string {
  const inner = `${indent}  `;
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<string, Json>)];
    return block(
      '{',
      '}',
      indent,
      members.map(([key, member]) => `${JSON.stringify(key)}: ${writeJson(member, inner)}`),
    );
  }
  if (Array.isArray(value)) {
    return block(
      '[',
      ']',
      indent,
      (value as readonly Json[]).map((item) => writeJson(item, inner)),
    );
  }
  if (typeof value === 'object') return writeFloat((value as Float).float);
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError(`${value} is no whole number`);
  return JSON.stringify(value);
}

function block(open: string, close: string, indent: string, lines: readonly string[]): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}

function writeFloat(x: number): string {
  if (!Number.isFinite(x)) throw new RangeError(`${x} cannot be written as JSON`);
  const text = String(x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
