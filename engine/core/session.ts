/**
 * The memory plan. All that changes lies in one region that begins with Session and ends at Session.end: a copy of it at
 * a block edge is the whole state. Scratch (buffers, inbox, breadcrumb) lies before it, in static memory.
 *
 *      [ constants, tables | scratch ][ Session | Status | Queue | Sequencer | staging | voices | acid | buses ... ]
 *                                     ^ stateStart()                                                 stateEnd() ^
 */
import {
  ENTRY_BYTES,
  MAX_BLOCK_ENTRIES,
  MAX_BLOCK_FRAMES,
  MODULE_TYPES,
  STATUS_WORDS,
} from './generated/layout';

@unmanaged
export class Session {
  /** Frames since the run began: the one clock. */
  frame: i64;
  sampleRate: f32;
  /** Sum of squares of the master since the last point of the grid. */
  energy: f32;
  voices: i32;
  /** Groups of LANES voices. */
  groups: i32;
  status: usize;
  queue: usize;
  sequencer: usize;
  /** Track that holds each voice. */
  gates: usize;
  staging: usize;
  /** Edits that wait for a step, the bar or a frame. */
  waiting: usize;
  /** Parameters that steps of tracks hold. */
  locks: usize;
  /** Delay that aligns the sends with the distortion. */
  aligner: usize;
  /** The units (units.ts), and what went into the distortion and the limiter (dry.ts). */
  units: usize;
  dry: usize;
  /** Units that are bypassed, on their way or armed. 0: nobody looks at the units. */
  attention: i32;
  /** Of these, units on their way back. */
  returning: i32;
  end: usize;
}

/** Where the instances of one module type lie. */
@unmanaged
export class Place {
  base: usize;
  /** Bytes from one block (instance or group of lanes) to the next. */
  stride: usize;
  instances: i32;
  params: i32;
  /** Address of the module's own state in the first block. */
  state: usize;
}

/** Log entries of this block, written by the host. */
export const INBOX: usize = memory.data(MAX_BLOCK_ENTRIES * ENTRY_BYTES, 64);
/** The rendered block, interleaved stereo. */
export const OUTPUT: usize = memory.data(MAX_BLOCK_FRAMES * 8, 64);
/** What is at work: unit + 1, CRUMB_COMMANDS or CRUMB_SEQUENCER; 0 between them. Left as it was by a call that traps. */
export const CRUMB: usize = memory.data(64, 64);

export function stateStart(): usize {
  return (__heap_base + 63) & ~63;
}
export function session(): Session {
  'inline';
  return changetype<Session>(stateStart());
}
export function place(type: i32): Place {
  return changetype<Place>(stateStart() + offsetof<Session>() + <usize>type * offsetof<Place>());
}
/** First byte after the fixed part. */
export function afterPlaces(): usize {
  return stateStart() + offsetof<Session>() + <usize>MODULE_TYPES * offsetof<Place>();
}
export function statusWord(index: i32): usize {
  return session().status + ((<usize>index) << 2);
}
export const STATUS_BYTES: usize = (<usize>STATUS_WORDS) << 2;
