/** States of the core for the journal, from the checkpoints and never from a slot at work. Runs on: journal thread. */
import { CHECKPOINT, newestCheckpoint, slotWord, type RunMemory } from '../shared/run-memory.js';

/** The state before that block is rendered. */
export interface State {
  readonly block: number;
  readonly bytes: Uint8Array;
}

export class SnapshotSource {
  readonly #control: Int32Array;
  readonly #checkpoints: readonly (readonly Uint8Array[])[];

  constructor(run: RunMemory) {
    this.#control = new Int32Array(run.control);
    this.#checkpoints = run.checkpoints.map((pair) => pair.map((buffer) => new Uint8Array(buffer)));
  }

  /** A copy of the newest whole checkpoint of that block or a later one; undefined: there is none now. */
  take(from: number): State | undefined {
    const newest = newestCheckpoint(this.#control);
    if (!newest || newest.block < from) return undefined;
    const { slot, index, block } = newest;
    const bytes = Uint8Array.from(this.#checkpoints[slot]?.[index] as Uint8Array);
    // A read-modify-write, so that the copy cannot slip behind it.
    const still = Atomics.add(this.#control, slotWord(slot, CHECKPOINT + index), 0) === block;
    return still ? { block, bytes } : undefined;
  }
}
