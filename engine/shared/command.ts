/**
 * Every command the core understands, and its form in the command log: one entry of 8 words (32 bytes).
 *
 *      word 0    kind (bits 0-7) | when (bits 8-15) | source (bits 16-31)
 *      word 1    address, voice, track or region
 *      word 2    value (f32 bits or a whole number)
 *      word 3    second value
 *      word 4-5  frame (f64) where `when` is 'frame'
 *      word 6-7  further values
 *
 *      stage:    word 1 = region << 24 | first word; words 2-7 = up to six words of content
 *
 * Numbers are little-endian, as in WASM memory; the core reads the entries as they stand.
 */

export const ENTRY_WORDS = 8;
export const ENTRY_BYTES = ENTRY_WORDS * 4;
/** Content words one stage entry carries. */
export const STAGE_WORDS = 6;

/** Generated for the core too (engine/core/generated/layout.ts): the order here is the number there. */
export const COMMAND_KINDS = [
  'none',
  'set',
  'gate',
  'transport',
  'tempo',
  'swing',
  'stage',
  'commitTrack',
  'removeTrack',
  'clearTracks',
  'forget',
  'commitLoad',
  'panic',
  'bypass',
  'chaos',
  'skipped',
  'note',
  'nudge',
  'seed',
] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** When a command acts: at the next block edge, at a session frame, or at the next bar (16 steps) or step of the sequencer. */
export type When = { readonly at: 'now' | 'bar' | 'step' } | { readonly at: 'frame'; readonly frame: number };
export const WHENS = ['now', 'frame', 'bar', 'step'] as const;
export const NOW: When = { at: 'now' };

/** Where staged content is collected until a commit: single edits and whole loads do not disturb each other. */
export const REGION_EDIT = 0;
export const REGION_LOAD = 1;

export type Command =
  /** `address` is a parameter address (registry); `value` in the unit of its row, already in range. */
  | { readonly kind: 'set'; readonly address: number; readonly value: number }
  /** `voice` from 0. `accent` 0..1 is for the acid filter on that voice. */
  | {
      readonly kind: 'gate';
      readonly voice: number;
      readonly on: boolean;
      readonly velocity: number;
      readonly accent: number;
    }
  /**
   * Plays a note on a voice (from 0; -1: one that is free) for so many beats; 0: until its gate is closed. `hz` above 0,
   * `velocity` 0..1; 0 ends the note (-1: the oldest of that pitch).
   */
  | {
      readonly kind: 'note';
      readonly voice: number;
      readonly hz: number;
      readonly velocity: number;
      readonly beats: number;
    }
  /** Start plays step 0 at once; stop closes all voices in 5 ms; `release`: the notes of the tracks end as they do. */
  | { readonly kind: 'transport'; readonly running: boolean; readonly release?: boolean }
  /** At once, or in a straight line in time over as long as `beats` take on it (kept to a thousandth). */
  | { readonly kind: 'tempo'; readonly milliBpm: number; readonly beats?: number }
  /** All that is to come falls so many microseconds later (below 0: earlier), in whole frames. */
  | { readonly kind: 'nudge'; readonly micros: number }
  /** What chance draws from. */
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'swing'; readonly amount: number }
  | {
      readonly kind: 'stage';
      readonly region: number;
      readonly offset: number;
      readonly words: readonly number[];
    }
  /** Makes the staged track the track at place `track`; a new one plays after those that exist. */
  | { readonly kind: 'commitTrack'; readonly track: number; readonly words: number }
  | { readonly kind: 'removeTrack'; readonly track: number }
  | { readonly kind: 'clearTracks' }
  /** The track no longer sets these fields of its voice (bits of TRACK_FIELDS): somebody else did. */
  | { readonly kind: 'forget'; readonly track: number; readonly fields: number }
  /** Makes the staged load the state, whole. `serial` is published by the core when it has happened. */
  | { readonly kind: 'commitLoad'; readonly words: number; readonly serial: number }
  /** Every voice closes in 5 ms, the sequencer stops. */
  | { readonly kind: 'panic' }
  /** Takes a unit (engine/registry/units.ts) out of the signal, or back in. `strike`: it has trapped or hung. */
  | { readonly kind: 'bypass'; readonly unit: number; readonly on: boolean; readonly strike: boolean }
  /** Fault injection. `subject`: a unit; for 'nan' a voice from 0; for 'poison' nothing. */
  | { readonly kind: 'chaos'; readonly fault: ChaosFault; readonly subject: number }
  /**
   * Something that killed every slot is left out: that many commands of this block, and those that wait for a frame in it;
   * `count` -1: the sequencer is stopped, and what waits for its bar is forgotten.
   */
  | { readonly kind: 'skipped'; readonly count: number };

/** How the sequencer stands or runs, in the order of their numbers in the core. */
export const TRANSPORTS = ['stop', 'start', 'release'] as const;

/**
 * Faults that lie in the commands or modules themselves, so that every slot meets them: the unit traps once, each time
 * it works, or never returns; a voice's filter holds NaN; the command itself traps.
 */
export const CHAOS_FAULTS = ['trap', 'trapAlways', 'hang', 'nan', 'poison'] as const;
export type ChaosFault = (typeof CHAOS_FAULTS)[number];

/** A command with its time and sender. `source` is the number of the player (0 = the engine itself). */
export interface Entry {
  readonly command: Command;
  readonly when: When;
  readonly source: number;
}

/** What the core keeps with its content, or in its place among the edits for a step or bar. */
export function isEditThatWaits({ command, when }: Entry): boolean {
  return when.at === 'bar' || when.at === 'step' || (when.at === 'frame' && command.kind === 'commitTrack');
}

const f32 = new Float32Array(1);
const bits = new Int32Array(f32.buffer);
/** The bits of x as f32. */
export function floatBits(x: number): number {
  f32[0] = x;
  return bits[0] as number;
}

const f64 = new Float64Array(1);
const halves = new Int32Array(f64.buffer);

/** Writes one entry at `words[at..at+8]`. Runs on: main thread, per command. */
export function encodeEntry(entry: Entry, words: Int32Array, at: number): void {
  const { command, when, source } = entry;
  words.fill(0, at, at + ENTRY_WORDS);
  words[at] = COMMAND_KINDS.indexOf(command.kind) | (WHENS.indexOf(when.at) << 8) | ((source & 0xffff) << 16);
  if (when.at === 'frame') {
    f64[0] = when.frame;
    words[at + 4] = halves[0] as number;
    words[at + 5] = halves[1] as number;
  }
  switch (command.kind) {
    case 'set':
      words[at + 1] = command.address;
      words[at + 2] = floatBits(command.value);
      break;
    case 'gate':
      words[at + 1] = command.voice;
      words[at + 2] = floatBits(command.velocity);
      words[at + 3] = floatBits(command.accent);
      words[at + 6] = command.on ? 1 : 0;
      break;
    case 'transport':
      words[at + 2] = TRANSPORTS.indexOf(
        command.running ? 'start' : command.release === true ? 'release' : 'stop',
      );
      break;
    case 'note':
      words[at + 1] = command.voice;
      words[at + 2] = floatBits(command.hz);
      words[at + 3] = floatBits(command.velocity);
      words[at + 6] = floatBits(command.beats);
      break;
    case 'tempo':
      words[at + 2] = command.milliBpm;
      words[at + 3] = Math.round((command.beats ?? 0) * 1000);
      break;
    case 'nudge':
      words[at + 2] = command.micros;
      break;
    case 'seed':
      words[at + 2] = command.seed;
      break;
    case 'swing':
      words[at + 2] = floatBits(command.amount);
      break;
    case 'stage':
      words[at + 1] = (command.region << 24) | command.offset;
      command.words.forEach((word, i) => (words[at + 2 + i] = word));
      break;
    case 'commitTrack':
      words[at + 1] = command.track;
      words[at + 2] = command.words;
      break;
    case 'removeTrack':
      words[at + 1] = command.track;
      break;
    case 'forget':
      words[at + 1] = command.track;
      words[at + 2] = command.fields;
      break;
    case 'commitLoad':
      words[at + 1] = command.words;
      words[at + 2] = command.serial;
      break;
    case 'bypass':
      words[at + 1] = command.unit;
      words[at + 2] = command.on ? 1 : 0;
      words[at + 3] = command.strike ? 1 : 0;
      break;
    case 'chaos':
      words[at + 1] = command.subject;
      words[at + 2] = CHAOS_FAULTS.indexOf(command.fault);
      break;
    case 'skipped':
      words[at + 1] = command.count;
      break;
    case 'clearTracks':
    case 'panic':
      break;
  }
}
