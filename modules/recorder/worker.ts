/** Entry of a writer's thread: one take, then the thread ends. Never returns to its event loop before that. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Outcome } from '../../engine/shared/outcome.js';
import { recordTake, type TakeEnd, type TakeJob } from './take.js';

/** What the thread tells: the file is there; the take has ended. */
export type WriterMessage =
  | { readonly kind: 'opened'; readonly path: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome<TakeEnd> };

const tell = (message: WriterMessage): void => parentPort?.postMessage(message);

const outcome = recordTake(workerData as TakeJob, (path) => tell({ kind: 'opened', path }));
tell({ kind: 'ended', outcome });
