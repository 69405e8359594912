// Whether voices are still numbers, and how they end when they may no longer be called.

import { Header } from '../../engine/core/cell.lane';
import { CELL_FRAMES } from '../../engine/core/generated/layout';
import { LANES, maskBits } from '../../engine/core/lane.lane';
import { LANE_BYTES, LANE_SHIFT, RESTS_BEHIND, RING, STATE, Voice, WAVES_AT } from './state.lane';

const ALL_LANES: i32 = (1 << LANES) - 1;
const BUS_BYTES: usize = <usize>CELL_FRAMES * 16;
/** What lies between these is no number: seed, increments. */
const FIRST: usize = offsetof<Voice>('env');
const FIRST_END: usize = offsetof<Voice>('seed');
const SECOND: usize = offsetof<Voice>('pink0');
const SECOND_END: usize = offsetof<Voice>('inc');
const THIRD: usize = offsetof<Voice>('c1');

/**
 * Bits of the lanes that hold what is not finite, of everything that reaches a bus within a cell in which no coefficient
 * moves, no stage ends and no noise is made. NaN and infinity stay in a sum. Runs on: render thread, every cell.
 */
export function voiceUnsteady(group: usize): i32 {
  const v = changetype<Voice>(group + STATE);
  const filter = v.ic1 + v.ic2 + (v.c1 + v.c2) + (v.c3 + v.left);
  const level = v.right + v.reverb + (v.delay + v.env) + (v.envRate + v.envTarget);
  const wave = v.sine + v.saw + (v.square + v.peak) + v.envLeft;
  return unsoundLanes(filter + level + wave);
}

/** The same of all numbers, but for the ring: what gets into it has been looked at before. 75 additions. */
export function voiceUnsound(group: usize): i32 {
  return unsoundLanes(allFields(group));
}

/** The same over all memory of the voices. */
export function voiceSick(group: usize): i32 {
  let sum = allFields(group);
  for (let i = 0; i < 2 * RING; i++) sum = sum + load<lane>(group + WAVES_AT + ((<usize>i) << LANE_SHIFT));
  return unsoundLanes(sum);
}

function unsoundLanes(sum: lane): i32 {
  return maskBits(sum - sum == 0.0) ^ ALL_LANES;
}

function allFields(group: usize): lane {
  const state = group + STATE;
  return (
    sumOf(state + FIRST, state + FIRST_END) +
    sumOf(state + SECOND, state + SECOND_END) +
    sumOf(state + THIRD, state + offsetof<Voice>())
  );
}

/** Four at a time, so that the additions do not wait for each other. */
function sumOf(from: usize, end: usize): lane {
  let sum = splat(<f32>0);
  let at = from;
  while (at + 3 * LANE_BYTES < end) {
    const low = load<lane>(at) + load<lane>(at + LANE_BYTES);
    sum = sum + (low + (load<lane>(at + 2 * LANE_BYTES) + load<lane>(at + 3 * LANE_BYTES)));
    at += 4 * LANE_BYTES;
  }
  while (at < end) {
    sum = sum + load<lane>(at);
    at += LANE_BYTES;
  }
  return sum;
}

/**
 * At the moment of a bypass: what would leave the filter in the next frame, but for the steps of that frame; 0 where
 * the voices slept. The fade begins there. `slot`: session frame modulo the rings.
 */
export function voiceLeave(group: usize, slot: i32): void {
  const v = changetype<Voice>(group + STATE);
  const at = group + WAVES_AT + ((<usize>slot) << LANE_SHIFT);
  const s = load<lane>(at) + load<lane>(at, RESTS_BEHIND);
  const t = s - v.ic2;
  const low = v.ic2 + v.ic2 + v.c2 * v.ic1 + v.c3 * t;
  const band = v.ic1 + v.ic1 + v.c1 * v.ic1 + v.c2 * t;
  v.last =
    (v.low * low + v.band * band + v.through * (s + s)) * lanesOn(changetype<Header>(group).asleep === 0);
}
function lanesOn(on: bool): lane {
  return splat(on ? <f32>1 : <f32>0);
}

/**
 * Adds n frames of the last sample of each of these voices to the six buses, by a row of shares that falls to 0.
 * Reads only: their memory may be in any state but for what the last good cell left.
 */
export function voiceFade(group: usize, buses: usize, shares: usize, n: i32): void {
  const v = changetype<Voice>(group + STATE);
  const left = v.last * v.left;
  const right = v.last * v.right;
  const reverb = v.reverb;
  const delay = v.delay;
  for (let i = 0; i < n; i++) {
    const share = splat(load<f32>(shares + ((<usize>i) << 2)));
    const bus = buses + ((<usize>i) << 4);
    const l = left * share;
    const r = right * share;
    store<lane>(bus, load<lane>(bus) + l);
    store<lane>(bus, load<lane>(bus, BUS_BYTES) + r, BUS_BYTES);
    store<lane>(bus, load<lane>(bus, 2 * BUS_BYTES) + l * reverb, 2 * BUS_BYTES);
    store<lane>(bus, load<lane>(bus, 3 * BUS_BYTES) + r * reverb, 3 * BUS_BYTES);
    store<lane>(bus, load<lane>(bus, 4 * BUS_BYTES) + l * delay, 4 * BUS_BYTES);
    store<lane>(bus, load<lane>(bus, 5 * BUS_BYTES) + r * delay, 5 * BUS_BYTES);
  }
}
