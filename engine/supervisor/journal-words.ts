/** What the journal thread tells the main thread, in memory of its own. A leaf. */
import { JOURNAL_STATES, type JournalState } from './journal-format.js';

/** i32 words. */
const STATE = 0;
const SEGMENT = 1;
/** Everything before this block can be read in the journal. */
const BLOCK = 2;
const WORDS = 4;
/** Behind them one i64: bytes of all segments. */
const BYTES_AT = WORDS * 4;

export interface JournalProgress {
  readonly state: JournalState;
  readonly segment: number;
  readonly block: number;
  readonly bytes: number;
}

export function createJournalWords(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES_AT + 8);
}

export class JournalWords {
  readonly #words: Int32Array;
  readonly #bytes: BigInt64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#bytes = new BigInt64Array(memory, BYTES_AT, 1);
  }

  /** Runs on: journal thread. */
  write({ state, segment, block, bytes }: JournalProgress): void {
    Atomics.store(this.#words, STATE, JOURNAL_STATES.indexOf(state));
    Atomics.store(this.#words, SEGMENT, segment);
    Atomics.store(this.#bytes, 0, BigInt(bytes));
    Atomics.store(this.#words, BLOCK, block);
  }

  read(): JournalProgress {
    return {
      state: JOURNAL_STATES[Atomics.load(this.#words, STATE)] ?? 'ended',
      segment: Atomics.load(this.#words, SEGMENT),
      block: Atomics.load(this.#words, BLOCK),
      bytes: Number(Atomics.load(this.#bytes, 0)),
    };
  }
}
