/**
 * One cell (1 to 16 frames, never across the grid) through the whole rig:
 *
 *   lfos -> voices -> acid -> six buses -> distortion --------> + -> limiter -> meter -> output
 *                               sends -> aligned -> reverb, delay -^
 */
import { heldByAcid, runAcid } from './acid-place';
import { addEffects, distort, limit } from './buses';
import { moveUnits } from './bypass';
import {
  CELL_FRAMES,
  DISTORTION_LATENCY,
  TAP_BUS,
  TAP_DISTORTION,
  TAP_MASTER,
  TAP_VOICES,
} from './generated/layout';
import { areFinite, interleave, sumRow } from './lane.lane';
import { measure } from './meter';
import { tickLfos } from './modulation';
import { CRUMB, OUTPUT, session } from './session';
import { acidRows, give, giveAcid, takeBackVoices, tapCell, tapping, tappingVoices } from './taps';
import { healAll, processVoices, tickVoices } from './voices';
import { copyRun } from '../../modules/dsp/hadamard';

const BUSES: i32 = 6;
/** Six rows of lanes and six of their sums. */
const LANE_BUSES: usize = memory.data(6 * 16 * 16, 64);
const SUMS: usize = memory.data(6 * 16 * 4, 64);
const ROW: usize = (<usize>CELL_FRAMES) << 2;

/** Ring of the four send buses, as long as the power of two above the distortion's delay. */
const ALIGN_FRAMES: i32 = 256;
export const ALIGNER_BYTES: usize = 4 * ((<usize>ALIGN_FRAMES) << 2);

/** Runs on: render thread. `out`: n interleaved stereo frames. */
export function renderCell(out: usize, n: i32): void {
  const frame = session().frame;
  const into = <i32>(frame & (CELL_FRAMES - 1));
  const rest = CELL_FRAMES - into;
  const grid = into === 0;
  const taps = tapping();
  if (taps) tapCell(out - OUTPUT);
  store<i32>(CRUMB, 0);
  if (grid) {
    if (session().returning !== 0) moveUnits();
    tickLfos();
  }
  tickVoices(grid, rest);

  memory.fill(LANE_BUSES, 0, <usize>BUSES * ((<usize>CELL_FRAMES) << 4));
  processVoices(LANE_BUSES, frame, n, rest);
  store<i32>(CRUMB, 0);
  for (let b: usize = 0; b < <usize>BUSES; b++) sumRow(SUMS + b * ROW, LANE_BUSES + b * (ROW << 2), n);
  const acid = tappingVoices() ? acidRows() : SUMS;
  runAcid(acid, frame, n);
  if (acid !== SUMS) giveAcid(heldByAcid(), acid, SUMS, n);
  store<i32>(CRUMB, 0);
  // The last line before the effects: nothing gets into their memory that never leaves it.
  if (!finiteSums(n)) {
    memory.fill(SUMS, 0, <usize>BUSES * ROW);
    healAll();
    if (taps) takeBackVoices(n);
  }

  const left = SUMS;
  const right = SUMS + ROW;
  if (taps) give(TAP_VOICES, left, right, 4, n);
  distort(left, right, frame, n, grid, rest);
  if (taps) give(TAP_DISTORTION, left, right, 4, n);
  store<i32>(CRUMB, 0);
  alignSends(frame, n);
  addEffects(SUMS + 2 * ROW, left, right, frame, n, grid, rest);
  if (taps) give(TAP_BUS, left, right, 4, n);
  limit(left, right, frame, n, grid, rest);
  if (taps) give(TAP_MASTER, left, right, 4, n);
  measure(left, right, n, grid);
  store<i32>(CRUMB, 0);
  interleave(out, left, right, n);
}

function finiteSums(n: i32): bool {
  for (let b = 0; b < BUSES; b += 2)
    if (!areFinite(SUMS + <usize>b * ROW, SUMS + <usize>(b + 1) * ROW, n)) return false;
  return true;
}

/**
 * Delays the sends by as much as the distortion delays the rest. A cell lies in one piece in the ring, and so does the one
 * that is read, as the delay is a whole number of cells (checked where the layout is generated).
 */
function alignSends(frame: i64, n: i32): void {
  const now = ((<i32>frame) & (ALIGN_FRAMES - 1)) << 2;
  const then = ((<i32>frame - DISTORTION_LATENCY) & (ALIGN_FRAMES - 1)) << 2;
  for (let b: usize = 0; b < 4; b++) {
    const at = SUMS + (b + 2) * ROW;
    const ring = session().aligner + b * ((<usize>ALIGN_FRAMES) << 2);
    copyRun(ring + <usize>now, at, n);
    copyRun(at, ring + <usize>then, n);
  }
}
