/**
 * Taps: the sound at places of the signal path (engine/shared/tap-names.ts), for offline rendering. Which ones are taken is
 * scratch beside the state and cleared by init(): a tap changes neither a sample of the master nor a byte of the state.
 * Without any, each cell looks at one word a few times.
 *
 * What is tapped alone is made in rows of its own and added afterwards. These begin as -0, the only number that leaves
 * every other one as it is, so the sum has the same bits.
 */
import { MAX_VOICES, TAP_CODES, TAP_LATENCIES, TAP_VOICES } from './generated/layout';
import { LANES } from './lane.lane';
import { session } from './session';
import { addRun } from '../../modules/dsp/hadamard';

@unmanaged
class Taps {
  /** Taps that are taken; of these, single voices. */
  taken: i32;
  voices: i32;
  /** Where this cell begins in the block, in bytes. */
  cell: usize;
  /** The voice the acid filter stood in for last: what it still gives afterwards belongs there. */
  acidVoice: i32;
}
const TAPS: usize = memory.data(16, 64);
/** For each code the address of its block (interleaved stereo, cleared by the host); 0: not taken. */
const BLOCKS: usize = memory.data(TAP_CODES * 4, 64);
/** Six rows of 16 lanes, or of 16 f32. */
const OWN: usize = memory.data(6 * 16 * 16, 64);
const LANE_ROW: usize = 16 * 16;
const ROW: usize = 16 * 4;

function taps(): Taps {
  return changetype<Taps>(TAPS);
}
function blockOf(code: i32): usize {
  return load<u32>(BLOCKS + ((<usize>code) << 2));
}

/** Runs on: main thread, by init(). */
export function clearTaps(): void {
  memory.fill(TAPS, 0, offsetof<Taps>());
  memory.fill(BLOCKS, 0, (<usize>TAP_CODES) << 2);
}
/** By how many frames a tap is earlier than the master; -1: there is none with that code. */
export function tapLatency(code: i32): i32 {
  if (code >= MAX_VOICES && code < TAP_CODES) return latencyAt(code);
  return code >= 0 && code < session().voices ? latencyAt(TAP_VOICES) : -1;
}
function latencyAt(code: i32): i32 {
  return load<i32>(TAP_LATENCIES + ((<usize>(code - MAX_VOICES)) << 2));
}
/** Takes a tap: each block is added to what lies at `block`. Between blocks only; until the next init(). */
export function tapTo(code: i32, block: usize): void {
  if (tapLatency(code) < 0) return;
  store<u32>(BLOCKS + ((<usize>code) << 2), <u32>block);
  taps().taken++;
  if (code < MAX_VOICES) taps().voices++;
}

/** True while any tap is taken. */
export function tapping(): bool {
  return taps().taken !== 0;
}
export function tappingVoices(): bool {
  return taps().voices !== 0;
}
/** `cell`: bytes from the start of the block. */
export function tapCell(cell: usize): void {
  taps().cell = cell;
}

/** Gives n frames to a tap, if it is taken. `step`: bytes from one frame to the next. */
export function give(code: i32, left: usize, right: usize, step: usize, n: i32): void {
  const block = blockOf(code);
  if (block === 0) return;
  let to = block + taps().cell;
  for (let i = 0; i < n; i++, left += step, right += step, to += 8) {
    store<f32>(to, load<f32>(to) + load<f32>(left));
    store<f32>(to, load<f32>(to, 4) + load<f32>(right), 4);
  }
}
/** What it was given in this cell has not been heard. */
export function takeBack(code: i32, n: i32): void {
  const block = blockOf(code);
  if (block !== 0) memory.fill(block + taps().cell, 0, (<usize>n) << 3);
}
export function takeBackVoices(n: i32): void {
  for (let voice = 0; voice < MAX_VOICES; voice++) takeBack(voice, n);
}

/** Rows to which nothing has been added yet; good until the next call. */
function ownRows(bytes: usize): usize {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(OWN + i, -0.0);
  return OWN;
}

/** Rows of lanes for one group of voices. */
export function groupRows(): usize {
  return ownRows(6 * LANE_ROW);
}
export function giveGroup(g: i32, rows: usize, laneBuses: usize, n: i32): void {
  for (let voice = g * LANES; voice < (g + 1) * LANES; voice++) {
    const left = rows + ((<usize>(voice & 3)) << 2);
    give(voice, left, left + LANE_ROW, 16, n);
  }
  for (let at: usize = 0; at < 6 * LANE_ROW; at += 64) addRun(laneBuses + at, rows + at, 16);
}

/** Six rows for the acid filter. */
export function acidRows(): usize {
  return ownRows(6 * ROW);
}
/** `voice`: the one it stands in for, from 0; -1: none any more. */
export function giveAcid(voice: i32, rows: usize, buses: usize, n: i32): void {
  if (voice >= 0) taps().acidVoice = voice;
  give(taps().acidVoice, rows, rows + ROW, 4, n);
  for (let at: usize = 0; at < 6 * ROW; at += ROW) addRun(buses + at, rows + at, n);
}

/** Two rows for an effect that is tapped; 0: it is not. */
export function effectRows(code: i32): usize {
  return tapping() && blockOf(code) !== 0 ? ownRows(2 * ROW) : 0;
}
export function giveEffect(code: i32, rows: usize, left: usize, right: usize, n: i32): void {
  give(code, rows, rows + ROW, 4, n);
  addRun(left, rows, n);
  addRun(right, rows + ROW, n);
}
