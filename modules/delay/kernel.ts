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
 * How the time changes: kernel-time.ts. What goes where in the loop: kernel-loop.ts.
 */
import { clamp, tanPi } from '../dsp/math';
import { rampEnd, rampsAim, rampsLand } from '../dsp/ramps';
import { flushAll, isSane, isSilent } from '../dsp/silence';
import { feedRun, filterRun, K } from './kernel-loop';
import {
  BACK,
  BANK,
  CROSS,
  Delay,
  FILTERS,
  HIGH_A1,
  LINE,
  lineBytes,
  lineFrames,
  LOW_A1,
  RAMPS,
  WET,
} from './kernel-state';
import { aimTime, goalFrames, landTime, readLine } from './kernel-time';

const FADE_S: f64 = 0.05;
const LEAST_STATE: f32 = 1e-15;

// Parameters, in the order of the table, 16 bytes each: value, target, left, mod.
const TIME: usize = 0;
const FEEDBACK: usize = 16;
const MIX: usize = 32;
const LOWCUT: usize = 48;
const HIGHCUT: usize = 64;
const TIME_MODE: usize = 80;
const PING_PONG: usize = 96;
const SYNC: usize = 112;
const TARGET: usize = 4;

/** Bytes of state: 769 KB at 48 kHz. */
export function delayBytes(sampleRate: f32): usize {
  return LINE + lineBytes(lineFrames(sampleRate));
}

/** Prepares zeroed state for a rate of 44100..192000 Hz. Runs on: render thread, once. */
export function delayInit(s: usize, sampleRate: f32): void {
  const delay = changetype<Delay>(s);
  delay.sampleRate = sampleRate;
  delay.size = lineFrames(sampleRate);
  delay.fadeFrames = <i32>nearest<f64>(FADE_S * <f64>sampleRate);
}

/** Clears what the signal left behind; parameters stay, a running change of time is finished. Runs on: render thread. */
export function delayReset(s: usize): void {
  const delay = changetype<Delay>(s);
  memory.fill(s + FILTERS, 0, 32);
  memory.fill(s + LINE, 0, lineBytes(delay.size));
  delay.quiet = delay.size;
  landTime(delay);
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
 * Parameters to coefficients: time 0.1..0.6 s (its target: the fade or glide is the smoothing), feedback 0..0.7, mix 0..1,
 * lowcut 20..1000 Hz, highcut 1000..10000 Hz, time_mode 0 fade, 1 tape, ping_pong 0..1, sync 0 or a note (1..14) of the
 * tempo given in frames per quarter. Also flushes the filters, heals a non-finite state by a reset and puts the module to
 * sleep when the line and all filters hold nothing but zeros. Runs on: render thread, once per cell.
 */
export function delayTick(p: usize, s: usize, frames: i32, framesPerQuarter: f64): void {
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
    landTime(delay);
  }
  const sync = <i32>load<f32>(p + SYNC);
  const goal = goalFrames(delay, load<f32>(p + TIME + TARGET), sync, framesPerQuarter);
  aimTime(delay, goal, load<f32>(p + TIME_MODE) >= 1.0);

  const feedback = load<f32>(p + FEEDBACK);
  const mix = load<f32>(p + MIX);
  const lowcut = load<f32>(p + LOWCUT);
  const highcut = load<f32>(p + HIGHCUT);
  const pingPong = load<f32>(p + PING_PONG);
  if (
    delay.primed &&
    feedback == delay.feedback &&
    mix == delay.mix &&
    lowcut == delay.lowcutHz &&
    highcut == delay.highcutHz &&
    pingPong == delay.pingPong &&
    delay.left == 0
  ) {
    return;
  }
  delay.feedback = feedback;
  delay.mix = mix;
  delay.pingPong = pingPong;
  rampEnd(bank, RAMPS, BACK, clamp(feedback, 0.0, 0.98));
  rampEnd(bank, RAMPS, WET, mix);
  rampEnd(bank, RAMPS, CROSS, clamp(pingPong, 0.0, 1.0));
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

/**
 * Adds the echoes of n frames (1..16) of the send to outLeft, outRight. All buffers: mono f32, in and out apart.
 * About 60 operations per frame, three times as many while the time glides. Runs on: render thread.
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
    const echoes = filterRun(s, readLine(s, m), m);
    feedRun(s, echoes, inLeft + at, inRight + at, outLeft + at, outRight + at, m);
    i += m;
    if (delay.left > 0) {
      delay.left -= m;
      if (delay.left == 0) rampsLand(s + BANK, RAMPS);
    }
  }
}
