/**
 * The time between echoes: in seconds or as a note, and how a new one comes: faded in over 50 ms, one change at a time,
 * without a change of pitch; or gliding, as when a tape runs faster or slower. A delay at rest is a whole number of frames.
 *
 * A glide passes two inertias of 100 ms. The reading point never moves slower than half or faster than one and a half times
 * the writing one, so it never runs backwards, and the pitch falls by an octave or rises by a fifth at most:
 *
 *   eased += k (goal - eased)     step = held(k (eased - position), +-1/2)     position += step     pitch = 1 - step
 *
 * Below 2^-14 frames a frame (0.1 cent) it goes straight on and lands exactly on its goal.
 */
import { clamp } from '../dsp/math';
import { interpolateFrame } from '../dsp/lagrange';
import { Delay, LINE, longestFrames } from './kernel-state';

const SHORTEST_S: f64 = 0.01;
const INERTIA_S: f64 = 0.1;
const FASTEST: f64 = 0.5;
const SLOWEST: f64 = 0.00006103515625;
/** Frames before and behind the place that the interpolation reads. */
const BEFORE: i32 = 7;

/** 24ths of a quarter, from 1/32 to 1/1: the words of `sync` behind `off`. */
const NOTES: usize = memory.data<u8>([3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 48, 72, 96]);
const NOTE_COUNT: i32 = 14;

/** What was read of one run, frames of left and right. */
const TAPS: usize = memory.data(16 * 8, 16);
const NEXT: usize = memory.data(8, 8);

/**
 * Whole frames of a time in seconds, or of note number `sync` (1..14) at a tempo. A note that is longer than the line is
 * halved until it fits. Runs on: render thread.
 */
export function goalFrames(delay: Delay, timeS: f32, sync: i32, framesPerQuarter: f64): i32 {
  const rate = <f64>delay.sampleRate;
  const longest = longestFrames(delay.sampleRate);
  let frames = <f64>clamp(timeS, 0.0, 2.0) * rate;
  if (sync > 0) {
    const note = load<u8>(NOTES + <usize>(min<i32>(sync, NOTE_COUNT) - 1));
    frames = (framesPerQuarter * <f64>note) / 24.0;
    // Also where the tempo is no number.
    if (!(frames < 1e9)) frames = 1e9;
    while (frames > longest) frames *= 0.5;
  }
  return <i32>nearest<f64>(max<f64>(frames, SHORTEST_S * rate));
}

/** Begins a fade or leads a glide to a new delay; a fade that runs is let run. Runs on: render thread, at ticks. */
export function aimTime(delay: Delay, goal: i32, tape: bool): void {
  if (delay.fadeLeft > 0 || (goal === delay.delay && (tape || delay.gliding === 0))) return;
  if (delay.delay === 0 || delay.asleep !== 0) {
    delay.delay = goal;
  } else if (tape) {
    if (delay.gliding === 0) delay.position = delay.eased = <f64>delay.delay;
    delay.gliding = 1;
    delay.delay = goal;
  } else {
    delay.nextDelay = goal;
    delay.fadeLeft = delay.fadeFrames;
  }
}

/** A change on its way is over. */
export function landTime(delay: Delay): void {
  if (delay.fadeLeft > 0) delay.delay = delay.nextDelay;
  delay.fadeLeft = 0;
  delay.gliding = 0;
}

/** n frames from the line as they come out of it, left and right side by side; most often where they lie. */
export function readLine(s: usize, n: i32): usize {
  const delay = changetype<Delay>(s);
  if ((delay.fadeLeft | delay.gliding) === 0) return frameBefore(s, 0, delay.delay);
  const perFade: f32 = <f32>1.0 / <f32>delay.fadeFrames;
  for (let i = 0; i < n; i++) {
    const tap = TAPS + ((<usize>i) << 3);
    if (delay.gliding !== 0) readGliding(s, delay, i, tap);
    else store<u64>(tap, load<u64>(frameBefore(s, i, delay.delay)));
    if (delay.fadeLeft > 0) {
      const next = frameBefore(s, i, delay.nextDelay);
      const fade: f32 = <f32>(delay.fadeFrames - delay.fadeLeft + 1) * perFade;
      blend(tap, next, fade);
      blend(tap + 4, next + 4, fade);
      if (--delay.fadeLeft === 0) {
        delay.delay = delay.nextDelay;
        delay.gliding = 0;
      }
    }
  }
  return TAPS;
}

function blend(tap: usize, next: usize, share: f32): void {
  const x = load<f32>(tap);
  store<f32>(tap, x + (load<f32>(next) - x) * share);
}

/** Address of the frame `frames` before frame i of the run; so many that it and what follows lies in the line. */
function frameBefore(s: usize, i: i32, frames: i32): usize {
  const delay = changetype<Delay>(s);
  const slot = delay.write + i - frames;
  const size = delay.size;
  return s + LINE + ((<usize>(slot < 0 ? slot + size : slot >= size ? slot - size : slot)) << 3);
}

/** One step of the glide, and what lies there. */
function readGliding(s: usize, delay: Delay, i: i32, tap: usize): void {
  const goal = <f64>delay.delay;
  const k: f64 = 1.0 / (INERTIA_S * <f64>delay.sampleRate);
  delay.eased += k * (goal - delay.eased);
  const rest: f64 = goal - delay.position;
  let step: f64 = k * (delay.eased - delay.position);
  step = max<f64>(-FASTEST, min<f64>(FASTEST, step));
  if (abs<f64>(step) < SLOWEST) {
    if (abs<f64>(rest) <= SLOWEST) {
      delay.gliding = 0;
      store<u64>(tap, load<u64>(frameBefore(s, i, delay.delay)));
      return;
    }
    step = copysign<f64>(SLOWEST, rest);
  }
  delay.position += step;
  const whole = ceil<f64>(delay.position);
  interpolateFrame(frameBefore(s, i, <i32>whole + BEFORE), <f32>(whole - delay.position), tap);
}
