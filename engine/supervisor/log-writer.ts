/** The writing end of the command log. Runs on: main thread. */
import { encodeEntry, ENTRY_WORDS, type Entry } from '../shared/command.js';
import {
  ACTIVE,
  distance,
  JOURNAL_GONE,
  JOURNAL_POSITION,
  LOAD_END,
  LOAD_SERIAL,
  LOG_END,
  LOG_ENTRIES,
  POSITION,
  POSITION_MASK,
  slotWord,
  type RunMemory,
} from '../shared/run-memory.js';

/** Entries are kept from being used again until slot and journal have read them; this many stay free beside. */
const RESERVE = 64;

export class LogWriter {
  readonly #control: Int32Array;
  readonly #log: Int32Array;
  #end = 0;

  constructor(run: RunMemory) {
    this.#control = new Int32Array(run.control);
    this.#log = new Int32Array(run.log);
  }

  /** Writes all entries, visible to the slots in one stroke, or none (false) when there is no room. */
  append(entries: readonly Entry[]): boolean {
    if (entries.length > this.free()) return false;
    entries.forEach((entry, i) => {
      encodeEntry(entry, this.#log, (((this.#end + i) & POSITION_MASK) % LOG_ENTRIES) * ENTRY_WORDS);
    });
    this.#end = (this.#end + entries.length) & POSITION_MASK;
    Atomics.store(this.#control, LOG_END, this.#end);
    return true;
  }

  /** Entries that can be written now. */
  free(): number {
    const active = Atomics.load(this.#control, ACTIVE);
    const rendered = distance(Atomics.load(this.#control, slotWord(active, POSITION)), this.#end);
    const gone = Atomics.load(this.#control, JOURNAL_GONE) !== 0;
    const journaled = gone ? 0 : distance(Atomics.load(this.#control, JOURNAL_POSITION), this.#end);
    return LOG_ENTRIES - RESERVE - Math.max(rendered, journaled);
  }

  /** The position behind the last entry. */
  position(): number {
    return this.#end;
  }

  /** The last load that has been committed, and the log position up to which commands acted before or with it. */
  committedLoad(): { readonly serial: number; readonly logEnd: number } | undefined {
    const serial = Atomics.load(this.#control, LOAD_SERIAL);
    return serial === 0 ? undefined : { serial, logEnd: Atomics.load(this.#control, LOAD_END) };
  }
}
