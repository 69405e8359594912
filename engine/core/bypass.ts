/** Takes units out of the signal and back in, and makes them fail on purpose. Runs on: render thread, where the entry acts. */
import { joinAcid, leaveAcid, leaveTap } from './acid-place';
import { Header, HEADER_BYTES } from './cell.lane';
import {
  CELL_FRAMES,
  CHAOS_NAN,
  CHAOS_POISON,
  CHAOS_TRAP_ALWAYS,
  DISTORTION_LATENCY,
  LIMITER_LATENCY,
  MAX_STRIKES,
  MAX_UNITS,
  MODULE_ACID,
  MODULE_DELAY,
  MODULE_DISTORTION,
  MODULE_LFO,
  MODULE_LIMITER,
  MODULE_METER,
  MODULE_REVERB,
  MODULE_VOICE,
  UNIT_VOICES,
} from './generated/layout';
import { LANES } from './lane.lane';
import { clearLevels } from './meter';
import { landRamps, mendParams } from './params';
import { place, session } from './session';
import {
  COMES,
  enter,
  fadeFrames,
  fading,
  FILLS,
  GONE,
  indexOf,
  isOut,
  publish,
  RETURNS,
  RUNS,
  setPhase,
  shareAt,
  typeOf,
  Unit,
  unit,
} from './units';
import { acidInit } from '../../modules/acid/kernel';
import { delayInit } from '../../modules/delay/kernel';
import { distortionInit } from '../../modules/distortion/kernel';
import { lfoInit } from '../../modules/lfo/kernel';
import { limiterInit } from '../../modules/limiter/kernel';
import { reverbInit } from '../../modules/reverb/kernel';
import { voicePoison } from '../../modules/voice/kernel-events';
import { voiceLeave } from '../../modules/voice/sound.lane';
import { voiceAnew } from '../../modules/voice/state.lane';

/** Blocks (instances, groups of voices) of a unit: the first, and the one behind the last. */
function firstBlock(type: i32, index: i32): i32 {
  return type === MODULE_VOICE ? (index * UNIT_VOICES) / LANES : index;
}
function endBlock(type: i32, index: i32): i32 {
  return type === MODULE_VOICE ? min<i32>(firstBlock(type, index + 1), session().groups) : index + 1;
}
function blockAt(type: i32, block: i32): usize {
  return place(type).base + <usize>block * place(type).stride;
}

/** Out (`on`) or back in. `strike`: it has trapped or hung; after MAX_STRIKES of these it stays out. */
export function bypassUnit(n: i32, on: bool, strike: bool): void {
  const type = typeOf(n);
  if (type < 0) return;
  const u = unit(n);
  if (on) {
    if (strike) u.strikes++;
    if (u.armed !== CHAOS_TRAP_ALWAYS + 1) u.armed = 0;
    u.bypassed = 1;
    if (isOut(u)) u.phase = GONE;
    else leave(n, type, u);
  } else if (u.bypassed !== 0 && u.strikes < MAX_STRIKES) {
    // At the next point of the grid, as rings are written in runs that must not cross it.
    u.bypassed = 0;
    u.phase = RETURNS;
  }
  publish(n);
}

/** From here on nothing calls the unit: what it gave last fades. */
function leave(n: i32, type: i32, u: Unit): void {
  // The effects are faded at their input when they come back.
  const whole = type === MODULE_REVERB || type === MODULE_DELAY;
  setPhase(u, GONE, whole ? 1 : shareAt(u, session().frame - 1));
  const index = indexOf(n, type);
  for (let b = firstBlock(type, index); b < endBlock(type, index); b++) {
    const block = blockAt(type, b);
    const header = changetype<Header>(block);
    header.bypassed = 1;
    if (type !== MODULE_VOICE) continue;
    if (header.asleep === 0) leaveTap(u, block);
    voiceLeave(block, <i32>(session().frame & 63));
    // Asleep, it costs nothing, and takes new values at once.
    header.asleep = 1;
    header.moving = 0;
    landRamps(block, type);
  }
  if (type === MODULE_ACID) leaveAcid(u);
  if (type === MODULE_METER) clearLevels();
}

/** What it gave was not finite: out, without a fade, and back from the next point of the grid on. Counted by the caller. */
export function beginUnitAnew(n: i32): void {
  const u = unit(n);
  const type = typeOf(n);
  mendParams(type, indexOf(n, type));
  setPhase(u, RETURNS, 0);
  u.since -= <i64>fadeFrames();
  changetype<Header>(blockAt(type, indexOf(n, type))).bypassed = 1;
  publish(n);
}

/** Units on their way back. Runs on: render thread, at the grid, while there are any. */
export function moveUnits(): void {
  const frame = session().frame;
  for (let n = 0; n < MAX_UNITS; n++) {
    const u = unit(n);
    if (u.phase <= GONE || (fading(u, frame) && u.phase !== FILLS)) continue;
    const type = typeOf(n);
    if (u.phase === RETURNS) comeBack(n, type, u);
    else if (u.phase === COMES) setPhase(u, RUNS, 1);
    else if (frame - u.since >= <i64>fillFrames(type)) setPhase(u, COMES, 0);
    publish(n);
  }
}

/** Frames until what it gives is what it would give had it always run. */
function fillFrames(type: i32): i32 {
  // The distortion's filters are twice as long as its delay.
  return type === MODULE_DISTORTION ? 2 * DISTORTION_LATENCY : LIMITER_LATENCY;
}

/** Its memory as at the start, its parameters as they are. Most for the delay: 769 KB to clear at 48 kHz. */
function comeBack(n: i32, type: i32, u: Unit): void {
  const index = indexOf(n, type);
  enter(n);
  for (let b = firstBlock(type, index); b < endBlock(type, index); b++) {
    const block = blockAt(type, b);
    const header = changetype<Header>(block);
    header.bypassed = 0;
    header.dirty = 0;
    header.quiet = 0;
    initBlock(type, b, true);
  }
  if (type === MODULE_ACID) joinAcid();
  if (type === MODULE_DISTORTION || type === MODULE_LIMITER) setPhase(u, FILLS, 0);
  else if (type === MODULE_REVERB || type === MODULE_DELAY || type === MODULE_LFO) setPhase(u, COMES, 0);
  // Voices wait for a gate, the acid filter comes as it comes to any voice, levels rise by themselves.
  else setPhase(u, RUNS, 1);
}

/** Starts one block; `used`: its memory is to be cleared before. */
export function initBlock(type: i32, index: i32, used: bool): void {
  const at = place(type);
  const block = blockAt(type, index);
  if (type === MODULE_VOICE) {
    voiceAnew(block, index * LANES);
    return;
  }
  const s = at.state + <usize>index * at.stride;
  if (used) memory.fill(s, 0, block + at.stride - s);
  const rate = session().sampleRate;
  if (type === MODULE_ACID) acidInit(s, rate);
  else if (type === MODULE_DISTORTION) distortionInit(s, rate);
  else if (type === MODULE_REVERB) reverbInit(s, rate);
  else if (type === MODULE_DELAY) delayInit(s, rate);
  else if (type === MODULE_LIMITER) limiterInit(s, rate);
  else if (type === MODULE_LFO) lfoInit(s, index);
}

/** `subject`: a unit; a voice for 'nan'. */
export function chaos(fault: i32, subject: i32): void {
  if (fault === CHAOS_POISON) unreachable();
  if (fault === CHAOS_NAN) {
    if (subject < 0 || subject >= session().voices) return;
    const group = blockAt(MODULE_VOICE, subject / LANES);
    if (changetype<Header>(group).bypassed === 0) voicePoison(group, subject % LANES);
    return;
  }
  if (typeOf(subject) < 0 || fault < 0 || fault > CHAOS_NAN) return;
  // Taken out for this very fault, in a block that is rendered once more: it has happened.
  if (unit(subject).bypassed !== 0 && fault !== CHAOS_TRAP_ALWAYS) return;
  unit(subject).armed = fault + 1;
  publish(subject);
}
