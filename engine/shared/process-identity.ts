/** What tells a process from all others that have or will have its pid. Runs on: any thread. */
import { readFileSync } from 'node:fs';

export interface Identity {
  readonly pid: number;
  /** When the process began, in the system's own count, where that can be known: a pid may have got a new owner. */
  readonly processStart?: string;
}

/** Signal 0 asks whether a process exists; EPERM: it does, and is somebody else's. */
export function isAlive({ pid, processStart }: Identity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startOf(pid);
  return processStart === undefined || start === undefined || start === processStart;
}

/** Field 22 of /proc/PID/stat, ticks since the boot; undefined where there is no such file. */
export function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const ownStart = startOf(process.pid);
export const IDENTITY: Identity = {
  pid: process.pid,
  ...(ownStart === undefined ? {} : { processStart: ownStart }),
};
