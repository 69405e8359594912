/** The writing end of the command log. Runs on: main thread. */
import { encodeEntry, ENTRY_WORDS, isEditThatWaits, type Entry } from '../shared/command.js';
import { WAITING_EDITS } from '../shared/core-layout.js';
import {
  ACTIVE,
  activeSlot,
  CHECKPOINT_POSITION,
  distance,
  FILLING,
  HEAD,
  JOURNAL_GONE,
  JOURNAL_POSITION,
  LOAD_END,
  LOAD_SERIAL,
  LOG_END,
  LOG_RESERVE,
  newestCheckpoint,
  POSITION,
  POSITION_MASK,
  READY,
  SLOTS,
  slotWord,
  STATE,
  type RunMemory,
} from '../shared/run-memory.js';

export class LogWriter {
  readonly #control: Int32Array;
  readonly #log: Int32Array;
  readonly #waiting: () => number;
  readonly #rendered: () => number;
  /** Positions behind entries that are to wait and have not been read yet. */
  #underWay: number[] = [];
  #end = 0;

  /** `waiting`: edits the core keeps for later, as it last said; `rendered`: frames it has rendered. */
  constructor(run: RunMemory, waiting: () => number = () => 0, rendered: () => number = () => Infinity) {
    this.#waiting = waiting;
    this.#rendered = rendered;
    this.#control = new Int32Array(run.control);
    this.#log = new Int32Array(run.log);
  }

  /** Writes all entries, visible to the slots in one stroke, or none (false) when there is no room. */
  append(entries: readonly Entry[]): boolean {
    if (entries.length > this.free()) return false;
    entries.forEach((entry, i) => {
      encodeEntry(entry, this.#log, ((this.#end + i) * ENTRY_WORDS) % this.#log.length);
      if (isEditThatWaits(entry)) this.#underWay.push((this.#end + i + 1) & POSITION_MASK);
    });
    this.#end = (this.#end + entries.length) & POSITION_MASK;
    Atomics.store(this.#control, LOG_END, this.#end);
    return true;
  }

  /**
   * Entries that can be written now. What is in the log stays there as long as somebody may need it: the journal, a slot
   * that has not rendered it, and whoever goes on from a checkpoint.
   */
  free(): number {
    let used = this.#checkpointed();
    if (Atomics.load(this.#control, JOURNAL_GONE) === 0) used = Math.max(used, this.#since(JOURNAL_POSITION));
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.#renders(slot)) used = Math.max(used, this.#since(slotWord(slot, POSITION)));
    }
    return this.#log.length / ENTRY_WORDS - LOG_RESERVE - used;
  }

  /** A slot that is being filled has no position of its own before it has a block to begin with. */
  #renders(slot: number): boolean {
    const state = Atomics.load(this.#control, slotWord(slot, STATE));
    return state === READY || (state === FILLING && Atomics.load(this.#control, slotWord(slot, HEAD)) > 0);
  }

  /** Entries since the older one of the two checkpoints that are newest: the newer may be replaced while it is copied. */
  #checkpointed(): number {
    const newest = newestCheckpoint(this.#control);
    if (!newest) return 0;
    const other = slotWord(newest.slot, CHECKPOINT_POSITION + 1 - newest.index);
    return Math.max(distance(newest.position, this.#end), this.#sinceBefore(other, newest.position));
  }

  /** A position that is not older than `newest` is no position of this run yet. */
  #sinceBefore(word: number, newest: number): number {
    const position = Atomics.load(this.#control, word);
    return distance(position, newest) < this.#log.length / ENTRY_WORDS ? distance(position, this.#end) : 0;
  }

  #since(word: number): number {
    return distance(Atomics.load(this.#control, word), this.#end);
  }

  rendered(): number {
    return this.#rendered();
  }

  /** Edits that can still wait; those on their way are counted. */
  editRoom(): number {
    const read = Atomics.load(
      this.#control,
      slotWord(activeSlot(Atomics.load(this.#control, ACTIVE)), POSITION),
    );
    const behind = distance(read, this.#end);
    this.#underWay = this.#underWay.filter((position) => distance(position, this.#end) < behind);
    return WAITING_EDITS - this.#waiting() - this.#underWay.length;
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
