/** What a step of a track does. Runs on: render thread, at the frame of the step; cost of a hit about 1 µs. */
import {
  ACCENT_VELOCITY,
  LOCK_GATE_FRAC,
  LOCK_VELOCITY,
  LOCK_WORDS,
  MODULE_VOICE,
  NORMAL_VELOCITY,
  STEP_ACCENT,
  STEP_REST,
  STEP_TIE,
  TRACK_ACCENT_BOOST,
  TRACK_BASE_FREQ,
  TRACK_FIELD_COUNT,
  TRACK_FIELD_PARAMS,
  TRACK_FLAG_MUTED,
  TRACK_FLAG_SOLO,
  TRACK_FLAGS,
  TRACK_GATE_FRAC,
  TRACK_GIVEN,
  TRACK_LENGTH,
  TRACK_LOCK_COUNT,
  TRACK_NOTE_COUNT,
  TRACK_NOTE_INDEX,
  TRACK_STEP_COUNT,
  TRACK_VOICE,
  VOICE_FREQ,
} from './generated/layout';
import { gateVoice, hitVoice, NO_TRACK, noteVoice, ownerOf } from './gates';
import { holdParam, letGo, setForGood } from './locks';
import { sequencer } from './sequencer';
import { session } from './session';
import {
  header,
  headerInt,
  LOCKS,
  NOTES,
  playing,
  setNoteIndex,
  stepLength,
  STEPS,
  track,
  trackPosition,
} from './tracks';

/** The word of a step: kind (bits 0-7), ratchet (8-15), chance (16-23). Beyond its pattern a track rests. */
function stepAt(index: i32, place: i32): i32 {
  return place < headerInt(index, TRACK_STEP_COUNT)
    ? load<i32>(track(index) + STEPS + ((<usize>place) << 2))
    : STEP_REST;
}
function kindAt(index: i32, step: i32): i32 {
  return stepAt(index, step % headerInt(index, TRACK_LENGTH)) & 255;
}

/** True for `percent` of all calls; the same for the same calls before. Source: splitmix64 (Steele, Lea, Flood 2014). */
function happens(percent: i32): bool {
  if (percent >= 100) return true;
  if (percent <= 0) return false;
  let z = <u64>++sequencer().draws * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return <i32>(((z >> 32) * 100) >> 32) < percent;
}

/** True when it is muted, or another is solo. */
export function isSilent(index: i32): bool {
  const flags = headerInt(index, TRACK_FLAGS);
  return (flags & TRACK_FLAG_MUTED) !== 0 || (sequencer().solos > 0 && (flags & TRACK_FLAG_SOLO) === 0);
}

/** Ends the note of a track, unless another has taken the voice since. */
export function releaseTrack(index: i32): void {
  const p = playing(index);
  p.tied = 0;
  p.ratchetLeft = 0;
  if (p.off < 0) return;
  p.off = -1;
  const voice = headerInt(index, TRACK_VOICE);
  if (voice >= 0 && voice < session().voices && ownerOf(voice) === index)
    gateVoice(voice, false, 0, 0, NO_TRACK);
}

/** Plays its next step. */
export function playStep(index: i32): void {
  const p = playing(index);
  const step = p.next++;
  const place = step % headerInt(index, TRACK_LENGTH);
  const word = stepAt(index, place);
  const kind = word & 255;
  const voice = headerInt(index, TRACK_VOICE);
  const rests = kind === STEP_REST || (kind !== STEP_TIE && !happens((word >> 16) & 255));
  const silent = isSilent(index) || voice < 0 || voice >= session().voices;
  const position = trackPosition(index, step);
  if (rests || kind === STEP_TIE) {
    if (!silent && locksStep(index, place)) {
      letGo(index);
      lockParams(index, place);
    }
    if (kind === STEP_TIE && p.tied !== 0 && p.off >= 0)
      p.off = noteEnd(index, step, position, stepLength(index));
    else p.tied = 0;
    return;
  }
  const notes = headerInt(index, TRACK_NOTE_COUNT);
  const note = headerInt(index, TRACK_NOTE_INDEX);
  // A silent track goes on in its melody, so that it is in place when it is heard again.
  if (notes > 0) setNoteIndex(index, (note + 1) % notes);
  if (silent) {
    letGo(index);
    p.tied = 0;
    p.ratchetLeft = 0;
    return;
  }
  letGo(index);
  writeFields(index, voice);
  const given = headerInt(index, TRACK_GIVEN);
  if (notes > 0) noteVoice(voice, load<f32>(track(index) + NOTES + ((<usize>(note % notes)) << 2)));
  else if ((given & 1) !== 0) noteVoice(voice, load<f32>(header(index, TRACK_BASE_FREQ)));
  p.gateFrac = load<f32>(header(index, TRACK_GATE_FRAC));
  p.ratchetVelocity = kind === STEP_ACCENT ? ACCENT_VELOCITY : NORMAL_VELOCITY;
  lockParams(index, place);
  p.ratchetAccent = kind === STEP_ACCENT ? 1 : 0;
  p.ratchetBoost = load<f32>(header(index, TRACK_ACCENT_BOOST)) * (p.ratchetVelocity - 0.5);
  p.ratchetCount = max<i32>(1, (word >> 8) & 255);
  p.ratchetLeft = p.ratchetCount;
  p.ratchetStart = position;
  // The hits of a ratchet share the time there is until the next step; swing makes it shorter or longer.
  p.ratchetLength = p.ratchetCount > 1 ? trackPosition(index, p.next) - position : stepLength(index);
  playHit(index);
}

/** The next hit of the step: the only one, or one of a ratchet. */
export function playHit(index: i32): void {
  const p = playing(index);
  const voice = headerInt(index, TRACK_VOICE);
  const position = hitPosition(index);
  p.ratchetLeft--;
  hitVoice(voice, p.ratchetBoost);
  gateVoice(voice, true, p.ratchetVelocity, p.ratchetAccent !== 0 ? <f32>1 : <f32>0, index);
  const length = p.ratchetLength / <i64>p.ratchetCount;
  if (p.ratchetLeft > 0) {
    p.off = position + gateUnits(p.gateFrac, length);
    return;
  }
  p.tied = kindAt(index, p.next) === STEP_TIE ? 1 : 0;
  p.off = noteEnd(index, p.next - 1, position, length);
}

/** Position of the next hit of a ratchet; it is due only while `ratchetLeft` is above 0. */
export function hitPosition(index: i32): i64 {
  const p = playing(index);
  return p.ratchetStart + (p.ratchetLength * <i64>(p.ratchetCount - p.ratchetLeft)) / <i64>p.ratchetCount;
}

function gateUnits(gateFrac: f32, length: i64): i64 {
  return <i64>(<f64>gateFrac * <f64>length);
}

/** Where the note that sounds in this step ends: in the step itself, or in the tie behind it. */
function noteEnd(index: i32, step: i32, position: i64, length: i64): i64 {
  const p = playing(index);
  if (kindAt(index, step + 1) !== STEP_TIE) return position + gateUnits(p.gateFrac, length);
  return trackPosition(index, step + 1) + gateUnits(p.gateFrac, stepLength(index));
}

/** The values the track was given, but the pitch, which belongs to the note. */
function writeFields(index: i32, voice: i32): void {
  const given = headerInt(index, TRACK_GIVEN);
  for (let f = 0; f < TRACK_FIELD_COUNT; f++) {
    const param = load<i32>(TRACK_FIELD_PARAMS + ((<usize>f) << 2));
    if (((given >> f) & 1) === 0 || param === VOICE_FREQ) continue;
    setForGood((MODULE_VOICE << 16) | (voice << 8) | param, load<f32>(header(index, TRACK_BASE_FREQ + f)));
  }
}

function lock(index: i32, i: i32): usize {
  return track(index) + LOCKS + ((<usize>(LOCK_WORDS * i)) << 2);
}
function locksStep(index: i32, place: i32): bool {
  const count = headerInt(index, TRACK_LOCK_COUNT);
  for (let i = 0; i < count; i++) if (load<i32>(lock(index, i)) === place) return true;
  return false;
}

/** What this step holds of parameters, or changes in its hit. */
function lockParams(index: i32, place: i32): void {
  const count = headerInt(index, TRACK_LOCK_COUNT);
  const p = playing(index);
  for (let i = 0; i < count; i++) {
    const at = lock(index, i);
    if (load<i32>(at) !== place) continue;
    const address = load<i32>(at, 4);
    const value = load<f32>(at, 8);
    if (address === LOCK_VELOCITY) p.ratchetVelocity = max<f32>(0, min<f32>(value, 1));
    else if (address === LOCK_GATE_FRAC) p.gateFrac = max<f32>(0, value);
    else holdParam(address, value, index);
  }
}
