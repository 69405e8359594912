/**
 * When a message with a time tag acts.
 *
 *      behind what is rendered already     at once (the next block edge); late: counted, and told to the sender
 *      up to an hour ahead                 at its exact frame
 *      further ahead                       refused (E_TIME): a clock that is wrong, more likely than a plan
 *
 * The engine renders ahead (--lead), so a time tag of this very moment is late too, by that lead: who wants exact times
 * sends ahead of them. "Immediately" is no time and never late. Runs on: main thread.
 */
import { NOW, type When } from '../shared/command.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { EngineControl } from './ports.js';

export const MAX_AHEAD_MS = 3_600_000;
/** A sender is told at most once in this time. */
const WARN_EVERY_MS = 1000;
/** Senders whose last warning is remembered. */
const REMEMBERED = 256;

interface Told {
  readonly atMs: number;
  /** Late messages it was not told of. */
  since: number;
}

export class TimeTags {
  readonly #engine: Pick<EngineControl, 'frameAt' | 'lateMs'>;
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(engine: Pick<EngineControl, 'frameAt' | 'lateMs'>, now: () => number) {
    this.#engine = engine;
    this.#now = now;
  }

  /** `late`: by how much, in milliseconds. */
  when(timeMs: number | undefined): Outcome<{ readonly when: When; readonly late?: number }> {
    if (timeMs === undefined) return succeed({ when: NOW });
    const ahead = timeMs - this.#now();
    if (ahead > MAX_AHEAD_MS) return fail(tooFar(ahead));
    const frame = this.#engine.frameAt(timeMs);
    if (frame !== undefined) return succeed({ when: { at: 'frame', frame } });
    return succeed({ when: NOW, late: this.#engine.lateMs(timeMs) });
  }

  /** The sentence for the sender, when it is time for one. */
  warning(key: string, late: number): string | undefined {
    const now = this.#now();
    const told = this.#told.get(key);
    if (told && now - told.atMs >= 0 && now - told.atMs < WARN_EVERY_MS) {
      told.since++;
      return undefined;
    }
    this.#told.delete(key);
    if (this.#told.size >= REMEMBERED) this.#told.delete(this.#told.keys().next().value as string);
    this.#told.set(key, { atMs: now, since: 0 });
    const more = told && told.since > 0 ? ` ${told.since} more were late since the last warning.` : '';
    return `E_LATE: ${late.toFixed(1)} ms late. Acted at once.${more}`;
  }
}

function tooFar(aheadMs: number) {
  return {
    code: 'E_TIME',
    got: `a time tag ${(aheadMs / 1000).toFixed(0)} s ahead`,
    allowed: `up to ${MAX_AHEAD_MS / 1000} s ahead`,
    mend: 'Nothing was changed. Look at the clock of the sender, or send it nearer to its time.',
  };
}
