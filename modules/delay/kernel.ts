/**
 * Echo, stereo, one line for each side, low-pass and high-pass inside the loop.
 *
 *   echo = highpass(lowpass(line[n - time]))     line[n] = input + feedback * echo     out += mix * echo
 *
 * Every echo, the first too, has passed both filters once more than the one before. They have no delay of their own: the
 * first sample of an echo arrives exactly round(time * sampleRate) frames after the input; its energy is smeared behind
 * that by the low-pass (group delay at low frequencies sqrt(2) / (2 pi highcut): 45 us at 5 kHz). Both are two-pole
 * Butterworth state variable filters, trapezoidal (A. Simper, "SvfLinearTrapOptimised2", 2013). Their update is a
 * contraction of the state for every cutoff, and so is every mixture of two of them: moving them cannot make them ring.
 *
 * A new time is read by a second reader and faded in over 50 ms, one change at a time, without a change of pitch.
 */
import { clamp, tanPi } from '../dsp/math';
import { rampEnd, rampStep, rampStore, rampValue, rampsAim, rampsLand } from '../dsp/ramps';
import { flush, flushAll, isSane, isSilent } from '../dsp/silence';

/** 1 / Q of a Butterworth filter. */
const K: f32 = 1.4142135623730951;
const LONGEST_S: f64 = 0.6;
const FADE_S: f64 = 0.05;
/** -200 dB: what is written below it is written as 0. */
const LEAST_WRITTEN: f32 = 1e-10;
const LEAST_STATE: f32 = 1e-15;

// Parameters, in the order of the table, 16 bytes each: value, target, left, mod.
const TIME: usize = 0;
const FEEDBACK: usize = 16;
const MIX: usize = 32;
const LOWCUT: usize = 48;
const HIGHCUT: usize = 64;
const TARGET: usize = 4;

// Numbers in the bank of ramps.
const LOW_A1: i32 = 0;
const LOW_A2: i32 = 1;
const LOW_A3: i32 = 2;
const HIGH_A1: i32 = 3;
const HIGH_A2: i32 = 4;
const HIGH_A3: i32 = 5;
const BACK: i32 = 6;
const WET: i32 = 7;
const RAMPS: i32 = 8;

@unmanaged
class Delay {
  sampleRate: f32;
  primed: i32;
  // parameters the coefficients were made from
  feedback: f32;
  mix: f32;
  lowcutHz: f32;
  highcutHz: f32;
  // coefficients; the others are in the bank
  left: i32;
  size: i32;
  fadeFrames: i32;
  // memory
  delay: i32;
  nextDelay: i32;
  fadeLeft: i32;
  write: i32;
  quiet: i32;
  asleep: i32;
  pad: i32;
}

const HEAD: usize = 64;
const BANK: usize = HEAD;
/** Filter memory: low-pass left, right, high-pass left, right, two integrators each. */
const FILTERS: usize = HEAD + 96;
const LINES: usize = FILTERS + 32;

/** Frames in a line, a multiple of 4. */
function lineFrames(sampleRate: f32): i32 {
  return (<i32>ceil<f64>(LONGEST_S * <f64>sampleRate) + 4) & ~3;
}

/** Bytes of state: 231 KB at 48 kHz. */
export function delayBytes(sampleRate: f32): usize {
  return LINES + 8 * <usize>lineFrames(sampleRate);
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function delayInit(s: usize, sampleRate: f32): void {
  const delay = changetype<Delay>(s);
  delay.sampleRate = sampleRate;
  delay.size = lineFrames(sampleRate);
  delay.fadeFrames = <i32>nearest<f64>(FADE_S * <f64>sampleRate);
}

/** Clears what the signal left behind; parameters stay, a running fade is finished. Runs on: render thread. */
export function delayReset(s: usize): void {
  const delay = changetype<Delay>(s);
  memory.fill(s + FILTERS, 0, 32);
  memory.fill(s + LINES, 0, 8 * <usize>delay.size);
  delay.quiet = delay.size;
  finishFade(delay);
}

function finishFade(delay: Delay): void {
  if (delay.fadeLeft > 0) delay.delay = delay.nextDelay;
  delay.fadeLeft = 0;
}

/** Coefficients of a filter for a cutoff, as ends of three ramps. One tan, two divisions. */
function aimFilter(bank: usize, first: i32, cutoffHz: f32, sampleRate: f32): void {
  const g = tanPi(cutoffHz / sampleRate);
  const a1: f32 = <f32>1.0 / (<f32>1.0 + g * (g + K));
  const a2: f32 = g * a1;
  rampEnd(bank, RAMPS, first, a1);
  rampEnd(bank, RAMPS, first + 1, a2);
  rampEnd(bank, RAMPS, first + 2, g * a2);
}

/**
 * Parameters to coefficients: time 0.1..0.6 s (its target: the fade is the smoothing), feedback 0..0.7, mix 0..1,
 * lowcut 20..1000 Hz, highcut 1000..10000 Hz. Also flushes the filters, heals a non-finite state by a reset and puts
 * the module to sleep when both lines and all filters hold nothing but zeros. Runs on: render thread, once per cell.
 */
export function delayTick(p: usize, s: usize, frames: i32): void {
  const delay = changetype<Delay>(s);
  const bank = s + BANK;
  const sum = flushAll(s + FILTERS, 8, LEAST_STATE);
  if (!isSane(sum)) {
    delayReset(s);
    // Its coefficients may be what broke it.
    delay.primed = 0;
  }
  if (delay.quiet >= delay.size && sum == 0.0) {
    delay.asleep = 1;
    finishFade(delay);
  }
  tickTime(delay, load<f32>(p + TIME + TARGET));

  const feedback = load<f32>(p + FEEDBACK);
  const mix = load<f32>(p + MIX);
  const lowcut = load<f32>(p + LOWCUT);
  const highcut = load<f32>(p + HIGHCUT);
  if (
    delay.primed &&
    feedback == delay.feedback &&
    mix == delay.mix &&
    lowcut == delay.lowcutHz &&
    highcut == delay.highcutHz &&
    delay.left == 0
  ) {
    return;
  }
  delay.feedback = feedback;
  delay.mix = mix;
  rampEnd(bank, RAMPS, BACK, clamp(feedback, 0.0, 0.98));
  rampEnd(bank, RAMPS, WET, mix);
  if (lowcut != delay.lowcutHz || !delay.primed) aimFilter(bank, HIGH_A1, lowcut, delay.sampleRate);
  if (highcut != delay.highcutHz || !delay.primed) aimFilter(bank, LOW_A1, highcut, delay.sampleRate);
  delay.lowcutHz = lowcut;
  delay.highcutHz = highcut;
  if (!delay.primed || delay.asleep) {
    delay.primed = 1;
    delay.left = 0;
    rampsLand(bank, RAMPS);
  } else {
    delay.left = frames;
    rampsAim(bank, RAMPS, frames);
  }
}

/** Starts a fade to a new time when none is running. */
function tickTime(delay: Delay, timeS: f32): void {
  if (delay.fadeLeft > 0) return;
  const frames = <i32>nearest<f64>(<f64>clamp(timeS, 0.001, <f32>LONGEST_S) * <f64>delay.sampleRate);
  if (frames == delay.delay) return;
  if (delay.delay == 0 || delay.asleep) {
    delay.delay = frames;
  } else {
    delay.nextDelay = frames;
    delay.fadeLeft = delay.fadeFrames;
  }
}

/**
 * Adds the echoes of n frames (1..16) of the send to outLeft, outRight. All buffers: mono f32, in and out apart.
 * About 50 operations per frame. Runs on: render thread.
 */
export function delayProcess(
  s: usize,
  inLeft: usize,
  inRight: usize,
  outLeft: usize,
  outRight: usize,
  n: i32,
): void {
  const delay = changetype<Delay>(s);
  if (delay.asleep) {
    if (isSilent(inLeft, inRight, n)) return;
    delay.asleep = 0;
    delay.quiet = 0;
  }
  for (let i = 0; i < n;) {
    const m = delay.left > 0 ? min<i32>(delay.left, n - i) : n - i;
    const at = (<usize>i) << 2;
    echoRun(s, inLeft + at, inRight + at, outLeft + at, outRight + at, m);
    i += m;
    if (delay.left > 0) {
      delay.left -= m;
      if (delay.left == 0) rampsLand(s + BANK, RAMPS);
    }
  }
}

/** n frames during which every coefficient follows one straight line. */
function echoRun(s: usize, inLeft: usize, inRight: usize, outLeft: usize, outRight: usize, n: i32): void {
  const delay = changetype<Delay>(s);
  const bank = s + BANK;
  const filters = s + FILTERS;
  const size = delay.size;
  const left = s + LINES;
  const right = left + ((<usize>size) << 2);
  const perFade: f32 = <f32>1.0 / <f32>delay.fadeFrames;

  let a1 = rampValue(bank, LOW_A1);
  let a2 = rampValue(bank, LOW_A2);
  let a3 = rampValue(bank, LOW_A3);
  let b1 = rampValue(bank, HIGH_A1);
  let b2 = rampValue(bank, HIGH_A2);
  let b3 = rampValue(bank, HIGH_A3);
  let back = rampValue(bank, BACK);
  let wet = rampValue(bank, WET);
  const da1 = rampStep(bank, RAMPS, LOW_A1);
  const da2 = rampStep(bank, RAMPS, LOW_A2);
  const da3 = rampStep(bank, RAMPS, LOW_A3);
  const db1 = rampStep(bank, RAMPS, HIGH_A1);
  const db2 = rampStep(bank, RAMPS, HIGH_A2);
  const db3 = rampStep(bank, RAMPS, HIGH_A3);
  const dBack = rampStep(bank, RAMPS, BACK);
  const dWet = rampStep(bank, RAMPS, WET);

  let l1 = load<f32>(filters);
  let l2 = load<f32>(filters, 4);
  let r1 = load<f32>(filters, 8);
  let r2 = load<f32>(filters, 12);
  let l3 = load<f32>(filters, 16);
  let l4 = load<f32>(filters, 20);
  let r3 = load<f32>(filters, 24);
  let r4 = load<f32>(filters, 28);

  let write = delay.write;
  let quiet = delay.quiet;
  for (let i = 0; i < n; i++) {
    a1 += da1;
    a2 += da2;
    a3 += da3;
    b1 += db1;
    b2 += db2;
    b3 += db3;
    back += dBack;
    wet += dWet;

    const at = (<usize>i) << 2;
    const read = slotBefore(write, delay.delay, size);
    let tapLeft = load<f32>(left + read);
    let tapRight = load<f32>(right + read);
    if (delay.fadeLeft > 0) {
      const next = slotBefore(write, delay.nextDelay, size);
      const fade: f32 = <f32>(delay.fadeFrames - delay.fadeLeft + 1) * perFade;
      tapLeft += (load<f32>(left + next) - tapLeft) * fade;
      tapRight += (load<f32>(right + next) - tapRight) * fade;
      if (--delay.fadeLeft == 0) delay.delay = delay.nextDelay;
    }

    // Low-pass.
    let v3: f32 = tapLeft - l2;
    let v1: f32 = a1 * l1 + a2 * v3;
    let v2: f32 = l2 + a2 * l1 + a3 * v3;
    l1 = v1 + v1 - l1;
    l2 = v2 + v2 - l2;
    const lowLeft = v2;
    v3 = tapRight - r2;
    v1 = a1 * r1 + a2 * v3;
    v2 = r2 + a2 * r1 + a3 * v3;
    r1 = v1 + v1 - r1;
    r2 = v2 + v2 - r2;
    const lowRight = v2;
    // High-pass.
    v3 = lowLeft - l4;
    v1 = b1 * l3 + b2 * v3;
    v2 = l4 + b2 * l3 + b3 * v3;
    l3 = v1 + v1 - l3;
    l4 = v2 + v2 - l4;
    const echoLeft: f32 = lowLeft - K * v1 - v2;
    v3 = lowRight - r4;
    v1 = b1 * r3 + b2 * v3;
    v2 = r4 + b2 * r3 + b3 * v3;
    r3 = v1 + v1 - r3;
    r4 = v2 + v2 - r4;
    const echoRight: f32 = lowRight - K * v1 - v2;

    const writeLeft = flush(load<f32>(inLeft + at) + back * echoLeft, LEAST_WRITTEN);
    const writeRight = flush(load<f32>(inRight + at) + back * echoRight, LEAST_WRITTEN);
    store<f32>(outLeft + at, load<f32>(outLeft + at) + wet * echoLeft);
    store<f32>(outRight + at, load<f32>(outRight + at) + wet * echoRight);

    store<f32>(left + ((<usize>write) << 2), writeLeft);
    store<f32>(right + ((<usize>write) << 2), writeRight);
    quiet = writeLeft == 0.0 && writeRight == 0.0 ? quiet + 1 : 0;
    if (++write == size) write = 0;
  }

  store<f32>(filters, l1);
  store<f32>(filters, l2, 4);
  store<f32>(filters, r1, 8);
  store<f32>(filters, r2, 12);
  store<f32>(filters, l3, 16);
  store<f32>(filters, l4, 20);
  store<f32>(filters, r3, 24);
  store<f32>(filters, r4, 28);
  rampStore(bank, LOW_A1, a1);
  rampStore(bank, LOW_A2, a2);
  rampStore(bank, LOW_A3, a3);
  rampStore(bank, HIGH_A1, b1);
  rampStore(bank, HIGH_A2, b2);
  rampStore(bank, HIGH_A3, b3);
  rampStore(bank, BACK, back);
  rampStore(bank, WET, wet);
  delay.write = write;
  delay.quiet = quiet & 0x3fffffff;
}

/** Byte offset in a line of the frame `delay` frames before `write`. */
function slotBefore(write: i32, delay: i32, size: i32): usize {
  const slot = write - delay;
  return (<usize>(slot < 0 ? slot + size : slot)) << 2;
}
