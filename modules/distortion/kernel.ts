/**
 * Saturation, stereo: f(x) = (1 + k) x / (1 + k |x|), the curve of pyo's `Disto`, eight times oversampled and with
 * second-order antiderivative antialiasing (modules/dsp/shaper.ts), then a DC blocker (10 Hz), a tone filter and a level
 * that follows the drive.
 *
 *   k      2 d / (1 - d), d = 0.9375 drive: 0 at 0 (a straight line), 1.8 at 0.5, 30 at 1
 *   level  (1 + k a) / (1 + k), a = 0.3: an input of that size keeps its size at every drive; times the square root of
 *          the energy before over the energy behind, each averaged over 1 s, so that drive changes the sound and not the
 *          loudness. It corrects by 18 dB at most; what is below -70 dB does not move it
 *   tone   Butterworth low-pass, two poles, at 1000 + 7000 tone Hz: 1 kHz dark, 4.5 kHz in the middle, 8 kHz bright.
 *          It is never flat; what lies above 8 kHz comes from the dry share
 *   mix    dry + mix (wet - dry), linear; the dry path is delayed by 32 frames, as the wet one is by its filters. At 0 the
 *          output is the delayed input to the bit and nothing else is computed
 */
import { clamp, tanPi } from '../dsp/math';
import { EIGHTFOLD_BYTES, EIGHTFOLD_LATENCY, eightfoldSaturate, keep } from '../dsp/eightfold';
import { rampEnd, rampStep, rampStore, rampValue, rampsAim, rampsLand } from '../dsp/ramps';
import { flushAll, isSane, isSilent } from '../dsp/silence';

/** 1 / Q of a Butterworth filter. */
const K: f32 = 1.4142135623730951;
const BLOCKER_HZ: f32 = 10.0;
const LEVEL_AT: f32 = 0.3;
const LEAST_STATE: f32 = 1e-12;
/** Averaging time of the energies, and time in which the level follows them. */
const ENERGY_S: f32 = 1.0;
const FOLLOW_S: f32 = 0.05;
/** Energy of both sides at -70 dB. */
const FLOOR: f32 = 2e-7;
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
  level: f32;
  left: i32;
  // memory
  quiet: i32;
  asleep: i32;
  /** The wet path is computed. */
  running: i32;
  /** Frames since the last tick, and averaged energies of both sides before and behind the shaper. */
  counted: i32;
  energyIn: f32;
  energyOut: f32;
  /** What the level is corrected by. */
  follow: f32;
  pad1: i32;
}

const HEAD: usize = 64;
const BANK: usize = HEAD;
/** DC blocker and two integrators of the tone filter; energies in and out since the last tick. Each left, right. */
const STATES: usize = BANK + 96;
const ENERGIES: usize = STATES + 24;
/** Wet samples of one run, left and right; hardness of the shaper frame by frame. */
const WETS: usize = STATES + 48;
const HARDNESSES: usize = WETS + 128;
const CHANNELS: usize = HARDNESSES + 64;

/** Dry frames kept per channel: what fills the wet path's filters when it starts. */
const HISTORY: i32 = 96;
// One channel: history, the frames of one run, the oversampled shaper.
const DRY: usize = 4 * 96;
const CHAIN: usize = DRY + 64;
const CHANNEL: usize = CHAIN + EIGHTFOLD_BYTES;

/** Delay of the dry path in bytes. */
const LATENCY: usize = 4 * <usize>EIGHTFOLD_LATENCY;

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
  distortion.follow = 1.0;
}

/** Clears what the signal left behind; parameters stay, and arrive where they were going. Runs on: render thread. */
export function distortionReset(s: usize): void {
  const distortion = changetype<Distortion>(s);
  clearWet(s);
  memory.fill(s + CHANNELS, 0, 2 * CHANNEL);
  rampEnd(s + BANK, RAMPS, LEVEL, distortion.level);
  rampsLand(s + BANK, RAMPS);
  distortion.left = 0;
  distortion.quiet = MEMORY_FRAMES;
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
  if (!isSane(sum + distortion.energyIn + distortion.energyOut)) {
    distortionReset(s);
    // Its coefficients may be what broke it.
    distortion.primed = 0;
  }
  if (distortion.quiet >= MEMORY_FRAMES && sum == 0.0 && !distortion.asleep) {
    distortion.asleep = 1;
    forgetEnergy(s);
  }

  const drive = load<f32>(p + DRIVE);
  const mix = load<f32>(p + MIX);
  const tone = load<f32>(p + TONE);
  const moved =
    drive != distortion.drive || mix != distortion.mix || tone != distortion.tone || !distortion.primed;
  if (!moved && distortion.left == 0 && rampValue(bank, WET) == 0.0) {
    if (distortion.running) clearWet(s);
    distortion.running = 0;
    return;
  }
  if (distortion.asleep && !moved && distortion.left == 0) return;
  if (moved) {
    const d: f32 = clamp(drive, 0.0, 1.0) * <f32>0.9375;
    const k: f32 = (d + d) / (<f32>1.0 - d);
    rampEnd(bank, RAMPS, HARDNESS, k);
    distortion.level = (<f32>1.0 + k * LEVEL_AT) / (<f32>1.0 + k);
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
  if (distortion.running && !distortion.asleep) followEnergy(s);
  rampEnd(bank, RAMPS, LEVEL, distortion.level * distortion.follow);
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
  const bank = s + BANK;
  changetype<Distortion>(s).running = 1;
  for (let f: usize = 0; f < 64; f += 4) store<f32>(s + HARDNESSES + f, rampValue(bank, HARDNESS));
  for (let channel: usize = 0; channel < 2; channel++) {
    const base = s + CHANNELS + channel * CHANNEL;
    for (let back: usize = 256; back > 0; back -= 64) {
      eightfoldSaturate(base + CHAIN, base + DRY - back, s + HARDNESSES, s + WETS + 64 * channel, 16);
    }
  }
}

/** Clears all memory of the wet path. */
function clearWet(s: usize): void {
  const distortion = changetype<Distortion>(s);
  distortion.counted = 0;
  distortion.energyIn = 0.0;
  distortion.energyOut = 0.0;
  distortion.follow = 1.0;
  memory.fill(s + STATES, 0, CHANNELS - STATES);
  memory.fill(s + CHANNELS + CHAIN, 0, EIGHTFOLD_BYTES);
  memory.fill(s + CHANNELS + CHANNEL + CHAIN, 0, EIGHTFOLD_BYTES);
}

/** Lets the level follow the energies of the frames since the last tick. */
function followEnergy(s: usize): void {
  const distortion = changetype<Distortion>(s);
  const counted = <f32>distortion.counted;
  if (counted > 0.0) {
    const share: f32 = min<f32>(counted / (ENERGY_S * distortion.sampleRate), 1.0);
    const per: f32 = share / counted;
    distortion.energyIn +=
      (load<f32>(s + ENERGIES) + load<f32>(s + ENERGIES, 4)) * per - distortion.energyIn * share;
    distortion.energyOut +=
      (load<f32>(s + ENERGIES, 8) + load<f32>(s + ENERGIES, 12)) * per - distortion.energyOut * share;
    const level = distortion.level;
    const ratio: f32 = (distortion.energyIn + FLOOR) / (distortion.energyOut * level * level + FLOOR);
    const aim = clamp(sqrt<f32>(ratio), 0.125, 8.0);
    distortion.follow +=
      (aim - distortion.follow) * min<f32>(counted / (FOLLOW_S * distortion.sampleRate), 1.0);
  }
  forgetEnergy(s);
}

/** Starts counting energy anew. */
function forgetEnergy(s: usize): void {
  store<u64>(s + ENERGIES, 0);
  store<u64>(s + ENERGIES, 0, 8);
  changetype<Distortion>(s).counted = 0;
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
    eightfoldSaturate(s + CHANNELS + CHAIN, dryLeft, s + HARDNESSES, s + WETS, n);
    eightfoldSaturate(s + CHANNELS + CHANNEL + CHAIN, dryRight, s + HARDNESSES, s + WETS + 64, n);
    mixSides(s, left, right, n);
    distortion.counted += n;
  } else {
    for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
      store<f32>(left + i, load<f32>(dryLeft + i - LATENCY));
      store<f32>(right + i, load<f32>(dryRight + i - LATENCY));
    }
  }
  keep(dryLeft, HISTORY, n);
  keep(dryRight, HISTORY, n);
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

/** DC blocker, tone, level and mix of n frames. A vector is left and right (and twice nothing). */
function mixSides(s: usize, left: usize, right: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) {
    const bank = s + BANK;
    const blocker = f32x4.splat(changetype<Distortion>(s).blocker);
    const shaped = s + WETS;
    const dry = s + CHANNELS + DRY - LATENCY;
    const steps = bank + 8 * RAMPS;
    let level = v128.load32_splat(bank + 4 * LEVEL);
    let wet = v128.load32_splat(bank + 4 * WET);
    let a1 = v128.load32_splat(bank + 4 * A1);
    let a2 = v128.load32_splat(bank + 4 * A2);
    let a3 = v128.load32_splat(bank + 4 * A3);
    const levelStep = v128.load32_splat(steps + 4 * LEVEL);
    const wetStep = v128.load32_splat(steps + 4 * WET);
    const a1Step = v128.load32_splat(steps + 4 * A1);
    const a2Step = v128.load32_splat(steps + 4 * A2);
    const a3Step = v128.load32_splat(steps + 4 * A3);
    let energyIn = v128.load64_zero(s + ENERGIES);
    let energyOut = v128.load64_zero(s + ENERGIES, 8);
    let slow = v128.load64_zero(s + STATES);
    let ic1 = v128.load64_zero(s + STATES, 8);
    let ic2 = v128.load64_zero(s + STATES, 16);
    for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
      level = f32x4.add(level, levelStep);
      wet = f32x4.add(wet, wetStep);
      a1 = f32x4.add(a1, a1Step);
      a2 = f32x4.add(a2, a2Step);
      a3 = f32x4.add(a3, a3Step);
      const x = v128.load_lane<f32>(shaped + 64 + i, v128.load32_zero(shaped + i), 1);
      const v = f32x4.mul(f32x4.sub(x, slow), blocker);
      const low = f32x4.add(v, slow);
      slow = f32x4.add(low, v);
      const bare = f32x4.sub(x, low);
      const v3 = f32x4.sub(bare, ic2);
      const v1 = f32x4.add(f32x4.mul(a1, ic1), f32x4.mul(a2, v3));
      const v2 = f32x4.add(f32x4.add(ic2, f32x4.mul(a2, ic1)), f32x4.mul(a3, v3));
      ic1 = f32x4.sub(f32x4.add(v1, v1), ic1);
      ic2 = f32x4.sub(f32x4.add(v2, v2), ic2);
      const through = v128.load_lane<f32>(dry + CHANNEL + i, v128.load32_zero(dry + i), 1);
      energyIn = f32x4.add(energyIn, f32x4.mul(through, through));
      energyOut = f32x4.add(energyOut, f32x4.mul(bare, bare));
      const out = f32x4.add(through, f32x4.mul(wet, f32x4.sub(f32x4.mul(v2, level), through)));
      v128.store_lane<f32>(left + i, out, 0);
      v128.store_lane<f32>(right + i, out, 1);
    }
    v128.store_lane<u64>(s + ENERGIES, energyIn, 0);
    v128.store_lane<u64>(s + ENERGIES, energyOut, 0, 8);
    v128.store_lane<u64>(s + STATES, slow, 0);
    v128.store_lane<u64>(s + STATES, ic1, 0, 8);
    v128.store_lane<u64>(s + STATES, ic2, 0, 16);
    v128.store_lane<f32>(bank + 4 * LEVEL, level, 0);
    v128.store_lane<f32>(bank + 4 * WET, wet, 0);
    v128.store_lane<f32>(bank + 4 * A1, a1, 0);
    v128.store_lane<f32>(bank + 4 * A2, a2, 0);
    v128.store_lane<f32>(bank + 4 * A3, a3, 0);
  } else {
    mixSide(s, 0, left, n, false);
    mixSide(s, 1, right, n, true);
  }
}

/** One side of `mixSides`; `last`: the other is done, keep what the ramps reached. */
function mixSide(s: usize, side: usize, out: usize, n: i32, last: bool): void {
  const blocker = changetype<Distortion>(s).blocker;
  const states = s + STATES + 4 * side;
  const energies = s + ENERGIES + 4 * side;
  const shaped = s + WETS + 64 * side;
  const dry = s + CHANNELS + DRY + CHANNEL * side;
  const bank = s + BANK;
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
  let energyIn = load<f32>(energies);
  let energyOut = load<f32>(energies, 8);
  let slow = load<f32>(states);
  let ic1 = load<f32>(states, 8);
  let ic2 = load<f32>(states, 16);
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
    const bare: f32 = x - low;
    const v3: f32 = bare - ic2;
    const v1: f32 = a1 * ic1 + a2 * v3;
    const v2: f32 = ic2 + a2 * ic1 + a3 * v3;
    ic1 = v1 + v1 - ic1;
    ic2 = v2 + v2 - ic2;
    const through = load<f32>(dry + i - LATENCY);
    energyIn += through * through;
    energyOut += bare * bare;
    store<f32>(out + i, through + wet * (v2 * level - through));
  }
  store<f32>(energies, energyIn);
  store<f32>(energies, energyOut, 8);
  store<f32>(states, slow);
  store<f32>(states, ic1, 8);
  store<f32>(states, ic2, 16);
  if (!last) return;
  rampStore(bank, LEVEL, level);
  rampStore(bank, WET, wet);
  rampStore(bank, A1, a1);
  rampStore(bank, A2, a2);
  rampStore(bank, A3, a3);
}
