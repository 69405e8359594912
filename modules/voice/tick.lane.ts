// Control rate: from parameters to coefficients, and housekeeping.

import { HEADER_BYTES, Header } from '../../engine/core/cell.lane';
import {
  VoiceParams,
  voiceAmp,
  voiceFilterFreq,
  voiceFilterQ,
  voiceFreq,
  voiceOscSync,
  voiceOscWidth,
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
  shiftRight,
  splatWord,
  subWords,
  toLane,
  toWord,
  unlike,
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
  USES_EDGES,
  USES_SYNC,
  USES_MODES,
  Voice,
  WHOLE,
  WHOLE_SAW,
  STATE,
  LANE_BYTES,
} from './state.lane';

/** Crossfade between waveforms: four cells, 64 frames. */
const FADE: f32 = <f32>0.25;
const ALL_LANES: i32 = (1 << LANES) - 1;
/** Coefficients that move in straight lines: three fields each (now, end, step), one behind the other. */
const MOVING: usize = offsetof<Voice>('c1');
const WAVES: usize = offsetof<Voice>('sine');
const MOVING_END: usize = offsetof<Voice>('ampEnd');
/** Where each of them is to be at the end of the cell: one lane each, 17 of them. */
const GOALS: usize = memory.data(17 * 16, 16);
/** Number of the waveform of each weight, in the order of the fields. */
const TYPES: usize = memory.data<f32>([0, 1, 2, 6, 3, 4, 5]);

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
  tickEdges(group, m, grid, jumps, fresh, perFrame);

  // Filter. A mode of 1 is all of its kind; between two of them both are heard.
  const cutoff = least(0.45, least(8000.0, most(50.0, voiceFilterFreq(p) + v.hitCutoff)) * perHz);
  const g = tanPiLane(cutoff);
  const damping = 1.0 / voiceFilterQ(p);
  const a1 = 1.0 / (1.0 + g * (g + damping));
  goal(offsetof<Voice>('c1'), -2.0 * a1 * g * (g + damping));
  goal(offsetof<Voice>('c2'), 2.0 * g * a1);
  goal(offsetof<Voice>('c3'), 2.0 * g * g * a1);
  tickModes(group, m, grid, damping);

  // Level, pan (equal power; both sides at 1 in the middle) and sends.
  const amp = voiceAmp(p);
  const turn = toWord(voicePan(p) * 536870912.0);
  const middle = splatWord(536870912);
  v.ampEnd = select(m, amp, v.ampEnd);
  v.panLeftEnd = select(m, sinePhase(subWords(middle, turn)) * 1.41421356, v.panLeftEnd);
  v.panRightEnd = select(m, sinePhase(addWords(middle, turn)) * 1.41421356, v.panRightEnd);
  const level = amp * v.direct;
  goal(offsetof<Voice>('left'), level * v.panLeftEnd);
  goal(offsetof<Voice>('right'), level * v.panRightEnd);
  goal(offsetof<Voice>('reverb'), voiceSendReverb(p));
  goal(offsetof<Voice>('delay'), voiceSendDelay(p));

  // Waveforms are weights that fade; a voice at rest changes at once.
  const type = p.oscType;
  const rests = both(m, v.env == 0.0);
  let number = TYPES;
  for (let field = WAVES; field < MOVING_END; field += 3 * LANE_BYTES, number += 4) {
    const whole = field === WAVES + 3 * LANE_BYTES ? WHOLE_SAW : WHOLE;
    fade(group, field, grid, rests, type == splat(load<f32>(number)), whole);
  }
  aimAll(group, m, grid, fresh, perFrame);
  header.uses = usesOf(group);
}

/** What of the kernel these voices need until the end of the cell. */
function usesOf(group: usize): i32 {
  const v = changetype<Voice>(group + STATE);
  const triangle = v.triangle + v.triangleEnd > 0.0;
  const pulse = v.square + v.squareEnd > 0.0;
  const half = splatWord(0x80000000);
  const wide = any(pulse) && (unlike(v.width, half) | unlike(v.widthEnd, half)) !== 0;
  const synced = (unlike(v.slaveInc, v.inc) | unlike(v.slaveIncEnd, v.incEnd)) !== 0;
  const steps = either(v.saw + v.sawEnd > 0.0, either(pulse, triangle));
  return (
    usesIf(v.sine + v.sineEnd > 0.0, USES_SINE) |
    usesIf(steps, USES_STEPS) |
    usesIf(pulse, USES_SQUARE) |
    usesIf(triangle, USES_EDGES) |
    (wide ? USES_EDGES : 0) |
    (synced || (isSynced(group) && unlike(v.slave, v.phase) !== 0) ? USES_SYNC : 0) |
    usesIf(v.white + v.whiteEnd > 0.0, USES_WHITE) |
    usesIf(v.pink + v.pinkEnd > 0.0, USES_PINK) |
    usesIf(v.brownLevel + v.brownLevelEnd > 0.0, USES_BROWN) |
    usesIf(v.reverb + v.reverbEnd + v.delay + v.delayEnd > 0.0, USES_SENDS) |
    usesIf(either(v.low != 1.0, v.lowEnd != 1.0), USES_MODES)
  );
}

function isSynced(group: usize): bool {
  return (changetype<Header>(group).uses & USES_SYNC) !== 0;
}

/** Width of a pulse and speed of what is synced, after the pitch. A wave comes to sync in step with its master. */
function tickEdges(group: usize, m: mask, grid: mask, jumps: mask, fresh: mask, perFrame: lane): void {
  const p = changetype<VoiceParams>(group + HEADER_BYTES);
  const v = changetype<Voice>(group + STATE);
  if (!isSynced(group)) v.slave = v.phase;
  const ratio = voiceOscSync(p);
  const alone = ratio == 1.0;
  const top = 0.9 * 2147483648.0;
  const endInc = shiftLeft(toWord(least(top * 0.5, toLane(shiftRight(v.incEnd, 1)) * ratio)), 1);
  const nowInc = shiftLeft(toWord(least(top * 0.5, toLane(shiftRight(v.inc, 1)) * ratio)), 1);
  const arrived = selectWord(grid, v.slaveIncEnd, v.slaveInc);
  v.slaveInc = selectWord(m, selectWord(jumps, selectWord(alone, v.inc, nowInc), arrived), v.slaveInc);
  v.slaveIncEnd = selectWord(m, selectWord(alone, v.incEnd, endInc), v.slaveIncEnd);
  v.slaveIncStep = selectWord(
    m,
    toWord(toLane(subWords(v.slaveIncEnd, v.slaveInc)) * perFrame),
    v.slaveIncStep,
  );

  const widthEnd = addWords(splatWord(0x80000000), toWord((voiceOscWidth(p) - 0.5) * 4294967296.0));
  v.width = selectWord(m, selectWord(fresh, widthEnd, selectWord(grid, v.widthEnd, v.width)), v.width);
  v.widthEnd = selectWord(m, widthEnd, v.widthEnd);
  v.widthStep = selectWord(m, toWord(toLane(subWords(v.widthEnd, v.width)) * perFrame), v.widthStep);
}

/**
 * Shares of low-pass, band-pass and input in what leaves the filter. High-pass: input, less k times band-pass, less
 * low-pass; notch: without the latter; band-pass: k times it, 1 at the corner.
 */
function tickModes(group: usize, m: mask, grid: mask, k: lane): void {
  const v = changetype<Voice>(group + STATE);
  const type = changetype<VoiceParams>(group + HEADER_BYTES).filterType;
  const moves = both(m, grid);
  const rests = both(m, v.env == 0.0);
  v.isLow = nearer(v.isLow, type == 0.0, moves, rests);
  v.isBand = nearer(v.isBand, type == 1.0, moves, rests);
  v.isHigh = nearer(v.isHigh, type == 2.0, moves, rests);
  v.isNotch = nearer(v.isNotch, type == 3.0, moves, rests);
  const cut = v.isHigh + v.isNotch;
  goal(offsetof<Voice>('low'), v.isLow - v.isHigh);
  goal(offsetof<Voice>('band'), k * (v.isBand - cut));
  goal(offsetof<Voice>('through'), cut);
}

/** A share by FADE nearer to 1 (`on`) or 0, or there at rest. */
function nearer(share: lane, on: mask, moves: mask, rests: mask): lane {
  const goal = select(on, 1.0, 0.0);
  const step = splat(FADE);
  const next = share + most(-step, least(step, goal - share));
  return select(rests, goal, select(moves, next, share));
}

function usesIf(m: mask, bit: i32): i32 {
  return any(m) ? bit : 0;
}

function goalAt(field: usize): usize {
  'inline';
  return GOALS + (field - MOVING) / 3;
}
/** Where a coefficient is to be at the end of the cell. */
function goal(field: usize, x: lane): void {
  store<lane>(goalAt(field), x);
}

/** All of them set out for their goals in straight lines, or are there (`fresh`). At the grid the last line has arrived. */
function aimAll(group: usize, m: mask, grid: mask, fresh: mask, perFrame: lane): void {
  const arrives = both(m, grid);
  const starts = both(m, fresh);
  for (let field = MOVING; field < MOVING_END; field += 3 * LANE_BYTES) {
    const at = group + STATE + field;
    const target = load<lane>(goalAt(field));
    const end = load<lane>(at, LANE_BYTES);
    const now = select(starts, target, select(arrives, end, load<lane>(at)));
    store<lane>(at, now);
    store<lane>(at, select(m, target, end), LANE_BYTES);
    store<lane>(at, select(m, (target - now) * perFrame, load<lane>(at, 2 * LANE_BYTES)), 2 * LANE_BYTES);
  }
}

/** The weight of a waveform goes towards `whole` (`on`) or 0 by FADE of it, or all the way at rest. */
function fade(group: usize, field: usize, grid: mask, rests: mask, on: mask, whole: f32): void {
  const at = group + STATE + field;
  const aim = select(on, splat(whole), 0.0);
  store<lane>(at, select(rests, aim, load<lane>(at)));
  store<lane>(at, select(rests, aim, load<lane>(at, LANE_BYTES)), LANE_BYTES);
  const from = select(grid, load<lane>(at, LANE_BYTES), load<lane>(at));
  const step = splat(whole * FADE);
  goal(field, from + most(-step, least(step, aim - from)));
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

/** True while pitch, glide, waveform or kind of filter are still under way. */
export function voiceMoves(group: usize): bool {
  const p = changetype<VoiceParams>(group + HEADER_BYTES);
  const v = changetype<Voice>(group + STATE);
  const type = p.oscType;
  // The others have faded when the one that is wanted is there.
  const colour = select(type == 4.0, v.pinkEnd, select(type == 5.0, v.brownLevelEnd, v.triangleEnd));
  const noise = select(type == 3.0, v.whiteEnd, colour);
  const wanted = select(
    type == 0.0,
    v.sineEnd,
    select(type == 1.0, v.sawEnd * splat(WHOLE / WHOLE_SAW), select(type == 2.0, v.squareEnd, noise)),
  );
  const mode = p.filterType;
  const cuts = select(mode == 2.0, v.isHigh, v.isNotch);
  const passes = select(mode == 0.0, v.isLow, select(mode == 1.0, v.isBand, cuts));
  const fades = either(wanted < splat(WHOLE), passes < 1.0);
  return any(either(either(v.pitchEnv > 0.0, v.glideHz != voiceFreq(p)), fades));
}
