/** Numbers for senders: the `source` in the command log. 0 is the engine itself, 65535 all players beyond the last. */

const LAST = 0xffff;

export class Players {
  readonly #numbers = new Map<string, number>();
  readonly #onNew: (source: number, key: string) => void;

  /** `onNew` is told of each sender once, when its first message comes. */
  constructor(onNew: (source: number, key: string) => void = () => undefined) {
    this.#onNew = onNew;
  }

  /** `key` names the sender: host:port, or the name a connection gave itself. The same key, the same number. */
  numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size >= LAST - 1) return LAST;
    const number = this.#numbers.size + 1;
    this.#numbers.set(key, number);
    this.#onNew(number, key);
    return number;
  }

  /** Number and key of everyone who sent something, in the order in which they came. */
  list(): { readonly source: number; readonly key: string }[] {
    return [...this.#numbers].map(([key, source]) => ({ source, key }));
  }
}
