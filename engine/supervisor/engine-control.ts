/** The engine as the control plane sees it. Runs on: main thread. */
import type { EngineControl, SlotFaultRequest } from '../control/ports.js';
import type { Session } from '../control/session.js';
import { MAX_STRIKES, QUEUE_ENTRIES, UNIT_BYPASSED, UNIT_STRIKES_SHIFT } from '../shared/core-layout.js';
import { fail, succeed, type Failure, type Outcome } from '../shared/outcome.js';
import {
  ACTIVE,
  activeSlot,
  distance,
  HEAD,
  LEAD,
  POSITION,
  slotWord,
  STANDBY,
  STATE,
  STATES,
  STOP,
} from '../shared/run-memory.js';
import { arm, noteFault } from './chaos.js';
import type { FrameClock } from './frame-clock.js';
import type { LogWriter } from './log-writer.js';
import { SLOT_NAMES } from './slot-keeper.js';
import type { RunThreads } from './threads.js';

export interface EngineControlParts {
  readonly threads: RunThreads;
  readonly log: LogWriter;
  readonly session: Session;
  readonly clock: FrameClock;
  readonly blockFrames: number;
  readonly chaos: boolean;
  readonly describe: () => object;
}

export function engineControl(parts: EngineControlParts): EngineControl {
  const { threads, log, session, clock, blockFrames, chaos, describe } = parts;
  const words = new Int32Array(threads.run.control);
  const position = (): number =>
    Atomics.load(words, slotWord(activeSlot(Atomics.load(words, ACTIVE)), POSITION));
  const rendered = (): number => (threads.blocks() + Atomics.load(words, LEAD)) * blockFrames;
  return {
    start: () => succeed({ audio: 'on' }),
    stop: () => {
      const done = session.panic({ source: 0 });
      return done.ok ? succeed({ audio: 'off' }) : done;
    },
    status: describe,
    sequencerPosition: () => ({
      running: threads.core('running') !== 0,
      step: threads.core('step'),
      bpm: threads.core('milliBpm') / 1000,
    }),
    frameAt(unixMs) {
      if (!clock.started) return undefined;
      const frame = Math.round(clock.at(unixMs));
      return frame > rendered() ? frame : undefined;
    },
    lateMs: (unixMs) =>
      clock.started
        ? Math.max(0, ((rendered() - clock.at(unixMs)) * 1000) / threads.run.format.sampleRate)
        : 0,
    queueRoom() {
      const underWay = distance(position(), log.position());
      return QUEUE_ENTRIES - threads.core('queued') - underWay;
    },
    mayFail: () => (chaos ? undefined : noChaos()),
    fault: (request) => (chaos ? slotFault(threads, request) : noChaos()),
    unit(number) {
      const word = threads.core('unit', number);
      const strikes = word >> UNIT_STRIKES_SHIFT;
      return { bypassed: (word & UNIT_BYPASSED) !== 0, strikes, stays: strikes >= MAX_STRIKES };
    },
    async applied() {
      const target = log.position();
      const behind = (): boolean => {
        const reached = position();
        return reached !== target && distance(reached, target) < 0x4000_0000;
      };
      while (behind() && Atomics.load(words, STOP) === 0)
        await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

function noChaos(): Failure {
  return fail({
    code: 'E_CHAOS',
    got: 'a fault on purpose',
    allowed: 'faults in an engine that was started with --chaos',
    mend: 'Nothing was done. Start a rehearsal with chronus start --chaos.',
  });
}

/** Between the two halves of a block's work: after its commands have been decided, before anybody has seen it. */
const POINT = 'after core';

function slotFault(
  { run, slots }: RunThreads,
  { fault, slot: name, block, ms }: SlotFaultRequest,
): Outcome<unknown> {
  const words = new Int32Array(run.control);
  const active = activeSlot(Atomics.load(words, ACTIVE));
  const standby = Atomics.load(words, STANDBY);
  const roles: Readonly<Record<string, number>> = {
    active,
    standby,
    spare: 3 - active - Math.max(standby, 0),
  };
  const slot = roles[name] ?? SLOT_NAMES.findIndex((each) => each.toLowerCase() === name);
  const state = Atomics.load(words, slotWord(slot, STATE));
  if (
    slot < 0 ||
    (name === 'spare' && standby < 0) ||
    !['spare', 'filling', 'ready'].includes(STATES[state] ?? '')
  ) {
    return fail({
      code: 'E_SLOT',
      got: `slot '${name}', which is ${STATES[state] ?? 'not there'}`,
      allowed: 'a slot that lives: see /engine/status',
      mend: 'Nothing was done. Send it again when the slot is back.',
    });
  }
  if (fault === 'terminate') {
    noteFault(run, slot);
    slots.end(slot);
    return succeed({ slot: SLOT_NAMES[slot] });
  }
  // A spare does nothing before it is filled.
  const waits = STATES[state] === 'spare';
  const at = block ?? (waits ? 0 : Atomics.load(words, slotWord(slot, HEAD)));
  arm(run, { slot, fault, point: waits ? 'in fill' : POINT, block: at, ...(ms === undefined ? {} : { ms }) });
  return succeed({ slot: SLOT_NAMES[slot], block: at });
}
