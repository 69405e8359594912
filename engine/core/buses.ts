/**
 * Distortion, reverb, delay and limiter: coefficients, sound, and what stands in for a unit that is bypassed. What comes
 * out of them is finite, or it is taken out and the unit begun anew.
 */
import { beginUnitAnew } from './bypass';
import { Header, HEADER_BYTES } from './cell.lane';
import {
  CELL_FRAMES,
  DELAY_PARAMS,
  DELAY_UNIT,
  DISTORTION_PARAMS,
  DISTORTION_UNIT,
  LIMITER_CEILING,
  LIMITER_PARAMS,
  LIMITER_UNIT,
  MODULE_DELAY,
  MODULE_DISTORTION,
  MODULE_LIMITER,
  MODULE_REVERB,
  REVERB_PARAMS,
  REVERB_UNIT,
  TAP_DELAY,
  TAP_REVERB,
} from './generated/layout';
import { keepBeforeDistortion, keepBeforeLimiter, standInForDistortion, standInForLimiter } from './dry';
import { areFinite } from './lane.lane';
import { advanceRampsOf } from './params';
import { place } from './session';
import { effectRows, give, giveEffect, takeBack, tapping } from './taps';
import { framesPerQuarter } from './tempo';
import {
  COMES,
  countPoisoned,
  enter,
  fading,
  isOut,
  lastOf,
  RUNS,
  sharesFrom,
  Unit,
  unit,
  work,
} from './units';
import { delayProcess, delayTick } from '../../modules/delay/kernel';
import { distortionProcess, distortionTick } from '../../modules/distortion/kernel';
import { dbToGain } from '../../modules/dsp/math';
import { limiterProcess, limiterTick } from '../../modules/limiter/kernel';
import { reverbProcess, reverbTick } from '../../modules/reverb/kernel';

function params(type: i32): usize {
  return place(type).base + HEADER_BYTES;
}

/** Moves the ramps at the grid; true when the coefficients are to be made. */
function tick(type: i32, count: i32, u: Unit, grid: bool): bool {
  if (grid) advanceRampsOf(type, count);
  if (isOut(u)) return false;
  const header = changetype<Header>(place(type).base);
  if (!grid && header.dirty === 0) return false;
  header.dirty = 0;
  return true;
}

export function distort(left: usize, right: usize, frame: i64, n: i32, grid: bool, rest: i32): void {
  const u = unit(DISTORTION_UNIT);
  keepBeforeDistortion(left, right, frame, n);
  enter(DISTORTION_UNIT);
  const s = place(MODULE_DISTORTION).state;
  if (tick(MODULE_DISTORTION, DISTORTION_PARAMS, u, grid)) distortionTick(params(MODULE_DISTORTION), s, rest);
  if (!isOut(u)) {
    work(DISTORTION_UNIT);
    distortionProcess(s, left, right, n);
    keepInPlace(DISTORTION_UNIT, u, left, right, n);
  }
  if (u.phase !== RUNS) standInForDistortion(u, left, right, frame, n);
}

export function limit(left: usize, right: usize, frame: i64, n: i32, grid: bool, rest: i32): void {
  const u = unit(LIMITER_UNIT);
  keepBeforeLimiter(left, right, frame, n);
  enter(LIMITER_UNIT);
  const s = place(MODULE_LIMITER).state;
  const p = params(MODULE_LIMITER);
  if (tick(MODULE_LIMITER, LIMITER_PARAMS, u, grid)) limiterTick(p, s, rest);
  if (!isOut(u)) {
    work(LIMITER_UNIT);
    limiterProcess(s, left, right, n);
    keepInPlace(LIMITER_UNIT, u, left, right, n);
  }
  if (u.phase === RUNS) return;
  const ceiling = dbToGain(min<f32>(load<f32>(p + ((<usize>LIMITER_CEILING) << 4)), 0));
  standInForLimiter(u, left, right, frame, n, ceiling);
}

/** What the unit gave last; where it gave what is not finite, the dry signal is there at once. */
function keepInPlace(n: i32, u: Unit, left: usize, right: usize, frames: i32): void {
  if (!areFinite(left, right, frames)) {
    countPoisoned();
    takeOut(n);
    return;
  }
  const end = (<usize>(frames - 1)) << 2;
  store<f32>(lastOf(u, 0), load<f32>(left + end));
  store<f32>(lastOf(u, 1), load<f32>(right + end));
}
function takeOut(n: i32): void {
  const u = unit(n);
  if (isOut(u)) return;
  beginUnitAnew(n);
  store<f32>(lastOf(u, 0), 0);
  store<f32>(lastOf(u, 1), 0);
}

/** Adds room and echoes. `sends`: four rows, reverb left, right, delay left, right. */
export function addEffects(
  sends: usize,
  left: usize,
  right: usize,
  frame: i64,
  n: i32,
  grid: bool,
  rest: i32,
): void {
  const row: usize = (<usize>CELL_FRAMES) << 2;
  const reverb = unit(REVERB_UNIT);
  enter(REVERB_UNIT);
  let s = place(MODULE_REVERB).state;
  if (tick(MODULE_REVERB, REVERB_PARAMS, reverb, grid)) reverbTick(params(MODULE_REVERB), s, rest);
  beforeEffect(reverb, sends, left, right, frame, n);
  if (!isOut(reverb)) {
    work(REVERB_UNIT);
    const own = effectRows(TAP_REVERB);
    reverbProcess(s, sends, sends + row, own !== 0 ? own : left, own !== 0 ? own + row : right, n);
    if (own !== 0) giveEffect(TAP_REVERB, own, left, right, n);
  } else if (tapping()) tapFade(TAP_REVERB, reverb, frame, n);
  afterEffect(reverb, left, right, n);

  const delay = unit(DELAY_UNIT);
  enter(DELAY_UNIT);
  s = place(MODULE_DELAY).state;
  if (tick(MODULE_DELAY, DELAY_PARAMS, delay, grid))
    delayTick(params(MODULE_DELAY), s, rest, framesPerQuarter());
  beforeEffect(delay, sends + 2 * row, left, right, frame, n);
  if (!isOut(delay)) {
    work(DELAY_UNIT);
    const own = effectRows(TAP_DELAY);
    delayProcess(
      s,
      sends + 2 * row,
      sends + 3 * row,
      own !== 0 ? own : left,
      own !== 0 ? own + row : right,
      n,
    );
    if (own !== 0) giveEffect(TAP_DELAY, own, left, right, n);
  } else if (tapping()) tapFade(TAP_DELAY, delay, frame, n);
  afterEffect(delay, left, right, n);
  if (!areFinite(left, right, n)) muteEffects(left, right, n);
}

/** One of them gave what is not finite: which one can no longer be seen, so both begin anew. */
function muteEffects(left: usize, right: usize, n: i32): void {
  memory.fill(left, 0, (<usize>n) << 2);
  memory.fill(right, 0, (<usize>n) << 2);
  countPoisoned();
  takeOut(REVERB_UNIT);
  takeOut(DELAY_UNIT);
  if (!tapping()) return;
  takeBack(TAP_REVERB, n);
  takeBack(TAP_DELAY, n);
}

/** Fades what the unit gave last, or what it is to hear first; keeps what is there before it adds to it. */
function beforeEffect(u: Unit, sends: usize, left: usize, right: usize, frame: i64, n: i32): void {
  if (u.phase === COMES) fadeIn(u, sends, frame, n);
  else if (isOut(u)) {
    if (fading(u, frame)) fadeLast(u, left, right, frame, n);
    return;
  }
  const end = (<usize>(n - 1)) << 2;
  store<f32>(lastOf(u, 0), load<f32>(left + end));
  store<f32>(lastOf(u, 1), load<f32>(right + end));
}
/** What beforeEffect() has faded out, once more for its tap. */
function tapFade(code: i32, u: Unit, frame: i64, n: i32): void {
  const own = effectRows(code);
  if (own === 0 || !fading(u, frame)) return;
  const row: usize = (<usize>CELL_FRAMES) << 2;
  fadeLast(u, own, own + row, frame, n);
  give(code, own, own + row, 4, n);
}
function afterEffect(u: Unit, left: usize, right: usize, n: i32): void {
  if (isOut(u)) return;
  const end = (<usize>(n - 1)) << 2;
  store<f32>(lastOf(u, 0), load<f32>(left + end) - load<f32>(lastOf(u, 0)));
  store<f32>(lastOf(u, 1), load<f32>(right + end) - load<f32>(lastOf(u, 1)));
}
function fadeIn(u: Unit, sends: usize, frame: i64, n: i32): void {
  const shares = sharesFrom(u, frame, n);
  const row: usize = (<usize>CELL_FRAMES) << 2;
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    const share = load<f32>(shares + i);
    store<f32>(sends + i, load<f32>(sends + i) * share);
    store<f32>(sends + row + i, load<f32>(sends + row + i) * share);
  }
}
function fadeLast(u: Unit, left: usize, right: usize, frame: i64, n: i32): void {
  const shares = sharesFrom(u, frame, n);
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    const share = load<f32>(shares + i);
    store<f32>(left + i, load<f32>(left + i) + load<f32>(lastOf(u, 0)) * share);
    store<f32>(right + i, load<f32>(right + i) + load<f32>(lastOf(u, 1)) * share);
  }
}
