/** Puts an answer together that came in pages: text, page from 1, number of pages. Pure. */
import type { Arg } from '../control/decode.js';

export class Pages {
  readonly #pages = new Map<number, string>();

  /** The whole text as soon as it is there. */
  add(args: readonly Arg[]): string | undefined {
    const [piece, page, count] = args.map(({ value }) => value);
    if (typeof page !== 'number' || typeof count !== 'number') return String(piece);
    this.#pages.set(page, String(piece));
    if (this.#pages.size < count) return undefined;
    return Array.from({ length: count }, (_, i) => this.#pages.get(i + 1) ?? '').join('');
  }
}
