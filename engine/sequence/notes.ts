/**
 * Note lists, the one rule for all of them.
 *
 *      C4 bb3 F#2       names; C4 = MIDI 60, octave 4 when left out
 *      61.7             Hz, as it has a decimal point; so is a float argument
 *      440              Hz, as it is above 127
 *      60               MIDI, unless the same list holds a number of one of the two kinds above: then Hz
 *      49hz             always Hz; says nothing about the others
 *
 * Blanks and commas both separate.
 */
import { voiceTable } from '../../modules/voice/table.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { MAX_NOTES } from '../shared/track.js';
import { midiToHz, nameToMidi } from './pitch.js';
import { describeRange } from './range.js';

/** One argument of a message: its OSC type tag and its value. */
export interface Arg {
  readonly type: string;
  readonly value?: unknown;
}

const HIGHEST_MIDI = 127;
const FREQ = voiceTable.params.freq;

type Item =
  | {
      readonly is: 'hz';
      readonly hz: number;
      /** Makes whole numbers beside it Hz. */ readonly rules: boolean;
    }
  | { readonly is: 'whole'; readonly number: number }
  | { readonly is: 'name'; readonly midi: number };

/**
 * The notes in Hz, in the range of a voice's freq; a warning names those that had to be moved there. An empty list
 * is an empty list. Refuses (E_NOTES) an item that cannot be read, by name and place, and more than 256 notes.
 */
export function readNotes(input: string | readonly Arg[]): Outcome<number[]> {
  const items: Item[] = [];
  for (const part of parts(input)) {
    const item = typeof part === 'string' ? readText(part) : readNumber(part);
    if (!item) return unreadable(part, items.length + 1);
    items.push(item);
    if (items.length > MAX_NOTES) return tooMany();
  }
  const numbersAreHz = items.some((item) => (item.is === 'hz' ? item.rules : false));
  return intoRange(items.map((item) => toHz(item, numbersAreHz)));
}

function parts(input: string | readonly Arg[]): (string | Arg)[] {
  if (typeof input === 'string') return splitText(input);
  return input.flatMap((arg): (string | Arg)[] =>
    typeof arg.value === 'string' ? splitText(arg.value) : [arg],
  );
}

function splitText(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function readText(text: string): Item | undefined {
  if (/^\d+$/.test(text)) return readWhole(Number(text));
  const number = /^(-?(?:\d+\.?\d*|\.\d+))(hz)?$/i.exec(text);
  if (number && (number[2] || text.includes('.')))
    return { is: 'hz', hz: Number(number[1]), rules: !number[2] };
  const midi = nameToMidi(text);
  return midi === undefined ? undefined : { is: 'name', midi };
}

function readNumber({ type, value }: Arg): Item | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  if (type === 'f' || type === 'd') return { is: 'hz', hz: number, rules: true };
  return (type === 'i' || type === 'h') && Number.isInteger(number) ? readWhole(number) : undefined;
}

function readWhole(number: number): Item | undefined {
  // Below 0 it is neither a MIDI number nor a frequency: better to ask than to guess.
  if (number < 0) return undefined;
  return number > HIGHEST_MIDI ? { is: 'hz', hz: number, rules: true } : { is: 'whole', number };
}

function toHz(item: Item, numbersAreHz: boolean): number {
  switch (item.is) {
    case 'hz':
      return item.hz;
    case 'name':
      return midiToHz(item.midi);
    case 'whole':
      return numbersAreHz ? item.number : midiToHz(item.number);
  }
}

function intoRange(notes: readonly number[]): Outcome<number[]> {
  const moved: string[] = [];
  const notesHz = notes.map((hz, i) => {
    const clamped = Math.min(FREQ.max, Math.max(FREQ.min, hz));
    if (clamped !== hz) moved.push(`${i + 1} (${Number(hz.toFixed(2))} Hz)`);
    return clamped;
  });
  if (moved.length === 0) return succeed(notesHz);
  const places = `note${moved.length > 1 ? 's' : ''} ${moved.join(', ')}`;
  return succeed(notesHz, [`notes: moved into ${describeRange(FREQ)}: ${places}`]);
}

const ALLOWED =
  'names (C4, F#2, bb3), MIDI numbers 0..127, Hz (61.7, 440, 49hz), separated by blanks or commas';

function unreadable(part: string | Arg, place: number): Outcome<number[]> {
  const got = typeof part === 'string' ? show(part) : `${show(part.value)} (type ${part.type})`;
  const mend = 'Nothing was changed. Write that item as a name, or as Hz with hz behind it.';
  return fail({ code: 'E_NOTES', where: `item ${place}`, got, allowed: ALLOWED, mend });
}

function tooMany(): Outcome<number[]> {
  const allowed = `at most ${MAX_NOTES} notes`;
  return fail({
    code: 'E_NOTES',
    got: 'more',
    allowed,
    mend: 'Nothing was changed. Shorten the list; it repeats by itself.',
  });
}
