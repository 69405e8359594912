/**
 * Staged content: pieces of a track edit or a whole load are collected here and become real in one stroke.
 * A load waits for the bar; a new one takes the place of one that waits.
 */
import {
  LOAD_HAS_SEQUENCER,
  LOAD_HEADER_WORDS,
  LOAD_MILLI_BPM,
  LOAD_PARAM_COUNT,
  LOAD_RUNNING,
  LOAD_SWING,
  LOAD_TRACK_COUNT,
  REGION_LOAD,
  STAGE_WORDS,
  STATUS_LOAD_SERIAL,
  TRACKS,
} from './generated/layout';
import { setForGood } from './locks';
import { clearTracks, putTrack, sequencer, setSwing, startSequencer, stopSequencer } from './sequencer';
import { session, statusWord } from './session';
import { setTempo } from './tempo';
import { CONTENT_WORDS } from './tracks';
import { dropLoad } from './wait';

/** Enough for every parameter of 256 voices and every track at full length. */
const LOAD_WORDS: i32 = LOAD_HEADER_WORDS + 2 * 4200 + TRACKS * CONTENT_WORDS;
const EDIT_AT: usize = 0;
const LOAD_AT: usize = EDIT_AT + ((<usize>CONTENT_WORDS) << 2);
export const STAGING_BYTES: usize = LOAD_AT + ((<usize>LOAD_WORDS) << 2);

/** Where the content of the next track edit is collected. */
export function stagedTrack(): usize {
  return session().staging + EDIT_AT;
}

/** Copies up to six words of content into a region. Out of bounds: nothing happens. */
export function stage(where: i32, words: usize): void {
  const region = where >>> 24;
  const offset = where & 0xffffff;
  const limit = region === REGION_LOAD ? LOAD_WORDS : CONTENT_WORDS;
  const base = session().staging + (region === REGION_LOAD ? LOAD_AT : EDIT_AT);
  const count = min<i32>(STAGE_WORDS, limit - offset);
  if (count <= 0) return;
  // A load that waits is about to be written over: it has been replaced.
  if (region === REGION_LOAD && offset === 0) dropLoad();
  memory.copy(base + ((<usize>offset) << 2), words, (<usize>count) << 2);
}

export function commitTrack(index: i32, words: i32, content: usize): void {
  if (words <= CONTENT_WORDS) putTrack(index, content, words);
}

function content(index: i32): usize {
  return session().staging + LOAD_AT + ((<usize>index) << 2);
}

/**
 * Makes the staged load of that many words the state, at this frame. A content that is none changes nothing.
 * Runs on: render thread; bounded by LOAD_WORDS (about 0.2 ms).
 */
export function applyLoad(words: i32, serial: i32): void {
  store<i32>(statusWord(STATUS_LOAD_SERIAL), serial);
  if (words < LOAD_HEADER_WORDS || words > LOAD_WORDS) return;
  const params = load<i32>(content(LOAD_PARAM_COUNT));
  const tracks = load<i32>(content(LOAD_TRACK_COUNT));
  if (params < 0 || tracks < 0 || tracks > TRACKS || LOAD_HEADER_WORDS + 2 * params > words) return;

  const hasSequencer = load<i32>(content(LOAD_HAS_SEQUENCER)) !== 0;
  // What sounds goes on to its end; what steps hold goes back before the new values come.
  if (hasSequencer) clearTracks(true);
  for (let i = 0; i < params; i++) {
    const at = content(LOAD_HEADER_WORDS + 2 * i);
    setForGood(load<i32>(at), load<f32>(at, 4));
  }
  if (!hasSequencer) return;
  let at = LOAD_HEADER_WORDS + 2 * params;
  for (let i = 0; i < tracks; i++) {
    const used = putTrack(i, content(at), words - at);
    if (used === 0) break;
    at += used;
  }
  setTempo(load<i32>(content(LOAD_MILLI_BPM)), 0);
  setSwing(load<f32>(content(LOAD_SWING)));
  if (load<i32>(content(LOAD_RUNNING)) !== 0) startSequencer();
  else if (sequencer().running !== 0) stopSequencer(true);
}
