/**
 * The arguments of /seq/add: track, voice, pattern, then values by place or by name; and of /seq/set, all by name.
 *
 *      kick voice1 X...x... 55 800 "C2 C2 G1"          base Hz, filter Hz, notes
 *      kick voice1 X...x... gate_frac=0.2 notes=60
 *
 * A value by name uses up the place it stands at, as it always did: `gate_frac=0.2 60` sets the filter to 60 Hz.
 */
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { MAX_STEPS } from '../shared/steps.js';
import { alike } from '../shared/synonyms.js';
import type { Track } from '../shared/track.js';
import { readDivision } from './division.js';
import { onVoice } from './locks.js';
import { readNotes, type Arg } from './notes.js';
import { checkPattern } from './pattern.js';
import { clampTo, describeRange, finiteNumber } from './range.js';
import { makeTrack, TRACK_NUMBERS, wrapNote, type TrackNumberRow } from './track-fields.js';
import { readTrackId } from './track-id.js';
import { readVoiceId } from './voice-id.js';

/** What the values without a name mean, from the fourth argument on. */
const PLACES: readonly string[] = ['base_freq', 'filter_freq', 'notes'];
const FIRST_VALUE = 3;

/** What one value makes of a track. */
type Reader = (arg: Arg, track: Track, warnings: string[]) => Outcome<Track>;

const READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(TRACK_NUMBERS.map((row) => [row.key, numberReader(row)])),
  note_index: (arg, track) => {
    const index = finiteNumber(arg.value);
    if (index === undefined || !Number.isInteger(index))
      return notANumber('note_index', arg, 'a whole number; 0 is the first note');
    return succeed({ ...track, noteIndex: index });
  },
  notes: (arg, track, warnings) => reading(readNotes([arg]), warnings, (notesHz) => ({ ...track, notesHz })),
  length: (arg, track) => {
    const steps = finiteNumber(arg.value);
    if (steps === undefined || !Number.isInteger(steps) || steps < 0 || steps > MAX_STEPS)
      return notANumber('length', arg, `a whole number of steps, 1..${MAX_STEPS}; 0: as long as its pattern`);
    return succeed({ ...track, length: steps === 0 ? undefined : steps });
  },
  division: ({ value }, track, warnings) =>
    reading(readDivision(value), warnings, (division) => ({ ...track, division })),
  mute: (arg, track) => truth('mute', arg, (muted) => ({ ...track, muted })),
  solo: (arg, track) => truth('solo', arg, (solo) => ({ ...track, solo })),
};

/** Only where the track is there already: /seq/add has places for these. */
const SET_READERS: Readonly<Record<string, Reader>> = {
  ...READERS,
  pattern: ({ value }, track, warnings) =>
    reading(checkPattern(value), warnings, (pattern) => ({ ...track, pattern })),
  voice: ({ value }, track, warnings) =>
    reading(readVoiceId(value), warnings, (voice) => onVoice(track, voice)),
};

export const TRACK_KEYS: readonly string[] = Object.keys(READERS);
export const SET_KEYS: readonly string[] = Object.keys(SET_READERS);

/**
 * The track that /seq/add asks for. Numbers out of range are moved into it, with a warning. Refuses missing arguments
 * (E_ARGS), a bad track id (E_TRACK), voice (E_VOICE), pattern (E_PATTERN), note (E_NOTES), an unknown name (E_KEY)
 * and what is no finite number (E_NUMBER).
 */
export function readTrackArgs(args: readonly Arg[]): Outcome<Track> {
  if (args.length < FIRST_VALUE) return fail(missing(args.length));
  const id = readTrackId(args[0]?.value);
  if (!id.ok) return id;
  const voice = readVoiceId(args[1]?.value);
  if (!voice.ok) return voice;
  const pattern = checkPattern(args[2]?.value);
  if (!pattern.ok) return pattern;
  const warnings = [...pattern.warnings];
  let track = makeTrack({ id: id.value, voice: voice.value, pattern: pattern.value, notesHz: [] }, {}, 0);
  for (const [place, arg] of args.slice(FIRST_VALUE).entries()) {
    const { key = PLACES[place], value } = named(arg);
    if (key === undefined) {
      const number = FIRST_VALUE + place + 1;
      warnings.push(`argument ${number} (${show(arg.value)}) ignored; all notes go into one text`);
      continue;
    }
    const read = readerOf(READERS, key);
    const next = read.ok ? read.value(value, track, warnings) : read;
    if (!next.ok) return next;
    track = next.value;
  }
  return succeed(wrapNote(track), warnings);
}

/** The track with what is named of it changed. Refuses as readTrackArgs, and a value without a name (E_KEY). */
export function changeTrack(track: Track, args: readonly Arg[]): Outcome<Track> {
  const warnings: string[] = [];
  let changed = track;
  for (const arg of args) {
    const { key, value } = named(arg);
    if (key === undefined) return fail(unknownKey(show(arg.value), SET_KEYS));
    const read = readerOf(SET_READERS, key);
    const next = read.ok ? read.value(value, changed, warnings) : read;
    if (!next.ok) return next;
    changed = next.value;
  }
  return succeed(wrapNote(changed), warnings);
}

function named(arg: Arg): { readonly key?: string; readonly value: Arg } {
  const match = typeof arg.value === 'string' ? /^([^=]*)=([\s\S]*)$/.exec(arg.value) : null;
  return match
    ? { key: (match[1] ?? '').trim(), value: { type: 's', value: match[2] ?? '' } }
    : { value: arg };
}

function readerOf(readers: Readonly<Record<string, Reader>>, key: string): Outcome<Reader> {
  const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
  return reader ? succeed(reader) : fail(unknownKey(key, Object.keys(readers)));
}

function numberReader({ key, field, range }: TrackNumberRow): Reader {
  return (arg, track, warnings) => {
    const number = finiteNumber(arg.value);
    if (number === undefined) return notANumber(key, arg, describeRange(range));
    return succeed({ ...track, [field]: clampTo(range, number, key, warnings) });
  };
}

function reading<T>(read: Outcome<T>, warnings: string[], make: (value: T) => Track): Outcome<Track> {
  if (!read.ok) return read;
  warnings.push(...read.warnings);
  return succeed(make(read.value));
}

function truth(key: string, { value }: Arg, make: (on: boolean) => Track): Outcome<Track> {
  const word = String(value).trim().toLowerCase();
  if (['1', 'on', 'true'].includes(word)) return succeed(make(true));
  if (['0', 'off', 'false'].includes(word)) return succeed(make(false));
  const mend = `Nothing was changed. Send ${key}=1 or ${key}=0.`;
  return fail({ code: 'E_WORD', where: key, got: show(value), allowed: '1, on, true, 0, off, false', mend });
}

function missing(count: number): Problem {
  const allowed = 'track, voice, pattern, then base Hz, filter Hz, notes or name=value';
  const mend = 'Send for example: kick voice1 X...x... 55';
  return { code: 'E_ARGS', got: `${count} argument${count === 1 ? '' : 's'}`, allowed, mend };
}

function unknownKey(key: string, keys: readonly string[]): Problem {
  const allowed = [...keys, 'at'].join(', ');
  const mend = 'Nothing was changed. Use one of these names, as name=value.';
  return { code: 'E_KEY', where: key, got: show(key), allowed, mend, nearest: alike(key, keys) };
}

function notANumber(key: string, arg: Arg, allowed: string): Outcome<never> {
  const mend = 'Nothing was changed. Send a finite number; notes go behind it or as notes=...';
  return fail({ code: 'E_NUMBER', where: key, got: show(arg.value), allowed, mend });
}
