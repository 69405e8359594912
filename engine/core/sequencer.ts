/**
 * The clip player. Musical time is a whole number: position p counts units of 1 / (15000 * rate) of a step, so that one
 * frame at b thousandths of a BPM is exactly b units and a step of a sixteenth is 15 000 * rate units. Nothing is ever
 * rounded but the one frame an event falls on: ceil((p - anchor) / b) frames after the anchor. No drift, at any tempo.
 */
import {
  MAX_NOTES,
  MAX_STEPS,
  MODULE_VOICE,
  STATUS_NOTE_INDEX,
  STATUS_RUNNING,
  STATUS_STEP,
  TRACK_ACCENT_BOOST,
  TRACK_BASE_FREQ,
  TRACK_FIELD_COUNT,
  TRACK_FIELD_PARAMS,
  TRACK_GATE_FRAC,
  TRACK_GIVEN,
  TRACK_HEADER_WORDS,
  TRACK_NOTE_COUNT,
  TRACK_NOTE_INDEX,
  TRACK_STEP_COUNT,
  TRACK_VOICE,
  TRACKS,
  VOICE_FREQ,
} from './generated/layout';
import { gateVoice, hitVoice, NO_TRACK, noteVoice, ownerOf } from './gates';
import { setParam } from './params';
import { NEVER } from './queue';
import { session, statusWord } from './session';

@unmanaged
export class Sequencer {
  /** Frame and position that belong together; moved at each change of tempo. */
  anchorFrame: i64;
  anchorPosition: i64;
  milliBpm: i64;
  /** Frame of the next event, NEVER when there is none. */
  next: i64;
  swing: f32;
  running: i32;
  /** The step that is played next. */
  step: i32;
  trackCount: i32;
}

/** Order of play (u8 per place), then the tracks. */
const ORDER: usize = 64;
const TRACKS_AT: usize = ORDER + 128;
/** Runtime words behind the header: end of the sounding note (i64), in use. */
const TRACK_OFF: usize = (<usize>((TRACK_HEADER_WORDS + 1) & ~1)) << 2;
const TRACK_ACTIVE: usize = TRACK_OFF + 8;
const TRACK_STEPS: usize = TRACK_ACTIVE + 8;
const TRACK_NOTES: usize = TRACK_STEPS + ((<usize>MAX_STEPS) << 2);
const TRACK_BYTES: usize = TRACK_NOTES + ((<usize>MAX_NOTES) << 2);
export const SEQUENCER_BYTES: usize = TRACKS_AT + <usize>TRACKS * TRACK_BYTES;
/** An accent is a hit at least this hard. */
const ACCENT: f32 = 1;

export function sequencer(): Sequencer {
  return changetype<Sequencer>(session().sequencer);
}
function track(index: i32): usize {
  return session().sequencer + TRACKS_AT + <usize>index * TRACK_BYTES;
}
function order(position: i32): usize {
  return session().sequencer + ORDER + <usize>position;
}
function word(at: usize, index: i32): usize {
  return at + ((<usize>index) << 2);
}

function stepUnits(): i64 {
  return <i64>15000 * <i64>session().sampleRate;
}

/** Where step k falls: off-beats are late by half the swing, the beats stay. */
function stepPosition(k: i32): i64 {
  const units = stepUnits();
  const late = (k & 1) !== 0 ? <i64>(0.5 * <f64>sequencer().swing * <f64>units) : 0;
  return <i64>k * units + late;
}

/** First frame at or after a position. */
function frameAt(position: i64): i64 {
  const s = sequencer();
  const ahead = position - s.anchorPosition;
  return ahead <= 0 ? s.anchorFrame : s.anchorFrame + (ahead + s.milliBpm - 1) / s.milliBpm;
}

/** Finds the next event anew. Runs on: render thread, after each event and edit; at most TRACKS comparisons. */
export function schedule(): void {
  const s = sequencer();
  let next = s.running !== 0 ? frameAt(stepPosition(s.step)) : NEVER;
  if (s.running !== 0) {
    for (let i = 0; i < s.trackCount; i++) {
      const off = load<i64>(track(load<u8>(order(i))) + TRACK_OFF);
      if (off >= 0) next = min<i64>(next, frameAt(off));
    }
  }
  s.next = next;
  store<i32>(statusWord(STATUS_RUNNING), s.running);
  store<i32>(statusWord(STATUS_STEP), s.step);
}

function moveAnchor(): void {
  const s = sequencer();
  const now = session().frame;
  s.anchorPosition += (now - s.anchorFrame) * s.milliBpm;
  s.anchorFrame = now;
}

export function setTempo(milliBpm: i32): void {
  if (milliBpm <= 0) return;
  if (sequencer().running !== 0) moveAnchor();
  sequencer().milliBpm = milliBpm;
  schedule();
}

export function setSwing(amount: f32): void {
  if (!(amount >= 0 && amount <= 1)) return;
  sequencer().swing = amount;
  schedule();
}

/** Step 0 plays at this frame. */
export function startSequencer(): void {
  const s = sequencer();
  s.running = 1;
  s.step = 0;
  s.anchorFrame = session().frame;
  s.anchorPosition = 0;
  schedule();
}

/** Closes every gate the tracks hold; `all`: every gate there is. */
export function stopSequencer(all: bool): void {
  const s = sequencer();
  s.running = 0;
  releaseTracks();
  if (all) for (let v = 0; v < session().voices; v++) gateVoice(v, false, 0, 0, NO_TRACK);
  schedule();
}

function releaseTracks(): void {
  for (let i = 0; i < sequencer().trackCount; i++) releaseTrack(load<u8>(order(i)));
}

/** Ends the note of a track, unless another has taken the voice since. */
function releaseTrack(index: i32): void {
  const at = track(index);
  if (load<i64>(at + TRACK_OFF) < 0) return;
  store<i64>(at + TRACK_OFF, -1);
  const voice = load<i32>(word(at, TRACK_VOICE));
  if (voice >= 0 && voice < session().voices && ownerOf(voice) === index)
    gateVoice(voice, false, 0, 0, NO_TRACK);
}

/** Gives the number of words read, 0 when the staged content is no track. */
export function putTrack(index: i32, content: usize, words: i32): i32 {
  if (index < 0 || index >= TRACKS || words < TRACK_HEADER_WORDS) return 0;
  const steps = load<i32>(word(content, TRACK_STEP_COUNT));
  const notes = load<i32>(word(content, TRACK_NOTE_COUNT));
  if (steps < 1 || steps > MAX_STEPS || notes < 0 || notes > MAX_NOTES) return 0;
  if (TRACK_HEADER_WORDS + steps + notes > words) return 0;
  const at = track(index);
  const playing = load<i32>(word(at, TRACK_NOTE_INDEX));
  if (load<i32>(at + TRACK_ACTIVE) === 0) {
    store<i32>(at + TRACK_ACTIVE, 1);
    store<i64>(at + TRACK_OFF, -1);
    store<u8>(order(sequencer().trackCount++), <u8>index);
  } else if (load<i32>(word(at, TRACK_VOICE)) !== load<i32>(word(content, TRACK_VOICE))) {
    releaseTrack(index);
  }
  memory.copy(at, content, (<usize>TRACK_HEADER_WORDS) << 2);
  // A note index below 0 means: go on where the list is.
  const first = load<i32>(word(at, TRACK_NOTE_INDEX));
  store<i32>(word(at, TRACK_NOTE_INDEX), notes > 0 ? (first < 0 ? playing : first) % notes : 0);
  store<i32>(statusWord(STATUS_NOTE_INDEX + index), load<i32>(word(at, TRACK_NOTE_INDEX)));
  memory.copy(at + TRACK_STEPS, word(content, TRACK_HEADER_WORDS), (<usize>steps) << 2);
  memory.copy(at + TRACK_NOTES, word(content, TRACK_HEADER_WORDS + steps), (<usize>notes) << 2);
  schedule();
  return TRACK_HEADER_WORDS + steps + notes;
}

export function removeTrack(index: i32): void {
  if (index < 0 || index >= TRACKS || load<i32>(track(index) + TRACK_ACTIVE) === 0) return;
  releaseTrack(index);
  store<i32>(track(index) + TRACK_ACTIVE, 0);
  const s = sequencer();
  let to = 0;
  for (let i = 0; i < s.trackCount; i++) {
    const held = load<u8>(order(i));
    if (<i32>held !== index) store<u8>(order(to++), held);
  }
  s.trackCount = to;
  schedule();
}

export function clearTracks(): void {
  const s = sequencer();
  releaseTracks();
  for (let i = 0; i < s.trackCount; i++) store<i32>(track(load<u8>(order(i))) + TRACK_ACTIVE, 0);
  s.trackCount = 0;
  schedule();
}

/** The track no longer sets these fields of its voice. */
export function forgetFields(index: i32, fields: i32): void {
  if (index < 0 || index >= TRACKS) return;
  const at = word(track(index), TRACK_GIVEN);
  store<i32>(at, load<i32>(at) & ~fields);
}

/** Plays what is due at this frame: ends of notes, then the step. False: the step is a bar and a load waits there. */
export function playDue(): void {
  const s = sequencer();
  const now = session().frame;
  for (let i = 0; i < s.trackCount; i++) {
    const index = <i32>load<u8>(order(i));
    const off = load<i64>(track(index) + TRACK_OFF);
    if (off >= 0 && frameAt(off) <= now) releaseTrack(index);
  }
  if (frameAt(stepPosition(s.step)) <= now) {
    const step = s.step++;
    for (let i = 0; i < s.trackCount; i++) playStep(<i32>load<u8>(order(i)), step);
  }
  schedule();
}

/** True when the next event is the first step of a bar and it is due at this frame. */
export function atBar(): bool {
  const s = sequencer();
  return s.step > 0 && (s.step & 15) === 0 && frameAt(stepPosition(s.step)) <= session().frame;
}

function playStep(index: i32, step: i32): void {
  const at = track(index);
  const velocity = load<f32>(word(at + TRACK_STEPS, step % load<i32>(word(at, TRACK_STEP_COUNT))));
  const voice = load<i32>(word(at, TRACK_VOICE));
  if (!(velocity > 0) || voice < 0 || voice >= session().voices) return;

  const given = load<i32>(word(at, TRACK_GIVEN));
  for (let f = 0; f < TRACK_FIELD_COUNT; f++) {
    const param = load<i32>(word(TRACK_FIELD_PARAMS, f));
    if (((given >> f) & 1) === 0 || param === VOICE_FREQ) continue;
    setParam((MODULE_VOICE << 16) | (voice << 8) | param, load<f32>(word(at, TRACK_BASE_FREQ + f)));
  }
  const notes = load<i32>(word(at, TRACK_NOTE_COUNT));
  if (notes > 0) {
    const n = load<i32>(word(at, TRACK_NOTE_INDEX));
    noteVoice(voice, load<f32>(word(at + TRACK_NOTES, n % notes)));
    store<i32>(word(at, TRACK_NOTE_INDEX), (n + 1) % notes);
    store<i32>(statusWord(STATUS_NOTE_INDEX + index), (n + 1) % notes);
  } else if ((given & 1) !== 0) {
    noteVoice(voice, load<f32>(word(at, TRACK_BASE_FREQ)));
  }
  hitVoice(voice, load<f32>(word(at, TRACK_ACCENT_BOOST)) * (velocity - 0.5));
  gateVoice(voice, true, velocity, velocity >= ACCENT ? <f32>1 : <f32>0, index);
  const length = <i64>(<f64>load<f32>(word(at, TRACK_GATE_FRAC)) * <f64>stepUnits());
  store<i64>(at + TRACK_OFF, stepPosition(step) + length);
}
