/**
 * The tap ring: every block of the master, interleaved stereo f32, broadcast. One writer (the clock that owns the epoch), any
 * number of readers; nobody waits for anybody.
 *
 *      block     n-3   n-2   n-1 |  n  (being written)
 *      slots  [ ... | ... | ... | ... | ... ]      slot of block n = n mod `blocks`
 *                               ^ HEAD = n: blocks below n are whole
 *
 * A reader copies block m (HEAD - blocks < m < HEAD), then reads HEAD again: if the writer has meanwhile come round
 * (HEAD >= m + blocks), the copy is worthless and the reader has been overrun; it says how many blocks it lost.
 */

/** Number of whole blocks written since the session began. The writer stores it after the samples, then notifies. */
export const TAP_HEAD = 0;
export const TAP_CONTROL_INTS = 16;
export const CHANNELS = 2;
/** How far a take can reach back, where nobody asked for more or less. */
export const LOOK_BACK_SECONDS = 60;
/** Time for a writer to come up, and for a slow disk. */
const SPARE_SECONDS = 30;

export interface TapMemory {
  readonly control: SharedArrayBuffer;
  readonly samples: SharedArrayBuffer;
  readonly blockFrames: number;
  readonly blocks: number;
}

/** Holds the look-back and 30 s more. */
export function createTap(
  sampleRate: number,
  blockFrames: number,
  lookBackSeconds = LOOK_BACK_SECONDS,
): TapMemory {
  const blocks = Math.ceil(((lookBackSeconds + SPARE_SECONDS) * sampleRate) / blockFrames);
  return {
    control: new SharedArrayBuffer(TAP_CONTROL_INTS * 4),
    samples: new SharedArrayBuffer(blocks * blockFrames * CHANNELS * 4),
    blockFrames,
    blocks,
  };
}

/** Runs on: clock thread. */
export class TapWriter {
  readonly #control: Int32Array;
  readonly #samples: Float32Array;
  readonly #blockSamples: number;
  readonly #blocks: number;

  constructor(tap: TapMemory) {
    this.#control = new Int32Array(tap.control);
    this.#samples = new Float32Array(tap.samples);
    this.#blockSamples = tap.blockFrames * CHANNELS;
    this.#blocks = tap.blocks;
  }

  /**
   * Appends block `block` (interleaved). A block that is there already is dropped: a clock that was replaced may come to
   * it once more, with the same samples. Runs on: clock thread, every block; no allocation.
   */
  write(block: number, interleaved: Float32Array): void {
    if (Atomics.load(this.#control, TAP_HEAD) !== block) return;
    this.#samples.set(interleaved, (block % this.#blocks) * this.#blockSamples);
    Atomics.compareExchange(this.#control, TAP_HEAD, block, block + 1);
    Atomics.notify(this.#control, TAP_HEAD);
  }
}

export class TapReader {
  readonly #tap: TapMemory;
  readonly #control: Int32Array;
  readonly #samples: Float32Array;
  /** The next block to read. */
  block: number;
  /** Blocks that were overwritten before they could be read. */
  lost = 0;

  /** Starts at block `from`, or at the next one to be written. */
  constructor(tap: TapMemory, from?: number) {
    this.#tap = tap;
    this.#control = new Int32Array(tap.control);
    this.#samples = new Float32Array(tap.samples);
    this.block = from ?? this.head();
  }

  head(): number {
    return Atomics.load(this.#control, TAP_HEAD);
  }

  /** Blocks ready for this reader. */
  available(): number {
    return this.head() - this.block;
  }

  /**
   * Copies the next block into `into` (blockFrames * CHANNELS samples) and moves on.
   * False: nothing new. After an overrun it goes on with the oldest block that is still whole and counts in `lost`.
   */
  read(into: Float32Array): boolean {
    const size = this.#tap.blockFrames * CHANNELS;
    for (;;) {
      const head = this.head();
      if (this.block >= head) return false;
      const oldest = head - this.#tap.blocks + 1;
      if (this.block < oldest) {
        this.lost += oldest - this.block;
        this.block = oldest;
      }
      const at = (this.block % this.#tap.blocks) * size;
      into.set(this.#samples.subarray(at, at + size));
      if (this.head() < this.block + this.#tap.blocks) {
        this.block++;
        return true;
      }
    }
  }

  /** Waits until a block is there or the time is over. Runs on: a reader's own thread, never the clock's. */
  wait(timeoutMs: number): void {
    const head = this.head();
    if (this.block >= head) Atomics.wait(this.#control, TAP_HEAD, head, timeoutMs);
  }
}
