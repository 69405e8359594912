/** Gates: who holds a voice and until when, which voice a note takes, and the acid envelope that goes with a voice. */
import {
  ACID_VOICE,
  MAX_VOICES,
  MODULE_ACID,
  MODULE_VOICE,
  TRACK_VOICE,
  VOICE_FREQ,
} from './generated/layout';
import { Header } from './cell.lane';
import { LANES } from './lane.lane';
import { paramCell, setParam } from './params';
import { NEVER } from './queue';
import { schedule, sequencer } from './sequencer';
import { place, session } from './session';
import { positionAt, stepUnits } from './tempo';
import { headerInt, inTurn } from './tracks';
import { acidGateOff, acidGateOn } from '../../modules/acid/kernel';
import {
  voiceGateOff,
  voiceGateOn,
  voiceHitCutoff,
  voiceNote,
  voicePanic,
} from '../../modules/voice/kernel-events';

/** Nobody's track: a gate opened by a player. */
export const NO_TRACK: i32 = -1;
/** As the voice of a note: any that is free. */
const ANY_VOICE: i32 = -1;

/** Of each voice. */
@unmanaged
class Gate {
  /** Position at which its note ends by itself; -1: somebody else ends it. */
  end: i64;
  /** Frame at which it was opened or closed last. */
  since: i64;
  /** The track whose note it plays, or NO_TRACK. */
  owner: i32;
  open: i32;
}
const GATE_BYTES: usize = 24;
/** Notes that end by themselves, then the gates. */
const GATES_AT: usize = 8;
export const GATES_BYTES: usize = GATES_AT + <usize>MAX_VOICES * GATE_BYTES;

function gate(voice: i32): Gate {
  return changetype<Gate>(session().gates + GATES_AT + <usize>voice * GATE_BYTES);
}
function ending(): i32 {
  return load<i32>(session().gates);
}
function setEnd(g: Gate, position: i64): void {
  store<i32>(session().gates, ending() + (position >= 0 ? 1 : 0) - (g.end >= 0 ? 1 : 0));
  g.end = position;
}

export function initGates(): void {
  for (let v = 0; v < MAX_VOICES; v++) {
    gate(v).owner = NO_TRACK;
    gate(v).end = -1;
  }
}

/** The track whose note a voice plays, or NO_TRACK. */
export function ownerOf(voice: i32): i32 {
  return gate(voice).owner;
}

/** Number of the voice the acid filter stands in for, from 0; -1: none. */
export function acidVoice(): i32 {
  return <i32>load<f32>(paramCell((MODULE_ACID << 16) | ACID_VOICE)) - 1;
}

/** Its group of lanes; 0: its unit is bypassed, and it hears nothing. */
function groupOf(voice: i32): usize {
  const voices = place(MODULE_VOICE);
  const group = voices.base + <usize>(voice / LANES) * voices.stride;
  return changetype<Header>(group).bypassed !== 0 ? 0 : group;
}

/** Opens or closes a voice at this frame. `by`: the track that plays, or NO_TRACK. */
export function gateVoice(voice: i32, on: bool, velocity: f32, accent: f32, by: i32): void {
  if (voice < 0 || voice >= session().voices) return;
  const g = gate(voice);
  g.owner = by;
  setEnd(g, -1);
  if (on || g.open !== 0) g.since = session().frame;
  g.open = on ? 1 : 0;
  const group = groupOf(voice);
  const lane = voice % LANES;
  if (group !== 0) {
    if (on) {
      if (by === NO_TRACK) voiceHitCutoff(group, lane, 0);
      voiceGateOn(group, lane, velocity, session().sampleRate);
    } else voiceGateOff(group, lane, session().sampleRate);
  }
  if (voice === acidVoice()) gateAcid(on, accent);
}

function gateAcid(on: bool, accent: f32): void {
  const acid = place(MODULE_ACID);
  const header = changetype<Header>(acid.base);
  if (header.bypassed !== 0) return;
  if (on) acidGateOn(acid.state, accent);
  else acidGateOff(acid.state);
  header.dirty |= 1;
  header.asleep = 0;
}

/** The pitch of the next hit. */
export function noteVoice(voice: i32, hz: f32): void {
  if (voice < 0 || voice >= session().voices) return;
  const group = groupOf(voice);
  if (group !== 0) voiceNote(group, voice % LANES, hz);
  else setParam((MODULE_VOICE << 16) | (voice << 8) | VOICE_FREQ, hz);
}
/** What the next hit adds to the cutoff. */
export function hitVoice(voice: i32, hz: f32): void {
  const group = groupOf(voice);
  if (group !== 0) voiceHitCutoff(group, voice % LANES, hz);
}
/** Closes a voice in 5 ms. */
export function panicVoice(voice: i32): void {
  gateVoice(voice, false, 0, 0, NO_TRACK);
  const group = groupOf(voice);
  if (group !== 0) voicePanic(group, voice % LANES, session().sampleRate);
}

/** The note of that voice, whoever played it, ends by itself at that position. */
export function holdNote(voice: i32, position: i64): void {
  const g = gate(voice);
  g.owner = NO_TRACK;
  setEnd(g, position);
}

/**
 * Plays a note of so many beats (0: until its gate is closed). `voice` ANY_VOICE: the one that has been silent longest,
 * or, where all sound, the one that sounds longest. Velocity 0 ends the note: with ANY_VOICE the oldest of that pitch.
 * Runs on: render thread; at most MAX_VOICES comparisons.
 */
export function playNote(voice: i32, hz: f32, velocity: f32, beats: f32): void {
  if (voice === ANY_VOICE) voice = velocity > 0 ? freeVoice() : voiceOfNote(hz);
  if (voice < 0 || voice >= session().voices || !(hz > 0)) return;
  if (!(velocity > 0)) {
    gateVoice(voice, false, 0, 0, NO_TRACK);
    return;
  }
  noteVoice(voice, hz);
  gateVoice(voice, true, velocity, velocity >= 1 ? <f32>1 : <f32>0, NO_TRACK);
  if (beats > 0) {
    setEnd(gate(voice), positionAt(session().frame) + <i64>(<f64>beats * 4 * <f64>stepUnits()));
    schedule();
  }
}

/**
 * A voice for a note: closed before open, then the one that has been so longest. Voices of tracks, that of the acid
 * filter and those that are bypassed are taken only when there are no others.
 */
function freeVoice(): i32 {
  const acid = acidVoice();
  let best = -1;
  let bestRank = i32.MAX_VALUE;
  for (let v = 0; v < session().voices; v++) {
    const g = gate(v);
    const rank =
      (g.open !== 0 ? 1 : 0) + (v === acid ? 2 : 0) + (isTracks(v) ? 4 : 0) + (groupOf(v) === 0 ? 8 : 0);
    if (rank > bestRank) continue;
    if (rank === bestRank && g.since >= gate(best).since) continue;
    best = v;
    bestRank = rank;
  }
  return best;
}
/** The open voice of a player that has had this pitch longest; -1: none. */
function voiceOfNote(hz: f32): i32 {
  let best = -1;
  for (let v = 0; v < session().voices; v++) {
    const g = gate(v);
    if (g.open === 0 || g.owner !== NO_TRACK || pitchOf(v) !== hz) continue;
    if (best < 0 || g.since < gate(best).since) best = v;
  }
  return best;
}
function pitchOf(voice: i32): f32 {
  return load<f32>(paramCell((MODULE_VOICE << 16) | (voice << 8) | VOICE_FREQ) + 4 * LANES);
}
function isTracks(voice: i32): bool {
  for (let i = 0; i < sequencer().trackCount; i++)
    if (headerInt(inTurn(i), TRACK_VOICE) === voice) return true;
  return false;
}

/** Position of the next end of a note that ends by itself, or NEVER. */
export function nextNoteEnd(): i64 {
  let next = NEVER;
  if (ending() === 0) return next;
  for (let v = 0; v < session().voices; v++) if (gate(v).end >= 0) next = min<i64>(next, gate(v).end);
  return next;
}
/** Ends the notes that end by themselves at or before a position. */
export function endNotesDue(position: i64): void {
  if (ending() === 0) return;
  for (let v = 0; v < session().voices; v++)
    if (gate(v).end >= 0 && gate(v).end <= position) gateVoice(v, false, 0, 0, NO_TRACK);
}
