/**
 * Look-ahead true-peak limiter, stereo, both sides by one gain.
 *
 * Everything but the multiplication is done once for 16 frames of the limiter's own count. A cell's true peak
 * (kernel-peak.ts) is known 78 frames before it leaves the delay line of 128. The gain that the loudest of the last eight
 * cells asks for is held for 0.4 of the release, at most 25 ms: so a steady wave from about 25 Hz on gets a steady gain,
 * not one that moves with each half wave. Then it comes back exponentially. Weights of 1, 3, 3, 1 over four cells and a
 * straight line from one cell to the next make it smooth; it has arrived 14 frames before the peak and stays as long
 * behind it. Below the ceiling, by 0.1 dB, the gain is exactly 1 and every bit passes.
 *
 * A gain that moves bends the wave between the samples. How far goes with how much is taken away, so a little more is.
 *
 * While the ceiling moves, its lower end counts for all that has not left yet; a last comparison holds |out| <= ceiling
 * whatever comes. Unless the ceiling jumps it has nothing to do.
 */
import { copyRun } from '../dsp/hadamard';
import { dbToGain } from '../dsp/math';
import { isSilent } from '../dsp/silence';
import { bend16, larger, largest16, PEAK_BYTES, peakBound, truePeak } from './kernel-peak';

const LATENCY: u32 = 128;
const LAST: u32 = 127;
const CELL: i32 = 16;
/** What the detector and rounding may be wrong by: -0.05 dB. */
const EXACT: f32 = 0.9945;
/** Of what is taken away, so much more. */
const MORE: f64 = 0.02;
/** Gain that counts as arrived: within -108 dB. */
const ARRIVED: f64 = 3.814697265625e-6;
const HOLD_SHARE: f32 = 0.4;
const HOLD_MOST: f32 = 0.025;

// Parameters, in the order of the table, 16 bytes each: value, target, left, mod.
const CEILING: usize = 0;
const RELEASE: usize = 16;
const TARGET: usize = 4;

@unmanaged
class Limiter {
  sampleRate: f32;
  primed: i32;
  // parameters the coefficients were made from
  ceilingDb: f32;
  targetDb: f32;
  releaseS: f32;
  // coefficients
  ceiling: f32;
  ceilingEnd: f32;
  ceilingStep: f32;
  detect: f32;
  left: i32;
  /** The detector works with the ceiling as it is. */
  settled: i32;
  /** Cells of a quarter of the hold, nearly. */
  holdCells: i32;
  recovery: f64;
  // memory
  /** What is asked for, back on its way to 1: now, and one to three cells ago. */
  asked: f64;
  asked1: f64;
  asked2: f64;
  asked3: f64;
  /** The gain where the cell begins, and its step per frame. */
  gain: f32;
  step: f32;
  frame: u32;
  quiet: i32;
  asleep: i32;
}

const HEAD: usize = 112;
/** By cell & 7: what came in (largest sample, largest second difference), and true peaks. */
const SIZES: usize = HEAD;
const BENDS: usize = SIZES + 32;
const PEAKS: usize = BENDS + 32;
/** Lowest gains asked for in four stretches of the hold. */
const HELD: usize = PEAKS + 32;
const SCRATCH: usize = HELD + 16;
/** Two delay lines of 128 frames, each twice in a row: any 128 frames lie in one piece. */
const TWICE: usize = 512;
const SIDE: usize = 1024;
const LEFT: usize = (SCRATCH + PEAK_BYTES + 15) & ~15;
const RIGHT: usize = LEFT + SIDE;
const BYTES: usize = RIGHT + SIDE;

/** Bytes of state, the same at every rate. */
export function limiterBytes(sampleRate: f32): usize {
  return BYTES;
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function limiterInit(s: usize, sampleRate: f32): void {
  changetype<Limiter>(s).sampleRate = sampleRate;
  limiterReset(s);
}

/** Clears what the signal left behind; parameters, and where in a cell it is, stay. Runs on: render thread. */
export function limiterReset(s: usize): void {
  const limiter = changetype<Limiter>(s);
  limiter.asked = limiter.asked1 = limiter.asked2 = limiter.asked3 = 1.0;
  limiter.gain = 1.0;
  limiter.step = 0.0;
  limiter.quiet = 0;
  limiter.asleep = 0;
  memory.fill(s + HEAD, 0, BYTES - HEAD);
  for (let at = s + HELD; at < s + SCRATCH; at += 4) store<f32>(at, 1.0);
}

/**
 * Parameters to coefficients: ceiling -20..0 dB (linear in gain over the cell), release 0.01..1 s (time constant, acts at
 * once). One exp2 each when they move. Runs on: render thread, once per cell.
 */
export function limiterTick(p: usize, s: usize, frames: i32): void {
  const limiter = changetype<Limiter>(s);
  const release = load<f32>(p + RELEASE);
  if (release != limiter.releaseS) {
    limiter.releaseS = release;
    const seconds = larger(0.001, release);
    // 1 - exp(-x) by its series: x stays below 0.04.
    const x: f64 = <f64>CELL / (<f64>seconds * <f64>limiter.sampleRate);
    limiter.recovery = x * (1.0 - x * (0.5 - x * (1.0 / 6.0)));
    const hold = min<f32>(HOLD_SHARE * seconds, HOLD_MOST) * limiter.sampleRate;
    limiter.holdCells = <i32>ceil<f32>(hold * (1.0 / 48.0));
  }
  const gains: f64 = limiter.asked + limiter.asked1 + limiter.asked2 + limiter.asked3 + <f64>limiter.gain;
  if (!(gains >= 0.0 && gains <= 5.0 && limiter.step <= 1.0)) {
    limiterReset(s);
    // Its coefficients may be what broke it.
    limiter.primed = 0;
  }
  if (limiter.quiet >= 2 * LATENCY && gains == 5.0 && limiter.step == 0.0) limiter.asleep = 1;

  const db = load<f32>(p + CEILING);
  const targetDb = load<f32>(p + CEILING + TARGET);
  const moved = db != limiter.ceilingDb || targetDb != limiter.targetDb || !limiter.primed;
  if (!moved && limiter.settled) return;
  if (moved) {
    limiter.ceilingDb = db;
    limiter.targetDb = targetDb;
    limiter.ceilingEnd = dbToGain(min<f32>(db, 0.0));
  }
  if (!limiter.primed || limiter.asleep) {
    limiter.primed = 1;
    limiter.ceiling = limiter.ceilingEnd;
  }
  const aim = dbToGain(min<f32>(targetDb, 0.0));
  limiter.detect = EXACT * min<f32>(aim, min<f32>(limiter.ceiling, limiter.ceilingEnd));
  limiter.settled = limiter.ceiling == limiter.ceilingEnd ? 1 : 0;
  limiter.left = limiter.settled ? 0 : frames;
  limiter.ceilingStep = limiter.settled ? 0.0 : (limiter.ceilingEnd - limiter.ceiling) / <f32>frames;
}

/**
 * Limits n frames (1..16) in place, 128 frames late. left, right: mono f32 buffers. Non-finite input counts as 0.
 * Two copies per frame below the ceiling. Runs on: render thread.
 */
export function limiterProcess(s: usize, left: usize, right: usize, n: i32): void {
  const limiter = changetype<Limiter>(s);
  if (isSilent(left, right, n)) {
    if (limiter.asleep) {
      limiter.frame += n;
      memory.fill(left, 0, (<usize>n) << 2);
      memory.fill(right, 0, (<usize>n) << 2);
      return;
    }
    limiter.quiet = (limiter.quiet + n) & 0x3fffffff;
  } else {
    limiter.asleep = 0;
    limiter.quiet = 0;
  }
  for (let i = 0; i < n;) {
    const into = (<i32>limiter.frame) & (CELL - 1);
    if (into == 0) beginCell(s);
    let m = min<i32>(n - i, CELL - into);
    if (limiter.left > 0) m = min<i32>(m, limiter.left);
    const at = (<usize>i) << 2;
    pass(s, s + LEFT, left + at, m);
    pass(s, s + RIGHT, right + at, m);
    limiter.frame += m;
    i += m;
    if (limiter.left > 0) {
      limiter.left -= m;
      limiter.ceiling = limiter.ceilingEnd - limiter.ceilingStep * <f32>limiter.left;
    }
  }
}

/** m frames, which lie in one cell, of one side through its delay line. */
function pass(s: usize, line: usize, buffer: usize, m: i32): void {
  const limiter = changetype<Limiter>(s);
  const into = (<i32>limiter.frame) & (CELL - 1);
  const gain = limiter.gain;
  const step = limiter.step;
  const lower = limiter.ceilingStep;
  const whole = gain == 1.0 && step == 0.0 && lower == 0.0;
  line += (<usize>(limiter.frame & LAST)) << 2;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    if (lower == 0.0) {
      const most = f32x4.splat(limiter.ceiling);
      const least = f32x4.neg(most);
      const steps = f32x4.mul(f32x4.splat(step), f32x4(1.0, 2.0, 3.0, 4.0));
      for (; i + 4 <= m; i += 4, line += 16, buffer += 16) {
        const x = v128.load(buffer);
        let y = v128.load(line);
        if (!whole) {
          const frames = f32x4.add(f32x4.splat(<f32>(into + i)), f32x4(1.0, 2.0, 3.0, 4.0));
          y = f32x4.mul(y, f32x4.add(f32x4.splat(gain), f32x4.mul(f32x4.splat(step), frames)));
          y = f32x4.pmax(f32x4.pmin(most, y), least);
        }
        const clean = v128.and(x, f32x4.eq(f32x4.sub(x, x), f32x4.splat(0.0)));
        v128.store(buffer, y);
        v128.store(line, clean);
        v128.store(line, clean, TWICE);
      }
    }
  }
  for (; i < m; i++, line += 4, buffer += 4) {
    const x = load<f32>(buffer);
    let y = load<f32>(line);
    if (!whole) {
      const ceiling: f32 = limiter.ceilingEnd - lower * <f32>(limiter.left - i - 1);
      y *= gain + step * <f32>(into + i + 1);
      y = larger(smaller(ceiling, y), -ceiling);
    }
    const clean: f32 = x - x == 0.0 ? x : 0.0;
    store<f32>(buffer, y);
    store<f32>(line, clean);
    store<f32>(line, clean, TWICE);
  }
}

/** The gain of the 16 frames to come, from those that came in before. In silence it changes nothing. */
function beginCell(s: usize): void {
  const limiter = changetype<Limiter>(s);
  const cell = limiter.frame >> 4;
  // Behind the last frame, in the second copy of the lines.
  const end = s + LEFT + TWICE + ((<usize>(((limiter.frame - 1) & LAST) + 1)) << 2);
  const last = rowAt(s, cell - 1);
  store<f32>(last, larger(largest16(end - 64), largest16(end + SIDE - 64)), SIZES);
  store<f32>(last, larger(bend16(end - 64), bend16(end + SIDE - 64)), BENDS);

  const detect = limiter.detect;
  let bend: f32 = 0.0;
  for (let back: u32 = 1; back <= 6; back++) bend = larger(bend, load<f32>(rowAt(s, cell - back), BENDS));
  const size = larger(load<f32>(rowAt(s, cell - 3), SIZES), load<f32>(rowAt(s, cell - 4), SIZES));
  let peak = peakBound(size, bend);
  if (peak > detect) {
    const scratch = s + SCRATCH;
    peak = larger(truePeak(end, scratch, detect), truePeak(end + SIDE, scratch, detect));
  }
  store<f32>(rowAt(s, cell), peak, PEAKS);
  for (let at = s + PEAKS; at < s + HELD; at += 4) peak = larger(peak, load<f32>(at));

  limiter.asked3 = limiter.asked2;
  limiter.asked2 = limiter.asked1;
  limiter.asked1 = limiter.asked;
  limiter.asked = come(s, cell, peak > detect ? needed(detect, peak) : 1.0);
  const sum: f64 = limiter.asked + limiter.asked3 + 3.0 * (limiter.asked1 + limiter.asked2);
  limiter.gain += <f32>CELL * limiter.step;
  limiter.step = (<f32>(sum * 0.125) - limiter.gain) * <f32>(1.0 / 16.0);
}

function rowAt(s: usize, cell: u32): usize {
  'inline';
  return s + ((<usize>(cell & 7)) << 2);
}

/** The gain for a peak above the ceiling. */
function needed(detect: f32, peak: f32): f64 {
  const ratio: f64 = <f64>detect / <f64>peak;
  return ratio * (1.0 - MORE * (1.0 - ratio));
}

/** Hold, then the way back. */
function come(s: usize, cell: u32, needed: f64): f64 {
  const limiter = changetype<Limiter>(s);
  const cells = max<u32>(limiter.holdCells, 1);
  const stretch = cell / cells;
  const at = s + HELD + ((<usize>(stretch & 3)) << 2);
  const gain = <f32>needed;
  store<f32>(at, cell == stretch * cells ? gain : smaller(gain, load<f32>(at)));
  let lowest: f32 = 1.0;
  for (let i = s + HELD; i < s + SCRATCH; i += 4) lowest = smaller(lowest, load<f32>(i));
  const held: f64 = lowest;
  const asked = limiter.asked;
  return held - asked < ARRIVED ? held : asked + (held - asked) * limiter.recovery;
}

function smaller(a: f32, b: f32): f32 {
  'inline';
  return b < a ? b : a;
}
