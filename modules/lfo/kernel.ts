/**
 * LFO: one value per cell, reached at its end; what it moves interpolates in between.
 * Phase: 32 bits, so that a cycle closes exactly. Random shapes draw from a generator of their own (state in memory).
 */
import { LfoParams } from '../../engine/core/generated/layout';
import { sinTurns } from '../dsp/math';

const SINE: i32 = 0;
const TRIANGLE: i32 = 1;
const SAW_UP: i32 = 2;
const SAW_DOWN: i32 = 3;
const SQUARE: i32 = 4;
const PULSE: i32 = 5;
const SAMPLE_HOLD: i32 = 6;

@unmanaged
class Lfo {
  phase: u32;
  /** Part of a step of the phase that is smaller than one, kept so that slow rates are exact. */
  rest: f32;
  seed: u32;
  from: f32;
  to: f32;
}

export function lfoBytes(): usize {
  return 32;
}
export function lfoInit(s: usize, index: i32): void {
  const l = changetype<Lfo>(s);
  l.seed = <u32>(index + 1) * 0x85ebca6b;
  l.to = draw(l);
}

function draw(l: Lfo): f32 {
  let x = l.seed;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  l.seed = x;
  return <f32>(<i32>x) * <f32>4.6566129e-10;
}

/**
 * Moves on by `frames` frames and gives depth * (shape + offset), about -1..1 (at most -2..2 with offset).
 * Runs on: render thread, at the grid; about 30 operations.
 */
export function lfoTick(params: usize, s: usize, frames: i32, sampleRate: f32): f32 {
  const p = changetype<LfoParams>(params);
  const l = changetype<Lfo>(s);
  const step = <f64>p.rate * (<f64>frames * (4294967296.0 / <f64>sampleRate)) + <f64>l.rest;
  const whole = <u32>step;
  l.rest = <f32>(step - <f64>whole);
  const before = l.phase;
  l.phase = before + whole;
  if (l.phase < before) {
    l.from = l.to;
    l.to = draw(l);
  }
  return p.depth === 0 ? 0 : p.depth * (shape(l, <i32>p.shape) + p.offset);
}

function shape(l: Lfo, kind: i32): f32 {
  const t = <f32>l.phase * <f32>2.3283064e-10;
  if (kind === SINE) return sinTurns(t);
  if (kind === TRIANGLE) return t < 0.25 ? t * 4.0 : t < 0.75 ? <f32>2.0 - t * 4.0 : t * 4.0 - 4.0;
  if (kind === SAW_UP) return t * 2.0 - 1.0;
  if (kind === SAW_DOWN) return <f32>1.0 - t * 2.0;
  if (kind === SQUARE) return t < 0.5 ? 1 : -1;
  if (kind === PULSE) return t < 0.25 ? 1 : -1;
  if (kind === SAMPLE_HOLD) return l.to;
  const ease: f32 = t * t * (<f32>3.0 - t * 2.0);
  return l.from + (l.to - l.from) * ease;
}
