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
/** Most log entries one block may apply; the rest wait for the next. */
export const MAX_BLOCK_ENTRIES = 4096;
/** Commands with a future frame that the core can hold. */
export const QUEUE_ENTRIES = 4096;

export const STATUS_FIELDS = [
  { name: 'step', type: 'i32', length: 1 },
  { name: 'running', type: 'i32', length: 1 },
  { name: 'loadSerial', type: 'i32', length: 1 },
  { name: 'queued', type: 'i32', length: 1 },
  { name: 'queueDropped', type: 'i32', length: 1 },
  { name: 'poisoned', type: 'i32', length: 1 },
  { name: 'sounding', type: 'i32', length: 1 },
  { name: 'masterPeak', type: 'f32', length: 1 },
  { name: 'masterPower', type: 'f32', length: 1 },
  { name: 'voicePeak', type: 'f32', length: MAX_VOICES },
  { name: 'noteIndex', type: 'i32', length: 128 },
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
