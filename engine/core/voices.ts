/** All voices of one cell: coefficients, health, sound. */
import {
  acidAtGrid,
  acidChanged,
  acidRings,
  fadeTap,
  mendAcid,
  shareAgain,
  tapped,
  tapRow,
  tickAcid,
} from './acid-place';
import { Header, HEADER_BYTES, advanceLaneRamps } from './cell.lane';
import {
  CELL_FRAMES,
  MODULE_VOICE,
  STATUS_POISONED_VOICE,
  STATUS_SOUNDING,
  VOICE_PARAMS,
} from './generated/layout';
import { LANES } from './lane.lane';
import { mendParams } from './params';
import { CRUMB, place, session, statusWord } from './session';
import { giveGroup, groupRows, tappingVoices } from './taps';
import { attention, countPoisoned, enter, fading, sharesFrom, unit, voiceUnit, work } from './units';
import { voiceHeal } from '../../modules/voice/kernel-events';
import { voiceProcess } from '../../modules/voice/kernel.lane';
import { voiceFade, voiceSick, voiceUnsound } from '../../modules/voice/sound.lane';
import { voiceMoves, voiceRest, voiceTick } from '../../modules/voice/tick.lane';

/** Four words of scratch for steps. */
const STEP_SCRATCH: usize = memory.data(64, 64);
/** Points of the grid (16 frames) in silence before a group sleeps: longer than the ring of the voices. */
const QUIET_CELLS: i32 = 6;

/** Runs on: render thread, at the start of each cell, which ends in `rest` frames at the latest. */
export function tickVoices(grid: bool, rest: i32): void {
  const voices = place(MODULE_VOICE);
  const rate = session().sampleRate;
  if (grid) acidAtGrid();
  const tap = tapped();
  let sounding = 0;
  let acid = grid || acidChanged(0);
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    const header = changetype<Header>(group);
    if (header.asleep !== 0) {
      if (grid && group === tap) tickAsleep(g, group, header);
      continue;
    }
    enter(voiceUnit(g));
    if (grid) {
      const state = voiceRest(group, peakFall(rate));
      if (state >> 8 !== 0) heal(g, group, state >> 8);
      header.quiet = (state & 1) !== 0 ? 0 : header.quiet + 1;
      sounding += state & 1;
      if (header.moving > 0) {
        advanceLaneRamps(group + HEADER_BYTES, VOICE_PARAMS);
        header.moving--;
        header.settle = 2;
      }
      if (voiceMoves(group)) header.settle = 2;
      header.still = header.settle > 0 ? 0 : 1;
      if (header.settle > 0) {
        voiceTick(group, -1, CELL_FRAMES, rate);
        header.settle--;
      }
      // What modulates a silent group does not keep it awake: it is looked at again when a command wakes it.
      // Its level is also that of an acid filter that still rings.
      const rings = group === tap && acidRings();
      if (header.quiet >= QUIET_CELLS && header.moving === 0 && !rings) header.asleep = 1;
    } else if (header.dirty !== 0) {
      voiceTick(group, header.dirty, rest, rate);
      header.still = 0;
      if (group === tap && acidChanged(header.dirty)) acid = true;
    }
    if (group === tap) {
      // Before the acid filter takes its level from there.
      const unsound = voiceUnsound(group);
      if (unsound !== 0) healNow(g, group, unsound, rest);
    }
    header.dirty = 0;
  }
  if (grid) store<i32>(statusWord(STATUS_SOUNDING), sounding);
  if (acid) tickAcid(tap, rest, grid);
}

/** Its level is that of the acid filter, which must not depend on how long its neighbours keep the group awake. */
function tickAsleep(g: i32, group: usize, header: Header): void {
  if (header.settle <= 0 || header.bypassed !== 0) return;
  enter(voiceUnit(g));
  voiceTick(group, -1, CELL_FRAMES, session().sampleRate);
  header.settle--;
}

function heal(g: i32, group: usize, lanes: i32): void {
  for (let l = 0; l < LANES; l++) {
    if (((lanes >> l) & 1) === 0) continue;
    const voice = g * LANES + l;
    mendParams(MODULE_VOICE, voice);
    voiceHeal(group, l, session().sampleRate);
    shareAgain(voice);
    countPoisoned();
    store<i32>(statusWord(STATUS_POISONED_VOICE), voice + 1);
  }
}
/** Off the grid, or after the coefficients of the cell were made: those of these lanes are made anew. */
function healNow(g: i32, group: usize, lanes: i32, rest: i32): void {
  heal(g, group, lanes);
  voiceTick(group, lanes, rest, session().sampleRate);
  changetype<Header>(group).still = 0;
  changetype<Header>(group).dirty = 0;
}

/** Factor per cell for 20 dB in 300 ms: 10^(-16 / (0.3 rate)), to first order. */
function peakFall(rate: f32): f32 {
  return <f32>1 - (<f32>2.302585 * <f32>CELL_FRAMES) / (<f32>0.3 * rate);
}

/** Adds all voices to `laneBuses`: six buses of 16 rows of four lanes. */
export function processVoices(laneBuses: usize, frame: i64, n: i32, rest: i32): void {
  const voices = place(MODULE_VOICE);
  const tap = tapped();
  const slot = <i32>(frame & 63);
  const taps = tappingVoices();
  if (tap === 0 || changetype<Header>(tap).asleep !== 0) memory.fill(tapRow(), 0, (<usize>CELL_FRAMES) << 4);
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    const rows = taps ? groupRows() : laneBuses;
    // Voice v adds to lane v mod 4 in every build, so that sums are made in one order.
    const to = rows + ((<usize>((g * LANES) & 3)) << 2);
    processGroup(g, group, to, group === tap, slot, frame, n, rest);
    if (taps) giveGroup(g, rows, laneBuses, n);
  }
}

function processGroup(
  g: i32,
  group: usize,
  to: usize,
  toAcid: bool,
  slot: i32,
  frame: i64,
  n: i32,
  rest: i32,
): void {
  const header = changetype<Header>(group);
  if (attention()) {
    if (header.bypassed !== 0) {
      fadeGroup(g, group, to, toAcid, frame, n);
      return;
    }
    work(voiceUnit(g));
  }
  if (header.asleep !== 0) return;
  enter(voiceUnit(g));
  const row: usize = toAcid ? tapRow() : 0;
  const unsound = voiceProcess(group, to, row, slot, n, STEP_SCRATCH);
  if (unsound === 0) return;
  healNow(g, group, unsound, rest);
  voiceProcess(group, to, row, slot, n, STEP_SCRATCH);
}

function fadeGroup(g: i32, group: usize, to: usize, toAcid: bool, frame: i64, n: i32): void {
  const u = unit(voiceUnit(g));
  if (!fading(u, frame)) return;
  store<i32>(CRUMB, 0);
  const shares = sharesFrom(u, frame, n);
  voiceFade(group, to, shares, n);
  if (toAcid) fadeTap(u, shares, n);
}

/** Where the sums of a cell were not finite: whatever has remained in a voice or in the acid filter. */
export function healAll(): void {
  const voices = place(MODULE_VOICE);
  let found = mendAcid();
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    if (changetype<Header>(group).asleep !== 0) continue;
    const sick = voiceSick(group);
    if (sick === 0) continue;
    heal(g, group, sick);
    found = true;
  }
  if (!found) countPoisoned();
}
