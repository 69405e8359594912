/**
 * Faults on purpose, for tests and rehearsals; only in an engine that was started with --chaos. Main arms a slot by four
 * words; the slot looks at them at the points below and lets happen what they say, once.
 */
import {
  CHAOS_BLOCK,
  CHAOS_KIND,
  CHAOS_MS,
  CHAOS_POINT,
  FAULT_AT,
  slotWord,
  TIMES,
} from '../shared/run-memory.js';
import { monotonicMs } from '../shared/monotonic.js';
import type { SlotView } from './slot-view.js';

/** `terminate` is done by main and needs no words. */
export const SLOT_FAULTS = ['throw', 'hang', 'spin', 'exit', 'oom', 'stall'] as const;
export type SlotFault = (typeof SLOT_FAULTS)[number];

/** Where in the work on a block it happens. */
export const POINTS = [
  'before decision',
  'after decision',
  'before core',
  'after core',
  'in ring',
  'before seal',
  'before head',
  'in checkpoint',
  'in fill',
  'before ready',
] as const;
export type Point = (typeof POINTS)[number];

/** Thrown by the fault `throw`. */
export class Injected extends Error {}

/** (module (func (export "f") (loop br 0))): a loop that no event of JavaScript interrupts. */
const LOOP = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 0x0a, 9, 1, 7, 0,
  3, 0x40, 0x0c, 0, 0x0b, 0x0b,
]);

/** What the render loop calls; without --chaos it does nothing. */
export interface ChaosPoints {
  armed(): boolean;
  at(point: Point, block: number): void;
}

export const NO_CHAOS: ChaosPoints = { armed: () => false, at: () => undefined };

export function chaosPoints(view: SlotView): ChaosPoints {
  const kindAt = slotWord(view.slot, CHAOS_KIND);
  const armed = (): boolean => Atomics.load(view.control, kindAt) !== 0;
  const loop = new WebAssembly.Instance(new WebAssembly.Module(LOOP)).exports as { f: () => void };
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  const happen = (fault: SlotFault, ms: number): void => {
    switch (fault) {
      case 'throw':
        throw new Injected('injected');
      case 'hang':
        return loop.f();
      case 'spin':
        for (;;);
      case 'exit':
        return process.exit(7);
      case 'oom':
        return exhaust();
      case 'stall':
        Atomics.wait(sleep, 0, 0, ms);
    }
  };
  return {
    armed,
    at(point, block) {
      if (!armed() || block < view.of(view.slot, CHAOS_BLOCK)) return;
      if (POINTS[view.of(view.slot, CHAOS_POINT)] !== point) return;
      const fault = SLOT_FAULTS[view.of(view.slot, CHAOS_KIND) - 1];
      Atomics.store(view.control, kindAt, 0);
      view.times[view.slot * TIMES + FAULT_AT] = monotonicMs();
      if (fault) happen(fault, view.of(view.slot, CHAOS_MS));
    },
  };
}

/** Fills the heap of this thread until its limit ends it. */
function exhaust(): void {
  const kept: unknown[] = [];
  for (let i = 0; ; i++) kept.push({ i, text: `x${i}`, list: new Array(100).fill(i + 0.5) });
}
