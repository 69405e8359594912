/**
 * One process at a time records into a folder: recording.lock there names it while takes run. Runs on: main thread.
 */
import { join } from 'node:path';
import { releaseLock, takeLock } from '../../engine/shared/lock-file.js';
import type { Identity } from '../../engine/shared/process-identity.js';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { folderProblem } from './name.js';

interface Holder extends Identity {
  readonly run?: string;
}

export class FolderLock {
  readonly #folder: string;
  readonly #run: string;
  #holders = 0;

  constructor(folder: string, run: string) {
    this.#folder = folder;
    this.#run = run;
  }

  /** For one take more. The folder must be there. */
  take(): Outcome<true> {
    try {
      const { owner } = takeLock<Holder>(this.#path, { run: this.#run });
      if (owner) return fail(this.#held(owner));
    } catch (error) {
      return fail(folderProblem(this.#folder, error));
    }
    this.#holders++;
    return succeed(true);
  }

  /** That take has ended. */
  release(): void {
    if (--this.#holders === 0) releaseLock(this.#path);
  }

  get #path(): string {
    return join(this.#folder, 'recording.lock');
  }

  #held({ pid, run = 'unknown' }: Holder) {
    return {
      code: 'E_LOCKED',
      got: `${this.#folder}, into which process ${pid} records (run ${run})`,
      allowed: 'one process that records into a folder',
      mend: 'Stop that recording, or start this engine with --recordings DIR. Nothing was recorded.',
    };
  }
}
