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
import { MIX_GROUPS, voiceMix, voiceWave } from '../../modules/voice/kernel.lane';
import { voiceFade, voiceSick, voiceUnsound } from '../../modules/voice/sound.lane';
import { voiceMoves, voiceRest, voiceTick } from '../../modules/voice/tick.lane';

/** Numbers of the groups that are awake in this cell, behind how many there are. */
const AWAKE: usize = memory.data(4 * 257, 64);
/** Groups whose frames wait to be mixed (at most four), and those frames: two sides of 16 lanes each. */
const MIXED: usize = memory.data(4 * 4, 64);
const MADE: usize = memory.data(4 * 2 * 16 * 16, 64);
/** Frames from one look at what a group still does to the next: a power of two, in whole cells. */
const REST_FRAMES: i32 = 64;
/** Looks at silence before a group sleeps: longer than the rings of the voices. */
const QUIET_RESTS: i32 = 2;

/** Runs on: render thread, at the start of each cell, which ends in `rest` frames at the latest. */
export function tickVoices(grid: bool, rest: i32): void {
  const voices = place(MODULE_VOICE);
  const rate = session().sampleRate;
  if (grid) acidAtGrid();
  const rests = grid && ((<i32>session().frame) & (REST_FRAMES - 1)) === 0;
  const tap = tapped();
  let sounding = 0;
  let acid = grid || acidChanged(0);
  let awake = 0;
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    const header = changetype<Header>(group);
    if (header.asleep !== 0) {
      if (grid && group === tap) tickAsleep(g, group, header);
      continue;
    }
    awake++;
    store<i32>(AWAKE + ((<usize>awake) << 2), g);
    enter(voiceUnit(g));
    if (grid) {
      if (rests) {
        const state = voiceRest(group, peakFall(rate));
        if (state >> 8 !== 0) heal(g, group, state >> 8);
        header.quiet = (state & 1) !== 0 ? 0 : header.quiet + 1;
        sounding += state & 1;
      }
      if (header.moving > 0) {
        advanceLaneRamps(group + HEADER_BYTES, VOICE_PARAMS);
        header.moving--;
        header.settle = 2;
      }
      // What has come to rest is set in motion by commands and ramps only.
      if (header.settle > 0 && voiceMoves(group)) header.settle = 2;
      header.still = header.settle > 0 ? 0 : 1;
      if (header.settle > 0) {
        voiceTick(group, -1, CELL_FRAMES, rate);
        header.settle--;
      }
      // What modulates a silent group does not keep it awake: it is looked at again when a command wakes it.
      // Its level is also that of an acid filter that still rings.
      const rings = group === tap && acidRings();
      if (rests && header.quiet >= QUIET_RESTS && header.moving === 0 && !rings) header.asleep = 1;
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
  store<i32>(AWAKE, awake);
  if (rests) store<i32>(statusWord(STATUS_SOUNDING), sounding);
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

/** Factor per REST_FRAMES for 20 dB in 300 ms: 10^(-64 / (0.3 rate)), to second order. */
function peakFall(rate: f32): f32 {
  const x: f32 = (<f32>2.302585 * <f32>REST_FRAMES) / (<f32>0.3 * rate);
  return <f32>1 - x + <f32>0.5 * x * x;
}

/** Adds all voices to `laneBuses`: six buses of 16 rows of four lanes. */
export function processVoices(laneBuses: usize, frame: i64, n: i32, rest: i32): void {
  const voices = place(MODULE_VOICE);
  const tap = tapped();
  const slot = <i32>(frame & 63);
  const taps = tappingVoices();
  if (tap === 0 || changetype<Header>(tap).asleep !== 0) memory.fill(tapRow(), 0, (<usize>CELL_FRAMES) << 4);
  let made = 0;
  // A group that is bypassed is looked at even in its sleep, and a tap hears all of them.
  const all = taps || attention();
  const count = all ? session().groups : load<i32>(AWAKE);
  for (let k = 0; k < count; k++) {
    const g = all ? k : load<i32>(AWAKE + ((<usize>(k + 1)) << 2));
    const group = voices.base + <usize>g * voices.stride;
    // Voice v adds to lane v mod 4 in every build, so that sums are made in one order.
    const lane = (<usize>((g * LANES) & 3)) << 2;
    if (taps) {
      const rows = groupRows();
      if (isOutNow(g, group)) fadeGroup(g, group, rows + lane, group === tap, frame, n);
      else mix(makeGroup(g, group, 0, group === tap, slot, n, rest), rows + lane, tap, slot, n);
      giveGroup(g, rows, laneBuses, n);
    } else if (isOutNow(g, group)) {
      mix(made, laneBuses, tap, slot, n);
      made = 0;
      fadeGroup(g, group, laneBuses + lane, group === tap, frame, n);
    } else {
      made += makeGroup(g, group, made, group === tap, slot, n, rest);
      if (made === MIX_GROUPS) {
        mix(made, laneBuses + lane, tap, slot, n);
        made = 0;
      }
    }
  }
  mix(made, laneBuses, tap, slot, n);
}

function isOutNow(g: i32, group: usize): bool {
  'inline';
  if (!attention()) return false;
  if (changetype<Header>(group).bypassed !== 0) return true;
  work(voiceUnit(g));
  return false;
}

function mix(count: i32, buses: usize, tap: usize, slot: i32, n: i32): void {
  if (count > 0) voiceMix(MIXED, MADE, count, buses, tap, tapRow(), slot, n);
}

/** Makes the waves of a group, at place `at` of those that are mixed together. Gives how many it made: 0 or 1. */
function makeGroup(g: i32, group: usize, at: i32, tapped: bool, slot: i32, n: i32, rest: i32): i32 {
  'inline';
  if (changetype<Header>(group).asleep !== 0) return 0;
  enter(voiceUnit(g));
  store<u32>(MIXED + ((<usize>at) << 2), <u32>group);
  const unsound = voiceWave(group, slot, n, tapped);
  if (unsound !== 0) {
    healNow(g, group, unsound, rest);
    voiceWave(group, slot, n, tapped);
  }
  return 1;
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
