/** The tracks in memory: what was given of each (TRACK_HEADER, steps, notes, locks), and where it is in playing it. */
import {
  LOCK_WORDS,
  MAX_LOCKS,
  MAX_DIVISION_PART,
  MAX_NOTES,
  MAX_STEPS,
  STATUS_NOTE_INDEX,
  TRACK_DIVISION_DOWN,
  TRACK_DIVISION_UP,
  TRACK_FLAG_SOLO,
  TRACK_FLAGS,
  TRACK_GIVEN,
  TRACK_HEADER_WORDS,
  TRACK_LENGTH,
  TRACK_LOCK_COUNT,
  TRACK_NOTE_COUNT,
  TRACK_NOTE_INDEX,
  TRACK_STEP_COUNT,
  TRACKS,
} from './generated/layout';
import { sequencer, Sequencer } from './sequencer';
import { session, statusWord } from './session';
import { stepUnits } from './tempo';

/** Where a track is in its playing. */
@unmanaged
export class Playing {
  /** Position at which its note ends; -1: none sounds. */
  off: i64;
  /** Step that is played next, counted from its first since the start. */
  next: i32;
  /** Step of the sequencer on which its first step falls. */
  from: i32;
  active: i32;
  /** Its note goes on in a tie. */
  tied: i32;
  /** Length of that note in steps. */
  gateFrac: f32;
  /** Hits of a ratchet still to come, of how many; the step begins there and is so long. */
  ratchetLeft: i32;
  ratchetCount: i32;
  ratchetAccent: i32;
  ratchetVelocity: f32;
  ratchetBoost: f32;
  ratchetStart: i64;
  ratchetLength: i64;
}

/** The most words that say what a track is. */
export const CONTENT_WORDS: i32 = TRACK_HEADER_WORDS + MAX_STEPS + MAX_NOTES + LOCK_WORDS * MAX_LOCKS;

/** Order of play (u8 per place) behind the fixed part, then the tracks. */
const ORDER: usize = (offsetof<Sequencer>() + 7) & ~7;
const TRACKS_AT: usize = ORDER + <usize>TRACKS;
/** Of a track: where it is, what was given of it, its steps, notes and locks. */
const HEADER: usize = offsetof<Playing>();
export const STEPS: usize = HEADER + ((<usize>TRACK_HEADER_WORDS) << 2);
export const NOTES: usize = STEPS + ((<usize>MAX_STEPS) << 2);
export const LOCKS: usize = NOTES + ((<usize>MAX_NOTES) << 2);
const TRACK_BYTES: usize = (LOCKS + ((<usize>(LOCK_WORDS * MAX_LOCKS)) << 2) + 7) & ~7;
export const SEQUENCER_BYTES: usize = TRACKS_AT + <usize>TRACKS * TRACK_BYTES;

export function track(index: i32): usize {
  return session().sequencer + TRACKS_AT + <usize>index * TRACK_BYTES;
}
export function playing(index: i32): Playing {
  return changetype<Playing>(track(index));
}
/** A word of the header. */
export function header(index: i32, word: i32): usize {
  return track(index) + HEADER + ((<usize>word) << 2);
}
export function headerInt(index: i32, word: i32): i32 {
  return load<i32>(header(index, word));
}
function orderAt(turn: i32): usize {
  return session().sequencer + ORDER + <usize>turn;
}
/** The track whose turn it is. */
export function inTurn(turn: i32): i32 {
  return <i32>load<u8>(orderAt(turn));
}

/** Words of a staged content, 0 when it is no track. */
function wordsOf(content: usize, words: i32): i32 {
  if (words < TRACK_HEADER_WORDS) return 0;
  const steps = load<i32>(content + ((<usize>TRACK_STEP_COUNT) << 2));
  const notes = load<i32>(content + ((<usize>TRACK_NOTE_COUNT) << 2));
  const locks = load<i32>(content + ((<usize>TRACK_LOCK_COUNT) << 2));
  const length = load<i32>(content + ((<usize>TRACK_LENGTH) << 2));
  const up = load<i32>(content + ((<usize>TRACK_DIVISION_UP) << 2));
  const down = load<i32>(content + ((<usize>TRACK_DIVISION_DOWN) << 2));
  if (steps < 1 || steps > MAX_STEPS || notes < 0 || notes > MAX_NOTES || locks < 0 || locks > MAX_LOCKS)
    return 0;
  if (length < 1 || length > MAX_STEPS) return 0;
  if (up < 1 || down < 1 || up > MAX_DIVISION_PART || down > MAX_DIVISION_PART) return 0;
  const used = TRACK_HEADER_WORDS + steps + notes + LOCK_WORDS * locks;
  return used <= words ? used : 0;
}

/** True when the staged content is a track for that place. */
export function isTrack(index: i32, content: usize, words: i32): bool {
  return index >= 0 && index < TRACKS && wordsOf(content, words) > 0;
}

/** Writes what the track is; it is one. Gives the number of words. */
export function writeTrack(index: i32, content: usize, words: i32): i32 {
  const p = playing(index);
  const before = headerInt(index, TRACK_NOTE_INDEX);
  if (p.active === 0) {
    p.active = 1;
    p.off = -1;
    p.tied = 0;
    p.ratchetLeft = 0;
    p.from = 0;
    store<u8>(orderAt(sequencer().trackCount++), <u8>index);
  } else sequencer().solos -= solo(index);
  const steps = load<i32>(content + ((<usize>TRACK_STEP_COUNT) << 2));
  const notes = load<i32>(content + ((<usize>TRACK_NOTE_COUNT) << 2));
  const locks = load<i32>(content + ((<usize>TRACK_LOCK_COUNT) << 2));
  const words4 = content + ((<usize>TRACK_HEADER_WORDS) << 2);
  memory.copy(header(index, 0), content, (<usize>TRACK_HEADER_WORDS) << 2);
  memory.copy(track(index) + STEPS, words4, (<usize>steps) << 2);
  memory.copy(track(index) + NOTES, words4 + ((<usize>steps) << 2), (<usize>notes) << 2);
  memory.copy(
    track(index) + LOCKS,
    words4 + ((<usize>(steps + notes)) << 2),
    (<usize>(LOCK_WORDS * locks)) << 2,
  );
  sequencer().solos += solo(index);
  // A note index below 0 means: go on where the list is.
  const first = headerInt(index, TRACK_NOTE_INDEX);
  setNoteIndex(index, notes > 0 ? (first < 0 ? before : first) % notes : 0);
  return wordsOf(content, words);
}

function solo(index: i32): i32 {
  return (headerInt(index, TRACK_FLAGS) & TRACK_FLAG_SOLO) !== 0 ? 1 : 0;
}

export function setNoteIndex(index: i32, n: i32): void {
  store<i32>(header(index, TRACK_NOTE_INDEX), n);
  store<i32>(statusWord(STATUS_NOTE_INDEX + index), n);
}

/** Takes the track out of the order of play. */
export function dropTrack(index: i32): void {
  const s = sequencer();
  s.solos -= solo(index);
  playing(index).active = 0;
  let to = 0;
  for (let i = 0; i < s.trackCount; i++) if (inTurn(i) !== index) store<u8>(orderAt(to++), <u8>inTurn(i));
  s.trackCount = to;
}

/** The track no longer sets these fields of its voice. */
export function forgetFields(index: i32, fields: i32): void {
  if (index < 0 || index >= TRACKS) return;
  store<i32>(header(index, TRACK_GIVEN), headerInt(index, TRACK_GIVEN) & ~fields);
}

/** Length of its steps in units. */
export function stepLength(index: i32): i64 {
  return (
    (<i64>headerInt(index, TRACK_DIVISION_UP) * stepUnits()) / <i64>headerInt(index, TRACK_DIVISION_DOWN)
  );
}

/**
 * Position of step k of the sequencer, `part`/`parts` of a step later: off-beats are late by half the swing, the beats
 * stay, and what lies between is as late as its place between them.
 */
export function gridPosition(k: i64, part: i64, parts: i64): i64 {
  const units = stepUnits();
  const at = sequencer().origin + k * units + (part * units) / parts;
  const way = <f64>part / <f64>parts;
  const off = (k & 1) !== 0 ? 1 - way : way;
  return at + (off > 0 ? <i64>(0.5 * <f64>sequencer().swing * <f64>units * off) : 0);
}

/** Position of a step of the track, counted from its first. */
export function trackPosition(index: i32, step: i32): i64 {
  const down = <i64>headerInt(index, TRACK_DIVISION_DOWN);
  const whole = <i64>step * <i64>headerInt(index, TRACK_DIVISION_UP);
  return gridPosition(<i64>playing(index).from + whole / down, whole % down, down);
}
