/**
 * Plays noise into a tap as fast as a take can be written: half a minute at once, then it waits until all of that has been
 * taken, so that nothing is lost and the writer comes to its sleep, as it does in an engine. A thread of its own.
 */
import { workerData } from 'node:worker_threads';
import { CHANNELS, TapWriter, type TapMemory } from '../../engine/shared/tap.js';
import { BLOCKS } from '../../modules/recorder/progress.js';

export interface FeederJob {
  readonly tap: TapMemory;
  readonly progress: SharedArrayBuffer;
  readonly blocks: number;
  readonly blocksAtOnce: number;
  readonly seed: number;
}

/** Blocks that are played in turn; a prime number, so that no second is like another. */
const DIFFERENT = 251;
const LOOK_MS = 2;

const { tap, progress, blocks, blocksAtOnce, seed } = workerData as FeederJob;
const words = new Int32Array(progress);
const idle = new Int32Array(new SharedArrayBuffer(4));
const writer = new TapWriter(tap);

let state = seed + 1;
const noise = Array.from({ length: DIFFERENT }, () =>
  Float32Array.from({ length: tap.blockFrames * CHANNELS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (0.7 * state) / 2 ** 31;
  }),
);

for (let block = 0; block < blocks;) {
  const until = Math.min(blocks, block + blocksAtOnce);
  for (; block < until; block++) writer.write(block, noise[block % DIFFERENT] as Float32Array);
  while (Atomics.load(words, BLOCKS) < until && block < blocks) Atomics.wait(idle, 0, 0, LOOK_MS);
}
