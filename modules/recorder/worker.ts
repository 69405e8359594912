/** Entry of a writer's thread: one take, then the thread ends. Never returns to its event loop before that. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Outcome } from '../../engine/shared/outcome.js';
import type { Mark } from './sidecar-file.js';
import { recordTake, type TakeEnd, type TakeJob } from './take.js';

/** What the thread tells: the file is there; no more is recorded; the take has ended. */
export type WriterMessage =
  | { readonly kind: 'opened'; readonly path: string }
  | { readonly kind: 'closing' }
  | { readonly kind: 'ended'; readonly outcome: Outcome<TakeEnd> };

const tell = (message: WriterMessage): void => parentPort?.postMessage(message);

/** What has come in meanwhile: nobody listens, so that this thread never has to go back to its event loop. */
function marks(): Mark[] {
  const found: Mark[] = [];
  while (parentPort) {
    const received = receiveMessageOnPort(parentPort) as { readonly message: Mark } | undefined;
    if (!received) break;
    found.push(received.message);
  }
  return found;
}

const outcome = recordTake(workerData as TakeJob, {
  opened: (path) => tell({ kind: 'opened', path }),
  closing: () => tell({ kind: 'closing' }),
  marks,
});
tell({ kind: 'ended', outcome });
