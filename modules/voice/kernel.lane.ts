// One voice per lane: oscillator -> envelope -> (two rings, 16 frames) -> filter -> level and pan -> six buses.
//
// First each group for itself (voiceWave), then those that are done together (voiceMix): there is no voice that hears of
// another before the buses.

import { Header } from '../../engine/core/cell.lane';
import { filterVoices } from './filter.lane';
import { mixVoices } from './mix.lane';
import { oscillate, stageEnds, USES_NOISE } from './oscillator.lane';
import { voiceUnsound, voiceUnsteady } from './sound.lane';
import { USES_EDGES, USES_MODES, USES_SYNC } from './state.lane';

export { MIX_GROUPS } from './mix.lane';

/**
 * Makes n frames (1..16, inside one cell) of the waves of a group. `slot`: session frame modulo the rings;
 * `tapped`: somebody listens before the filter. Where a lane is not finite nothing happens, and the bits of such lanes are
 * given: no other voice is to hear of it. Runs on: render thread.
 */
export function voiceWave(group: usize, slot: i32, n: i32, tapped: bool): i32 {
  const header = changetype<Header>(group);
  const uses = header.uses;
  const still = header.still !== 0;
  const special = (uses & (USES_NOISE | USES_EDGES | USES_SYNC | USES_MODES)) !== 0;
  const staged = stageEnds(group, n);
  const rare = !still || special || tapped || staged;
  const unsound = rare ? voiceUnsound(group) : voiceUnsteady(group);
  if (unsound === 0) oscillate(group, slot, n, uses, still, staged);
  return unsound;
}

/**
 * Adds n frames of 1 to MIX_GROUPS groups, whose waves are made, to the six buses. `groups`: their addresses; `made`:
 * MIX_BYTES for each of them; `tapped`, `tap`: a group whose sound before the filter goes to a row too, or 0.
 */
export function voiceMix(
  groups: usize,
  made: usize,
  count: i32,
  buses: usize,
  tapped: usize,
  tap: usize,
  slot: i32,
  n: i32,
): void {
  filterVoices(groups, made, count, tapped, tap, slot, n);
  mixVoices(groups, made, count, buses, n);
}
