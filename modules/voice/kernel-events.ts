/**
 * What happens to one voice at one frame: gates, notes, panic. Scalar: these are rare.
 * Runs on: render thread, at the frame of the event; cost under 1 µs.
 */
import { Header } from '../../engine/core/cell.lane';
import {
  VOICE_ADSR_ATTACK,
  VOICE_ADSR_DECAY,
  VOICE_ADSR_RELEASE,
  VOICE_ADSR_SUSTAIN,
  VOICE_FREQ,
} from '../../engine/core/generated/layout';
import { stageRate, stageTarget } from '../dsp/segment';
import { PARAM_CELL, Voice, voiceClear, voiceField, voiceParam } from './state.lane';

/** Curvature of the stages (see dsp/segment.ts). The attack is nearly straight, the rest falls like a capacitor. */
const ATTACK_BEND: f64 = 1.5;
const FALL_BEND: f64 = 5.0;
/** A held note glides to a new sustain level, and a panic to silence, in this time. */
const SHORT_SECONDS: f32 = 0.005;

function get(group: usize, lane: i32, field: usize): f32 {
  return load<f32>(voiceField(group, lane, field));
}
function put(group: usize, lane: i32, field: usize, x: f32): void {
  store<f32>(voiceField(group, lane, field), x);
}
function param(group: usize, lane: i32, index: i32): f32 {
  return load<f32>(voiceParam(group, lane, index));
}
function framesOf(seconds: f32, sampleRate: f32): f32 {
  return max<f32>(1.0, nearest<f32>(seconds * sampleRate));
}

/** The coefficients of this lane are made anew at this frame. */
export function voiceTouch(group: usize, lane: i32): void {
  const header = changetype<Header>(group);
  header.dirty |= 1 << lane;
  header.settle = 2;
  header.asleep = 0;
  header.quiet = 0;
}

/** True while the envelope of this voice is at rest at zero. */
export function voiceSilent(group: usize, lane: i32): bool {
  return (
    get(group, lane, offsetof<Voice>('env')) === 0 &&
    get(group, lane, offsetof<Voice>('envTarget')) === 0 &&
    get(group, lane, offsetof<Voice>('envLeft')) > 1e8
  );
}

/** Starts one stage from the present level. */
function stage(group: usize, lane: i32, bend: f64, end: f32, frames: f32): void {
  const start = get(group, lane, offsetof<Voice>('env'));
  put(group, lane, offsetof<Voice>('envEnd'), end);
  put(group, lane, offsetof<Voice>('envLeft'), frames);
  put(group, lane, offsetof<Voice>('envRate'), stageRate(bend, frames));
  put(group, lane, offsetof<Voice>('envTarget'), stageTarget(bend, start, end));
}

/**
 * Opens the gate: attack from the present level to `velocity`, then decay to sustain x velocity.
 * A voice that was silent starts as if nothing had been before: phase 0, filters of the noise empty.
 */
export function voiceGateOn(group: usize, lane: i32, velocity: f32, sampleRate: f32): void {
  if (voiceSilent(group, lane)) {
    store<i32>(voiceField(group, lane, offsetof<Voice>('phase')), 0);
    store<i32>(voiceField(group, lane, offsetof<Voice>('slave')), 0);
    clearPink(group, lane);
    clearBrown(group, lane);
    put(group, lane, offsetof<Voice>('fresh'), 1);
  }
  put(group, lane, offsetof<Voice>('open'), 1);
  put(group, lane, offsetof<Voice>('velocity'), velocity);
  stage(group, lane, ATTACK_BEND, velocity, framesOf(param(group, lane, VOICE_ADSR_ATTACK), sampleRate));
  put(group, lane, offsetof<Voice>('attacking'), 1);
  const end = velocity * param(group, lane, VOICE_ADSR_SUSTAIN);
  const frames = framesOf(param(group, lane, VOICE_ADSR_DECAY), sampleRate);
  put(group, lane, offsetof<Voice>('decayEnd'), end);
  put(group, lane, offsetof<Voice>('decayFrames'), frames);
  put(group, lane, offsetof<Voice>('decayRate'), stageRate(FALL_BEND, frames));
  put(group, lane, offsetof<Voice>('decayTarget'), stageTarget(FALL_BEND, velocity, end));
  put(group, lane, offsetof<Voice>('pitchEnv'), 1);
  put(group, lane, offsetof<Voice>('jump'), 1);
  voiceTouch(group, lane);
}

/** Closes the gate: release to exact silence. Without effect on a silent voice. */
export function voiceGateOff(group: usize, lane: i32, sampleRate: f32): void {
  fall(group, lane, framesOf(param(group, lane, VOICE_ADSR_RELEASE), sampleRate));
}

/** Silence within 5 ms, whatever the release. */
export function voicePanic(group: usize, lane: i32, sampleRate: f32): void {
  fall(group, lane, framesOf(SHORT_SECONDS, sampleRate));
}

function fall(group: usize, lane: i32, frames: f32): void {
  put(group, lane, offsetof<Voice>('open'), 0);
  if (voiceSilent(group, lane)) return;
  stage(group, lane, FALL_BEND, 0, frames);
  put(group, lane, offsetof<Voice>('attacking'), 0);
  voiceTouch(group, lane);
}

/** The sustain level has changed: a held note follows, an attack will decay to the new level. */
export function voiceSustain(group: usize, lane: i32, sampleRate: f32): void {
  const velocity = get(group, lane, offsetof<Voice>('velocity'));
  const end = velocity * param(group, lane, VOICE_ADSR_SUSTAIN);
  if (get(group, lane, offsetof<Voice>('attacking')) !== 0) {
    put(group, lane, offsetof<Voice>('decayEnd'), end);
    put(group, lane, offsetof<Voice>('decayTarget'), stageTarget(FALL_BEND, velocity, end));
  } else if (get(group, lane, offsetof<Voice>('open')) !== 0) {
    const left = get(group, lane, offsetof<Voice>('envLeft'));
    const short = framesOf(SHORT_SECONDS, sampleRate);
    stage(group, lane, FALL_BEND, end, left < 1e8 ? max<f32>(left, short) : short);
  }
}

/** The pitch a hit plays: at once, or by the voice's glide. */
export function voiceNote(group: usize, lane: i32, hz: f32): void {
  const at = voiceParam(group, lane, VOICE_FREQ);
  store<f32>(at, hz);
  store<f32>(at + PARAM_CELL, hz);
  store<f32>(at + 2 * PARAM_CELL, 0);
  voiceFirstPitch(group, lane, hz);
  put(group, lane, offsetof<Voice>('jump'), 1);
  voiceTouch(group, lane);
}

/** A voice that has never sounded has no pitch to glide from. */
export function voiceFirstPitch(group: usize, lane: i32, hz: f32): void {
  if (get(group, lane, offsetof<Voice>('velocity')) === 0) put(group, lane, offsetof<Voice>('glideHz'), hz);
}

/** What the hit adds to the cutoff until the next one. */
export function voiceHitCutoff(group: usize, lane: i32, hz: f32): void {
  put(group, lane, offsetof<Voice>('hitCutoff'), hz);
}

/** Empty the filters that colour the noise. */
function clearPink(group: usize, lane: i32): void {
  put(group, lane, offsetof<Voice>('pink0'), 0);
  put(group, lane, offsetof<Voice>('pink1'), 0);
  put(group, lane, offsetof<Voice>('pink2'), 0);
  put(group, lane, offsetof<Voice>('pink3'), 0);
  put(group, lane, offsetof<Voice>('pink4'), 0);
  put(group, lane, offsetof<Voice>('pink5'), 0);
  put(group, lane, offsetof<Voice>('pink6'), 0);
}
function clearBrown(group: usize, lane: i32): void {
  put(group, lane, offsetof<Voice>('brown'), 0);
  put(group, lane, offsetof<Voice>('brownDc'), 0);
}

/** Before the waveform changes: noise that is not heard starts with empty filters, whatever ran through them meanwhile. */
export function voiceFreshNoise(group: usize, lane: i32): void {
  const pink = get(group, lane, offsetof<Voice>('pink')) + get(group, lane, offsetof<Voice>('pinkEnd'));
  const brown =
    get(group, lane, offsetof<Voice>('brownLevel')) + get(group, lane, offsetof<Voice>('brownLevelEnd'));
  if (pink === 0) clearPink(group, lane);
  if (brown === 0) clearBrown(group, lane);
}

/**
 * Begins a voice anew that is no longer finite. If its gate is open it starts its attack again, from silence: a dropped
 * note would be worse than a late one. The caller makes its coefficients.
 */
export function voiceHeal(group: usize, lane: i32, sampleRate: f32): void {
  const open = get(group, lane, offsetof<Voice>('open')) === 1;
  const velocity = get(group, lane, offsetof<Voice>('velocity'));
  voiceClear(group, lane);
  put(group, lane, offsetof<Voice>('fresh'), 1);
  if (open && velocity > 0 && velocity <= 1) voiceGateOn(group, lane, velocity, sampleRate);
  voiceTouch(group, lane);
}

/** Fault injection: the low-pass holds what is not a number. */
export function voicePoison(group: usize, lane: i32): void {
  put(group, lane, offsetof<Voice>('ic1'), NaN);
}
