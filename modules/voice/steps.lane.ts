// Jumps and bends of the waves, smoothed: what a band-limited step (or its integral) differs by from the ideal one is
// added to a ring of samples to come (Brandt, "Hard sync without aliasing", ICMC 2001; Esqueda, Valimaki and Bilbao,
// "Rounding corners with BLAMP", DAFx 2016). One voice at a time: this happens a few times in a cycle.

import { addInTime, addToRing, LANES } from '../../engine/core/lane.lane';
import { BLAMP_REST, BLEP_PHASES, BLEP_REST, BLEP_TAPS } from './kernel-steps';
import { LANE_BYTES, LANE_SHIFT, RESTS_BEHIND, RING, WAVES_AT } from './state.lane';

/** 2^31 and 2^30: half and a quarter of a cycle. */
const HALF: u32 = 0x80000000;
const QUARTER: u32 = 0x40000000;
/** Slope of a triangle of height 1, in units of the phase. */
const SLOPE: f32 = <f32>4.0 / <f32>4294967296.0;

/** Bytes from one row of a table to the next. */
const ROW: usize = (<usize>BLEP_TAPS) << 2;

/** Address of the rests of one lane. */
export function restsOf(group: usize, lane: i32): usize {
  'inline';
  return group + WAVES_AT + RESTS_BEHIND + ((<usize>lane) << 2);
}

/**
 * Adds the rest of a step of `height` that lies `past` frames (0..1) before the frame at `slot`. 160 operations.
 * Runs on: render thread, at jumps.
 */
export function addStep(rests: usize, slot: i32, past: f32, height: f32): void {
  addRest(BLEP_REST, rests, slot, past, height);
}

/** The same of a bend: the slope changes by `bend` per frame. */
function addBend(rests: usize, slot: i32, past: f32, bend: f32): void {
  addRest(BLAMP_REST, rests, slot, past, bend);
}

function addRest(table: usize, rests: usize, slot: i32, past: f32, height: f32): void {
  if (height === <f32>0) return;
  const place = min<f32>(past, <f32>0.99999994) * <f32>BLEP_PHASES;
  const row = <i32>place;
  const between = place - <f32>row;
  let tap = table + ((<usize>(row * BLEP_TAPS)) << 2);
  const first = splat((<f32>1 - between) * height);
  const second = splat(between * height);
  const start = slot & (RING - 1);
  // Most of the time the ring does not end on the way, and nothing has to look for its end.
  const wraps = start + BLEP_TAPS > RING;
  let to = rests + ((<usize>start) << LANE_SHIFT);
  for (let k = 0; k < BLEP_TAPS; k += LANES) {
    const rest = first * load<lane>(tap) + second * load<lane>(tap, ROW);
    if (wraps) addToRing(rests, start + k, RING - 1, rest);
    else addInTime(to, rest);
    tap += LANE_BYTES;
    to += LANE_BYTES * LANES;
  }
}

/** One frame of one voice: phases, widths and heights, as u32 and f32. `step`: what the phase moves in it. */
@unmanaged
export class Edges {
  before: u32;
  after: u32;
  step: u32;
  widthBefore: u32;
  width: u32;
  saw: f32;
  square: f32;
  triangle: f32;
}

/**
 * Every edge between `before` and `after`: a saw falls in the middle of its cycle, a pulse rises at the start and falls at
 * its width, a triangle bends at its quarters. `part`: frames from one to the other, 1 but for sync; `later`: frames from
 * `after` to the frame at `slot`. A pulse falls where phase and width meet, whichever of them moves.
 */
export function addEdges(rests: usize, slot: i32, e: Edges, part: f32, later: f32): void {
  const step = <f32>e.step;
  if (((e.before ^ e.after) & HALF) !== 0) {
    const past = <f32>(e.after & (HALF - 1)) / step + later;
    // Up over the start, or over the middle.
    if (e.after < HALF) addStep(rests, slot, past, <f32>2 * e.square);
    else addStep(rests, slot, past, <f32>-2 * e.saw);
  }
  if (e.square !== 0) {
    const from = <i32>(e.before - e.widthBefore);
    const to = <i32>(e.after - e.width);
    const moved = to - from;
    if ((from ^ to) < 0 && (moved ^ to) >= 0) {
      const past = (<f32>to / <f32>moved) * part + later;
      addStep(rests, slot, past, moved > 0 ? <f32>-2 * e.square : <f32>2 * e.square);
    }
  }
  if (e.triangle !== 0) {
    const to = e.after + QUARTER;
    if ((((e.before + QUARTER) ^ to) & HALF) !== 0) {
      const past = <f32>(to & (HALF - 1)) / step + later;
      const bend: f32 = <f32>2 * SLOPE * step * e.triangle;
      addBend(rests, slot, past, to < HALF ? bend : -bend);
    }
  }
}

/**
 * Hard sync: the phase `at` is thrown back to 0, `past` frames before the frame at `slot`. `width`, `step`: as there.
 */
export function addReset(rests: usize, slot: i32, e: Edges, at: u32, past: f32): void {
  const ramp: f32 = <f32>(<i32>at) * <f32>4.6566129e-10;
  const pulse: f32 = at < e.width ? <f32>0 : <f32>2;
  const falls = at + QUARTER >= HALF;
  const folded: f32 = falls ? copysign<f32>(1, ramp) - ramp : ramp;
  addStep(rests, slot, past, pulse * e.square - ramp * e.saw - <f32>2 * folded * e.triangle);
  if (falls) addBend(rests, slot, past, <f32>2 * SLOPE * <f32>e.step * e.triangle);
}
