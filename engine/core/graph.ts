/**
 * One cell (1 to 16 frames, never across the grid) through the whole rig:
 *
 *   lfos -> voices -> acid -> six buses -> distortion --------> + -> limiter -> meter -> output
 *                               sends -> aligned -> reverb, delay -^
 */
import { runAcid } from './acid-place';
import { addEffects, distort, limit } from './buses';
import { moveUnits } from './bypass';
import { CELL_FRAMES, DISTORTION_LATENCY } from './generated/layout';
import { areFinite, interleave, sumRow } from './lane.lane';
import { measure } from './meter';
import { tickLfos } from './modulation';
import { CRUMB, session } from './session';
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
  runAcid(SUMS, frame, n);
  store<i32>(CRUMB, 0);
  // The last line before the effects: nothing gets into their memory that never leaves it.
  if (!finiteSums(n)) {
    memory.fill(SUMS, 0, <usize>BUSES * ROW);
    healAll();
  }

  const left = SUMS;
  const right = SUMS + ROW;
  distort(left, right, frame, n, grid, rest);
  store<i32>(CRUMB, 0);
  alignSends(frame, n);
  addEffects(SUMS + 2 * ROW, left, right, frame, n, grid, rest);
  limit(left, right, frame, n, grid, rest);
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
