/** What routes take as `name=value` behind their arguments: names, types and docs for the client library. */
import { describeRange } from '../../engine/sequence/range.js';
import { SET_KEYS, TRACK_KEYS } from '../../engine/sequence/track-args.js';
import { TRACK_NUMBERS } from '../../engine/sequence/track-fields.js';

export interface Key {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

export interface Keys {
  readonly keys: readonly Key[];
  /** They stand for the rest of the arguments, which cannot be given by place. */
  readonly instead: boolean;
}

const OTHERS: Readonly<Record<string, Omit<Key, 'name'>>> = {
  notes: { type: 'Value | readonly Value[]', doc: 'Names (C4), MIDI numbers or Hz; one list, or one text.' },
  note_index: { type: 'number', doc: 'Which note comes next, from 0.' },
  length: { type: 'number', doc: 'Steps after which it begins again; 0: as long as its pattern.' },
  division: {
    type: 'number | string',
    doc: "Length of its steps in sixteenths, 1/64 to 64: 2, '1/2', '4/3'.",
  },
  mute: { type: 'boolean', doc: 'Goes on unheard.' },
  solo: { type: 'boolean', doc: 'Only tracks that are solo sound.' },
  pattern: { type: 'string', doc: 'X accent, x hit, . rest, _ tie; x?50, x*3, x(3,8).' },
  voice: { type: 'string | number', doc: 'voice1, voice2, ...' },
};

function trackKey(name: string): Key {
  const number = TRACK_NUMBERS.find((row) => row.key === name);
  if (number) return { name, type: 'number', doc: `${describeRange(number.range)}.` };
  const other = OTHERS[name];
  if (!other) throw new Error(`scripts/generate/client-keys.ts does not know the track key '${name}'`);
  return { name, ...other };
}

const RECORD: readonly Key[] = [
  { name: 'dur', type: 'number', doc: 'Seconds, from the start on; left out: until record.stop.' },
  { name: 'preroll', type: 'number', doc: 'Seconds that were played before, up to 60.' },
  { name: 'format', type: "'wav'", doc: 'wav, 24 bits.' },
  { name: 'id', type: 'string', doc: 'A word for record.stop; main when left out.' },
];

export function keysOf(address: string): Keys | undefined {
  if (address === '/seq/add') return { keys: TRACK_KEYS.map(trackKey), instead: true };
  if (address === '/seq/set') return { keys: SET_KEYS.map(trackKey), instead: true };
  return address === '/record/start' ? { keys: RECORD, instead: false } : undefined;
}
