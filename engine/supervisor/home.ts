/**
 * The home of an engine: patterns/, recordings/, journal/ and .chronus/engine.json, which locks it and tells other
 * commands where the engine is.
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Problem } from '../shared/outcome.js';

export interface EngineFile {
  readonly pid: number;
  /** When the process began, in the system's own count, where that can be known: a pid may have got a new owner. */
  readonly processStart?: string;
  readonly oscHost: string;
  readonly oscPort: number;
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  readonly device: string;
  readonly started: string;
}

/** Thrown by what cannot start; holds everything a user needs. */
export class StartError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.got}. Allowed: ${problem.allowed}. ${problem.mend}`);
  }
}

export function engineFile(home: string): string {
  return join(resolve(home), '.chronus', 'engine.json');
}

/** The engine that runs in this home, or undefined; the file of a dead one counts as none. */
export function runningEngine(home: string): EngineFile | undefined {
  const found = readEngineFile(home);
  return found && alive(found) ? found : undefined;
}

function readEngineFile(home: string): EngineFile | undefined {
  try {
    const found = JSON.parse(readFileSync(engineFile(home), 'utf8')) as Partial<EngineFile>;
    return typeof found.pid === 'number' ? (found as EngineFile) : undefined;
  } catch {
    return undefined;
  }
}

/** Signal 0 asks whether a process exists; EPERM: it does, and is somebody else's. */
function alive({ pid, processStart }: EngineFile): boolean {
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
/** What tells this process from all others that have or will have its pid. */
export const IDENTITY = { pid: process.pid, ...(ownStart === undefined ? {} : { processStart: ownStart }) };

/** Makes the folders and takes the lock. Throws StartError: E_HOME_BUSY or E_HOME. */
export function lockHome(home: string): { publish(file: EngineFile): void; release(): void } {
  const file = engineFile(home);
  try {
    for (const folder of ['.chronus', 'recordings', 'journal'])
      mkdirSync(join(home, folder), { recursive: true });
    take(home, file);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError({
      code: 'E_HOME',
      got: `home ${resolve(home)}, which cannot be written (${(error as Error).message})`,
      allowed: 'a folder this user may write',
      mend: 'Choose another one with --home DIR.',
    });
  }
  return {
    publish(engine) {
      const next = `${file}.${process.pid}.tmp`;
      write(next, JSON.stringify(engine, null, 2), 'w');
      renameSync(next, file);
    },
    release() {
      if (readEngineFile(home)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

function take(home: string, file: string): void {
  for (let tries = 0; ; tries++) {
    try {
      write(file, JSON.stringify(IDENTITY), 'wx');
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 2) throw error;
      const owner = runningEngine(home);
      if (owner && owner.pid !== process.pid) throw busy(home, owner);
      // Left behind by an engine that was killed.
      rmSync(file, { force: true });
    }
  }
}

function busy(home: string, owner: EngineFile): StartError {
  return new StartError({
    code: 'E_HOME_BUSY',
    got: `home ${resolve(home)}, where an engine runs already (pid ${owner.pid}, OSC port ${owner.oscPort ?? '?'}; ${engineFile(home)})`,
    allowed: 'one engine in a home',
    mend: 'Use that one, end it (Ctrl+C in its terminal), or start with --home DIR --osc-port 0.',
  });
}

function write(path: string, text: string, flag: 'w' | 'wx'): void {
  const fd = openSync(path, flag);
  writeSync(fd, text);
  closeSync(fd);
}
