/** Completes what an engine before this one could not end: once, at the start, beside the music. Runs on: main thread. */
import { basename } from 'node:path';
import { describeProblem, type Outcome } from '../shared/outcome.js';
import type { Mended } from './mend.js';
import { mendAside } from './mend-aside.js';
import { unfinishedTakes } from './unfinished.js';

export interface RecoverOptions {
  readonly recordingsFolder: string;
  readonly home: string;
  /** The take, and what was done. */
  readonly told: (path: string, sentence: string) => void;
  /** True from now on: begin no other one. */
  readonly ending: () => boolean;
}

/** Never rejects. One take after the other. */
export async function recoverTakes({ recordingsFolder, home, told, ending }: RecoverOptions): Promise<void> {
  for (const path of await unfinishedTakes(recordingsFolder)) {
    if (ending()) return;
    told(path, sentence(path, await mendAside(path, { home })));
  }
}

function sentence(path: string, outcome: Outcome<Mended>): string {
  const name = basename(path);
  if (!outcome.ok) return `${name} was cut off and could not be completed. ${describeProblem(outcome.error)}`;
  return `${name} was cut off when its engine ended; ${whatWasDone(outcome.value)}`;
}

/** For people. */
export function whatWasDone(mended: Mended): string {
  const { from, seconds, addedFrames, changedFrames, unknownFrames, frames, changes, why } = mended;
  if (from === 'sizes') {
    const done = changes.length > 0 ? `now right: ${changes.join('; ')}` : 'right already';
    return `its sizes are ${done} (${frames} frames; not from the journal: ${why ?? ''}).`;
  }
  const perSecond = frames / seconds;
  const time = (count: number): string => `${(count / perSecond).toFixed(3)} s`;
  const parts = [
    addedFrames > 0 ? `${time(addedFrames)} were added from the journal` : '',
    changedFrames > 0 ? `${time(changedFrames)} in it were put right` : '',
    unknownFrames > 0 ? `${time(unknownFrames)} at its end lie behind the journal and are as they were` : '',
  ].filter((part) => part !== '');
  const done = parts.length > 0 ? parts.join(', ') : 'every sample was right already';
  return `${done}; it is whole now, ${seconds.toFixed(3)} s.`;
}
