/**
 * The arguments of /seq/add: track, voice, pattern, then values by place or by name.
 *
 *      kick voice1 X...x... 55 800 "C2 C2 G1"          base Hz, filter Hz, notes
 *      kick voice1 X...x... gate_frac=0.2 notes=60
 *
 * A value by name uses up the place it stands at, as it always did: `gate_frac=0.2 60` sets the filter to 60 Hz.
 */
import { nearest } from '../shared/nearest.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import type { Track } from '../shared/track.js';
import { readNotes, type Arg } from './notes.js';
import { checkPattern } from './pattern.js';
import { clampTo, describeRange, finiteNumber } from './range.js';
import { makeTrack, TRACK_NUMBERS, type TrackNumberRow, type TrackNumbers } from './track-fields.js';
import { readTrackId } from './track-id.js';
import { readVoiceId } from './voice-id.js';

/** Says when the edit acts, not what the track is; whoever schedules the edit reads it. */
const TIMING_KEY = 'at';
export const TRACK_KEYS: readonly string[] = [
  ...TRACK_NUMBERS.map(({ key }) => key),
  'note_index',
  'notes',
  TIMING_KEY,
];

/** What the values without a name mean, from the fourth argument on. */
const PLACES: readonly string[] = ['base_freq', 'filter_freq', 'notes'];
const FIRST_VALUE = 3;

interface Draft {
  readonly numbers: TrackNumbers;
  readonly warnings: string[];
  notesHz: readonly number[];
  noteIndex: number;
}

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
  const draft: Draft = { numbers: {}, warnings: [...pattern.warnings], notesHz: [], noteIndex: 0 };
  for (const [i, arg] of args.slice(FIRST_VALUE).entries()) {
    const problem = readValue(arg, i, draft);
    if (problem) return fail(problem);
  }
  const identity = { id: id.value, voice: voice.value, pattern: pattern.value, notesHz: draft.notesHz };
  return succeed(makeTrack(identity, draft.numbers, draft.noteIndex), draft.warnings);
}

function readValue(arg: Arg, place: number, draft: Draft): Problem | undefined {
  const named = typeof arg.value === 'string' ? /^([^=]*)=([\s\S]*)$/.exec(arg.value) : null;
  if (named) return assign((named[1] ?? '').trim(), { type: 's', value: named[2] ?? '' }, draft);
  const key = PLACES[place];
  if (key) return assign(key, arg, draft);
  draft.warnings.push(
    `argument ${FIRST_VALUE + place + 1} (${show(arg.value)}) ignored; all notes go into one text`,
  );
  return undefined;
}

function assign(key: string, arg: Arg, draft: Draft): Problem | undefined {
  if (key === 'notes') return assignNotes(arg, draft);
  if (key === 'note_index') return assignNoteIndex(arg, draft);
  if (key === TIMING_KEY) return undefined;
  const row = TRACK_NUMBERS.find((candidate) => candidate.key === key);
  return row ? assignNumber(row, arg, draft) : unknownKey(key);
}

function assignNotes(arg: Arg, draft: Draft): Problem | undefined {
  const notes = readNotes([arg]);
  if (!notes.ok) return notes.error;
  draft.notesHz = notes.value;
  draft.warnings.push(...notes.warnings);
  return undefined;
}

function assignNoteIndex(arg: Arg, draft: Draft): Problem | undefined {
  const index = finiteNumber(arg.value);
  if (index === undefined || !Number.isInteger(index)) {
    return notANumber('note_index', arg, 'a whole number; 0 is the first note');
  }
  draft.noteIndex = index;
  return undefined;
}

function assignNumber({ key, field, range }: TrackNumberRow, arg: Arg, draft: Draft): Problem | undefined {
  const number = finiteNumber(arg.value);
  if (number === undefined) return notANumber(key, arg, describeRange(range));
  draft.numbers[field] = clampTo(range, number, key, draft.warnings);
  return undefined;
}

function missing(count: number): Problem {
  const allowed = 'track, voice, pattern, then base Hz, filter Hz, notes or name=value';
  const mend = 'Send for example: kick voice1 X...x... 55';
  return { code: 'E_ARGS', got: `${count} argument${count === 1 ? '' : 's'}`, allowed, mend };
}

function unknownKey(key: string): Problem {
  const allowed = TRACK_KEYS.join(', ');
  const mend = 'Nothing was changed. Use one of these names.';
  return { code: 'E_KEY', where: key, got: show(key), allowed, mend, nearest: nearest(key, TRACK_KEYS) };
}

function notANumber(key: string, arg: Arg, allowed: string): Problem {
  const mend = 'Nothing was changed. Send a finite number; notes go behind it or as notes=...';
  return { code: 'E_NUMBER', where: key, got: show(arg.value), allowed, mend };
}
