/** Fifth step: what goes back to the sender. Pure: datagrams as bytes. */
import type { Named } from '../registry/address.js';
import { targetText } from '../registry/target.js';
import type { Problem } from '../shared/outcome.js';
import { isWhole } from '../shared/table.js';
import type { Arg } from './decode.js';
import { encode, float, int, text } from './encode.js';
import { plain } from './value.js';

/** Longer documents go in pages, as not every path takes larger datagrams. */
export const PAGE_BYTES = 8192;

/** The document as one text at `<address>/reply`; over 8 KB as pages: text, page from 1, number of pages. */
export function reply(address: string, document: unknown): Uint8Array[] {
  const pages = cut(JSON.stringify(document), PAGE_BYTES);
  const at = `${address}/reply`;
  if (pages.length === 1) return [encode(at, [text(pages[0] as string)])];
  return pages.map((page, i) => encode(at, [text(page), int(i + 1), int(pages.length)]));
}

/** Pieces of at most `limit` bytes of UTF-8; no character is cut in two. */
function cut(whole: string, limit: number): string[] {
  const bytes = Buffer.from(whole);
  const pages: string[] = [];
  for (let from = 0; from < bytes.length || pages.length === 0;) {
    let to = Math.min(bytes.length, from + limit);
    while (to < bytes.length && ((bytes[to] as number) & 0xc0) === 0x80) to--;
    pages.push(bytes.toString('utf8', from, to));
    from = to;
  }
  return pages;
}

/** The value of a parameter in the unit and order of its name: a target as text, whole ones as int, the others as float. */
export function valueReply(address: string, { parameter, scale, order }: Named, value: number): Uint8Array {
  const { row } = parameter;
  if (row.unit === 'target') return encode(`${address}/reply`, [text(targetText(value))]);
  const shown = order ? order.indexOf(value) : scale ? plain(value) / scale.factor : value;
  return encode(`${address}/reply`, [isWhole(row) ? int(shown) : float(shown)]);
}

export function synced(args: readonly Arg[]): Uint8Array {
  return encode('/synced', args.length > 0 ? args : [int(0)]);
}

export function warn(address: string, sentence: string): Uint8Array {
  return encode('/warn', [text(address), text(sentence)]);
}

/** Six texts: code, address, what came, what is allowed, nearest names, the mend. */
export function error(address: string, problem: Problem): Uint8Array {
  const { code, where, got, allowed, nearest = [], mend } = problem;
  const came = where === undefined ? got : `${where}: ${got}`;
  return encode('/error', [code, address, came, allowed, nearest.join(', '), mend].map(text));
}
