/**
 * What went into the distortion and the limiter, as late as they are: it stands in for them when they are bypassed. Kept
 * outside their own memory and always written, so that it is there at the moment of a trap.
 */
import { DISTORTION_LATENCY, LIMITER_LATENCY } from './generated/layout';
import { session } from './session';
import { isOut, lastOf, sharesFrom, Unit } from './units';
import { copyRun } from '../../modules/dsp/hadamard';

/** Powers of two above latency and cell: a cell lies in one piece. */
const DISTORTION_FRAMES: i32 = 64;
const LIMITER_FRAMES: i32 = 256;
const LIMITER_AT: usize = 2 * 4 * <usize>DISTORTION_FRAMES;
export const DRY_BYTES: usize = LIMITER_AT + 2 * 4 * <usize>LIMITER_FRAMES;

export function keepBeforeDistortion(left: usize, right: usize, frame: i64, n: i32): void {
  keep(session().dry, DISTORTION_FRAMES, left, right, frame, n);
}
export function keepBeforeLimiter(left: usize, right: usize, frame: i64, n: i32): void {
  keep(session().dry + LIMITER_AT, LIMITER_FRAMES, left, right, frame, n);
}
function keep(ring: usize, frames: i32, left: usize, right: usize, frame: i64, n: i32): void {
  const at = ring + ((<usize>((<i32>frame) & (frames - 1))) << 2);
  copyRun(at, left, n);
  copyRun(at + ((<usize>frames) << 2), right, n);
}

/** Puts the dry signal in place of what the unit gives, by its share. */
export function standInForDistortion(u: Unit, left: usize, right: usize, frame: i64, n: i32): void {
  const shares = sharesFrom(u, frame, n);
  const then = <i32>frame - DISTORTION_LATENCY;
  mix(u, 0, session().dry, DISTORTION_FRAMES, then, left, shares, f32.MAX_VALUE, n);
  mix(u, 1, session().dry, DISTORTION_FRAMES, then, right, shares, f32.MAX_VALUE, n);
}
/** The same; nothing passes the ceiling, hard as that may sound. */
export function standInForLimiter(
  u: Unit,
  left: usize,
  right: usize,
  frame: i64,
  n: i32,
  ceiling: f32,
): void {
  const shares = sharesFrom(u, frame, n);
  const then = <i32>frame - LIMITER_LATENCY;
  mix(u, 0, session().dry + LIMITER_AT, LIMITER_FRAMES, then, left, shares, ceiling, n);
  mix(u, 1, session().dry + LIMITER_AT, LIMITER_FRAMES, then, right, shares, ceiling, n);
}

/** dry + (unit - dry) share, so that a unit that changes nothing is replaced without a trace. */
function mix(
  u: Unit,
  side: i32,
  ring: usize,
  frames: i32,
  then: i32,
  to: usize,
  shares: usize,
  most: f32,
  n: i32,
): void {
  const out = isOut(u);
  const last = load<f32>(lastOf(u, side));
  const from = ring + ((<usize>(side * frames + (then & (frames - 1)))) << 2);
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    const dry = load<f32>(from + i);
    const wet = out ? last : load<f32>(to + i);
    const x: f32 = dry + (wet - dry) * load<f32>(shares + i);
    store<f32>(to + i, max<f32>(-most, min<f32>(x, most)));
  }
}
