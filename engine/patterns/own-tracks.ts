/**
 * What a track has that the original format lacks, under `chronus.tracks.<id>`; each member only where it says something.
 *
 *      "kick": {
 *        "given": ["baseFreqHz"],              the other optional fields the voice keeps; absent: all were given
 *        "pattern": "X?75..x*2(3,8)",          where the text is more than X, x and rests
 *        "length": 12, "division": "4/3", "mute": true, "solo": true,
 *        "locks": [{ "step": 4, "param": "filter/freq", "value": 2400.0 }]
 *      }
 */
import { divisionText, readDivision } from '../sequence/division.js';
import { lockName, lockTarget, withLock } from '../sequence/locks.js';
import { checkPattern } from '../sequence/pattern.js';
import type { OptionalField } from '../sequence/track-fields.js';
import type { Outcome } from '../shared/outcome.js';
import { MAX_STEPS, plainPattern, readSteps } from '../shared/steps.js';
import { isWhole } from '../shared/table.js';
import { TRACK_FIELDS, trackLength, type Track } from '../shared/track.js';
import type { Json } from './json.js';
import { Refused, type Place } from './place.js';

const LENGTH = { min: 1, max: MAX_STEPS, default: 16, unit: 'steps' };
const LOCK_STEP = { min: 0, max: MAX_STEPS - 1, default: 0, unit: 'steps' };

/** The pattern as the original reads it: one character is one step, and the track is as long as its text. */
export function originalPattern(track: Track): string {
  const { steps } = readSteps(track.pattern);
  const plain = isPlain(track.pattern) ? track.pattern : plainPattern(steps);
  return track.length === undefined ? plain : plain.padEnd(track.length, '.').slice(0, track.length);
}

/** True when the original reads the text as we do. */
function isPlain(pattern: string): boolean {
  return !/[_?*(]/.test(pattern);
}

/** A text that the original reads, as ours: what only we would read is a rest there. */
export function fromOriginal(pattern: string): string {
  return isPlain(pattern) ? pattern : [...pattern].map((char) => (/[Xx]/.test(char) ? char : '.')).join('');
}

/** What is to be written; undefined: nothing. */
export function formatOwnTrack(track: Track): Map<string, Json> | undefined {
  const own = new Map<string, Json>();
  const given = TRACK_FIELDS.flatMap(({ field }) => (track[field] === undefined ? [] : [field]));
  if (given.length < TRACK_FIELDS.length) own.set('given', given);
  if (originalPattern(track) !== track.pattern) own.set('pattern', track.pattern);
  if (track.length !== undefined && track.length !== readSteps(track.pattern).steps.length)
    own.set('length', track.length);
  if (divisionText(track.division) !== '1') own.set('division', divisionText(track.division));
  if (track.muted) own.set('mute', true);
  if (track.solo) own.set('solo', true);
  if (track.locks.length > 0)
    own.set(
      'locks',
      track.locks.map((lock) => formatLock(lock, track.voice)),
    );
  return own.size > 0 ? own : undefined;
}

function formatLock({ step, address, value }: Track['locks'][number], voice: number): Json {
  return new Map<string, Json>([
    ['step', step],
    ['param', lockName(address, voice)],
    ['value', { float: value }],
  ]);
}

/** Which optional fields were given; undefined: all. */
export function readGiven(own: Place | undefined): ReadonlySet<OptionalField> | undefined {
  const given = own?.get('given');
  return given && new Set(given.items().flatMap(readField));
}

function readField(place: Place): OptionalField[] {
  const name = place.text();
  const known = TRACK_FIELDS.find(({ field }) => field === name);
  if (!known) place.warnings.push(`${place.path}: '${name}' is no field of a track; ignored`);
  return known ? [known.field] : [];
}

/** The track with what stands under the own key. Throws Refused. */
export function readOwnTrack(own: Place | undefined, track: Track): Track {
  if (!own) return track;
  const pattern = own.get('pattern');
  const division = own.get('division');
  const length = own.get('length')?.within(LENGTH);
  const whole: Track = {
    ...track,
    ...(pattern && { pattern: orRefuse(pattern, checkPattern(pattern.value)) }),
    ...(length !== undefined && { length: Math.trunc(length) }),
    ...(division && { division: orRefuse(division, readDivision(division.value)) }),
    muted: own.get('mute')?.truth() ?? false,
    solo: own.get('solo')?.truth() ?? false,
  };
  // A length that its pattern has anyway says nothing.
  const { length: told, ...unsized } = whole;
  const sized = told === trackLength({ pattern: whole.pattern }) ? unsized : whole;
  return (own.get('locks')?.items() ?? []).reduce(readLock, sized);
}

function readLock(track: Track, place: Place): Track {
  const member = (name: string): Place => {
    const found = place.get(name);
    if (!found) throw place.refusal('an object with step, param and value');
    return found;
  };
  const step = Math.trunc(member('step').within(LOCK_STEP));
  const name = member('param').text();
  const target = lockTarget(name, track.voice);
  if (!target.ok) {
    place.warnings.push(`${place.path}.param: '${name}' is not known to this engine; ignored`);
    return track;
  }
  const row = 'parameter' in target.value ? target.value.parameter.row : target.value.range;
  const value = member('value').within(row);
  const whole = 'parameter' in target.value && isWhole(target.value.parameter.row);
  const lock = { step, address: target.value.address, value: whole ? Math.trunc(value) : value };
  return orRefuse(place, withLock(track, lock));
}

function orRefuse<T>(place: Place, read: Outcome<T>): T {
  if (!read.ok) {
    const mend = 'Nothing was loaded. Correct the file at this place.';
    throw new Refused({ ...read.error, where: place.path, mend });
  }
  place.warnings.push(...read.warnings.map((warning) => `${place.path}: ${warning}`));
  return read.value;
}
