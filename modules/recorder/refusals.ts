/** What the recorder refuses because of what runs, or does not. Pure. */
import type { Problem } from '../../engine/shared/outcome.js';
import type { EndedTake } from './describe.js';
import type { Take } from './runner.js';

/** Takes side by side; each one costs a thread and up to 400 kB/s of disk. */
export const MAX_TAKES = 16;

type Active = ReadonlyMap<string, Take>;

/** Why no take can begin under that id; undefined: it can. */
export function busyProblem(id: string, active: Active): Problem | undefined {
  const take = active.get(id);
  if (take) {
    return {
      code: 'E_BUSY',
      where: 'id',
      got: `a second start of '${id}', which is ${take.machine.state}`,
      allowed: 'one take per id',
      mend:
        take.machine.state === 'STOPPING'
          ? `It is being ended; wait for the answer to the stop, or send id=OTHER for one beside it.`
          : `It goes on${take.path === '' ? '' : ` in ${take.path}`}. Send /record/stop ${id} first, or id=OTHER for one beside it.`,
    };
  }
  if (active.size < MAX_TAKES) return undefined;
  return {
    code: 'E_BUSY',
    got: `take number ${MAX_TAKES + 1}`,
    allowed: `${MAX_TAKES} takes side by side`,
    mend: `Stop one of them: ${[...active.keys()].join(', ')}.`,
  };
}

/** `what`: the verb that found nothing to act on. */
export function idleProblem(what: string, id: string, active: Active, ended: readonly EndedTake[]): Problem {
  const last = ended.find((each) => each.id === id);
  const before = last && last.path !== '' ? ` The last one is ${last.path}.` : '';
  const running = [...active.keys()].join(', ');
  return {
    code: 'E_IDLE',
    where: 'id',
    got: `${what} of '${id}', which does not record`,
    allowed: running === '' ? 'nothing: no take is running' : running,
    mend: `Start one with /record/start.${before}`,
  };
}

export function nothingYet(): Problem {
  return {
    code: 'E_EMPTY',
    got: 'nothing to keep',
    allowed: 'at least one block that was played',
    mend: 'The engine has only just started; send it again in a moment.',
  };
}

/** The warning where less was there than was asked for. */
export function shortened(wanted: number, given: number, blockSeconds: number): string[] {
  if (given > wanted - blockSeconds) return [];
  return [`${wanted} s of look-back shortened to ${given.toFixed(2)} s: that is all there is`];
}
