/** How a dead slot looks, whoever found it: written once, before its state says so. A leaf of the slot's files. */
import {
  AT_BLOCK,
  CLOCK_BELL,
  DEAD,
  DEATH_BLOCK,
  DEATH_BY,
  DEATH_CRUMB,
  ring,
  SLEEP,
  slotWord,
  STATE,
  STEP,
  STEPS,
  type RunMemory,
} from '../shared/run-memory.js';

const CORE_STEP = STEPS.indexOf('core');

/**
 * What the slot is doing: the core's own breadcrumb (above 0: a unit + 1, or commands, or the sequencer), or -1 - its step
 * where the core is not at work. Runs on: any thread.
 */
export function crumbOf(run: RunMemory, control: Int32Array, slot: number): number {
  const step = Atomics.load(control, slotWord(slot, STEP));
  if (step !== CORE_STEP) return -1 - step;
  const memory = run.memories[slot] as WebAssembly.Memory;
  const crumb = Atomics.load(new Int32Array(memory.buffer, run.layout.crumbAddress, 1), 0);
  return crumb !== 0 ? crumb : -1 - step;
}

/** Who declares a slot dead: itself, on its way out; or somebody else, and then its worker may run on and must be ended. */
export const BY_ITSELF = 0;
export const BY_OTHERS = 1;

/** Declares a slot dead. Does nothing where that has been done. Runs on: any thread, only at a fault. */
export function noteDeath(run: RunMemory, slot: number, by: number): void {
  const control = new Int32Array(run.control);
  if (Atomics.load(control, slotWord(slot, STATE)) === DEAD) return;
  Atomics.store(control, slotWord(slot, DEATH_CRUMB), crumbOf(run, control, slot));
  Atomics.store(control, slotWord(slot, DEATH_BLOCK), Atomics.load(control, slotWord(slot, AT_BLOCK)));
  Atomics.store(control, slotWord(slot, DEATH_BY), by);
  Atomics.store(control, slotWord(slot, STATE), DEAD);
  ring(control, CLOCK_BELL);
  Atomics.notify(control, SLEEP);
}
