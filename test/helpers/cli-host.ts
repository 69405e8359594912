import { Worker } from 'node:worker_threads';
import type { Ran } from './engine.js';

let host: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The environment of a command without CHRONUS_ variables. */
export function plainEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHRONUS_')));
}

/**
 * Runs a command as bin/chronus.mjs would, but in a thread that is up already: a process costs 0.2 s of CPU, this a few
 * milliseconds. One after the other. The code is null when something stays open that would keep a process from ending.
 */
export function chronusInThread(args: readonly string[]): Promise<Ran> {
  const next = last.then(() => ask(args));
  last = next.catch(() => undefined);
  return next;
}

function ask(args: readonly string[]): Promise<Ran> {
  const worker = (host ??= new Worker(new URL('./cli-thread.js', import.meta.url), { env: plainEnv() }));
  worker.ref();
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      host = undefined;
      reject(error);
    };
    worker.once('error', fail);
    worker.once('message', (ran: Ran) => {
      worker.off('error', fail);
      worker.unref();
      resolve(ran);
    });
    worker.postMessage(args);
  });
}
