/**
 * Acid: a four-pole ladder low-pass in place of one voice's filter.
 *
 *   in -> 4 x -> drive -> 2 x -> one-pole -> ladder -> level -> pan and sends of its voice
 *
 * Ladder: four trapezoidal one-poles at twice the rate with the feedback solved for zero delay, its input saturated
 * inside the loop (Zavalishin, "The Art of VA Filter Design", ch. 6). With the stages linear,
 *
 *   y_i = G^i u + p_i,   u = f((x - k p_4) / (1 + k G^4)),   G = g / (1 + g),  g = tan(pi cutoff / rate)
 *
 * p_i is what stage i gives when nothing comes in. So
 *   - the saturator is a curve between y_4 and u and nothing else: it changes the size of the loop and not its phase, and
 *     an oscillation stays in tune at every level;
 *   - for G <= 1/2 every state is a mean of what it was and of what comes in: |u| <= 1 bounds all of them by 1 whatever
 *     the parameters do;
 *   - nothing is iterated: against u = f(x - k y_4) the curve is stretched by k G^4, 0.2 % at 5 kHz.
 * The ladder is its own decimator: of what lies above 24 kHz it leaves less than 1/1400.
 *
 * Mono in, stereo out; n frames of one cell. The drive is computed four samples at a time, the rest is scalar: there is one.
 */
import { Header } from '../../engine/core/cell.lane';
import { AcidParams, CELL_FRAMES } from '../../engine/core/generated/layout';
import { clamp, exp2, tanPi } from '../dsp/math';
import { softClipShares } from '../dsp/shaper';
import { addRun } from '../dsp/hadamard';
import { flushAll } from '../dsp/silence';
import { voiceSilent } from '../voice/kernel-events';
import { Voice, voiceField } from '../voice/state.lane';
import { Acid } from './kernel-state';
import { raise, RAISE_FLOATS } from '../dsp/raise';

/** Hardness of the saturation at drive 0 and 1: v = (1 + k) x / (1 + k |x|). */
const SOFT: f32 = 2;
const HARD: f32 = 30;
/** Where the feedback leaves 4 res, and what it is at 0.98: it oscillates from res 0.94 on. */
const LAST_RES: f32 = 0.9;
const TOP_K: f32 = 4.4;
/** Level without feedback, and what each unit of it adds: the ladder alone loses 1 / (1 + k) of the bass. */
const BASE: f32 = 0.75;
const LIFT: f32 = 0.64;
/** Below this a state counts as 0. */
const LEAST: f32 = 1e-10;
/** Numbers at the start of the state that the signal leaves behind. */
const SIGNAL_FLOATS: i32 = 8;
const RAISE: usize = offsetof<Acid>();
const BYTES: usize = RAISE + ((<usize>RAISE_FLOATS) << 2);

/** Samples of one cell at four times the rate, each with one of history: before the shaper, its rising shares, behind it. */
const FAST: usize = memory.data(4 * (4 + 64), 64);
const RISING: usize = memory.data(4 * (4 + 64), 64);
const SHAPED: usize = memory.data(4 * (4 + 64), 64);

export function acidBytes(sampleRate: f32): usize {
  return (BYTES + 15) & ~15;
}
export function acidInit(s: usize, sampleRate: f32): void {}
export function acidReset(s: usize): void {
  memory.fill(s, 0, offsetof<Acid>('open'));
  memory.fill(s + RAISE, 0, BYTES - RAISE);
}

/** Fires the envelopes at this frame. Runs on: render thread, at gates of the assigned voice. */
export function acidGateOn(s: usize, accent: f32): void {
  const a = changetype<Acid>(s);
  a.env = 1;
  a.accentEnv = accent;
  a.accent = accent;
  a.open = 1;
  a.fired = 1;
}
/** Release: the envelope falls within 10 ms of the gate. */
export function acidGateOff(s: usize): void {
  changetype<Acid>(s).open = 0;
}

const FADE_CELLS: f32 = 16;

/**
 * At the grid: comes to the voice it stands in for (`stays`) or leaves it, by one step. `at once`: nobody hears it.
 * Gives true when it has left. Runs on: render thread.
 */
export function acidMove(s: usize, stays: bool, atOnce: bool): bool {
  const a = changetype<Acid>(s);
  const step: f32 = atOnce ? 1 : <f32>1 / FADE_CELLS;
  a.presence = stays ? min<f32>(1, a.presence + step) : max<f32>(0, a.presence - step);
  return a.presence === 0;
}

/** What the voice loses to it: its mix, as far as it is present. */
export function acidShare(params: usize, s: usize): f32 {
  return changetype<AcidParams>(params).mix * changetype<Acid>(s).presence;
}

/** What it gave to a bus (dry left, right, reverb left, right, delay left, right) in its last frame. */
export function acidLast(s: usize, bus: i32): f32 {
  const a = changetype<Acid>(s);
  const x = (bus & 1) === 0 ? a.lastLeft : a.lastRight;
  return bus < 2 ? x : bus < 4 ? x * a.reverb : x * a.delay;
}
/** True while all its numbers are finite. */
export function acidSound(s: usize): bool {
  let sum: f32 = 0;
  for (let at: usize = 0; at < BYTES; at += 4) {
    if (at !== offsetof<Acid>('open') && at !== offsetof<Acid>('fired')) sum += load<f32>(s + at);
  }
  return sum - sum === 0;
}
/** Begins anew in its place: its coefficients are made at the next tick. */
export function acidAnew(s: usize): void {
  const a = changetype<Acid>(s);
  const open = a.open;
  const presence = a.presence;
  memory.fill(s, 0, BYTES);
  a.open = open;
  a.presence = presence >= 0 && presence <= 1 ? presence : 0;
}
/** Begun anew while a note is held: open as its voice is. */
export function acidJoin(s: usize, open: bool): void {
  changetype<Acid>(s).open = open ? 1 : 0;
}

/** True while it has something to say. */
export function acidBusy(s: usize): bool {
  let bits: u32 = 0;
  for (let at: usize = 0; at < (<usize>SIGNAL_FLOATS) << 2; at += 4) bits |= load<u32>(s + at);
  for (let at: usize = RAISE; at < BYTES; at += 4) bits |= load<u32>(s + at);
  return bits << 1 !== 0;
}

/** True when it has no voice and nothing to say, and nothing in it moves: nobody need look at it until a command comes. */
export function acidRests(s: usize): bool {
  const a = changetype<Acid>(s);
  return a.env + a.accentEnv + a.hold + abs<f32>(a.left) + abs<f32>(a.right) === 0 && !acidBusy(s);
}

/** Moves the envelopes to the end of the cell. */
function envelopes(a: Acid, p: AcidParams, frames: f32, sampleRate: f32): void {
  const decay = a.open !== 0 ? p.decay : min<f32>(p.decay, 0.01);
  a.env *= exp2((-7.2 * frames) / (decay * sampleRate));
  a.accentEnv *= exp2((-7.2 * frames) / (p.accentDecay * sampleRate));
  if (a.env < 0.002) a.env = 0;
  if (a.accentEnv < 0.002) a.accentEnv = 0;
}

/**
 * Coefficients for the cell that ends in `frames` frames. `group`, `lane`: the voice it stands in for; group 0: none.
 * `grid`: the cell begins on the grid. `cutoffMod`: Hz from what modulates the voice's own cutoff.
 * Runs on: render thread, control rate.
 */
export function acidTick(
  params: usize,
  s: usize,
  frames: i32,
  sampleRate: f32,
  group: usize,
  lane: i32,
  cutoffMod: f32,
  grid: bool,
): void {
  const p = changetype<AcidParams>(params);
  const a = changetype<Acid>(s);
  const perFrame: f32 = 1.0 / <f32>frames;
  if (grid) arrive(a);
  if (grid || a.fired !== 0) envelopes(a, p, <f32>frames, sampleRate);
  a.fired = 0;
  const boost = a.accentEnv;
  const hz = clampTo(
    p.cutoff + p.cutoffMod + cutoffMod + a.env * p.envAmount + boost * p.cutoffOffset,
    80.0,
    5000.0,
  );
  a.gEnd = tanPi(hz / (<f32>2.0 * sampleRate));
  a.gStep = (a.gEnd - a.g) * perFrame;
  const res = clampTo(p.res + p.resMod + boost * p.resAccentBoost, 0.0, 0.98);
  const sounds = group !== 0 && changetype<Header>(group).bypassed === 0 && !voiceSilent(group, lane);
  if (sounds) a.hold = 1;
  else if (grid) a.hold = max<f32>(0, a.hold - <f32>1 / FADE_CELLS);
  const env: f32 = sounds ? load<f32>(voiceField(group, lane, offsetof<Voice>('env'))) : 0;
  a.kEnd = a.hold * feedback(res, env);
  a.kStep = (a.kEnd - a.k) * perFrame;
  a.driveEnd = SOFT + (HARD - SOFT) * p.drive * p.drive;
  a.driveStep = (a.driveEnd - a.drive) * perFrame;
  a.slope = <f32>1.0 - exp2(log2Slope(p.drive) * (<f32>24000.0 / sampleRate));
  // The trim of the shaper, the ladder's own loss of level with resonance, and volume compensation.
  a.levelEnd =
    ((BASE + LIFT * a.kEnd) * (<f32>1.0 - res * p.volComp * 0.5)) / (<f32>1.0 + <f32>0.8 * p.drive);
  a.levelStep = (a.levelEnd - a.level) * perFrame;
  let left: f32 = 0;
  let right: f32 = 0;
  if (group !== 0) {
    const amp = load<f32>(voiceField(group, lane, offsetof<Voice>('ampEnd')));
    left = p.mix * a.presence * amp * load<f32>(voiceField(group, lane, offsetof<Voice>('panLeftEnd')));
    right = p.mix * a.presence * amp * load<f32>(voiceField(group, lane, offsetof<Voice>('panRightEnd')));
    a.reverb = load<f32>(voiceField(group, lane, offsetof<Voice>('reverbEnd')));
    a.delay = load<f32>(voiceField(group, lane, offsetof<Voice>('delayEnd')));
  }
  a.leftEnd = left;
  a.leftStep = (left - a.left) * perFrame;
  a.rightEnd = right;
  a.rightStep = (right - a.right) * perFrame;
  const sum: f32 = flushAll(s, SIGNAL_FLOATS, LEAST) + flushAll(s + RAISE, RAISE_FLOATS, LEAST);
  if (!(sum < 1000.0)) acidReset(s);
}

/**
 * 4 res up to LAST_RES and on to TOP_K at 0.98: at 4 it oscillates. What is beyond LAST_RES goes with the last 26 dB of
 * the envelope of the voice, as a note would not end otherwise.
 */
function feedback(res: f32, env: f32): f32 {
  const k: f32 = 4.0 * min<f32>(res, LAST_RES);
  const beyond: f32 = max<f32>(0, res - LAST_RES) * ((TOP_K - 4.0 * LAST_RES) / (<f32>0.98 - LAST_RES));
  return k + beyond * clamp(<f32>20.0 * env, 0.0, 1.0);
}

/** log2 of the original's one-pole coefficient 0.92 - 0.2 drive, as a straight line (exact at both ends). */
function log2Slope(drive: f32): f32 {
  return <f32>-0.120294 - <f32>0.353622 * drive;
}

function arrive(a: Acid): void {
  a.g = a.gEnd;
  a.k = a.kEnd;
  a.drive = a.driveEnd;
  a.level = a.levelEnd;
  a.left = a.leftEnd;
  a.right = a.rightEnd;
}

/** Coefficients of the next frame. */
function step(a: Acid): void {
  'inline';
  a.g += a.gStep;
  a.k += a.kStep;
  a.drive += a.driveStep;
  a.level += a.levelStep;
  a.left += a.leftStep;
  a.right += a.rightStep;
}

/**
 * n frames of silence while it is at rest: where it stands afterwards is where it would stand had it heard them.
 * Runs on: render thread, every cell; 6 operations a frame.
 */
export function acidPass(s: usize, n: i32): void {
  const a = changetype<Acid>(s);
  for (let i = 0; i < n; i++) step(a);
  a.lastLeft = 0;
  a.lastRight = 0;
}

function clampTo(x: f32, low: f32, high: f32): f32 {
  return max<f32>(low, min<f32>(high, x));
}

/** tanh by its continued fraction, held at +-1: x (27 + x^2) / (27 + 9 x^2) for |x| <= 3. */
function saturate(x: f32): f32 {
  const c = clampTo(x, -3.0, 3.0);
  const c2: f32 = c * c;
  return (c * (<f32>27.0 + c2)) / (<f32>27.0 + <f32>9.0 * c2);
}

/**
 * Adds n frames to the six buses (rows of CELL_FRAMES f32). `tap`: the voice before its filter, 16 bytes per frame.
 * Gives the peak of what it added. Runs on: render thread, every cell while its voice sounds; about 250 operations a frame.
 */
export function acidProcess(s: usize, tap: usize, buses: usize, n: i32): f32 {
  const a = changetype<Acid>(s);
  saturateFast(a, s + RAISE, tap, n);
  let peak: f32 = 0;
  let l: f32 = 0;
  let r: f32 = 0;
  let s1 = a.s1;
  let s2 = a.s2;
  let s3 = a.s3;
  let s4 = a.s4;
  let x = a.shaped;
  for (let i = 0; i < n; i++) {
    step(a);
    const h: f32 = <f32>1.0 / (<f32>1.0 + a.g);
    const G: f32 = a.g * h;
    const G2: f32 = G * G;
    const G3: f32 = G2 * G;
    const G4: f32 = G2 * G2;
    const near: f32 = <f32>1.0 / (<f32>1.0 + a.k * G4);
    let y4: f32 = 0;
    for (let at: usize = SHAPED + ((<usize>i) << 4), stop = at + 16; at < stop; at += 8) {
      // Half the rate: a sample and half of each of its neighbours.
      const v: f32 = <f32>0.5 * load<f32>(at, 4) + <f32>0.25 * (load<f32>(at) + load<f32>(at, 8));
      x += (v - x) * a.slope;
      const p1: f32 = h * s1;
      const p2: f32 = G * p1 + h * s2;
      const p3: f32 = G * p2 + h * s3;
      const p4: f32 = G * p3 + h * s4;
      const u = saturate((x - a.k * p4) * near);
      const y1: f32 = G * u + p1;
      const y2: f32 = G2 * u + p2;
      const y3: f32 = G3 * u + p3;
      y4 = G4 * u + p4;
      s1 = y1 + y1 - s1;
      s2 = y2 + y2 - s2;
      s3 = y3 + y3 - s3;
      s4 = y4 + y4 - s4;
    }
    const out: f32 = y4 * a.level;
    l = out * a.left;
    r = out * a.right;
    peak = max<f32>(peak, max<f32>(abs<f32>(l), abs<f32>(r)));
    const at = buses + ((<usize>i) << 2);
    add(at, 0, l);
    add(at, 1, r);
    add(at, 2, l * a.reverb);
    add(at, 3, r * a.reverb);
    add(at, 4, l * a.delay);
    add(at, 5, r * a.delay);
  }
  a.s1 = s1;
  a.s2 = s2;
  a.s3 = s3;
  a.s4 = s4;
  a.shaped = x;
  a.lastLeft = l;
  a.lastRight = r;
  return peak;
}

/** The drive at four times the rate: 4 n samples behind SHAPED, after the one before them. */
function saturateFast(a: Acid, filters: usize, tap: usize, n: i32): void {
  store<f32>(FAST, a.fast, 12);
  store<f32>(RISING, a.rising);
  store<f32>(SHAPED, a.edge);
  const stop = (<usize>n) << 4;
  for (let at: usize = 0; at < stop; at += 16) raise(load<f32>(tap + at), filters, FAST + 16 + at);
  let k = a.drive;
  for (let at: usize = FAST + 16, to: usize = SHAPED + 4; at < FAST + 16 + stop; at += 16, to += 16) {
    k += a.driveStep;
    softClipShares(at - 4, at, k, to + (RISING - SHAPED), to);
  }
  addRun(SHAPED + 4, RISING, 4 * n);
  a.fast = load<f32>(FAST + stop, 12);
  a.rising = load<f32>(RISING + stop);
  a.edge = load<f32>(SHAPED + stop);
}

function add(at: usize, bus: i32, x: f32): void {
  const to = at + ((<usize>(bus * CELL_FRAMES)) << 2);
  store<f32>(to, load<f32>(to) + x);
}
