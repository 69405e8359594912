// One voice per lane: oscillator -> envelope -> (band-limiting ring, 16 frames) -> low-pass -> pan and sends.
//
// Oscillators: phase accumulators of 32 bits; jumps are smoothed by a table of band-limited steps that is added to a ring
// of samples to come (Brandt, "Hard sync without aliasing", ICMC 2001). Everything passes the ring, so the delay is the
// same for all waveforms and for the envelope.
// Low-pass: trapezoidal state variable filter (A. Simper, "SvfLinearTrapOptimised2", 2013). Its coefficients are made on
// the grid and interpolated in between: each set of coefficients is a contraction of the state (the Cayley transform of a
// dissipative matrix), and so is everything on the line between two of them, hence no sweep can make it unstable.

import { HEADER_BYTES, Header } from '../../engine/core/cell.lane';
import { CELL_FRAMES, VOICE_FREQ, VOICE_LATENCY, VOICE_PARAMS } from '../../engine/core/generated/layout';
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
  LANES,
  addToRing,
  addWords,
  any,
  both,
  either,
  lanesOf,
  least,
  magnitude,
  maskBits,
  most,
  select,
  selectWord,
  shiftLeft,
  shiftRight,
  signs,
  splatWord,
  subWords,
  toLane,
  toWord,
  xorWords,
} from '../../engine/core/lane.lane';
import { exp2Lane, sinePhase, tanPiLane } from '../dsp/math.lane';
import { BLEP_PHASES, BLEP_REST, BLEP_TAPS } from './generated/blep';

/** Samples to come, per lane: at least twice the taps. */
const RING: i32 = 64;
/** `left` of an envelope stage without end. */
export const HELD: f32 = <f32>1e9;

export const USES_SINE: i32 = 1;
export const USES_STEPS: i32 = 2;
export const USES_WHITE: i32 = 4;
export const USES_PINK: i32 = 8;
export const USES_BROWN: i32 = 16;
export const USES_SENDS: i32 = 32;
export const USES_SQUARE: i32 = 64;
const USES_NOISE: i32 = USES_WHITE | USES_PINK | USES_BROWN;
/** Waveforms, as the table numbers them. */
const SINE: i32 = 0;
/** Crossfade between waveforms: four cells, 64 frames. */
const FADE: f32 = <f32>0.25;

@unmanaged
export class Voice {
  // memory: what the signal and the gates left behind
  phase: word;
  env: lane;
  envTarget: lane;
  envRate: lane;
  envLeft: lane;
  envEnd: lane;
  /** The decay that follows a running attack. */
  decayTarget: lane;
  decayRate: lane;
  decayFrames: lane;
  decayEnd: lane;
  /** 1 while the attack runs. */
  attacking: lane;
  /** 1 while the gate is open. */
  open: lane;
  velocity: lane;
  ic1: lane;
  ic2: lane;
  seed: word;
  pink0: lane;
  pink1: lane;
  pink2: lane;
  pink3: lane;
  pink4: lane;
  pink5: lane;
  pink6: lane;
  brown: lane;
  /** What brown noise has below 5 Hz: taken off, it would only cost headroom. */
  brownDc: lane;
  /** Pitch after the glide, Hz. */
  glideHz: lane;
  /** Pitch envelope, 1 at the gate, falling to 0. */
  pitchEnv: lane;
  /** Hz added to the cutoff by the hit that sounds. */
  hitCutoff: lane;
  /** 1: the pitch jumps at the next tick instead of moving over the cell. */
  jump: lane;
  /** 1: the voice starts from silence; its coefficients are there at once. */
  fresh: lane;
  peak: lane;
  /** Share of the normal output; below 1 where an acid filter has taken its place. */
  direct: lane;

  // coefficients: now, at the end of the cell, change per frame
  inc: word;
  incEnd: word;
  incStep: word;
  a1: lane;
  a1End: lane;
  a1Step: lane;
  a2: lane;
  a2End: lane;
  a2Step: lane;
  a3: lane;
  a3End: lane;
  a3Step: lane;
  left: lane;
  leftEnd: lane;
  leftStep: lane;
  right: lane;
  rightEnd: lane;
  rightStep: lane;
  reverb: lane;
  reverbEnd: lane;
  reverbStep: lane;
  delay: lane;
  delayEnd: lane;
  delayStep: lane;
  sine: lane;
  sineEnd: lane;
  sineStep: lane;
  saw: lane;
  sawEnd: lane;
  sawStep: lane;
  square: lane;
  squareEnd: lane;
  squareStep: lane;
  white: lane;
  whiteEnd: lane;
  whiteStep: lane;
  pink: lane;
  pinkEnd: lane;
  pinkStep: lane;
  brownLevel: lane;
  brownLevelEnd: lane;
  brownLevelStep: lane;
  /** Level without pan, and with it, at the end of the cell: for an acid filter. */
  ampEnd: lane;
  panLeftEnd: lane;
  panRightEnd: lane;
}

const PARAMS_BYTES: usize = <usize>VOICE_PARAMS * 4 * sizeof<lane>();
const STATE: usize = HEADER_BYTES + PARAMS_BYTES;
const RING_AT: usize = STATE + offsetof<Voice>();
/** Bytes of one lane field. */
export const PARAM_CELL: usize = sizeof<lane>();
const RING_BYTES: usize = <usize>RING * sizeof<lane>();

const LANE_BYTES: usize = sizeof<lane>();
const LANE_SHIFT: usize = LANE_BYTES === 16 ? 4 : 2;
/** Bytes from one bus to the next. */
const BUS_BYTES: usize = <usize>CELL_FRAMES * 16;
const ALL_LANES: i32 = (1 << LANES) - 1;
/** Brown noise: one-pole at 5 Hz at 48 kHz, 2 pi 5 / 48000. */
const BROWN_SHARE: f32 = <f32>0.00065428;
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

/** Bytes of one group (LANES voices). */
export const VOICE_GROUP_BYTES: usize = (RING_AT + RING_BYTES + 15) & ~15;

export function voiceParams(group: usize): usize {
  return group + HEADER_BYTES;
}
export function voiceState(group: usize): usize {
  return group + STATE;
}

/** Address of one lane of a field of Voice. */
export function voiceField(group: usize, lane: i32, field: usize): usize {
  return group + STATE + field + ((<usize>lane) << 2);
}
/** Address of the value of one lane's parameter; target, left and mod follow, PARAM_CELL bytes apart. */
export function voiceParam(group: usize, lane: i32, param: i32): usize {
  return group + HEADER_BYTES + <usize>param * 4 * PARAM_CELL + ((<usize>lane) << 2);
}

/** Sets up one group; its memory is zero and its parameters have their defaults. `first` is its first voice, from 0. */
export function voiceInit(group: usize, first: i32): void {
  for (let l = 0; l < LANES; l++) {
    store<f32>(voiceField(group, l, offsetof<Voice>('envLeft')), HELD);
    store<f32>(voiceField(group, l, offsetof<Voice>('direct')), <f32>1.0);
    store<f32>(voiceField(group, l, offsetof<Voice>('jump')), <f32>1.0);
    store<f32>(voiceField(group, l, offsetof<Voice>('glideHz')), load<f32>(voiceParam(group, l, VOICE_FREQ)));
    // Any seed but 0 will do for xorshift; spread by a multiplicative hash so that voices differ in every bit.
    store<i32>(voiceField(group, l, offsetof<Voice>('seed')), (first + l + 1) * <i32>0x9e3779b1);
  }
  const header = changetype<Header>(group);
  header.settle = 8;
  header.asleep = 0;
}

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
 * Adds n frames (1..16, inside one cell) of these voices to the six buses.
 * `buses`: rows of CELL_FRAMES lanes each: dry left, dry right, reverb left, right, delay left, right.
 * `tap`: a row for what comes before the low-pass and level, or 0. `slot`: session frame modulo the ring.
 * Runs on: render thread. About 45 operations per vector and frame for a steady saw; steps cost only where the wave jumps.
 */
export function voiceProcess(
  group: usize,
  buses: usize,
  tap: usize,
  slot: i32,
  n: i32,
  scratch: usize,
): void {
  const header = changetype<Header>(group);
  const uses = header.uses;
  const sends = (uses & USES_SENDS) !== 0;
  const rare = header.still === 0 || (uses & USES_NOISE) !== 0 || tap !== 0 || stageEnds(group, n);
  const wave = uses & (USES_SINE | USES_STEPS);
  // What stands still gets a loop in which nothing else is looked at: most voices, most of the time.
  if (rare) {
    const staged = stageEnds(group, n);
    const noises = (uses & USES_NOISE) !== 0;
    const sines = (uses & USES_SINE) !== 0;
    const steps = (uses & USES_STEPS) !== 0;
    Frames.run(
      group,
      buses,
      tap,
      slot,
      n,
      scratch,
      uses,
      header.still === 0,
      staged,
      sines,
      steps,
      noises,
      sends,
    );
  } else if (wave === USES_STEPS) {
    if (sends) Frames.run(group, buses, 0, slot, n, scratch, uses, false, false, false, true, false, true);
    else Frames.run(group, buses, 0, slot, n, scratch, uses, false, false, false, true, false, false);
  } else if (wave === USES_SINE) {
    if (sends) Frames.run(group, buses, 0, slot, n, scratch, uses, false, false, true, false, false, true);
    else Frames.run(group, buses, 0, slot, n, scratch, uses, false, false, true, false, false, false);
  } else Frames.run(group, buses, 0, slot, n, scratch, uses, false, false, true, true, false, sends);
}

/** True when a stage of an envelope ends within the next n frames. */
function stageEnds(group: usize, n: i32): bool {
  return any(changetype<Voice>(group + STATE).envLeft < splat(<f32>n) + 0.5);
}

/** A class so that the loop can be inlined, once for each set of constants. */
class Frames {
  @inline static run(
    group: usize,
    buses: usize,
    tap: usize,
    slot: i32,
    n: i32,
    scratch: usize,
    uses: i32,
    moving: bool,
    staged: bool,
    sines: bool,
    steps: bool,
    noises: bool,
    sends: bool,
  ): void {
    const ring = group + RING_AT;
    // A cell lies in one piece in the ring, and so does the cell that is VOICE_LATENCY (one cell) ahead.
    let here = ring + ((<usize>slot) << LANE_SHIFT);
    let later = ring + ((<usize>((slot + VOICE_LATENCY) & (RING - 1))) << LANE_SHIFT);
    let bus = buses;
    let tapped = tap;
    const v = held<Voice>(group + STATE);
    let top = splat(<f32>0);
    if (!staged) v.envLeft -= splat(<f32>n);
    // While notes are held no envelope moves.
    const falls = staged || any(v.envRate != 0.0);
    for (let i: i32 = 0; i < n; i++) {
      if (falls) v.env += v.envRate * (v.envTarget - v.env);
      if (staged) {
        // At the end of a stage the level is exact. An attack goes over into its decay, all else is held.
        v.envLeft -= 1.0;
        const ends = v.envLeft < 0.5;
        const decays = both(ends, v.attacking > 0.5);
        v.env = select(ends, v.envEnd, v.env);
        v.envTarget = select(decays, v.decayTarget, select(ends, v.envEnd, v.envTarget));
        v.envRate = select(decays, v.decayRate, select(ends, 0.0, v.envRate));
        v.envEnd = select(decays, v.decayEnd, v.envEnd);
        v.envLeft = select(decays, v.decayFrames, select(ends, splat(HELD), v.envLeft));
        v.attacking = select(ends, 0.0, v.attacking);
      }
      if (moving) {
        v.inc = addWords(v.inc, v.incStep);
        v.a1 += v.a1Step;
        v.a2 += v.a2Step;
        v.a3 += v.a3Step;
        v.left += v.leftStep;
        v.right += v.rightStep;
        v.reverb += v.reverbStep;
        v.delay += v.delayStep;
        v.sine += v.sineStep;
        v.saw += v.sawStep;
        v.square += v.squareStep;
        v.white += v.whiteStep;
        v.pink += v.pinkStep;
        v.brownLevel += v.brownLevelStep;
      }

      const before = v.phase;
      v.phase = addWords(v.phase, v.inc);
      let x = splat(<f32>0);
      if (sines) x = v.sine * sinePhase(v.phase);
      if (steps) {
        const ramp = toLane(v.phase) * 4.6566129e-10;
        x = x + v.saw * ramp;
        if ((uses & USES_SQUARE) !== 0) x = x + v.square * select(ramp < 0.0, -1.0, 1.0);
        const jumped = signs(xorWords(before, v.phase));
        if (jumped !== 0) {
          // The saw falls by 2 in the middle of its cycle; the square falls there and rises at the start.
          store<word>(scratch, v.phase);
          store<word>(scratch, v.inc, 16);
          store<lane>(scratch, v.env * select(ramp < 0.0, -2.0 * (v.saw + v.square), 2.0 * v.square), 32);
          addSteps(ring, slot + i, jumped, scratch);
        }
      }
      if (noises) {
        // A voice draws only while it sounds: its noise does not depend on its neighbours.
        v.seed = selectWord(
          both(v.env > 0.0, v.white + v.pink + v.brownLevel > 0.0),
          xorshift(v.seed),
          v.seed,
        );
        const noise = toLane(v.seed) * 4.6100387e-10;
        if ((uses & USES_WHITE) !== 0) x = x + v.white * 0.7 * noise;
        if ((uses & USES_PINK) !== 0) {
          // Kellet's refined filter (music-dsp, 1999): -3 dB per octave within 0.05 dB above 9 Hz at 44.1 kHz.
          v.pink0 = 0.99886 * v.pink0 + 0.0555179 * noise;
          v.pink1 = 0.99332 * v.pink1 + 0.0750759 * noise;
          v.pink2 = 0.969 * v.pink2 + 0.153852 * noise;
          v.pink3 = 0.8665 * v.pink3 + 0.3104856 * noise;
          v.pink4 = 0.55 * v.pink4 + 0.5329522 * noise;
          v.pink5 = -0.7616 * v.pink5 - 0.016898 * noise;
          const sum = v.pink0 + v.pink1 + v.pink2 + v.pink3 + v.pink4 + v.pink5 + v.pink6 + 0.5362 * noise;
          v.pink6 = 0.115926 * noise;
          x = x + v.pink * 0.17 * sum;
        }
        if ((uses & USES_BROWN) !== 0) {
          v.brown = v.brown + splat(BROWN_SHARE) * (noise - v.brown);
          v.brownDc = v.brownDc + splat(BROWN_SHARE) * (v.brown - v.brownDc);
          x = x + v.brownLevel * 40.0 * (v.brown - v.brownDc);
        }
      }

      store<lane>(later, load<lane>(later) + x * v.env);
      const s = load<lane>(here);
      store<lane>(here, splat(<f32>0));
      if (tapped !== 0) {
        store<lane>(tapped, s);
        tapped += 16;
      }

      const v3 = s - v.ic2;
      const v1 = v.a1 * v.ic1 + v.a2 * v3;
      const v2 = v.ic2 + v.a2 * v.ic1 + v.a3 * v3;
      v.ic1 = v1 + v1 - v.ic1;
      v.ic2 = v2 + v2 - v.ic2;

      const l = v2 * v.left;
      const r = v2 * v.right;
      top = most(top, magnitude(v2));
      store<lane>(bus, load<lane>(bus) + l);
      store<lane>(bus, load<lane>(bus, BUS_BYTES) + r, BUS_BYTES);
      if (sends) {
        store<lane>(bus, load<lane>(bus, 2 * BUS_BYTES) + l * v.reverb, 2 * BUS_BYTES);
        store<lane>(bus, load<lane>(bus, 3 * BUS_BYTES) + r * v.reverb, 3 * BUS_BYTES);
        store<lane>(bus, load<lane>(bus, 4 * BUS_BYTES) + l * v.delay, 4 * BUS_BYTES);
        store<lane>(bus, load<lane>(bus, 5 * BUS_BYTES) + r * v.delay, 5 * BUS_BYTES);
      }
      bus += 16;
      here += LANE_BYTES;
      later += LANE_BYTES;
    }
    // The meter takes the gain at the end of the cell for all of it.
    v.peak = most(v.peak, top * most(v.leftEnd, v.rightEnd));
  }
}

/** Marsaglia, "Xorshift RNGs" (2003), 32 bits: period 2^32 - 1. */
function xorshift(x: word): word {
  const a = xorWords(x, shiftLeft(x, 13));
  const b = xorWords(a, shiftRight(a, 17));
  return xorWords(b, shiftLeft(b, 5));
}

/**
 * Adds the difference between the smooth and the ideal step (the table) to the ring, for each lane in `jumped`.
 * `scratch`: phase, increment and height per lane, 16 bytes apart. The jump lies phase/increment frames in the past.
 */
function addSteps(ring: usize, slot: i32, jumped: i32, scratch: usize): void {
  for (let l = 0; l < LANES; l++) {
    if (((jumped >> l) & 1) === 0) continue;
    const from = scratch + ((<usize>l) << 2);
    const height = load<f32>(from, 32);
    if (height === <f32>0) continue;
    const past = <f32>(load<i32>(from) & 0x7fffffff) / <f32>load<u32>(from, 16);
    const place = min<f32>(past, <f32>0.99999994) * <f32>BLEP_PHASES;
    const row = <i32>place;
    const between = place - <f32>row;
    const low = BLEP_REST + ((<usize>(row * BLEP_TAPS)) << 2);
    const lane = ring + ((<usize>l) << 2);
    for (let k = 0; k < BLEP_TAPS; k += LANES) {
      const tap = low + ((<usize>k) << 2);
      const a = load<lane>(tap);
      const rest = (a + splat(between) * (load<lane>(tap, (<usize>BLEP_TAPS) << 2) - a)) * splat(height);
      addToRing(lane, slot + k, RING - 1, rest);
    }
  }
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

/** Empties the ring of one lane. */
export function voiceClearRing(group: usize, lane: i32): void {
  for (let i = 0; i < RING; i++) {
    store<f32>(group + RING_AT + ((<usize>i) << LANE_SHIFT) + ((<usize>lane) << 2), <f32>0);
  }
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
