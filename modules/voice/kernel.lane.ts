// One voice per lane: oscillator -> envelope -> (band-limiting ring, 16 frames) -> low-pass -> pan and sends.
//
// Oscillators: phase accumulators of 32 bits; jumps are smoothed by a table of band-limited steps that is added to a ring
// of samples to come (Brandt, "Hard sync without aliasing", ICMC 2001). Everything passes the ring, so the delay is the
// same for all waveforms and for the envelope.
// Low-pass: trapezoidal state variable filter (A. Simper, "SvfLinearTrapOptimised2", 2013). Its coefficients are made on
// the grid and interpolated in between: each set of coefficients is a contraction of the state (the Cayley transform of a
// dissipative matrix), and so is everything on the line between two of them, hence no sweep can make it unstable.

import { Header } from '../../engine/core/cell.lane';
import { CELL_FRAMES, VOICE_LATENCY } from '../../engine/core/generated/layout';
import {
  addToRing,
  addWords,
  any,
  both,
  LANES,
  magnitude,
  most,
  select,
  selectWord,
  shiftLeft,
  shiftRight,
  signs,
  toLane,
  xorWords,
} from '../../engine/core/lane.lane';
import { sinePhase } from '../dsp/math.lane';
import { BLEP_PHASES, BLEP_REST, BLEP_TAPS } from './generated/blep';
import { voiceUnsound, voiceUnsteady } from './sound.lane';
import {
  RING,
  HELD,
  USES_SINE,
  USES_STEPS,
  USES_WHITE,
  USES_PINK,
  USES_BROWN,
  USES_SENDS,
  USES_SQUARE,
  Voice,
  STATE,
  RING_AT,
  LANE_BYTES,
  LANE_SHIFT,
} from './state.lane';

const USES_NOISE: i32 = USES_WHITE | USES_PINK | USES_BROWN;
/** Bytes from one bus to the next. */
const BUS_BYTES: usize = <usize>CELL_FRAMES * 16;
/** Brown noise: one-pole at 5 Hz at 48 kHz, 2 pi 5 / 48000. */
const BROWN_SHARE: f32 = <f32>0.00065428;

/**
 * Adds n frames (1..16, inside one cell) of these voices to the six buses.
 * `buses`: rows of CELL_FRAMES lanes each: dry left, dry right, reverb left, right, delay left, right.
 * `tap`: a row for what comes before the low-pass and level, or 0. `slot`: session frame modulo the ring.
 * Where a lane is not finite nothing happens, and the bits of such lanes are given: no other voice is to hear of it.
 * Runs on: render thread. About 45 operations per vector and frame for a steady saw; steps cost only where the wave jumps.
 */
export function voiceProcess(group: usize, buses: usize, tap: usize, slot: i32, n: i32, scratch: usize): i32 {
  const header = changetype<Header>(group);
  const uses = header.uses;
  const sends = (uses & USES_SENDS) !== 0;
  const rare = header.still === 0 || (uses & USES_NOISE) !== 0 || tap !== 0 || stageEnds(group, n);
  const unsound = rare ? voiceUnsound(group) : voiceUnsteady(group);
  if (unsound !== 0) return unsound;
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
  return 0;
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
