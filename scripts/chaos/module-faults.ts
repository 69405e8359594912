/**
 * Faults that lie in a module, a voice or a command: every slot meets them. What is heard then equals the rendering of the
 * journal, in which the decision stands; nothing else about the music changes.
 */
import { units } from '../../engine/registry/units.js';
import { MAX_STRIKES, UNIT_BYPASSED } from '../../engine/shared/core-layout.js';
import { monotonicMs } from '../../engine/shared/monotonic.js';
import { sleep, type Rehearsal } from './rehearsal.js';

export const MODULE_FAULTS = ['trap', 'stuck module', 'nan', 'poison'] as const;
export type ModuleFault = (typeof MODULE_FAULTS)[number];

export interface ModuleInjected {
  readonly fault: ModuleFault;
  readonly restored: boolean;
  /** From the command to the decision, seen by the core; and to a whole standby. */
  readonly promotionMs?: number;
  readonly redundancyMs?: number;
  readonly what: string;
}

const LIMIT_MS = 5_000;

/** How many module faults one run can have: a unit that has failed twice stays out. */
export function roomFor(rehearsal: Rehearsal): number {
  return units(rehearsal.threads.run.format.voices).length * (MAX_STRIKES - 1);
}

export async function injectModule(rehearsal: Rehearsal, fault: ModuleFault): Promise<ModuleInjected> {
  if (!(await rehearsal.whole())) return { fault, restored: false, what: 'no redundancy before the fault' };
  await sleep(rehearsal.next() * 20);
  const { threads, session } = rehearsal;
  const by = { source: 1 };
  const before = rehearsal.events.length;
  const voice = Math.floor(rehearsal.next() * threads.run.format.voices);
  const free = units(threads.run.format.voices).filter(({ unit }) => threads.core('unit', unit) === 0);
  const at = Math.floor(rehearsal.next() * free.length);
  const target = free[at];
  const began = monotonicMs();
  let decided = (): boolean => true;
  let what: string = fault;
  if (fault === 'poison') {
    session.chaos('poison', 0, by);
    decided = () => rehearsal.events.slice(before).some(({ kind }) => kind === 'decided');
  } else if (fault === 'nan') {
    const poisoned = threads.core('poisoned');
    session.gate(voice, true, 1, 0, by);
    session.chaos('nan', voice, by);
    what = `nan in voice ${voice + 1}`;
    decided = () => threads.core('poisoned') !== poisoned;
  } else if (target) {
    session.chaos(fault === 'trap' ? 'trap' : 'hang', target.unit, by);
    what = `${fault} ${target.name}`;
    decided = () => (threads.core('unit', target.unit) & UNIT_BYPASSED) !== 0;
  }
  while (!decided() && monotonicMs() - began < LIMIT_MS) {
    await sleep(1);
    rehearsal.promotions();
  }
  const done = decided();
  const restored = (await rehearsal.whole()) && done;
  // On again, with empty memory: the music goes on with it.
  if (restored && target && (fault === 'trap' || fault === 'stuck module'))
    session.bypass(target.unit, false, by);
  rehearsal.promotions();
  const since = rehearsal.events.slice(before);
  const promoted = since.find(({ kind }) => kind === 'promoted');
  const standby = since.filter(({ kind }) => kind === 'restored').at(-1);
  const died = since.find(({ kind }) => kind === 'died' || kind === 'hung');
  return {
    fault,
    restored,
    what,
    ...(died && promoted ? { promotionMs: promoted.timeMs - began } : {}),
    ...(died && standby ? { redundancyMs: standby.timeMs - began } : {}),
  };
}
