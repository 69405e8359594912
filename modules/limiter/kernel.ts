/**
 * Look-ahead brick-wall limiter, stereo, both sides by one gain.
 *
 * The peak of a window of 128 frames (sliding maximum after van Herk and Gil and Werman, 1992/93: block-wise prefix and
 * suffix maxima, three comparisons per sample) gives the attenuation that the loudest sample in it needs. It falls back
 * exponentially and passes a box average of 128 frames, which turns every step into a straight line that ends exactly
 * when the peak leaves the delay line. Attenuation is summed as whole numbers of 2^-23: the running sum cannot drift, and
 * 0 is 0, so that below the ceiling the gain is exactly 1 and every sample passes unchanged (-0 becomes 0).
 *
 * The window is one frame shorter than the delay, as the gain of a frame is used for the next one. While the ceiling
 * moves, the detector already works with the lower of its ends; a last comparison holds |out| <= ceiling whatever comes.
 */
import { dbToGain } from '../dsp/math';
import { isSilent } from '../dsp/silence';

const LOOKAHEAD: i32 = 128;
const LAST: u32 = 127;
/** One in the whole numbers that attenuation is summed in. */
const UNIT: f64 = 8388608.0;
const PER_SUM: f64 = 1.0 / (8388608.0 * 128.0);
/** Remaining attenuation that counts as arrived: -108 dB. */
const ARRIVED: f64 = 3.814697265625e-6;

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
  recovery: f64;
  // memory
  attenuation: f64;
  frame: u32;
  quiet: i32;
  asleep: i32;
  sum: i32;
  gain: f32;
  highest: f32;
}

const HEAD: usize = 96;
const ROW: usize = 512;
const PEAKS: usize = HEAD;
const ATTENUATIONS: usize = HEAD + ROW;
const LEFT: usize = HEAD + 2 * ROW;
const RIGHT: usize = HEAD + 3 * ROW;

/** Bytes of state, the same at every rate. */
export function limiterBytes(sampleRate: f32): usize {
  return HEAD + 4 * ROW;
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function limiterInit(s: usize, sampleRate: f32): void {
  changetype<Limiter>(s).sampleRate = sampleRate;
  limiterReset(s);
}

/** Clears what the signal left behind; parameters stay. Runs on: render thread. */
export function limiterReset(s: usize): void {
  const limiter = changetype<Limiter>(s);
  limiter.attenuation = 0.0;
  limiter.frame = 0;
  limiter.quiet = 0;
  limiter.asleep = 0;
  limiter.sum = 0;
  limiter.gain = 1.0;
  limiter.highest = 0.0;
  memory.fill(s + HEAD, 0, 4 * ROW);
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
    // 1 - exp(-x) by its series: x stays below 0.0023.
    const x: f64 = 1.0 / (<f64>max<f32>(release, 0.001) * <f64>limiter.sampleRate);
    limiter.recovery = x * (1.0 - x * (0.5 - x * (1.0 / 6.0)));
  }
  if (!(limiter.attenuation <= 1.0) || !(limiter.highest < 1e38)) {
    limiterReset(s);
    // Its coefficients may be what broke it.
    limiter.primed = 0;
  }
  if (limiter.quiet >= 2 * LOOKAHEAD && limiter.sum == 0 && limiter.attenuation == 0.0) limiter.asleep = 1;

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
  limiter.detect = min<f32>(aim, min<f32>(limiter.ceiling, limiter.ceilingEnd));
  limiter.settled = limiter.ceiling == limiter.ceilingEnd ? 1 : 0;
  limiter.left = limiter.settled ? 0 : frames;
  limiter.ceilingStep = (limiter.ceilingEnd - limiter.ceiling) / <f32>frames;
}

/**
 * Limits n frames (1..16) in place, 128 frames late. left, right: mono f32 buffers. Non-finite input counts as 0.
 * About 15 operations per frame below the ceiling, one division per frame above. Runs on: render thread.
 */
export function limiterProcess(s: usize, left: usize, right: usize, n: i32): void {
  const limiter = changetype<Limiter>(s);
  if (limiter.asleep) {
    if (isSilent(left, right, n)) {
      memory.fill(left, 0, (<usize>n) << 2);
      memory.fill(right, 0, (<usize>n) << 2);
      return;
    }
    limiter.asleep = 0;
    limiter.quiet = 0;
  }
  for (let i = 0; i < n;) {
    const moving = limiter.left > 0;
    const m = moving ? min<i32>(limiter.left, n - i) : n - i;
    const at = (<usize>i) << 2;
    limitRun(s, left + at, right + at, m, moving ? limiter.ceilingStep : 0.0);
    i += m;
    if (moving) {
      limiter.left -= m;
      if (limiter.left == 0) limiter.ceiling = limiter.ceilingEnd;
    }
  }
}

/** n frames during which the ceiling follows one straight line. */
function limitRun(s: usize, left: usize, right: usize, n: i32, ceilingStep: f32): void {
  const limiter = changetype<Limiter>(s);
  const detect = limiter.detect;
  let ceiling = limiter.ceiling;
  let quiet = limiter.quiet;
  let gain = limiter.gain;
  let highest = limiter.highest;
  let frame = limiter.frame;
  for (let i = 0; i < n; i++, left += 4, right += 4) {
    const slot = frame & LAST;
    const at = s + ((<usize>slot) << 2);
    const inLeft = finite(load<f32>(left));
    const inRight = finite(load<f32>(right));

    ceiling += ceilingStep;
    store<f32>(left, hold(load<f32>(at, LEFT) * gain, ceiling));
    store<f32>(right, hold(load<f32>(at, RIGHT) * gain, ceiling));
    store<f32>(at, inLeft, LEFT);
    store<f32>(at, inRight, RIGHT);

    const peak = larger(abs<f32>(inLeft), abs<f32>(inRight));
    quiet = peak > 0.0 ? 0 : quiet + 1;
    highest = slot == 0 ? peak : larger(highest, peak);
    // Suffix maximum of the last block from the next slot on; slot 127 needs none (the row behind is skipped).
    const older: f32 = slot == LAST ? 0.0 : load<f32>(at + 4, PEAKS);
    store<f32>(at, peak, PEAKS);
    const loudest = larger(highest, older);
    if (slot == LAST) suffixMaxima(s + PEAKS);
    gain =
      loudest > detect || limiter.sum != 0 || limiter.attenuation != 0.0 ? attenuate(s, slot, loudest) : 1.0;
    frame++;
  }
  limiter.ceiling = ceiling;
  limiter.quiet = quiet & 0x3fffffff;
  limiter.gain = gain;
  limiter.highest = highest;
  limiter.frame = frame;
}

/** One step of fall-back and box average; returns the gain for the next frame. */
function attenuate(s: usize, slot: u32, loudest: f32): f32 {
  const limiter = changetype<Limiter>(s);
  const needed: f64 = loudest > limiter.detect ? 1.0 - <f64>limiter.detect / <f64>loudest : 0.0;
  let attenuation = limiter.attenuation;
  if (needed >= attenuation) {
    attenuation = needed;
  } else {
    attenuation += (needed - attenuation) * limiter.recovery;
    if (attenuation - needed < ARRIVED) attenuation = needed;
  }
  limiter.attenuation = attenuation;
  const whole = <i32>ceil<f64>(attenuation * UNIT);
  const at = s + ATTENUATIONS + ((<usize>slot) << 2);
  const sum = limiter.sum + whole - load<i32>(at);
  store<i32>(at, whole);
  limiter.sum = sum;
  return <f32>(1.0 - <f64>sum * PER_SUM);
}

/** Replaces a row of 128 peaks by their maxima from each place to the end. */
function suffixMaxima(row: usize): void {
  let highest: f32 = 0.0;
  for (let at = row + ROW - 4; at >= row; at -= 4) {
    highest = larger(highest, load<f32>(at));
    store<f32>(at, highest);
  }
}

/** x without sign of zero, or 0 when it is not finite. */
function finite(x: f32): f32 {
  return x - x == 0.0 ? x + 0.0 : 0.0;
}

/** x inside -ceiling..ceiling. */
function hold(x: f32, ceiling: f32): f32 {
  return larger(-ceiling, smaller(x, ceiling));
}

/** As f32.max and f32.min for numbers; those look after NaN and -0 too and cost several times as much. */
function larger(a: f32, b: f32): f32 {
  return a > b ? a : b;
}
function smaller(a: f32, b: f32): f32 {
  return a < b ? a : b;
}
