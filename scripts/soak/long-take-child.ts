/**
 * Entry of a process that does nothing but write one long take on its main thread, and says how much memory it has in
 * the middle and at the end. Needs --expose-gc. Arguments: folder, seconds of each half, seed.
 */
import { Worker } from 'node:worker_threads';
import { CHANNELS, createTap } from '../../engine/shared/tap.js';
import { Measures } from '../../modules/recorder/measures.js';
import { createProgress } from '../../modules/recorder/progress.js';
import { recordTake, type TakeSummary } from '../../modules/recorder/take.js';
import type { FeederJob } from './long-take-feeder.js';

export interface LongTake {
  readonly frames: number;
  /** After a forced collection, at the end of the first half and of the second. */
  readonly memory: readonly NodeJS.MemoryUsage[];
  readonly summary: TakeSummary;
  readonly problem?: string;
  readonly seconds: number;
}

const RATE = 48_000;
const BLOCK = 256;
const SECONDS_AT_ONCE = 30;

const [folder = '.', half = '60', seed = '1'] = process.argv.slice(2);
const halfFrames = Math.ceil((Number(half) * RATE) / BLOCK) * BLOCK;
const maxFrames = 2 * halfFrames;
const tap = createTap(RATE, BLOCK);
const progress = createProgress();
const memory: NodeJS.MemoryUsage[] = [];

// The loop of a take gives nothing away while it goes on; each block comes by here.
const add = Measures.prototype.add;
let measured = 0;
Measures.prototype.add = function (this: Measures, interleaved, frames) {
  add.call(this, interleaved, frames);
  measured += frames;
  if (measured % halfFrames !== 0) return;
  globalThis.gc?.();
  globalThis.gc?.();
  memory.push(process.memoryUsage());
};

const began = performance.now();
const workerData: FeederJob = {
  tap,
  progress,
  blocks: maxFrames / BLOCK,
  blocksAtOnce: Math.floor((SECONDS_AT_ONCE * RATE) / BLOCK),
  seed: Number(seed),
};
new Worker(new URL('./long-take-feeder.js', import.meta.url), { workerData });
const outcome = recordTake(
  {
    tap,
    progress,
    sampleRate: RATE,
    sample: 'int24',
    folder,
    name: 'long',
    fromBlock: 0,
    started: new Date(),
    maxFrames,
    about: { id: 'long', channels: CHANNELS },
  },
  { opened: () => undefined },
);
if (!outcome.ok) throw new Error(`${outcome.error.code} ${outcome.error.got}`);
const { summary, problem } = outcome.value;
const { hashes: _, ...short } = summary;
const found: LongTake = {
  frames: maxFrames,
  memory,
  summary: short,
  seconds: (performance.now() - began) / 1000,
  ...(problem === undefined ? {} : { problem: problem.code }),
};
process.stdout.write(`${JSON.stringify(found)}\n`);
