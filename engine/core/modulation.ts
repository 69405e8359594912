/** LFOs: what they add to the parameters they move. */
import { Header, HEADER_BYTES } from './cell.lane';
import {
  CELL_FRAMES,
  LFO_DEPTH,
  LFO_PARAMS,
  LFO_TARGET,
  LFO_UNIT,
  MODULE_LFO,
  PARAM_MOD_SCALES,
  PARAM_MOD_SPAN,
} from './generated/layout';
import { advanceRamps, blockOf, lanesOfType, paramCell, tableRow } from './params';
import { place, session } from './session';
import { fading, isOut, lastOf, shareAt, unit, work } from './units';
import { lfoTick } from '../../modules/lfo/kernel';

/** Runs on: render thread, at the grid. */
export function tickLfos(): void {
  const lfos = place(MODULE_LFO);
  for (let i = 0; i < lfos.instances; i++) stopMoving(lfos.base + <usize>i * lfos.stride);
  for (let i = 0; i < lfos.instances; i++) {
    const block = lfos.base + <usize>i * lfos.stride;
    const header = changetype<Header>(block);
    if (header.moving > 0) {
      advanceRamps(block + HEADER_BYTES, LFO_PARAMS);
      header.moving--;
    }
    tickLfo(i, block, lfos.state + <usize>i * lfos.stride);
  }
}

/** A bypassed one goes from its last value to none, and comes back from there. */
function tickLfo(i: i32, block: usize, state: usize): void {
  const u = unit(LFO_UNIT + i);
  // What it moves gets there at the end of the cell.
  const share = shareAt(u, session().frame + <i64>(CELL_FRAMES - 1));
  if (!isOut(u)) {
    work(LFO_UNIT + i);
    const x = lfoTick(block + HEADER_BYTES, state, CELL_FRAMES, session().sampleRate);
    store<f32>(lastOf(u, 0), x);
    move(block, x, share);
  } else if (fading(u, session().frame)) move(block, load<f32>(lastOf(u, 0)), share);
}

function targetOf(lfo: usize): i32 {
  'inline';
  return <i32>load<f32>(lfo + HEADER_BYTES + ((<usize>LFO_TARGET) << 4)) - 1;
}
/** Where a parameter keeps its modulation, or 0. */
function modulationOf(target: i32): usize {
  const cell: usize = target < 0 ? 0 : paramCell(target);
  return cell === 0 ? 0 : cell + 3 * 4 * lanesOfType(target >> 16);
}

function stopMoving(lfo: usize): void {
  // It has moved nothing.
  if (changetype<Header>(lfo).uses === 0) return;
  const mod = modulationOf(targetOf(lfo));
  if (mod !== 0) store<f32>(mod, 0);
}

/** Adds to what the target of an LFO gets. */
function move(lfo: usize, x: f32, share: f32): void {
  const depth = load<f32>(lfo + HEADER_BYTES + ((<usize>LFO_DEPTH) << 4));
  if (depth === 0 && changetype<Header>(lfo).uses === 0) return;
  const target = targetOf(lfo);
  const mod = modulationOf(target);
  if (mod === 0) return;
  const row = tableRow(target);
  const span = load<f32>(PARAM_MOD_SPAN + row);
  const moved = load<i32>(PARAM_MOD_SCALES + row) !== 0 ? span * (x - depth) * 0.5 : span * x;
  store<f32>(mod, load<f32>(mod) + moved * share);
  const header = changetype<Header>(blockOf(target));
  // Once more after the depth has come to 0: the target is then on its way back. `uses` remembers.
  const own = changetype<Header>(lfo);
  if (depth !== 0 || own.uses !== 0) header.settle = 2;
  own.uses = depth !== 0 ? 1 : 0;
}
