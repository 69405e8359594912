/**
 * Asks the system to prefer the calling thread where it may be asked (Linux, root or CAP_SYS_NICE). There
 * `setpriority` of process 0 means the calling thread alone; elsewhere it would be the whole process, so nothing is done.
 * Without the right nothing changes. Source: setpriority(2), "C library/kernel differences".
 */
import { setPriority } from 'node:os';

/** What may last as long as it likes. */
export const ASIDE_NICE = 10;
/** The clock before those who render: it only moves a block, and nobody replaces it at once. */
export const CLOCK_NICE = -15;
export const SLOT_NICE = -10;

/** True when it was granted. Runs on: clock and render threads, once. */
export function preferThisThread(nice: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    setPriority(0, nice);
    return true;
  } catch {
    return false;
  }
}
