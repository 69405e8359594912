/** Mends a take in a thread of its own. Runs on: main thread; waits for nothing. */
import { Worker } from 'node:worker_threads';
import { fail, type Outcome } from '../shared/outcome.js';
import type { Mended } from './mend.js';
import type { MendJob } from './mend-worker.js';

/** Never rejects. */
export function mendAside(path: string, options: MendJob['options']): Promise<Outcome<Mended>> {
  const workerData: MendJob = { path, options };
  const worker = new Worker(new URL('./mend-worker.js', import.meta.url), { workerData, name: 'mend' });
  return new Promise((resolve) => {
    let why = 'the thread ended early';
    worker.on('message', resolve);
    worker.on('error', (error: unknown) => (why = String(error)));
    worker.on('exit', () => resolve(broken(path, why)));
  });
}

function broken(path: string, why: string): Outcome<never> {
  return fail({
    code: 'E_MEND',
    where: 'file',
    got: `${path} (${why})`,
    allowed: 'a take that can be read and a journal that can be rendered',
    mend: `The file is as it was, or a part of it more. Try chronus repair ${path}.`,
  });
}
