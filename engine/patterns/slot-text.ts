/**
 * The text of a slot file in parts that follow one another. Most parts of a save are those of the save before, as the
 * same objects: they are neither written anew nor checked twice, and the whole, which is large garbage, need not exist.
 */
import { checkSlot, MAX_BYTES } from './document.js';
import type { Outcome } from '../shared/outcome.js';
import { succeed } from '../shared/outcome.js';

/** A part that can be checked by itself. */
export interface Piece {
  readonly text: string;
  /** What may stand in its place while the rest is checked. */
  readonly standIn: string;
  /** A document that holds it and nothing else; absent: that of another piece holds it. */
  readonly alone?: string;
}

export type SlotText = readonly (string | Piece)[];

/** In place of members that a reader looks up by name: one that has no name it knows. */
export const NO_MEMBER = '"-": 0';

/** Those that were found good. */
const good = new WeakSet<Piece>();

export const textOf = (part: string | Piece): string => (typeof part === 'string' ? part : part.text);

export const joinText = (text: SlotText): string => text.map(textOf).join('');

/** As checkSlot of the whole text. Cost: what is new in it, and the frame around the pieces. */
export function checkText(text: SlotText): Outcome<undefined> {
  const fresh = text.filter((part) => typeof part !== 'string').filter((piece) => !good.has(piece));
  const frame = text.map((part) => (typeof part === 'string' ? part : part.standIn)).join('');
  const isGood =
    byteLength(text) <= MAX_BYTES &&
    checkSlot(frame).ok &&
    fresh.every(({ alone }) => alone === undefined || checkSlot(alone).ok);
  // What is wrong, and where, the whole text tells.
  if (!isGood) return checkSlot(joinText(text));
  for (const piece of fresh) good.add(piece);
  return succeed(undefined);
}

function byteLength(text: SlotText): number {
  return text.reduce((sum, part) => sum + Buffer.byteLength(textOf(part)), 0);
}

/** Room for the bytes of one text after the other: fresh memory of that size costs more than all the rest. */
export class TextBuffer {
  #bytes = Buffer.alloc(0);

  /** Good until the next call. */
  encode(text: SlotText): Uint8Array {
    const size = byteLength(text);
    if (size > this.#bytes.length) this.#bytes = Buffer.alloc(2 * size);
    let end = 0;
    for (const part of text) end += this.#bytes.write(textOf(part), end);
    return this.#bytes.subarray(0, end);
  }
}
