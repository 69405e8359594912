// Control rate: from parameters to coefficients, and housekeeping.

import { HEADER_BYTES, Header } from '../../engine/core/cell.lane';
import {
  VoiceParams,
  voiceAmp,
  voiceFilterFreq,
  voiceFilterQ,
  voiceFreq,
  voicePan,
  voiceSendDelay,
  voiceSendReverb,
} from '../../engine/core/generated/params.lane';
import {
  addWords,
  any,
  both,
  either,
  LANES,
  lanesOf,
  least,
  magnitude,
  maskBits,
  most,
  select,
  selectWord,
  shiftLeft,
  splatWord,
  subWords,
  toLane,
  toWord,
} from '../../engine/core/lane.lane';
import { exp2Lane, sinePhase, tanPiLane } from '../dsp/math.lane';
import {
  USES_SINE,
  USES_STEPS,
  USES_WHITE,
  USES_PINK,
  USES_BROWN,
  USES_SENDS,
  USES_SQUARE,
  Voice,
  STATE,
  LANE_BYTES,
} from './state.lane';

/** Crossfade between waveforms: four cells, 64 frames. */
const FADE: f32 = <f32>0.25;
const ALL_LANES: i32 = (1 << LANES) - 1;
const FIELD_A1: usize = STATE + offsetof<Voice>('a1');
const FIELD_A2: usize = STATE + offsetof<Voice>('a2');
const FIELD_A3: usize = STATE + offsetof<Voice>('a3');
const FIELD_LEFT: usize = STATE + offsetof<Voice>('left');
const FIELD_RIGHT: usize = STATE + offsetof<Voice>('right');
const FIELD_REVERB: usize = STATE + offsetof<Voice>('reverb');
const FIELD_DELAY: usize = STATE + offsetof<Voice>('delay');
const FIELD_SINE: usize = STATE + offsetof<Voice>('sine');
const FIELD_SAW: usize = STATE + offsetof<Voice>('saw');
const FIELD_SQUARE: usize = STATE + offsetof<Voice>('square');
const FIELD_WHITE: usize = STATE + offsetof<Voice>('white');
const FIELD_PINK: usize = STATE + offsetof<Voice>('pink');
const FIELD_BROWN: usize = STATE + offsetof<Voice>('brownLevel');

/**
 * Makes the coefficients for the cell that begins now and ends in `frames` frames, for the lanes in `bits`.
 * At the grid (bits = -1) the coefficients of the cell before have arrived and become exact.
 * Runs on: render thread, control rate. Cost: one tan, up to two exp2, two divisions for all lanes.
 */
export function voiceTick(group: usize, bits: i32, frames: i32, sampleRate: f32): void {
  const header = changetype<Header>(group);
  const p = changetype<VoiceParams>(group + HEADER_BYTES);
  const v = changetype<Voice>(group + STATE);
  const m = lanesOf(bits);
  const grid = lanesOf(bits < 0 ? -1 : 0);
  const perFrame = splat(<f32>1.0 / <f32>frames);
  const span = splat(<f32>frames);
  const perHz = splat(<f32>1.0 / sampleRate);

  // Pitch: glide (one-pole in Hz, set exactly when within 0.05 cent), then the pitch envelope, then 32-bit increments.
  const hz = voiceFreq(p);
  const slide = p.slideTime;
  const jumps = v.jump > 0.5;
  const share = 1.0 - exp2Lane((span * perHz * -1.442695) / most(1e-6, slide));
  const near = magnitude(hz - v.glideHz) < hz * 3e-5;
  const arrives = either(near, slide < 0.0005);
  const fallen = exp2Lane((span * perHz * -6.643856) / p.pitchDecay);
  const semitones = p.pitchEnv * 0.083333333;
  // A glide begins at the old pitch; without one the new pitch is there at once.
  const startHz = select(slide < 0.0005, hz, v.glideHz);
  // Off the grid only what jumps is moved: everything else has already been moved to the end of this cell. The pitch of a
  // silent voice stands still, or its next glide would depend on how long its neighbours keep the group awake.
  const sounds = either(either(v.env > 0.0, v.envTarget > 0.0), v.envLeft < 1e8);
  const moves = both(sounds, either(grid, jumps));
  const endHz = select(
    both(arrives, sounds),
    hz,
    select(moves, v.glideHz + (hz - v.glideHz) * share, v.glideHz),
  );
  const env1 = v.pitchEnv * fallen;
  const envEnd = select(moves, select(magnitude(env1 * p.pitchEnv) < 0.0005, 0.0, env1), v.pitchEnv);
  const toInc = 4294967296.0 * perHz;
  const most32 = 0.45 * 4294967296.0;
  const endInc = toWord(least(most32 * 0.5, endHz * exp2Lane(semitones * envEnd) * toInc * 0.5));
  const startInc = toWord(least(most32 * 0.5, startHz * exp2Lane(semitones * v.pitchEnv) * toInc * 0.5));
  const nowInc = selectWord(both(m, jumps), shiftLeft(startInc, 1), selectWord(grid, v.incEnd, v.inc));
  v.inc = selectWord(m, nowInc, v.inc);
  v.incEnd = selectWord(m, shiftLeft(endInc, 1), v.incEnd);
  v.incStep = selectWord(m, toWord(toLane(subWords(v.incEnd, v.inc)) * perFrame), v.incStep);
  v.glideHz = select(m, endHz, v.glideHz);
  v.pitchEnv = select(m, envEnd, v.pitchEnv);
  const fresh = v.fresh > 0.5;
  v.jump = select(m, 0.0, v.jump);
  v.fresh = select(m, 0.0, v.fresh);

  // Low-pass.
  const cutoff = least(0.45, least(8000.0, most(50.0, voiceFilterFreq(p) + v.hitCutoff)) * perHz);
  const g = tanPiLane(cutoff);
  const a1 = 1.0 / (1.0 + g * (g + 1.0 / voiceFilterQ(p)));
  aim(group + FIELD_A1, m, grid, fresh, a1, perFrame);
  aim(group + FIELD_A2, m, grid, fresh, g * a1, perFrame);
  aim(group + FIELD_A3, m, grid, fresh, g * g * a1, perFrame);

  // Level, pan (equal power; both sides at 1 in the middle) and sends.
  const amp = voiceAmp(p);
  const turn = toWord(voicePan(p) * 536870912.0);
  const middle = splatWord(536870912);
  v.ampEnd = select(m, amp, v.ampEnd);
  v.panLeftEnd = select(m, sinePhase(subWords(middle, turn)) * 1.41421356, v.panLeftEnd);
  v.panRightEnd = select(m, sinePhase(addWords(middle, turn)) * 1.41421356, v.panRightEnd);
  const level = amp * v.direct;
  aim(group + FIELD_LEFT, m, grid, fresh, level * v.panLeftEnd, perFrame);
  aim(group + FIELD_RIGHT, m, grid, fresh, level * v.panRightEnd, perFrame);
  aim(group + FIELD_REVERB, m, grid, fresh, voiceSendReverb(p), perFrame);
  aim(group + FIELD_DELAY, m, grid, fresh, voiceSendDelay(p), perFrame);

  // Waveforms are weights that fade; a voice at rest changes at once.
  const type = p.oscType;
  const rests = v.env == 0.0;
  fade(group + FIELD_SINE, m, grid, fresh, rests, type == 0.0, perFrame);
  fade(group + FIELD_SAW, m, grid, fresh, rests, type == 1.0, perFrame);
  fade(group + FIELD_SQUARE, m, grid, fresh, rests, type == 2.0, perFrame);
  fade(group + FIELD_WHITE, m, grid, fresh, rests, type == 3.0, perFrame);
  fade(group + FIELD_PINK, m, grid, fresh, rests, type == 4.0, perFrame);
  fade(group + FIELD_BROWN, m, grid, fresh, rests, type == 5.0, perFrame);
  header.uses =
    usesIf(v.sine + v.sineEnd > 0.0, USES_SINE) |
    usesIf(v.saw + v.sawEnd + v.square + v.squareEnd > 0.0, USES_STEPS) |
    usesIf(v.square + v.squareEnd > 0.0, USES_SQUARE) |
    usesIf(v.white + v.whiteEnd > 0.0, USES_WHITE) |
    usesIf(v.pink + v.pinkEnd > 0.0, USES_PINK) |
    usesIf(v.brownLevel + v.brownLevelEnd > 0.0, USES_BROWN) |
    usesIf(v.reverb + v.reverbEnd + v.delay + v.delayEnd > 0.0, USES_SENDS);
}

function usesIf(m: mask, bit: i32): i32 {
  return any(m) ? bit : 0;
}

/** Sets out for `target` in a straight line, or is there (`fresh`). `address`: now, end, step. At the grid the last line has arrived. */
function aim(address: usize, m: mask, grid: mask, fresh: mask, target: lane, perFrame: lane): void {
  const end = load<lane>(address, LANE_BYTES);
  const arrived = select(both(m, grid), end, load<lane>(address));
  const now = select(both(m, fresh), target, arrived);
  store<lane>(address, now);
  store<lane>(address, select(m, target, end), LANE_BYTES);
  store<lane>(
    address,
    select(m, (target - now) * perFrame, load<lane>(address, 2 * LANE_BYTES)),
    2 * LANE_BYTES,
  );
}

/** Moves the weight of a waveform towards 1 (`on`) or 0 by FADE, or all the way at rest. */
function fade(address: usize, m: mask, grid: mask, fresh: mask, rests: mask, on: mask, perFrame: lane): void {
  const goal = select(on, 1.0, 0.0);
  const set = both(m, rests);
  store<lane>(address, select(set, goal, load<lane>(address)));
  store<lane>(address, select(set, goal, load<lane>(address, LANE_BYTES)), LANE_BYTES);
  const from = select(grid, load<lane>(address, LANE_BYTES), load<lane>(address));
  const step = splat(FADE);
  aim(address, m, grid, fresh, from + most(-step, least(step, goal - from)), perFrame);
}

/**
 * Housekeeping at the grid: clears what has become too small to hear before it becomes denormal, heals what is not
 * finite, lets the meter fall, and says what the group is doing.
 * Gives bit 0: something still sounds; bits 8 and up: lanes that were poisoned and reset.
 */
export function voiceRest(group: usize, peakFall: f32): i32 {
  const v = changetype<Voice>(group + STATE);
  const size = most(magnitude(v.ic1), magnitude(v.ic2));
  // Written so that a NaN fails the comparison.
  const sane = both(magnitude(v.ic1) < 1e4, magnitude(v.ic2) < 1e4);
  const audible = both(sane, size > 1e-9);
  v.ic1 = select(audible, v.ic1, 0.0);
  v.ic2 = select(audible, v.ic2, 0.0);
  const peak = v.peak * splat(peakFall);
  v.peak = select(peak > 1e-6, peak, 0.0);
  const busy = either(either(v.env > 0.0, v.envTarget > 0.0), either(audible, v.envLeft < 1e8));
  const poisoned = maskBits(sane) ^ ALL_LANES;
  return (any(either(busy, v.peak > 0.0)) ? 1 : 0) | (poisoned << 8);
}

/** True while pitch, glide or waveform are still under way. */
export function voiceMoves(group: usize): bool {
  const p = changetype<VoiceParams>(group + HEADER_BYTES);
  const v = changetype<Voice>(group + STATE);
  const type = p.oscType;
  // The others have faded when the one that is wanted is there: together they are 1.
  const noise = select(type == 3.0, v.whiteEnd, select(type == 4.0, v.pinkEnd, v.brownLevelEnd));
  const wanted = select(
    type == 0.0,
    v.sineEnd,
    select(type == 1.0, v.sawEnd, select(type == 2.0, v.squareEnd, noise)),
  );
  return any(either(either(v.pitchEnv > 0.0, v.glideHz != voiceFreq(p)), wanted < 1.0));
}
