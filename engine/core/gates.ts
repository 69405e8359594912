/** Gates: who holds a voice, and the acid envelope that goes with it. */
import { ACID_VOICE, MAX_VOICES, MODULE_ACID, MODULE_VOICE } from './generated/layout';
import { Header } from './cell.lane';
import { LANES } from './lane.lane';
import { paramCell } from './params';
import { place, session } from './session';
import { acidGateOff, acidGateOn } from '../../modules/acid/kernel';
import { voiceGateOff, voiceGateOn, voiceHitCutoff } from '../../modules/voice/kernel-events';

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

/** Opens or closes a voice at this frame. `by`: the track that plays, or NO_TRACK. */
export function gateVoice(voice: i32, on: bool, velocity: f32, accent: f32, by: i32): void {
  if (voice < 0 || voice >= session().voices) return;
  const voices = place(MODULE_VOICE);
  const group = voices.base + <usize>(voice / LANES) * voices.stride;
  const lane = voice % LANES;
  store<i32>(owner(voice), by);
  const acid = voice === acidVoice();
  if (on) {
    if (by === NO_TRACK) voiceHitCutoff(group, lane, 0);
    voiceGateOn(group, lane, velocity, session().sampleRate);
    if (acid) acidGateOn(place(MODULE_ACID).state, accent);
  } else {
    voiceGateOff(group, lane, session().sampleRate);
    if (acid) acidGateOff(place(MODULE_ACID).state);
  }
  if (acid) {
    const header = changetype<Header>(<usize>place(MODULE_ACID).base);
    header.dirty |= 1;
    header.asleep = 0;
  }
}
