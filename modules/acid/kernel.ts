/**
 * Acid: a four-pole ladder low-pass in place of one voice's filter.
 *
 * in -> drive -> saturation and one-pole -> ladder -> level -> pan and sends of its voice
 *
 * Ladder: four trapezoidal one-poles with the feedback solved for zero delay, the input of the first one saturated
 * (Zavalishin, "The Art of VA Filter Design", ch. 5). Drive, resonance and level follow the ranges of Music Chronus.
 * Mono in, stereo out; n frames of one cell. Scalar: there is one.
 */
import { CELL_FRAMES } from '../../engine/core/generated/layout';
import { AcidParams } from '../../engine/core/generated/layout';
import { exp2, tanPi } from '../dsp/math';
import { Voice, voiceField } from '../voice/state.lane';
import { Acid } from './kernel-state';

/** Hardness of the saturation at drive 0 and 1: v = (1 + k) x / (1 + k |x|). */
const SOFT: f32 = 2;
const HARD: f32 = 30;

export function acidBytes(sampleRate: f32): usize {
  return (offsetof<Acid>() + 15) & ~15;
}
export function acidInit(s: usize, sampleRate: f32): void {}
export function acidReset(s: usize): void {
  memory.fill(s, 0, offsetof<Acid>('open'));
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

const PRESENCE_CELLS: f32 = 16;

/**
 * At the grid: comes to the voice it stands in for (`stays`) or leaves it, by one step. `at once`: nobody hears it.
 * Gives true when it has left. Runs on: render thread.
 */
export function acidMove(s: usize, stays: bool, atOnce: bool): bool {
  const a = changetype<Acid>(s);
  const step: f32 = atOnce ? 1 : <f32>1 / PRESENCE_CELLS;
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
  for (let at: usize = 0; at < offsetof<Acid>(); at += 4) {
    if (at !== offsetof<Acid>('open') && at !== offsetof<Acid>('fired')) sum += load<f32>(s + at);
  }
  return sum - sum === 0;
}
/** Begins anew in its place: its coefficients are made at the next tick. */
export function acidAnew(s: usize): void {
  const a = changetype<Acid>(s);
  const open = a.open;
  const presence = a.presence;
  memory.fill(s, 0, offsetof<Acid>());
  a.open = open;
  a.presence = presence >= 0 && presence <= 1 ? presence : 0;
}
/** Begun anew while a note is held: open as its voice is. */
export function acidJoin(s: usize, open: bool): void {
  changetype<Acid>(s).open = open ? 1 : 0;
}

/** True while it has something to say. */
export function acidBusy(s: usize): bool {
  const a = changetype<Acid>(s);
  return abs<f32>(a.s4) + abs<f32>(a.s3) + abs<f32>(a.s2) + abs<f32>(a.s1) + abs<f32>(a.shaped) > 0;
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
    min<f32>(5000.0, 0.45 * sampleRate),
  );
  const wanted = clampTo(p.res + p.resMod + boost * p.resAccentBoost, 0.0, 0.98);
  const res = wanted * (<f32>0.2 + <f32>0.8 * min<f32>(hz / 400.0, 1.0));
  a.gEnd = tanPi(hz / sampleRate);
  a.gStep = (a.gEnd - a.g) * perFrame;
  a.kEnd = 4.0 * res;
  a.kStep = (a.kEnd - a.k) * perFrame;
  a.driveEnd = SOFT + (HARD - SOFT) * p.drive * p.drive;
  a.driveStep = (a.driveEnd - a.drive) * perFrame;
  a.slope = <f32>1.0 - exp2(log2Slope(p.drive) * (<f32>48000.0 / sampleRate));
  // The trim of the shaper, the ladder's own loss of level with resonance, and volume compensation.
  a.levelEnd =
    ((<f32>1.0 + <f32>0.5 * a.kEnd) * (<f32>1.0 - res * p.volComp * 0.5)) / (<f32>1.0 + <f32>0.8 * p.drive);
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
  if (!(abs<f32>(a.s1) + abs<f32>(a.s2) + abs<f32>(a.s3) + abs<f32>(a.s4) + abs<f32>(a.shaped) < 1000.0))
    acidReset(s);
  flush(a);
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

function flush(a: Acid): void {
  if (abs<f32>(a.shaped) + abs<f32>(a.s1) + abs<f32>(a.s2) + abs<f32>(a.s3) + abs<f32>(a.s4) < 1e-9) {
    a.shaped = 0;
    a.s1 = 0;
    a.s2 = 0;
    a.s3 = 0;
    a.s4 = 0;
  }
}

/** Coefficients of the next frame. */
function step(a: Acid): void {
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
 * Gives the peak of what it added. Runs on: render thread, every cell while its voice sounds; about 60 operations a frame.
 */
export function acidProcess(s: usize, tap: usize, buses: usize, n: i32): f32 {
  const a = changetype<Acid>(s);
  let peak: f32 = 0;
  let l: f32 = 0;
  let r: f32 = 0;
  for (let i = 0; i < n; i++) {
    step(a);
    const x = load<f32>(tap + ((<usize>i) << 4));
    const v: f32 = ((<f32>1.0 + a.drive) * x) / (<f32>1.0 + a.drive * abs<f32>(x));
    a.shaped += (v - a.shaped) * a.slope;

    const g = a.g;
    const h: f32 = <f32>1.0 / (<f32>1.0 + g);
    const G: f32 = g * h;
    const S: f32 = h * (a.s4 + G * (a.s3 + G * (a.s2 + G * a.s1)));
    const u = saturate((a.shaped - a.k * S) / (<f32>1.0 + a.k * G * G * G * G));
    const v1: f32 = (u - a.s1) * G;
    const y1: f32 = v1 + a.s1;
    a.s1 = y1 + v1;
    const v2: f32 = (y1 - a.s2) * G;
    const y2: f32 = v2 + a.s2;
    a.s2 = y2 + v2;
    const v3: f32 = (y2 - a.s3) * G;
    const y3: f32 = v3 + a.s3;
    a.s3 = y3 + v3;
    const v4: f32 = (y3 - a.s4) * G;
    const y4: f32 = v4 + a.s4;
    a.s4 = y4 + v4;

    const out: f32 = clampTo(y4 * a.level, -0.98, 0.98);
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
  a.lastLeft = l;
  a.lastRight = r;
  return peak;
}

function add(at: usize, bus: i32, x: f32): void {
  const to = at + ((<usize>(bus * CELL_FRAMES)) << 2);
  store<f32>(to, load<f32>(to) + x);
}
