/** The main thread's end of the card thread. */
import { Worker } from 'node:worker_threads';
import type { TapMemory } from '../shared/tap.js';
import { CLOSED, createCardProgress, FAILED, GRANTED, STATE } from './card-progress.js';
import type { CardJob, CardThreadMessage } from './card-thread.js';

export interface CardDeviceOptions {
  readonly tap: TapMemory;
  /** `default`, a number from listDevices, or a part of a name. */
  readonly device: string;
  readonly sampleRate: number;
  /** The card is gone; one line that says the mend. The music goes on. Called at most once. */
  readonly onFailed: (reason: string) => void;
  readonly addon?: string;
}

export interface CardOutput {
  /** For the clock; layout in card-progress.ts. */
  readonly progress: SharedArrayBuffer;
  /** Plays what has been sent; resolves when thread and process are gone. */
  close(): Promise<void>;
}

/** Joins a card to the tap. Returns at once; whether it opened is told by STATE. */
export function openCardDevice({ onFailed, ...options }: CardDeviceOptions): CardOutput {
  const job: CardJob = { ...options, progress: createCardProgress() };
  const words = new Int32Array(job.progress);
  const worker = new Worker(new URL('./card-thread.js', import.meta.url), { workerData: job });
  let told = false;
  const failed = (reason: string): void => {
    if (!told) onFailed(reason);
    told = true;
  };
  worker.on('message', (message: CardThreadMessage) => failed(message.reason));
  worker.on('error', (error: unknown) => failed(`the card thread broke: ${String(error)}`));
  const gone = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      if (words[STATE] !== CLOSED) Atomics.store(words, STATE, FAILED);
      Atomics.notify(words, GRANTED);
      resolve();
    });
  });
  return {
    progress: job.progress,
    async close() {
      worker.postMessage('close');
      await gone;
    },
  };
}
