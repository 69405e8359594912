/** Pitches: MIDI numbers, note names and Hz. Equal temperament, A4 = MIDI 69 = 440 Hz, C4 = MIDI 60. */

const A4_HZ = 440;
const A4_MIDI = 69;
const SEMITONES: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

export function midiToHz(midi: number): number {
  return A4_HZ * 2 ** ((midi - A4_MIDI) / 12);
}

/**
 * `C#4` -> 61. A letter A to G in either case, at most one `#` or `b`, and an octave -9 to 99 that is 4 when left
 * out. A lone `b` is the note B, `bb3` is B flat. Anything else: undefined.
 */
export function nameToMidi(name: string): number | undefined {
  const match = /^([a-g])([#b]?)([+-]?\d{1,2})?$/i.exec(name);
  if (!match) return undefined;
  const [, letter = '', accidental, octave = '4'] = match;
  const shift = accidental === '#' ? 1 : accidental ? -1 : 0;
  return 12 * (Number(octave) + 1) + (SEMITONES[letter.toLowerCase()] ?? 0) + shift;
}
