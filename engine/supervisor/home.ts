/**
 * The home of an engine: patterns/, recordings/, journal/ and .chronus/engine.json, which locks it and tells other
 * commands where the engine is.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockOwner, releaseLock, takeLock } from '../shared/lock-file.js';
import type { Problem } from '../shared/outcome.js';
import type { Identity } from '../shared/process-identity.js';

export interface EngineFile extends Identity {
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
  return lockOwner<EngineFile>(engineFile(home));
}

/** Makes the folders and takes the lock. Throws StartError: E_HOME_BUSY or E_HOME. */
export function lockHome(home: string): { publish(file: EngineFile): void; release(): void } {
  const file = engineFile(home);
  try {
    for (const folder of ['.chronus', 'recordings', 'journal'])
      mkdirSync(join(home, folder), { recursive: true });
    const { owner } = takeLock<EngineFile>(file);
    if (owner) throw busy(home, owner);
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
      writeFileSync(next, JSON.stringify(engine, null, 2));
      renameSync(next, file);
    },
    release: () => releaseLock(file),
  };
}

function busy(home: string, owner: EngineFile): StartError {
  return new StartError({
    code: 'E_HOME_BUSY',
    got: `home ${resolve(home)}, where an engine runs already (pid ${owner.pid}, OSC port ${owner.oscPort ?? '?'}; ${engineFile(home)})`,
    allowed: 'one engine in a home',
    mend: 'Use that one, end it (Ctrl+C in its terminal), or start with --home DIR --osc-port 0.',
  });
}
