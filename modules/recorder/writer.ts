/** The main thread's end of a writer's thread. */
import { Worker } from 'node:worker_threads';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import type { Mark } from './sidecar-file.js';
import type { TakeEnd, TakeJob } from './take.js';
import type { WriterMessage } from './worker.js';

export interface TakeWriter {
  /** The path, as soon as the file is there; never rejects. */
  readonly opened: Promise<Outcome<string>>;
  /** Settles when the file is closed; never rejects. */
  readonly ended: Promise<Outcome<TakeEnd>>;
  /** Goes into the sidecar and the file, when it comes before the take has ended. */
  mark(mark: Mark): void;
}

/** `closing` is called when the last sample has been taken and the file is being ended. */
export type SpawnWriter = (job: TakeJob, closing: () => void) => TakeWriter;

/** Starts the thread. Blocks that are played until it runs wait in the tap. */
export const spawnTakeWriter: SpawnWriter = (job, closing) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
  let died = 'the thread ended early';
  let openedWith: (outcome: Outcome<string>) => void = () => undefined;
  const opened = new Promise<Outcome<string>>((resolve) => (openedWith = resolve));
  const ended = new Promise<Outcome<TakeEnd>>((resolve) => {
    worker.on('message', (message: WriterMessage) => {
      if (message.kind === 'opened') return openedWith(succeed(message.path));
      if (message.kind === 'closing') return closing();
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
    mark: (mark) => worker.postMessage(mark),
  };
};

/** The code of a take whose thread has ended early. */
export const WRITER_DIED = 'E_WRITER';

function writerDied(why: string): Outcome<never> {
  return fail({
    code: WRITER_DIED,
    got: why,
    allowed: 'a writer that lives until the take ends',
    mend: 'The file holds what was written before and opens. Start another take; preroll= brings back up to 60 s.',
  });
}
