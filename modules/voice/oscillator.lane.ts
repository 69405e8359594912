// The waves of a group of voices, times their envelopes, into the ring of waves; their edges into the ring of rests.
//
// Phases have 32 bits. What a wave jumps by is smoothed by steps.lane.ts; everything passes the rings, so the delay is the
// same for all waveforms and for the envelope.

import { VOICE_LATENCY } from '../../engine/core/generated/layout';
import {
  addWords,
  any,
  below,
  both,
  LANES,
  magnitude,
  select,
  selectWord,
  shiftLeft,
  shiftRight,
  signs,
  splatWord,
  subWords,
  toLane,
  unlike,
  xorWords,
} from '../../engine/core/lane.lane';
import { sinePhase } from '../dsp/math.lane';
import { addEdges, addReset, addStep, Edges, restsOf } from './steps.lane';
import {
  HELD,
  LANE_BYTES,
  LANE_SHIFT,
  RING,
  STATE,
  USES_BROWN,
  USES_EDGES,
  USES_PINK,
  USES_SINE,
  USES_SQUARE,
  USES_STEPS,
  USES_SYNC,
  USES_WHITE,
  Voice,
  WAVES_AT,
} from './state.lane';

export const USES_NOISE: i32 = USES_WHITE | USES_PINK | USES_BROWN;
/** 2^-31: a phase as a ramp from -1 to 1. */
const PER_HALF: f32 = <f32>4.6566129e-10;
/** Brown noise: one-pole at 5 Hz at 48 kHz, 2 pi 5 / 48000. */
const BROWN_SHARE: f32 = <f32>0.00065428;
/** A row for each frame of a cell: phases where the wave jumped, and the heights of the jumps. */
const PHASES: usize = memory.data(16 * 16, 64);
const HEIGHTS: usize = memory.data(16 * 16, 64);
/** The edges of one frame: rows of a word for each lane; and those of one lane. */
const EDGES_NOW: usize = memory.data(16 * 12, 64);
const ONE: usize = memory.data(32, 64);
const BEFORE: usize = 0;
const AFTER: usize = 16;
const STEP: usize = 32;
const WIDTH_BEFORE: usize = 48;
const WIDTH: usize = 64;
const SAW: usize = 80;
const SQUARE: usize = 96;
const TRIANGLE: usize = 112;
const MASTER: usize = 128;
const MASTER_STEP: usize = 144;
const AGO: usize = 160;
const THROWN_AT: usize = 176;

/** Where the wave of the frame at `slot` goes. */
function later(group: usize, slot: i32): usize {
  'inline';
  return group + WAVES_AT + ((<usize>((slot + VOICE_LATENCY) & (RING - 1))) << LANE_SHIFT);
}

/** True when a stage of an envelope ends within the next n frames. */
export function stageEnds(group: usize, n: i32): bool {
  return any(changetype<Voice>(group + STATE).envLeft < splat(<f32>n) + 0.5);
}

/** True while no envelope moves: notes are held, or over. */
function levels(group: usize): bool {
  return !any(changetype<Voice>(group + STATE).envRate != 0.0);
}

/**
 * n frames (1..16, inside one cell) of these voices. `slot`: session frame modulo the rings. `still`: no
 * coefficient moves; `staged`: a stage of an envelope ends in these frames.
 * Runs on: render thread. About 10 operations per vector and frame for a steady saw.
 */
export function oscillate(group: usize, slot: i32, n: i32, uses: i32, still: bool, staged: bool): void {
  // What stands still gets a loop in which nothing else is looked at: most voices, most of the time.
  if (staged || !still || (uses & (USES_NOISE | USES_EDGES | USES_SYNC)) !== 0)
    moveAll(group, slot, n, uses, !still, staged);
  else {
    const wave = uses & (USES_SINE | USES_STEPS);
    const level = levels(group);
    if (wave === USES_STEPS) {
      if (level) Steady.run(group, slot, n, uses, false, false, true);
      else Steady.run(group, slot, n, uses, true, false, true);
    } else if (wave === USES_SINE) {
      if (level) Steady.run(group, slot, n, uses, false, true, false);
      else Steady.run(group, slot, n, uses, true, true, false);
    } else Steady.run(group, slot, n, uses, true, true, true);
  }
}

/** A class so that the loop can be inlined, once for each set of constants. */
class Steady {
  /** `falls`: envelopes move. */
  @inline static run(
    group: usize,
    slot: i32,
    n: i32,
    uses: i32,
    falls: bool,
    sines: bool,
    steps: bool,
  ): void {
    let to = later(group, slot);
    const squares = (uses & USES_SQUARE) !== 0;
    let jumps: i64 = 0;
    const v = held<Voice>(group + STATE);
    v.envLeft -= splat(<f32>n);
    for (let i: i32 = 0; i < n; i++) {
      if (falls) v.env += v.envRate * (v.envTarget - v.env);
      const before = v.phase;
      v.phase = addWords(v.phase, v.inc);
      let x = splat(<f32>0);
      if (sines) x = v.sine * sinePhase(v.phase);
      if (steps) {
        const ramp = toLane(v.phase);
        if (sines) x = x + v.saw * ramp;
        else x = v.saw * ramp;
        if (squares) x = x + v.square * select(ramp < 0.0, -1.0, 1.0);
        const jumped = signs(xorWords(before, v.phase));
        if (jumped !== 0) {
          // The saw falls by 2 in the middle of its cycle; the square falls there and rises at the start.
          const row = (<usize>i) << LANE_SHIFT;
          store<word>(PHASES + row, v.phase);
          store<lane>(
            HEIGHTS + row,
            v.env * select(ramp < 0.0, -2.0 * (v.saw * 2147483648.0 + v.square), 2.0 * v.square),
          );
          jumps |= (<i64>jumped) << (i * LANES);
        }
      }
      store<lane>(to, x * v.env);
      to += LANE_BYTES;
    }
    if (steps && jumps !== 0) smooth(group, slot, jumps);
  }
}

/** The steps of a cell: bit LANES i + l stands for a jump of lane l before frame i. Calls in the loop would cost more. */
function smooth(group: usize, slot: i32, jumps: i64): void {
  const inc = group + STATE + offsetof<Voice>('inc');
  for (; jumps !== 0; jumps &= jumps - 1) {
    const bit = <i32>ctz(jumps);
    const lane = (<usize>(bit & (LANES - 1))) << 2;
    const at = (<usize>bit) << 2;
    const past = <f32>(load<i32>(PHASES + at) & 0x7fffffff) / <f32>load<u32>(inc + lane);
    addStep(restsOf(group, bit & (LANES - 1)), slot + bit / LANES, past, load<f32>(HEIGHTS + at));
  }
}

/** The same for everything that can be. */
function moveAll(group: usize, slot: i32, n: i32, uses: i32, moving: bool, staged: bool): void {
  let to = later(group, slot);
  const noises = (uses & USES_NOISE) !== 0;
  const edges = (uses & USES_STEPS) !== 0;
  const synced = (uses & USES_SYNC) !== 0;
  const v = held<Voice>(group + STATE);
  if (!staged) v.envLeft -= splat(<f32>n);
  for (let i: i32 = 0; i < n; i++) {
    v.env += v.envRate * (v.envTarget - v.env);
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
    const widthBefore = v.width;
    if (moving) {
      v.inc = addWords(v.inc, v.incStep);
      v.slaveInc = addWords(v.slaveInc, v.slaveIncStep);
      v.width = addWords(v.width, v.widthStep);
      v.sine += v.sineStep;
      v.saw += v.sawStep;
      v.square += v.squareStep;
      v.triangle += v.triangleStep;
      v.white += v.whiteStep;
      v.pink += v.pinkStep;
      v.brownLevel += v.brownLevelStep;
    }

    const masterBefore = v.phase;
    v.phase = addWords(v.phase, v.inc);
    let x = splat(<f32>0);
    if ((uses & USES_SINE) !== 0) x = v.sine * sinePhase(v.phase);
    // What is synced runs on whether it is heard or not: it may be any moment, and its neighbours are heard.
    let before = masterBefore;
    let after = v.phase;
    let resets: i32 = 0;
    if (synced) {
      before = v.slave;
      after = addWords(before, v.slaveInc);
      // A new cycle begins where the sign falls. A wave that has kept in step is not thrown back.
      resets = signs(masterBefore) & ~signs(v.phase) & unlike(after, v.phase);
      if (resets !== 0) {
        store<word>(EDGES_NOW + BEFORE, before);
        store<word>(EDGES_NOW + AFTER, after);
        store<word>(EDGES_NOW + STEP, v.slaveInc);
        store<word>(EDGES_NOW + MASTER, v.phase);
        store<word>(EDGES_NOW + MASTER_STEP, v.inc);
        throwBack(resets);
        after = load<word>(EDGES_NOW + AFTER);
      }
      v.slave = after;
    }
    if (edges) {
      const ramp = toLane(after);
      x = x + v.saw * ramp;
      let edged = signs(xorWords(before, after)) | resets;
      if ((uses & USES_EDGES) !== 0) {
        // A pulse without its mean: what is left swings around 0.
        const half = splatWord(0x80000000);
        const mean = toLane(xorWords(v.width, half)) * splat(PER_HALF);
        x = x + v.square * (select(below(after, v.width), 1.0, -1.0) - mean);
        const swing = ramp * splat(PER_HALF);
        const folded = select(magnitude(swing) > 0.5, select(ramp < 0.0, -1.0, 1.0) - swing, swing);
        x = x + v.triangle * (folded + folded);
        const quarter = splatWord(0x40000000);
        edged |= signs(xorWords(subWords(before, widthBefore), subWords(after, v.width)));
        edged |= signs(xorWords(addWords(before, quarter), addWords(after, quarter)));
      } else x = x + v.square * select(ramp < 0.0, -1.0, 1.0);
      if (edged !== 0) {
        store<word>(EDGES_NOW + BEFORE, before);
        store<word>(EDGES_NOW + AFTER, after);
        store<word>(EDGES_NOW + STEP, synced ? v.slaveInc : v.inc);
        store<word>(EDGES_NOW + WIDTH_BEFORE, widthBefore);
        store<word>(EDGES_NOW + WIDTH, v.width);
        store<lane>(EDGES_NOW + SAW, v.env * (v.saw * 2147483648.0));
        store<lane>(EDGES_NOW + SQUARE, v.env * v.square);
        store<lane>(EDGES_NOW + TRIANGLE, v.env * v.triangle);
        smoothEdges(group, slot + i, edged, resets);
      }
    }
    if (noises) {
      // A voice draws only while it sounds: its noise does not depend on its neighbours.
      v.seed = selectWord(both(v.env > 0.0, v.white + v.pink + v.brownLevel > 0.0), xorshift(v.seed), v.seed);
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
    store<lane>(to, x * v.env);
    to += LANE_BYTES;
  }
}

/** Marsaglia, "Xorshift RNGs" (2003), 32 bits: period 2^32 - 1. */
function xorshift(x: word): word {
  const a = xorWords(x, shiftLeft(x, 13));
  const b = xorWords(a, shiftRight(a, 17));
  return xorWords(b, shiftLeft(b, 5));
}

function now(row: usize, lane: usize): usize {
  return EDGES_NOW + row + (lane << 2);
}

/** Hard sync of these lanes: the wave begins anew where its master did, which is a part of a frame ago. */
function throwBack(lanes: i32): void {
  for (let l: usize = 0; l < <usize>LANES; l++) {
    if (((lanes >> (<i32>l)) & 1) === 0) continue;
    const ago = <f64>load<u32>(now(MASTER, l)) / <f64>load<u32>(now(MASTER_STEP, l));
    store<f32>(now(AGO, l), <f32>ago);
    const step = <f64>load<u32>(now(STEP, l));
    store<u32>(now(THROWN_AT, l), load<u32>(now(BEFORE, l)) + <u32>(step * (1 - ago)));
    store<u32>(now(AFTER, l), <u32>(step * ago));
  }
}

/** The edges of these lanes in one frame; those in `resets` were thrown back in it. */
function smoothEdges(group: usize, slot: i32, lanes: i32, resets: i32): void {
  const e = changetype<Edges>(ONE);
  for (let l: usize = 0; l < <usize>LANES; l++) {
    if (((lanes >> (<i32>l)) & 1) === 0) continue;
    const rests = restsOf(group, <i32>l);
    e.before = load<u32>(now(BEFORE, l));
    e.after = load<u32>(now(AFTER, l));
    e.step = load<u32>(now(STEP, l));
    e.widthBefore = load<u32>(now(WIDTH_BEFORE, l));
    e.width = load<u32>(now(WIDTH, l));
    e.saw = load<f32>(now(SAW, l));
    e.square = load<f32>(now(SQUARE, l));
    e.triangle = load<f32>(now(TRIANGLE, l));
    let part: f32 = 1;
    if (((resets >> (<i32>l)) & 1) !== 0) {
      const after = e.after;
      const ago = load<f32>(now(AGO, l));
      e.after = load<u32>(now(THROWN_AT, l));
      addEdges(rests, slot, e, 1 - ago, ago);
      addReset(rests, slot, e, e.after, ago);
      e.before = 0;
      e.widthBefore = e.width;
      e.after = after;
      part = ago;
    }
    addEdges(rests, slot, e, part, 0);
  }
}
