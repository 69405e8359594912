/**
 * Everything the threads of a run share. Who writes what:
 *
 *      word                writer        meaning
 *      LOG_END             main          entries in the command log so far (31 bits, wraps)
 *      ACTIVE              clock         promotions so far << 2 | number of the slot that leads
 *      STANDBY             clock         number of the slot behind it (-1: none)
 *      READ_BLOCK          clock         the block the clock takes next; blocks below it are out
 *      STOP                main          1: every thread ends
 *      CLOCK_BELL          slots         counts; notified when a block or a state has changed
 *      LATE_BLOCKS         clock         blocks not there at their deadline
 *      JOURNAL_POSITION    journal       log entries that are safe on disk
 *      JOURNAL_GONE        main          1: there is no journal any more, nobody waits for it
 *      LOAD_SERIAL/_END    active slot   the load committed last, and commandEnd of the block it fell in
 *      LOAD_BLOCK          active slot   that block
 *      LEAD                main          blocks kept ready; grows after a card has run dry
 *      CLOCK_EPOCH         main          number of the clock that may act; an older one ends without a trace
 *      CLOCK_BEAT          clock         counts with every turn of its loop
 *      CLOCK_CHAOS         main, clock   a fault on purpose
 *
 *      per slot, at slotWord(s, ...): all written by the slot itself, but STATE and what says so
 *
 *      commandEnd, verdicts: one word per block each, written once (engine/shared/decisions.ts)
 *
 *      log: entries of 8 words; position p stands at (p mod its length). An entry is used again when no slot, no
 *      checkpoint and not the journal needs it any more (engine/supervisor/log-writer.ts).
 *
 *      ring of a slot: RING_BLOCKS blocks, interleaved stereo f32; block n at (n mod RING_BLOCKS), HEAD blocks whole.
 *
 *      memory of a slot: the WASM memory of its core; the state lies in [stateStart, stateEnd) and is copied from there.
 *
 *      checkpoints of a slot: two copies of that state, written alternately, for the case that every slot dies.
 *
 *      times: f64 milliseconds of the monotonic clock, for reports and tests only (see TIMES).
 */
import { createDecisions, type Decisions } from './decisions.js';
import { ENTRY_WORDS } from './command.js';
import { createFaultRing } from './fault-ring.js';
import { CHANNELS, createTap, type TapMemory } from './tap.js';

/** Defaults; tests make them small to wrap them often. Powers of two. */
export const LOG_ENTRIES = 1 << 16;
export const COMMAND_BLOCKS = 1 << 14;
/** Entries of the log that stay free, so that whoever checks its position afterwards is not too late. */
export const LOG_RESERVE = 64;
export const RING_BLOCKS = 64;
export const SLOTS = 3;
/** Positions in the log wrap here; differences are taken modulo this. */
export const POSITION_MASK = 0x7fff_ffff;

export const LOG_END = 0;
export const ACTIVE = 1;
export const STANDBY = 2;
export const READ_BLOCK = 3;
export const STOP = 4;
export const CLOCK_BELL = 5;
export const LATE_BLOCKS = 6;
export const JOURNAL_POSITION = 7;
export const LOAD_SERIAL = 8;
export const LOAD_END = 9;
/** For sleeping until a deadline; notified only when a slot has died or is whole again. */
export const SLEEP = 10;
export const JOURNAL_GONE = 11;
export const LEAD = 12;
export const CLOCK_EPOCH = 13;
export const CLOCK_BEAT = 14;
/** Fault injection: main asks the clock to stand still for so many milliseconds, with -1 for ever. */
export const CLOCK_CHAOS = 15;
export const LOAD_BLOCK = 16;

const SLOT_WORDS = 32;
/** EMPTY -> SPAWNING (main) -> SPARE (slot) -> FILLING (clock) -> READY (slot) -> DEAD (anyone) -> EMPTY (clock). */
export const STATE = 0;
/** Blocks that are whole in the ring. */
export const HEAD = 1;
/** First block in the ring. */
export const BASE = 2;
export const BELL = 3;
/** Odd while the state changes (seqlock for those who copy it). */
export const EDGE = 4;
/** The block that is rendered next. */
export const NEXT = 5;
/** Log position of that block. */
export const POSITION = 6;
/** The value of ACTIVE the slot saw last. */
export const SEEN = 7;
/** Longest render of a block so far, microseconds. */
export const WORST_MICROS = 8;
/** Render time of all blocks, milliseconds (wraps after 24 days of work). */
export const BUSY_MILLIS = 9;
/** What the slot does beside its core: one of STEPS. */
export const STEP = 10;
/** The block it is working on. */
export const AT_BLOCK = 11;
/** Breadcrumb and block of its death, and the step. Written by whoever sets DEAD, before. */
export const DEATH_CRUMB = 12;
export const DEATH_BLOCK = 13;
/** main: 1 when the worker is gone. */
export const EXITED = 14;
/** main: workers started in this slot so far. */
export const GENERATION = 15;
/** Block of the state in the two checkpoints; -1: none, or being written. */
export const CHECKPOINT = 16;
/** Log position of that state. */
export const CHECKPOINT_POSITION = 18;
/** How it came by its state: one of FILLED. */
export const FILLED_BY = 20;
/** Fault injection (engine/slot/chaos.ts): written by main, cleared by the slot when it has happened. */
export const CHAOS_KIND = 21;
export const CHAOS_BLOCK = 22;
export const CHAOS_POINT = 23;
export const CHAOS_MS = 24;
/** The GENERATION that came up: its worker has been ready to be used. */
export const CAME_UP = 25;
/** Who declared it dead (engine/slot/death.ts). */
export const DEATH_BY = 26;

/** Slot states. */
export const EMPTY = 0;
export const SPAWNING = 1;
export const SPARE = 2;
export const FILLING = 3;
export const READY = 4;
export const DEAD = 5;
export const STATES = ['empty', 'spawning', 'spare', 'filling', 'ready', 'dead'] as const;

/** FILLED_BY: from its start, from a slot that lived, from a checkpoint and the log. */
export const FILLED = ['start', 'pull', 'checkpoint'] as const;

/** What a slot does when its core is not at work. */
export const STEPS = ['wait', 'decide', 'core', 'ring', 'publish', 'checkpoint', 'fill'] as const;
export type Step = (typeof STEPS)[number];

/** Places in `times`: per slot when its state was last whole, and when a fault was injected into it. */
export const READY_AT = 0;
export const FAULT_AT = 1;
export const TIMES = 2;
/** One more for the run: the deadline of the block the clock takes next. */
export const DEADLINE_AT = SLOTS * TIMES;

export function slotWord(slot: number, word: number): number {
  return 32 + slot * SLOT_WORDS + word;
}

export interface RunFormat {
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  /** Blocks kept ready. */
  readonly leadBlocks: number;
}

/** Where things lie in the WASM memory of a core, the same in every slot. Bytes. */
export interface CoreLayout {
  readonly stateStart: number;
  readonly stateEnd: number;
  readonly statusAddress: number;
  readonly crumbAddress: number;
}

export interface RunMemory {
  readonly format: RunFormat;
  readonly layout: CoreLayout;
  readonly control: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly decisions: Decisions;
  readonly rings: readonly SharedArrayBuffer[];
  /** Owned by the supervisor, so that a state outlives its worker. */
  readonly memories: readonly WebAssembly.Memory[];
  readonly checkpoints: readonly (readonly SharedArrayBuffer[])[];
  readonly tap: TapMemory;
  readonly faults: SharedArrayBuffer;
  readonly times: SharedArrayBuffer;
}

export interface RunSizes {
  /** Entries of the command log; a power of two. */
  readonly logEntries?: number;
  /** Blocks of which decisions are kept; a power of two. */
  readonly commandBlocks?: number;
  /** What the tap is to hold. */
  readonly lookBackSeconds?: number;
}

export function createRunMemory(
  format: RunFormat,
  layout: CoreLayout,
  memories: readonly WebAssembly.Memory[],
  { logEntries = LOG_ENTRIES, commandBlocks = COMMAND_BLOCKS, lookBackSeconds }: RunSizes = {},
): RunMemory {
  const control = new SharedArrayBuffer((32 + SLOTS * SLOT_WORDS) * 4);
  const words = new Int32Array(control);
  words[STANDBY] = -1;
  words[LEAD] = format.leadBlocks;
  for (let slot = 0; slot < SLOTS; slot++)
    words.fill(-1, slotWord(slot, CHECKPOINT), slotWord(slot, CHECKPOINT) + 2);
  const each = <T>(make: () => T): T[] => Array.from({ length: SLOTS }, make);
  const stateBytes = layout.stateEnd - layout.stateStart;
  return {
    format,
    layout,
    control,
    log: new SharedArrayBuffer(logEntries * ENTRY_WORDS * 4),
    decisions: createDecisions(commandBlocks),
    rings: each(() => new SharedArrayBuffer(RING_BLOCKS * format.blockFrames * CHANNELS * 4)),
    memories,
    checkpoints: each(() => [new SharedArrayBuffer(stateBytes), new SharedArrayBuffer(stateBytes)]),
    tap: createTap(format.sampleRate, format.blockFrames, lookBackSeconds),
    faults: createFaultRing(),
    times: new SharedArrayBuffer((DEADLINE_AT + 1) * 8),
  };
}

/** Entries from position a to position b. */
export function distance(a: number, b: number): number {
  return (b - a) & POSITION_MASK;
}

/** The slot in a value of ACTIVE. */
export function activeSlot(active: number): number {
  return active & 3;
}

/** Counts a bell and wakes who waits on it. */
export function ring(control: Int32Array, bell: number): void {
  Atomics.add(control, bell, 1);
  Atomics.notify(control, bell);
}

export interface Checkpoint {
  readonly slot: number;
  /** 0 or 1. */
  readonly index: number;
  readonly block: number;
  readonly position: number;
}

/** The newest whole checkpoint of any slot, or undefined. For whoever is not on the audio path. */
export function newestCheckpoint(control: Int32Array): Checkpoint | undefined {
  let best: Checkpoint | undefined;
  for (let slot = 0; slot < SLOTS; slot++) {
    for (let index = 0; index < 2; index++) {
      const block = Atomics.load(control, slotWord(slot, CHECKPOINT + index));
      if (block < 0 || (best && block <= best.block)) continue;
      best = {
        slot,
        index,
        block,
        position: Atomics.load(control, slotWord(slot, CHECKPOINT_POSITION + index)),
      };
    }
  }
  return best;
}
