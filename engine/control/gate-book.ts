/** What the status line for old clients says of gates: /gate messages only, as Music Chronus counted. */
import { checkGate } from './check.js';
import type { Arg } from './decode.js';
import type { Found } from './lookup.js';
import { came, plain } from './value.js';

const MOST_LETTERS = 40;
/** Routes that close every voice. */
const CLOSES_ALL: ReadonlySet<string> = new Set(['/engine/panic', '/engine/stop', '/seq/stop']);

export class GateBook {
  /** Gate messages that were taken. */
  messages = 0;
  /** The last one: address, space, first argument. */
  last = '';
  readonly #open = new Set<string>();

  /** Gates that were opened and not closed since. */
  get active(): number {
    return this.#open.size;
  }

  /** A message, and what its address stands for. */
  note(address: string, arg: Arg | undefined, found: readonly Found[]): void {
    const [first] = found;
    if (first?.kind === 'route' && CLOSES_ALL.has(first.row.address)) this.#open.clear();
    const open = first?.kind === 'gate' ? checkGate(arg) : undefined;
    if (!open?.ok) return;
    this.messages++;
    this.last = `${address} ${argument(arg)}`.replace(/[\p{Cc}|]/gu, ' ').slice(0, MOST_LETTERS);
    for (const gate of found) {
      if (gate.kind !== 'gate') continue;
      const id = `${gate.module}/${gate.index}`;
      if (open.value) this.#open.add(id);
      else this.#open.delete(id);
    }
  }
}

function argument(arg: Arg | undefined): string {
  if (!arg) return '';
  if (typeof arg.value === 'string') return arg.value;
  return typeof arg.value === 'number' ? String(plain(arg.value)) : came(arg);
}
