/**
 * What happened to slots and clock, for people: a ring of events that the clock writes and the main thread reads.
 * Nothing depends on it; when main is behind by a whole ring, the oldest events are lost and counted.
 *
 *      control: HEAD events written so far      events: EVENT_FIELDS f64 each, event e at (e mod EVENTS)
 */
import { monotonicMs } from './monotonic.js';

const EVENTS = 256;
const HEAD_BYTES = 64;
/** kind, block, time (monotonic ms), slot, and what the kind says. */
const EVENT_FIELDS = 8;

export const FAULT_KINDS = [
  /** slot took the lead from `from`; `cause` is one of CAUSES. */
  'promoted',
  /** The slot died; `crumb` says in what. */
  'died',
  /** It hung and is ended; `crumb` says in what. */
  'hung',
  /** The slot is a whole standby again; `cause`: how it was filled. */
  'restored',
  /** `crumb` is a verdict with decisions. */
  'decided',
  /** Not at its deadline; `cause`: how many milliseconds late it was. */
  'late',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const CAUSES = ['dead', 'reserve', 'missing', 'recovered'] as const;
export type Cause = (typeof CAUSES)[number];

export interface FaultEvent {
  readonly kind: FaultKind;
  readonly block: number;
  readonly timeMs: number;
  readonly slot: number;
  readonly from: number;
  readonly crumb: number;
  readonly cause: number;
}

export function createFaultRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + EVENTS * EVENT_FIELDS * 8);
}

/** Runs on: clock thread, only when something has happened; no allocation. */
export class FaultWriter {
  readonly #head: Int32Array;
  readonly #events: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#head = new Int32Array(memory, 0, 1);
    this.#events = new Float64Array(memory, HEAD_BYTES);
  }

  write(kind: number, block: number, slot: number, from: number, crumb: number, cause: number): void {
    const head = Atomics.load(this.#head, 0);
    const at = (head % EVENTS) * EVENT_FIELDS;
    this.#events[at] = kind;
    this.#events[at + 1] = block;
    this.#events[at + 2] = monotonicMs();
    this.#events[at + 3] = slot;
    this.#events[at + 4] = from;
    this.#events[at + 5] = crumb;
    this.#events[at + 6] = cause;
    Atomics.store(this.#head, 0, head + 1);
  }
}

/** Runs on: main thread. */
export class FaultReader {
  readonly #head: Int32Array;
  readonly #events: Float64Array;
  #next = 0;
  /** Events that were overwritten before they were read. */
  lost = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#head = new Int32Array(memory, 0, 1);
    this.#events = new Float64Array(memory, HEAD_BYTES);
  }

  /** What has happened since the last call. */
  read(): FaultEvent[] {
    const head = Atomics.load(this.#head, 0);
    // The oldest one may be half written over while it is read.
    const oldest = head - EVENTS + 1;
    if (this.#next < oldest) {
      this.lost += oldest - this.#next;
      this.#next = oldest;
    }
    const found: FaultEvent[] = [];
    for (; this.#next < head; this.#next++) found.push(this.#at(this.#next));
    return found;
  }

  #at(event: number): FaultEvent {
    const field = (i: number): number => this.#events[(event % EVENTS) * EVENT_FIELDS + i] as number;
    return {
      kind: FAULT_KINDS[field(0)] as FaultKind,
      block: field(1),
      timeMs: field(2),
      slot: field(3),
      from: field(4),
      crumb: field(5),
      cause: field(6),
    };
  }
}
