/** Arms faults for rehearsals and tests. Runs on: main thread. */
import { POINTS, SLOT_FAULTS, type Point, type SlotFault } from '../slot/chaos.js';
import { monotonicMs } from '../shared/monotonic.js';
import {
  CHAOS_BLOCK,
  CHAOS_KIND,
  CHAOS_MS,
  CHAOS_POINT,
  FAULT_AT,
  slotWord,
  TIMES,
  type RunMemory,
} from '../shared/run-memory.js';

export interface SlotInjection {
  readonly slot: number;
  readonly fault: SlotFault;
  readonly point: Point;
  /** It happens in this block, or in the first one the slot works on after it. */
  readonly block: number;
  /** For a stall. */
  readonly ms?: number;
}

/** The slot meets the fault when it comes to that point; at most one waits per slot. */
export function arm(run: RunMemory, { slot, fault, point, block, ms = 0 }: SlotInjection): void {
  const control = new Int32Array(run.control);
  const store = (word: number, value: number): void =>
    void Atomics.store(control, slotWord(slot, word), value);
  store(CHAOS_BLOCK, block);
  store(CHAOS_POINT, POINTS.indexOf(point));
  store(CHAOS_MS, ms);
  // Last: the slot looks at the others only when this one is set.
  store(CHAOS_KIND, SLOT_FAULTS.indexOf(fault) + 1);
}

/** For faults that are not met by the slot itself. */
export function noteFault(run: RunMemory, slot: number): void {
  new Float64Array(run.times)[slot * TIMES + FAULT_AT] = monotonicMs();
}
