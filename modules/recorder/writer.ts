/** The main thread's end of a writer's thread. */
import { Worker } from 'node:worker_threads';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { BEHIND, BLOCKS, FRAMES, HOLD, LOST, NEVER, STOP } from './progress.js';
import type { Mark, TakeEnd, TakeJob } from './take.js';
import type { WriterMessage } from './worker.js';

export interface TakeProgress {
  readonly frames: number;
  readonly lostBlocks: number;
  readonly mostBehindBlocks: number;
  /** Blocks taken from the tap so far. */
  readonly blocks: number;
}

export interface TakeWriter {
  /** The path, as soon as the file is there; never rejects. */
  readonly opened: Promise<Outcome<string>>;
  /** Settles when the file is closed; never rejects. */
  readonly ended: Promise<Outcome<TakeEnd>>;
  /**
   * Ends the take before block `head`. `hold` comes first and `head` is read from the tap after it, so that not a
   * block more is recorded; the first stop counts. Neither waits.
   */
  hold(): void;
  stop(head: number): void;
  /** Goes into the sidecar, when it comes before the take has ended. */
  mark(mark: Mark): void;
  progress(): TakeProgress;
}

export type SpawnWriter = (job: TakeJob) => TakeWriter;

/** Starts the thread. Blocks that are played until it runs wait in the tap. */
export const spawnTakeWriter: SpawnWriter = (job) => {
  const words = new Int32Array(job.progress);
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
  let died = 'the thread ended early';
  let openedWith: (outcome: Outcome<string>) => void = () => undefined;
  const opened = new Promise<Outcome<string>>((resolve) => (openedWith = resolve));
  const ended = new Promise<Outcome<TakeEnd>>((resolve) => {
    worker.on('message', (message: WriterMessage) => {
      if (message.kind === 'opened') return openedWith(succeed(message.path));
      resolve(message.outcome);
      if (!message.outcome.ok) openedWith(message.outcome);
    });
    worker.on('error', (error: unknown) => (died = String(error)));
    worker.on('exit', () => {
      const outcome = writerDied(died);
      openedWith(outcome);
      resolve(outcome);
    });
  });
  return {
    opened,
    ended,
    hold: () => void Atomics.compareExchange(words, STOP, NEVER, HOLD),
    stop(head) {
      Atomics.compareExchange(words, STOP, HOLD, head);
      Atomics.notify(words, STOP);
    },
    mark: (mark) => worker.postMessage(mark),
    progress: () => ({
      frames: Atomics.load(words, FRAMES),
      lostBlocks: Atomics.load(words, LOST),
      mostBehindBlocks: Atomics.load(words, BEHIND),
      blocks: Atomics.load(words, BLOCKS),
    }),
  };
};

function writerDied(why: string): Outcome<never> {
  return fail({
    code: 'E_WRITER',
    got: why,
    allowed: 'a writer that lives until the take ends',
    mend: 'The file holds what was written before and opens. Start another take; preroll= brings back up to 60 s.',
  });
}
