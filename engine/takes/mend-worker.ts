/** Entry of a thread that mends one take, behind all that makes sound, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { ASIDE_NICE, preferThisThread } from '../shared/priority.js';
import { mendTake, type MendOptions } from './mend.js';

export interface MendJob {
  readonly path: string;
  readonly options: Omit<MendOptions, 'progress'>;
}

preferThisThread(ASIDE_NICE);
const { path, options } = workerData as MendJob;
parentPort?.postMessage(mendTake(path, options));
