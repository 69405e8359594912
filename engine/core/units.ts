/**
 * Units: what is bypassed, or made to fail, by itself (engine/registry/units.ts). Each has a place in the state with what
 * it gave last, so that it can fade out after a trap. While session().attention is 0 nobody looks at them.
 */
import {
  CELL_FRAMES,
  CHAOS_HANG,
  MAX_UNITS,
  MODULE_TYPES,
  MODULE_VOICE,
  STATUS_POISONED,
  STATUS_UNIT,
  UNIT_BASES,
  UNIT_BYPASSED,
  UNIT_STRIKES_SHIFT,
  UNIT_VOICES,
} from './generated/layout';
import { LANES } from './lane.lane';
import { CRUMB, place, session, statusWord } from './session';

/** In the signal. */
export const RUNS: i32 = 0;
/** Out: it fades, and what stands in for it comes. */
export const GONE: i32 = 1;
/** Out, and begun anew at the next point of the grid after its fade. */
export const RETURNS: i32 = 2;
/** It works, but is not heard until its delay is filled. */
export const FILLS: i32 = 3;
/** It works and fades in. */
export const COMES: i32 = 4;

@unmanaged
export class Unit {
  /** Frame at which the phase began. */
  since: i64;
  phase: i32;
  /** Its share in the signal at that frame. */
  from: f32;
  strikes: i32;
  /** The fault it acts out, from 1; 0: none. */
  armed: i32;
  /** Acid: what it had taken from its voice, 0..1. */
  share: f32;
  bypassed: i32;
}
/** Behind it: what it gave in its last frame. Two sides, the six buses (acid), one value (LFO, voice before the acid). */
const LAST: usize = 32;
const UNIT_BYTES: usize = 64;
export const UNITS_BYTES: usize = <usize>MAX_UNITS * UNIT_BYTES;

/** Length of a fade at 48 kHz. */
const FADE_FRAMES: f32 = 256;
/** Shares of a unit frame by frame, of one cell. */
const SHARES: usize = memory.data(16 * 4, 64);

export function unit(n: i32): Unit {
  'inline';
  return changetype<Unit>(session().units + <usize>n * UNIT_BYTES);
}
/** Address of a value the unit gave in its last frame. */
export function lastOf(u: Unit, i: i32): usize {
  'inline';
  return changetype<usize>(u) + LAST + ((<usize>i) << 2);
}
export function attention(): bool {
  'inline';
  return session().attention !== 0;
}
/** True while nothing may call the unit. */
export function isOut(u: Unit): bool {
  'inline';
  return u.phase === GONE || u.phase === RETURNS;
}
/** The unit of a group of voices, the same in every build. */
export function voiceUnit(group: i32): i32 {
  return (group * LANES) / UNIT_VOICES;
}

/** The type of a unit this engine has, or -1. */
export function typeOf(n: i32): i32 {
  if (n < 0) return -1;
  for (let type = MODULE_TYPES - 1; type >= 0; type--) {
    const base = load<i32>(UNIT_BASES + ((<usize>type) << 2));
    if (n < base) continue;
    const voices = type === MODULE_VOICE;
    const count = voices ? (session().voices + UNIT_VOICES - 1) / UNIT_VOICES : place(type).instances;
    return n - base < count ? type : -1;
  }
  return -1;
}
/** Number of a unit among those of its type. */
export function indexOf(n: i32, type: i32): i32 {
  return n - load<i32>(UNIT_BASES + ((<usize>type) << 2));
}

/** From here on this unit is at work. */
export function enter(n: i32): void {
  store<i32>(CRUMB, n + 1);
}
/** From here on this unit makes sound: where a fault it is armed with happens. */
export function work(n: i32): void {
  enter(n);
  if (session().attention !== 0) actFault(n);
}
function actFault(n: i32): void {
  const armed = unit(n).armed;
  if (armed === 0) return;
  // Written again and again: a loop without effect might be left out.
  while (armed === CHAOS_HANG + 1) store<i32>(CRUMB, n + 1);
  unreachable();
}

/** Frames of a fade: about 5 ms, whole cells. */
export function fadeFrames(): i32 {
  return (
    CELL_FRAMES * <i32>nearest<f32>(((FADE_FRAMES / <f32>CELL_FRAMES) * session().sampleRate) / <f32>48000)
  );
}
/** True while the fade that began with the present phase is under way. */
export function fading(u: Unit, frame: i64): bool {
  return u.phase !== RUNS && frame - u.since < <i64>fadeFrames();
}
/** The share the unit has in the signal at a frame, 0..1: it does not depend on how the frames are cut. */
export function shareAt(u: Unit, frame: i64): f32 {
  if (u.phase === RUNS) return 1;
  if (u.phase === FILLS) return 0;
  const frames = fadeFrames();
  const way: f32 = <f32>min<i64>(frame - u.since + 1, <i64>frames) / <f32>frames;
  return u.phase === COMES ? way : u.from * (<f32>1 - way);
}
/** A row of the shares of n frames from `frame` on; good until the next call. */
export function sharesFrom(u: Unit, frame: i64, n: i32): usize {
  for (let i = 0; i < n; i++) store<f32>(SHARES + ((<usize>i) << 2), shareAt(u, frame + <i64>i));
  return SHARES;
}

export function setPhase(u: Unit, phase: i32, from: f32): void {
  u.phase = phase;
  u.from = from;
  u.since = session().frame;
}
/** After each change of a unit: its status word, and whether anybody has to look at units. */
export function publish(n: i32): void {
  const u = unit(n);
  const word = (u.bypassed !== 0 ? UNIT_BYPASSED : 0) | (u.strikes << UNIT_STRIKES_SHIFT);
  store<i32>(statusWord(STATUS_UNIT + n), word);
  let attentive = 0;
  let returning = 0;
  for (let i = 0; i < MAX_UNITS; i++) {
    const it = unit(i);
    if (it.phase !== RUNS || it.armed !== 0) attentive++;
    if (it.phase > GONE) returning++;
  }
  session().attention = attentive;
  session().returning = returning;
}

/** Something was not finite and has been taken out. */
export function countPoisoned(): void {
  store<i32>(statusWord(STATUS_POISONED), load<i32>(statusWord(STATUS_POISONED)) + 1);
}
