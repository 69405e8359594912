/** Gates: who holds a voice, and the acid envelope that goes with it. */
import { ACID_VOICE, MAX_VOICES, MODULE_ACID, MODULE_VOICE, VOICE_FREQ } from './generated/layout';
import { Header } from './cell.lane';
import { LANES } from './lane.lane';
import { paramCell, setParam } from './params';
import { place, session } from './session';
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
export const GATES_BYTES: usize = (<usize>MAX_VOICES) << 2;

function owner(voice: i32): usize {
  return session().gates + ((<usize>voice) << 2);
}
/** The track whose note a voice plays, or NO_TRACK. */
export function ownerOf(voice: i32): i32 {
  return load<i32>(owner(voice));
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
  store<i32>(owner(voice), by);
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
  const group = groupOf(voice);
  if (group !== 0) voiceNote(group, voice % LANES, hz);
  else setParam((MODULE_VOICE << 16) | (voice << 8) | VOICE_FREQ, hz);
}
/** What the next hit adds to the cutoff. */
export function hitVoice(voice: i32, hz: f32): void {
  const group = groupOf(voice);
  if (group !== 0) voiceHitCutoff(group, voice % LANES, hz);
}
export function panicVoice(voice: i32): void {
  gateVoice(voice, false, 0, 0, NO_TRACK);
  const group = groupOf(voice);
  if (group !== 0) voicePanic(group, voice % LANES, session().sampleRate);
}
