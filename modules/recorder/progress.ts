/**
 * What the main thread and one take's writer share: eight words of 32 bits.
 *
 *      word  0 STOP      main -> writer   NEVER -> HOLD -> the first block that is no longer recorded
 *            1 FRAMES    writer -> main   frames handed to the system
 *            2 LOST      writer -> main   blocks overwritten before they were read; silence stands for them
 *            3 BEHIND    writer -> main   most blocks that ever waited
 *            4 BLOCKS    writer -> main   blocks taken from the tap
 *
 * The writer sleeps on STOP (Atomics.wait with a time limit), so a stop wakes it at once.
 *
 * A stop is exact although three threads run on: main stores HOLD, then reads the tap's head h, then stores h. The
 * writer reads a block b first and STOP after it, and waits while that is HOLD. Finding NEVER, it knows that b was in
 * the tap before HOLD, so b < h. Several takes held before the head is read end at the same block.
 */
export const STOP = 0;
export const FRAMES = 1;
export const LOST = 2;
export const BEHIND = 3;
export const BLOCKS = 4;
const WORDS = 8;

/** The number of the last block is about to be decided. */
export const HOLD = -1;
/** No block has this number: at 48 kHz and 64 frames it would come after 33 days. */
export const NEVER = 0x7fff_ffff;

export function createProgress(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(WORDS * 4);
  new Int32Array(memory)[STOP] = NEVER;
  return memory;
}

/** A take as main sees it through these words. Never waits. Runs on: main thread. */
export class TakeProgress {
  readonly memory = createProgress();
  readonly #words = new Int32Array(this.memory);

  /** The take is about to be stopped: not a block more is recorded until `stop` says which was the last. */
  hold(): void {
    Atomics.compareExchange(this.#words, STOP, NEVER, HOLD);
  }

  /** Ends the take before block `head`, which is read from the tap after `hold`. The first stop counts. */
  stop(head: number): void {
    Atomics.compareExchange(this.#words, STOP, HOLD, head);
    Atomics.notify(this.#words, STOP);
  }

  /** The first block that is not recorded; undefined: not decided yet. */
  get stopBlock(): number | undefined {
    const block = Atomics.load(this.#words, STOP);
    return block === NEVER || block === HOLD ? undefined : block;
  }

  /** Frames handed to the system. */
  get frames(): number {
    return Atomics.load(this.#words, FRAMES);
  }
  get lostBlocks(): number {
    return Atomics.load(this.#words, LOST);
  }
  get mostBehindBlocks(): number {
    return Atomics.load(this.#words, BEHIND);
  }
  /** Blocks taken from the tap. */
  get blocks(): number {
    return Atomics.load(this.#words, BLOCKS);
  }
}
