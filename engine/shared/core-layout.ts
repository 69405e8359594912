/**
 * What the core publishes in its memory for the other threads to read: one struct of 32-bit words at the address that
 * `statusAddress()` gives. The core's constants are generated from this list. Written by: the render thread, at each
 * cell. Read by: anyone; each word is whole, two words may be of different cells.
 */
export const MAX_VOICES = 256;
/** Coefficients are made on a grid of this many frames of the session. */
export const CELL_FRAMES = 16;
export const MAX_BLOCK_FRAMES = 2048;
export const MIN_BLOCK_FRAMES = 64;
export const RATES = { min: 44100, max: 192000 } as const;
/** Most entries one block may apply: commands from the log, and before them what was decided about the block. */
export const MAX_BLOCK_ENTRIES = 4096;
/** Most commands one block may take from the log; the rest wait for the next. */
export const MAX_BLOCK_COMMANDS = MAX_BLOCK_ENTRIES - 4;
/** Commands with a future frame that the core can hold. */
export const QUEUE_ENTRIES = 4096;
/** Edits that can wait for a step, the bar or a frame at a time. */
export const WAITING_EDITS = 128;
/** Voices that are one unit: they are one kernel call. */
export const UNIT_VOICES = 4;
/** Most units of an engine (engine/registry/units.ts); unused ones have no state. */
export const MAX_UNITS = 96;
/** A unit that has trapped so often stays bypassed. */
export const MAX_STRIKES = 2;

/**
 * The breadcrumb (the word at `crumbAddress()`): what the core is doing at this moment. 0: it is not at work; unit + 1:
 * that unit; else one of these.
 */
export const CRUMB_COMMANDS = 0x10000;
export const CRUMB_SEQUENCER = 0x10001;

/** Bits of the status word of a unit; from UNIT_STRIKES_SHIFT on the number of its strikes. */
export const UNIT_BYPASSED = 1;
export const UNIT_STRIKES_SHIFT = 8;

export const STATUS_FIELDS = [
  { name: 'step', type: 'i32', length: 1 },
  { name: 'running', type: 'i32', length: 1 },
  { name: 'loadSerial', type: 'i32', length: 1 },
  { name: 'queued', type: 'i32', length: 1 },
  { name: 'queueDropped', type: 'i32', length: 1 },
  { name: 'poisoned', type: 'i32', length: 1 },
  { name: 'poisonedVoice', type: 'i32', length: 1 },
  { name: 'sounding', type: 'i32', length: 1 },
  { name: 'masterPeak', type: 'f32', length: 1 },
  { name: 'masterPower', type: 'f32', length: 1 },
  { name: 'voicePeak', type: 'f32', length: MAX_VOICES },
  { name: 'noteIndex', type: 'i32', length: 128 },
  { name: 'unit', type: 'i32', length: MAX_UNITS },
  { name: 'milliBpm', type: 'i32', length: 1 },
  { name: 'edits', type: 'i32', length: 1 },
] as const;
export type StatusField = (typeof STATUS_FIELDS)[number]['name'];

/** Word offset of a field. */
export function statusOffset(field: StatusField): number {
  let at = 0;
  for (const { name, length } of STATUS_FIELDS) {
    if (name === field) return at;
    at += length;
  }
  throw new Error(`no status field '${field}'`);
}
export const STATUS_WORDS = STATUS_FIELDS.reduce((sum, { length }) => sum + length, 0);
