/** One fault, or several at once, into a rehearsal; and what became of it. All chance comes from the rehearsal's seed. */
import { arm, noteFault } from '../../engine/supervisor/chaos.js';
import { DEAD, GENERATION, HEAD, STATE } from '../../engine/shared/run-memory.js';
import { monotonicMs } from '../../engine/shared/monotonic.js';
import type { Point, SlotFault } from '../../engine/slot/chaos.js';
import { sleep, type Rehearsal } from './rehearsal.js';

export type Fault = SlotFault | 'terminate';
export const FAULTS: readonly Fault[] = ['throw', 'hang', 'spin', 'exit', 'oom', 'terminate', 'stall'];
const DEADLY: readonly Fault[] = FAULTS.filter((fault) => fault !== 'stall');

/** Where faults go. */
export const MODES = {
  single: 'one slot that works, the active one in 7 of 10 cases',
  deciding: 'the active slot right behind its decision about a block',
  both: 'active and standby in the same block or two blocks apart',
  consecutive: 'the active slot, and in the next block the one that has taken over',
  succession: 'the active slot, then its successor within 60 blocks',
  standby: 'the standby alone',
  filling: 'the spare while it is being filled, because the active slot died',
  all: 'active, standby and the spare that is filled after them',
} as const;
export type Mode = keyof typeof MODES;

const POINTS: readonly Point[] = [
  'before decision',
  'after decision',
  'before core',
  'after core',
  'in ring',
  'before seal',
  'before head',
];
const STALLS = [20, 60, 200, 500];
/** How long an armed fault may wait for its block. */
const PATIENCE_MS = 4000;

export interface Injected {
  readonly mode: Mode;
  readonly fault: Fault;
  /** Fault to the promotion of another slot; undefined: none was needed. */
  readonly promotionMs?: number;
  /** Fault to a whole standby. */
  readonly redundancyMs?: number;
  /** False: the slot it was meant for was gone before, for another reason; it is no fault then. */
  readonly happened: boolean;
  /** A whole standby was there again. */
  readonly restored: boolean;
  readonly what: string;
}

interface Planned {
  readonly slot: number;
  readonly fault: Fault;
  readonly point: Point;
  readonly block: number;
  /** How long a stall lasts. */
  readonly ms: number;
}

/** Waits for full redundancy, injects, and waits until it is there again. */
export async function inject(rehearsal: Rehearsal, mode: Mode, fault: Fault): Promise<Injected> {
  const whole = await rehearsal.whole();
  if (!whole) return { mode, fault, happened: true, restored: false, what: 'no redundancy before the fault' };
  await sleep(rehearsal.next() * 20);
  const before = rehearsal.events.length;
  const planned = plan(rehearsal, mode, fault);
  const generations = planned.map(({ slot }) => rehearsal.of(slot, GENERATION));
  for (const { slot } of planned) rehearsal.clearFault(slot);
  for (const each of planned) start(rehearsal, each);
  await happened(rehearsal, planned, generations);
  const restored = await rehearsal.whole();
  rehearsal.promotions();
  const times = planned.map(({ slot }) => rehearsal.faultAt(slot)).filter((time) => time > 0);
  const at = times.length > 0 ? Math.min(...times) : 0;
  const since = rehearsal.events.slice(before).filter(({ timeMs }) => timeMs >= at - 0.5);
  const faulty = planned.map(({ slot }) => slot);
  // A promotion behind the first new standby is another one: the slot that failed had not led.
  const first = since.findIndex(({ kind }) => kind === 'restored');
  const promoted = since
    .slice(0, first < 0 ? undefined : first)
    .find(({ kind, from }) => kind === 'promoted' && faulty.includes(from));
  // The last one: where several slots died, redundancy is back when none of them is missed.
  const standby = since.filter(({ kind }) => kind === 'restored').at(-1);
  return {
    mode,
    fault,
    happened: times.length === planned.length,
    restored,
    what: planned
      .map(({ slot, fault, point, block }) => `${fault} in slot ${slot} ${point}, block ${block}`)
      .join('; '),
    ...(promoted && at > 0 ? { promotionMs: promoted.timeMs - at } : {}),
    ...(standby && at > 0 ? { redundancyMs: standby.timeMs - at } : {}),
  };
}

function plan(rehearsal: Rehearsal, mode: Mode, fault: Fault): Planned[] {
  const { active, standby, spare } = rehearsal.roles();
  const { next } = rehearsal;
  const below = (n: number): number => Math.floor(next() * n);
  const any = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const head = rehearsal.of(active, HEAD);
  const other = (): SlotFault => any(DEADLY.filter((kind) => kind !== 'terminate')) as SlotFault;
  const armable = (kind: Fault): Fault => (kind === 'terminate' || kind === 'stall' ? other() : kind);
  const on = (slot: number, after: number, kind = fault, point = any(POINTS)): Planned => ({
    slot,
    fault: kind,
    point,
    block: head + after,
    ms: any(STALLS),
  });
  switch (mode) {
    case 'single': {
      const slot = next() < 0.7 ? active : standby;
      return [on(slot, below(6), fault, slot === standby && next() < 0.25 ? 'in checkpoint' : any(POINTS))];
    }
    case 'deciding':
      return [on(active, below(4), fault, 'after decision')];
    case 'both':
      return [on(active, below(3)), on(standby, below(3), any(DEADLY))];
    case 'consecutive': {
      const block = 2 + below(4);
      return [on(active, block), on(standby, block + 1, any(DEADLY))];
    }
    case 'succession':
      return [on(active, below(3)), on(standby, 3 + below(60), any(DEADLY))];
    case 'standby':
      return [on(standby, below(6))];
    case 'filling':
      return [
        on(spare, -head, armable(fault), any(['in fill', 'before ready'])),
        on(active, below(3), armable(fault)),
      ];
    case 'all':
      return [
        on(spare, -head, other(), any(['in fill', 'before ready'])),
        on(active, below(3)),
        on(standby, below(3), any(DEADLY)),
      ];
  }
}

function start(rehearsal: Rehearsal, { slot, fault, point, block, ms }: Planned): void {
  const { run, slots } = rehearsal.threads;
  if (fault === 'terminate') {
    // At any moment whatever: nothing of the slot's own runs any more.
    const until = monotonicMs() + rehearsal.next() * 2;
    while (monotonicMs() < until);
    noteFault(run, slot);
    slots.end(slot);
    return;
  }
  arm(run, { slot, fault, point, block, ms });
}

/** Resolves when every fault has happened and those that kill have killed. */
async function happened(
  rehearsal: Rehearsal,
  planned: readonly Planned[],
  generations: readonly number[],
): Promise<void> {
  const until = monotonicMs() + PATIENCE_MS;
  const gone = (slot: number, i: number): boolean =>
    rehearsal.of(slot, GENERATION) !== generations[i] || rehearsal.of(slot, STATE) === DEAD;
  const over = ({ slot, fault, ms }: Planned, i: number): boolean => {
    if (gone(slot, i)) return true;
    const at = rehearsal.faultAt(slot);
    return fault === 'stall' && at > 0 && monotonicMs() > at + ms;
  };
  while (monotonicMs() < until && !planned.every(over)) await sleep(0.5);
  await sleep(2);
}
