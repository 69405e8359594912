/**
 * One track of a slot file as text: its entry under `sequencer.tracks`, and what the original lacks of it under
 * `chronus.tracks`. A track never changes, an edit makes a new one: it is put into words once, and again only when the
 * voice it plays has other values for the fields it was not given.
 */
import { voiceTable } from '../../modules/voice/table.js';
import { addressOf, PARAM_NAMES } from '../registry/address.js';
import { MODULES } from '../registry/modules.js';
import { TRACK_NUMBERS } from '../sequence/track-fields.js';
import { LAST_VOICE, voiceId } from '../sequence/voice-id.js';
import { TRACK_FIELDS, type Track } from '../shared/track.js';
import { writeJson, type Json, type Raw } from './json.js';
import { formatOwnTrack, originalPattern } from './own-tracks.js';
import type { Values } from './write-modules.js';

const VOICE_TYPE = MODULES.indexOf(voiceTable);
/** The parameter of the voice that stands in for a field; -1: none does. */
const PARAM_INDEX = TRACK_NUMBERS.map(({ field }) => {
  const param = TRACK_FIELDS.find((row) => row.field === field)?.param;
  return param === undefined ? -1 : (PARAM_NAMES[VOICE_TYPE]?.indexOf(param) ?? -1);
});

export interface WrittenTrack {
  readonly original: Raw;
  /** Absent: the original lacks nothing. */
  readonly own?: Raw;
}

interface Written extends WrittenTrack {
  readonly numbers: readonly number[];
}

/** Of a track, in either place. */
const INDENT = `\n${' '.repeat(6)}`;
const written = new WeakMap<Track, Written>();

export function writeTrack(track: Track, values: Values): WrittenTrack {
  const numbers = TRACK_NUMBERS.map(
    ({ field, range }, i) => track[field] ?? valueOfVoice(track.voice, i, values) ?? range.default,
  );
  const before = written.get(track);
  if (before && numbers.every((number, i) => number === before.numbers[i])) return before;
  const own = formatOwnTrack(track);
  const ownText = own && writeJson(own, INDENT);
  const text = originalOf(track, numbers);
  const id = JSON.stringify(track.id);
  const ours = ownText === undefined ? '' : `, "chronus": {"tracks": {${id}: ${ownText}}}`;
  const alone = `{"sequencer": {"tracks": {${id}: ${text}}}${ours}}`;
  const made: Written = {
    original: { raw: [{ text, standIn: '{}', alone }] },
    // What it means depends on the track: it is checked there.
    ...(ownText !== undefined && { own: { raw: [{ text: ownText, standIn: '{}' }] } }),
    numbers,
  };
  written.set(track, made);
  return made;
}

/** The original knows no field that was not given; it gets what the voice has, which sounds the same. */
function valueOfVoice(voice: number, row: number, values: Values): number | undefined {
  const index = PARAM_INDEX[row] ?? -1;
  if (index < 0 || voice > LAST_VOICE) return undefined;
  const value = values.get(addressOf(VOICE_TYPE, voice - 1, index));
  return typeof value === 'number' ? value : undefined;
}

function originalOf(track: Track, numbers: readonly number[]): string {
  const members = new Map<string, Json>([
    ['name', track.id],
    ['voice_id', voiceId(track.voice)],
    ['pattern', originalPattern(track)],
    ['notes', track.notesHz.map((hz) => ({ float: hz }))],
    ...TRACK_NUMBERS.map(({ key }, i): [string, Json] => [key, { float: numbers[i] as number }]),
    ['note_index', track.noteIndex],
  ]);
  return writeJson(members, INDENT);
}
