/**
 * Saturation, stereo: f(x) = (1 + k) x / (1 + k |x|), the curve of pyo's `Disto`, eight times oversampled and with
 * antiderivative antialiasing (modules/dsp/shaper.ts), then a DC blocker (10 Hz), a tone filter and a level that follows
 * the drive.
 *
 *   k      2 d / (1 - d), d = 0.9375 drive: 0 at 0 (a straight line), 1.8 at 0.5, 30 at 1
 *   level  (1 + k a) / (1 + k), a = 0.3: an input of that size keeps its size at every drive
 *   tone   Butterworth low-pass, two poles, at 1000 + 7000 tone Hz: 1 kHz dark, 4.5 kHz in the middle, 8 kHz bright.
 *          It is never flat; what lies above 8 kHz comes from the dry share
 *   mix    dry + mix (wet - dry), linear; the dry path is delayed by 32 frames, as the wet one is by its filters (and
 *          1/16 frame of the antialiasing). At 0 the output is the delayed input to the bit and nothing else is computed
 */
import { clamp, tanPi } from '../dsp/math';
import {
  HALFBAND_27,
  HALFBAND_5,
  HALFBAND_7,
  halfbandDown,
  halfbandFilter,
  halfbandUp,
  partHalves,
} from '../dsp/halfband';
import { rampEnd, rampStep, rampStore, rampValue, rampsAim, rampsLand } from '../dsp/ramps';
import { softClipMean, softClipMean4 } from '../dsp/shaper';
import { flushAll, isSane, isSilent } from '../dsp/silence';

/** 1 / Q of a Butterworth filter. */
const K: f32 = 1.4142135623730951;
const BLOCKER_HZ: f32 = 10.0;
const LEVEL_AT: f32 = 0.3;
const LEAST_STATE: f32 = 1e-12;
/** Frames after which silence has filled every delay. */
const MEMORY_FRAMES: i32 = 128;

// Parameters, in the order of the table, 16 bytes each: value, target, left, mod.
const DRIVE: usize = 0;
const MIX: usize = 16;
const TONE: usize = 32;

// Numbers in the bank of ramps.
const HARDNESS: i32 = 0;
const LEVEL: i32 = 1;
const WET: i32 = 2;
const A1: i32 = 3;
const A2: i32 = 4;
const A3: i32 = 5;
const RAMPS: i32 = 8;

@unmanaged
class Distortion {
  sampleRate: f32;
  primed: i32;
  // parameters the coefficients were made from
  drive: f32;
  mix: f32;
  tone: f32;
  // coefficients; the others are in the bank
  blocker: f32;
  left: i32;
  // memory
  quiet: i32;
  asleep: i32;
  /** The wet path is computed. */
  running: i32;
}

const HEAD: usize = 48;
const BANK: usize = HEAD;
/** DC blocker, then two integrators of the tone filter, left and right; 2 unused. */
const STATES: usize = BANK + 96;
/** Wet samples of one run, left and right; hardness of the shaper frame by frame. */
const WETS: usize = STATES + 32;
const HARDNESSES: usize = WETS + 128;
const CHANNELS: usize = HARDNESSES + 64;

// Buffers of one channel: history, then the frames of one run. Offsets of the first new frame, in bytes.
const DRY: usize = 4 * 96;
const DOUBLE: usize = DRY + 4 * (16 + 8);
const FOURFOLD: usize = DOUBLE + 4 * (32 + 8);
const EIGHT_EVEN: usize = FOURFOLD + 4 * 64;
const SHAPED_EVEN: usize = EIGHT_EVEN + 4 * (64 + 8);
const SHAPED_ODD: usize = SHAPED_EVEN + 4 * (64 + 8);
const FOUR_EVEN: usize = SHAPED_ODD + 4 * (64 + 8);
const FOUR_ODD: usize = FOUR_EVEN + 4 * (32 + 8);
const TWO_EVEN: usize = FOUR_ODD + 4 * (32 + 28);
const TWO_ODD: usize = TWO_EVEN + 4 * (16 + 16);
/** Scratch for one rate's samples before they are parted. */
const SCRATCH: usize = TWO_ODD + 4 * 16;
const CHANNEL: usize = SCRATCH + 4 * 64;

/** Delay of the dry path in frames: 27 + 7/2 + 5/4 of the filters + 1/4. */
const LATENCY: usize = 32;

/** Bytes of state, the same at every rate. */
export function distortionBytes(sampleRate: f32): usize {
  return CHANNELS + 2 * CHANNEL;
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function distortionInit(s: usize, sampleRate: f32): void {
  const distortion = changetype<Distortion>(s);
  distortion.sampleRate = sampleRate;
  const g = tanPi(BLOCKER_HZ / sampleRate);
  distortion.blocker = g / (<f32>1.0 + g);
}

/** Clears what the signal left behind; parameters stay. Runs on: render thread. */
export function distortionReset(s: usize): void {
  memory.fill(s + STATES, 0, CHANNELS + 2 * CHANNEL - STATES);
  changetype<Distortion>(s).quiet = MEMORY_FRAMES;
}

/**
 * Parameters to coefficients: drive, mix, tone 0..1. Starts and stops the wet path, flushes its filters, heals a
 * non-finite state by a reset, puts the module to sleep when nothing but zeros is left. One tan and three divisions when
 * they move. Starting costs as much as 64 frames, as the filters are filled from the dry path's memory.
 * Runs on: render thread, once per cell.
 */
export function distortionTick(p: usize, s: usize, frames: i32): void {
  const distortion = changetype<Distortion>(s);
  const bank = s + BANK;
  const sum = flushAll(s + STATES, 6, LEAST_STATE);
  if (!isSane(sum)) distortionReset(s);
  if (distortion.quiet >= MEMORY_FRAMES && sum == 0.0) distortion.asleep = 1;

  const drive = load<f32>(p + DRIVE);
  const mix = load<f32>(p + MIX);
  const tone = load<f32>(p + TONE);
  const moved =
    drive != distortion.drive || mix != distortion.mix || tone != distortion.tone || !distortion.primed;
  if (!moved && distortion.left == 0) {
    if (distortion.running && rampValue(bank, WET) == 0.0) stopWet(s);
    return;
  }
  if (moved) {
    const d: f32 = clamp(drive, 0.0, 1.0) * <f32>0.9375;
    const k: f32 = (d + d) / (<f32>1.0 - d);
    rampEnd(bank, RAMPS, HARDNESS, k);
    rampEnd(bank, RAMPS, LEVEL, (<f32>1.0 + k * LEVEL_AT) / (<f32>1.0 + k));
    rampEnd(bank, RAMPS, WET, mix);
    const g = tanPi((<f32>1000.0 + <f32>7000.0 * clamp(tone, 0.0, 1.0)) / distortion.sampleRate);
    const a1: f32 = <f32>1.0 / (<f32>1.0 + g * (g + K));
    rampEnd(bank, RAMPS, A1, a1);
    rampEnd(bank, RAMPS, A2, g * a1);
    rampEnd(bank, RAMPS, A3, g * g * a1);
    distortion.drive = drive;
    distortion.mix = mix;
    distortion.tone = tone;
  }
  if (!distortion.primed || distortion.asleep || !distortion.running) {
    // Nothing of the wet path has been heard: only the mix has to move.
    const wet = distortion.primed && !distortion.asleep ? rampValue(bank, WET) : mix;
    rampsLand(bank, RAMPS);
    rampStore(bank, WET, wet);
  }
  distortion.primed = 1;
  if (mix > 0.0 && !distortion.running) startWet(s);
  distortion.left = frames;
  rampsAim(bank, RAMPS, frames);
}

/** Fills the wet path's memory with what it would hold had it always run: 64 frames, as long as its filters. */
function startWet(s: usize): void {
  const distortion = changetype<Distortion>(s);
  distortion.running = 1;
  const bank = s + BANK;
  for (let f: usize = 0; f < 64; f += 4) store<f32>(s + HARDNESSES + f, rampValue(bank, HARDNESS));
  for (let channel: usize = 0; channel < 2; channel++) {
    const base = s + CHANNELS + channel * CHANNEL;
    for (let back: usize = 256; back > 0; back -= 64) {
      shapeRun(base, base + DRY - back, s + HARDNESSES, s + WETS + 64 * channel, 16);
    }
  }
}

/** Clears the wet path and no longer computes it. */
function stopWet(s: usize): void {
  changetype<Distortion>(s).running = 0;
  memory.fill(s + STATES, 0, CHANNELS - STATES);
  memory.fill(s + CHANNELS + DRY + 64, 0, CHANNEL - DRY - 64);
  memory.fill(s + CHANNELS + CHANNEL + DRY + 64, 0, CHANNEL - DRY - 64);
}

/**
 * Distorts n frames (1..16) in place, 32 frames late. left, right: mono f32 buffers.
 * About 2500 operations per frame at mix > 0, a copy at mix 0. Runs on: render thread.
 */
export function distortionProcess(s: usize, left: usize, right: usize, n: i32): void {
  const distortion = changetype<Distortion>(s);
  if (distortion.asleep) {
    if (isSilent(left, right, n)) {
      memory.fill(left, 0, (<usize>n) << 2);
      memory.fill(right, 0, (<usize>n) << 2);
      return;
    }
    distortion.asleep = 0;
    distortion.quiet = 0;
  }
  for (let i = 0; i < n;) {
    const m = distortion.left > 0 ? min<i32>(distortion.left, n - i) : n - i;
    distortRun(s, left + ((<usize>i) << 2), right + ((<usize>i) << 2), m);
    i += m;
    if (distortion.left > 0) {
      distortion.left -= m;
      if (distortion.left == 0) rampsLand(s + BANK, RAMPS);
    }
  }
}

/** n frames during which every coefficient follows one straight line. */
function distortRun(s: usize, left: usize, right: usize, n: i32): void {
  const distortion = changetype<Distortion>(s);
  const dryLeft = s + CHANNELS + DRY;
  const dryRight = dryLeft + CHANNEL;
  let quiet = distortion.quiet;
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    // Adding 0 turns -0 into 0.
    const inLeft: f32 = load<f32>(left + i) + 0.0;
    const inRight: f32 = load<f32>(right + i) + 0.0;
    store<f32>(dryLeft + i, inLeft);
    store<f32>(dryRight + i, inRight);
    quiet = inLeft == 0.0 && inRight == 0.0 ? quiet + 1 : 0;
  }
  distortion.quiet = quiet & 0x3fffffff;
  if (distortion.running) {
    fillHardness(s, n);
    shapeRun(s + CHANNELS, dryLeft, s + HARDNESSES, s + WETS, n);
    shapeRun(s + CHANNELS + CHANNEL, dryRight, s + HARDNESSES, s + WETS + 64, n);
    mixRun(s, left, right, n);
  } else {
    for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
      store<f32>(left + i, load<f32>(dryLeft + i - 4 * LATENCY));
      store<f32>(right + i, load<f32>(dryRight + i - 4 * LATENCY));
    }
  }
  keep(dryLeft, 96, n);
  keep(dryRight, 96, n);
}

/** Hardness of the shaper for each of n frames. */
function fillHardness(s: usize, n: i32): void {
  let k = rampValue(s + BANK, HARDNESS);
  const step = rampStep(s + BANK, RAMPS, HARDNESS);
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    k += step;
    store<f32>(s + HARDNESSES + i, k);
  }
  rampStore(s + BANK, HARDNESS, k);
}

/** n frames of one channel through oversampling and shaper: x (27 frames of history before it) to y. */
function shapeRun(base: usize, x: usize, hardness: usize, y: usize, n: i32): void {
  const scratch = base + SCRATCH;
  halfbandUp(x, base + DOUBLE, n, HALFBAND_27, 27, scratch);
  halfbandUp(base + DOUBLE, base + FOURFOLD, 2 * n, HALFBAND_7, 7, scratch);
  // One frame of the fourfold rate older: it makes the whole delay 32 frames.
  const late = base + FOURFOLD - 4;
  halfbandFilter(late, base + EIGHT_EVEN, 4 * n, HALFBAND_5, 5, 2.0);
  shapeEight(base + EIGHT_EVEN, late - 8, base, hardness, n);
  halfbandDown(base + SHAPED_EVEN, base + SHAPED_ODD, scratch, 4 * n, HALFBAND_5, 5);
  partHalves(scratch, base + FOUR_EVEN, base + FOUR_ODD, 2 * n);
  halfbandDown(base + FOUR_EVEN, base + FOUR_ODD, scratch, 2 * n, HALFBAND_7, 7);
  partHalves(scratch, base + TWO_EVEN, base + TWO_ODD, n);
  halfbandDown(base + TWO_EVEN, base + TWO_ODD, y, n, HALFBAND_27, 27);

  keep(base + DOUBLE, 8, 2 * n);
  keep(base + FOURFOLD, 8, 4 * n);
  keep(base + SHAPED_EVEN, 8, 4 * n);
  keep(base + SHAPED_ODD, 8, 4 * n);
  keep(base + FOUR_EVEN, 8, 2 * n);
  keep(base + FOUR_ODD, 8, 2 * n);
  keep(base + TWO_EVEN, 28, n);
  keep(base + TWO_ODD, 16, n);
}

/** The shaper at eight times the rate, four even and four odd samples per frame; odd has one of history before it. */
function shapeEight(even: usize, odd: usize, base: usize, hardness: usize, n: i32): void {
  let shapedEven = base + SHAPED_EVEN;
  let shapedOdd = base + SHAPED_ODD;
  for (let i = 0; i < n; i++, hardness += 4) {
    const k = load<f32>(hardness);
    if (ASC_FEATURE_SIMD) {
      const now = v128.load(even);
      v128.store(shapedEven, softClipMean4(v128.load(odd - 4), now, k));
      v128.store(shapedOdd, softClipMean4(now, v128.load(odd), k));
    } else {
      for (let j: usize = 0; j < 16; j += 4) {
        const now = load<f32>(even + j);
        store<f32>(shapedEven + j, softClipMean(load<f32>(odd + j - 4), now, k));
        store<f32>(shapedOdd + j, softClipMean(now, load<f32>(odd + j), k));
      }
    }
    even += 16;
    odd += 16;
    shapedEven += 16;
    shapedOdd += 16;
  }
}

/** Moves the last `history` (a multiple of 4) of history + n samples to before `at`. */
function keep(at: usize, history: usize, n: i32): void {
  const shift = (<usize>n) << 2;
  for (let to = at - 4 * history; to < at; to += 8) store<u64>(to, load<u64>(to + shift));
}

/** DC blocker, tone, level and mix of n frames of both channels. */
function mixRun(s: usize, left: usize, right: usize, n: i32): void {
  const bank = s + BANK;
  mixChannel(
    bank,
    s + STATES,
    changetype<Distortion>(s).blocker,
    s + WETS,
    s + CHANNELS + DRY,
    left,
    n,
    false,
  );
  const dry = s + CHANNELS + CHANNEL + DRY;
  mixChannel(bank, s + STATES + 12, changetype<Distortion>(s).blocker, s + WETS + 64, dry, right, n, true);
}

/** One channel of `mixRun`; `advance` keeps what the ramps reached. */
function mixChannel(
  bank: usize,
  states: usize,
  blocker: f32,
  shaped: usize,
  dry: usize,
  out: usize,
  n: i32,
  advance: bool,
): void {
  let level = rampValue(bank, LEVEL);
  let wet = rampValue(bank, WET);
  let a1 = rampValue(bank, A1);
  let a2 = rampValue(bank, A2);
  let a3 = rampValue(bank, A3);
  const levelStep = rampStep(bank, RAMPS, LEVEL);
  const wetStep = rampStep(bank, RAMPS, WET);
  const a1Step = rampStep(bank, RAMPS, A1);
  const a2Step = rampStep(bank, RAMPS, A2);
  const a3Step = rampStep(bank, RAMPS, A3);
  let slow = load<f32>(states);
  let ic1 = load<f32>(states, 4);
  let ic2 = load<f32>(states, 8);
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
    level += levelStep;
    wet += wetStep;
    a1 += a1Step;
    a2 += a2Step;
    a3 += a3Step;
    const x = load<f32>(shaped + i);
    const v: f32 = (x - slow) * blocker;
    const low: f32 = v + slow;
    slow = low + v;
    const v3: f32 = x - low - ic2;
    const v1: f32 = a1 * ic1 + a2 * v3;
    const v2: f32 = ic2 + a2 * ic1 + a3 * v3;
    ic1 = v1 + v1 - ic1;
    ic2 = v2 + v2 - ic2;
    const through = load<f32>(dry + i - 4 * LATENCY);
    store<f32>(out + i, through + wet * (v2 * level - through));
  }
  store<f32>(states, slow);
  store<f32>(states, ic1, 4);
  store<f32>(states, ic2, 8);
  if (!advance) return;
  rampStore(bank, LEVEL, level);
  rampStore(bank, WET, wet);
  rampStore(bank, A1, a1);
  rampStore(bank, A2, a2);
  rampStore(bank, A3, a3);
}
