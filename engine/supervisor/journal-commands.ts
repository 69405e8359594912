/** The commands of a run by block, read from its segments when they are asked for. */
import { ENTRY_WORDS } from '../shared/command.js';
import { HEAD_BYTES } from './journal-format.js';
import type { Segment } from './journal-open.js';

export class JournalCommands implements Iterable<[number, Int32Array]> {
  readonly #segments: readonly Segment[];
  readonly #uses: readonly boolean[];
  /** The segment read last: a rendering asks block after block. */
  #open: { readonly segment: Segment; readonly bytes: Buffer } | undefined;

  /** `uses`: for each segment whether it belongs to the run. */
  constructor(segments: readonly Segment[], uses: readonly boolean[]) {
    this.#segments = segments;
    this.#uses = uses;
  }

  /** Blocks that have any. */
  get size(): number {
    return this.#used().reduce((sum, { scan }) => sum + scan.commandBlocks.length, 0);
  }

  /** Entries of a block as words; undefined: none. */
  get(block: number): Int32Array | undefined {
    for (const segment of this.#used()) {
      const { commandBlocks } = segment.scan;
      if ((commandBlocks.at(-1) ?? -1) < block || (commandBlocks[0] ?? Infinity) > block) continue;
      const i = find(commandBlocks, block);
      if (i >= 0) return this.#words(segment, i);
    }
    return undefined;
  }

  *keys(): Generator<number> {
    for (const { scan } of this.#used()) yield* scan.commandBlocks;
  }

  *values(): Generator<Int32Array> {
    for (const [, words] of this) yield words;
  }

  *[Symbol.iterator](): Generator<[number, Int32Array]> {
    for (const segment of this.#used()) {
      for (const [i, block] of segment.scan.commandBlocks.entries()) yield [block, this.#words(segment, i)];
    }
  }

  #used(): Segment[] {
    return this.#segments.filter((_, i) => this.#uses[i] === true);
  }

  #words(segment: Segment, i: number): Int32Array {
    if (this.#open?.segment !== segment) this.#open = { segment, bytes: segment.read() };
    const { bytes } = this.#open;
    const at = segment.scan.commandPlaces[i] as number;
    const words = new Int32Array(bytes.readUInt32LE(at + 4) / 4);
    for (let word = 0; word < words.length; word++)
      words[word] = bytes.readInt32LE(at + HEAD_BYTES + 4 * word);
    return words.length % ENTRY_WORDS === 0 ? words : words.subarray(0, 0);
  }
}

/** Place of a number in an ascending list; -1: it is not there. */
function find(list: readonly number[], wanted: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = list[middle] as number;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
