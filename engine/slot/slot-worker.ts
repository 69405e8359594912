/** The worker thread around one slot: its ways out. */
import { parentPort, workerData } from 'node:worker_threads';
import { preferThisThread, SLOT_NICE } from '../shared/priority.js';
import { STOP } from '../shared/run-memory.js';
import { Injected } from './chaos.js';
import { BY_ITSELF, noteDeath } from './death.js';
import { Overruled } from './renderer.js';
import { Slot, type SlotJob } from './slot.js';

export type { SlotJob };

/** Why a slot died, where it knows. */
export interface SlotMessage {
  readonly failed: string;
}

const job = workerData as SlotJob;

/** Every way out comes here, but for being terminated: says that this slot is dead, with what it was doing. */
function die(): void {
  if (Atomics.load(new Int32Array(job.run.control), STOP) === 0) noteDeath(job.run, job.slot, BY_ITSELF);
}
process.on('exit', die);

// Nothing is thrown on: an error nobody catches in a thread that is being ended takes the whole process with it (Node 20).
let slot: Slot | undefined;
try {
  preferThisThread(SLOT_NICE);
  slot = new Slot(job);
  slot.work();
} catch (error) {
  if (!slot?.condemned()) {
    slot?.accuse();
    die();
    const expected = error instanceof Overruled || error instanceof Injected;
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!expected) parentPort?.postMessage({ failed } satisfies SlotMessage);
  }
}
