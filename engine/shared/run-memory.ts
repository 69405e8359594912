/**
 * Everything the threads of a run share. Who writes what:
 *
 *      word                writer        meaning
 *      LOG_END             main          entries in the command log so far (31 bits, wraps)
 *      ACTIVE, STANDBY     clock         number of the slot that leads and of the one behind it (-1: none)
 *      READ_BLOCK          clock         the block the clock takes next; blocks below it are out
 *      STOP                main          1: every thread ends
 *      CLOCK_BELL          slots         counts; notified when a block or a state has changed
 *      LATE_BLOCKS         clock         blocks not there at their deadline
 *      JOURNAL_POSITION    journal       log entries that are safe on disk
 *      JOURNAL_GONE        main          1: there is no journal any more, nobody waits for it
 *      LOAD_SERIAL/_END    active slot   the load committed last, and commandEnd of the block it fell in
 *
 *      per slot, at slotWord(s, ...): all written by the slot itself, but STATE (see the protocol of the standby)
 *
 *      commandEnd[block mod COMMAND_BLOCKS]: how far in the log the commands of a block go. Written once, by the first
 *      slot that reaches the block (compare-and-exchange from EMPTY); the clock empties entries half a ring ahead.
 *
 *      log: LOG_ENTRIES entries of 8 words; position p stands at (p mod LOG_ENTRIES). An entry is used again when the
 *      slots have rendered and the journal has written it.
 *
 *      ring of a slot: RING_BLOCKS blocks, interleaved stereo f32; block n at (n mod RING_BLOCKS), HEAD blocks whole.
 */
import { ENTRY_WORDS } from './command.js';
import { CHANNELS, createTap, type TapMemory } from './tap.js';

export const LOG_ENTRIES = 1 << 16;
export const COMMAND_BLOCKS = 1 << 12;
export const RING_BLOCKS = 64;
export const SLOTS = 3;
/** Positions in the log wrap here; differences are taken modulo this. */
export const POSITION_MASK = 0x7fff_ffff;
export const EMPTY = -1;

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
/** Nobody notifies it: for sleeping until a deadline. */
export const SLEEP = 10;
export const JOURNAL_GONE = 11;

const SLOT_WORDS = 32;
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

/** Address in the slot's WASM memory of the words the core publishes (core-layout.ts). */
export const STATUS_AT = 10;

/** Slot states. */
export const NONE = 0;
export const SPAWNING = 1;
export const READY = 4;
export const DEAD = 5;

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

export interface RunMemory {
  readonly format: RunFormat;
  readonly control: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly commandEnd: SharedArrayBuffer;
  readonly rings: readonly SharedArrayBuffer[];
  readonly tap: TapMemory;
}

export function createRunMemory(format: RunFormat): RunMemory {
  const commandEnd = new SharedArrayBuffer(COMMAND_BLOCKS * 4);
  new Int32Array(commandEnd).fill(EMPTY);
  const control = new SharedArrayBuffer((32 + SLOTS * SLOT_WORDS) * 4);
  new Int32Array(control)[STANDBY] = -1;
  return {
    format,
    control,
    log: new SharedArrayBuffer(LOG_ENTRIES * ENTRY_WORDS * 4),
    commandEnd,
    rings: Array.from(
      { length: SLOTS },
      () => new SharedArrayBuffer(RING_BLOCKS * format.blockFrames * CHANNELS * 4),
    ),
    tap: createTap(format.sampleRate, format.blockFrames),
  };
}

/** Entries from position a to position b. */
export function distance(a: number, b: number): number {
  return (b - a) & POSITION_MASK;
}

/** Counts a bell and wakes who waits on it. */
export function ring(control: Int32Array, bell: number): void {
  Atomics.add(control, bell, 1);
  Atomics.notify(control, bell);
}
