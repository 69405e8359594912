/**
 * One cell (1 to 16 frames, never across the grid) through the whole rig:
 *
 *   lfos -> voices -> acid -> six buses -> distortion --------> + -> limiter -> meter -> output
 *                               sends -> aligned -> reverb, delay -^
 */
import { Header, HEADER_BYTES, advanceLaneRamps } from './cell.lane';
import {
  ACID_PARAMS,
  CELL_FRAMES,
  DELAY_PARAMS,
  DISTORTION_LATENCY,
  DISTORTION_PARAMS,
  LFO_DEPTH,
  LFO_PARAMS,
  LFO_TARGET,
  LIMITER_PARAMS,
  MODULE_ACID,
  MODULE_DELAY,
  MODULE_DISTORTION,
  MODULE_LFO,
  MODULE_LIMITER,
  MODULE_REVERB,
  MODULE_VOICE,
  PARAM_MOD_SCALES,
  PARAM_MOD_SPAN,
  REVERB_PARAMS,
  STATUS_POISONED,
  STATUS_SOUNDING,
  VOICE_FILTER_FREQ,
  VOICE_PARAMS,
} from './generated/layout';
import { acidVoice } from './gates';
import { LANES, sumRow } from './lane.lane';
import { measure } from './meter';
import { advanceRamps, blockOf, lanesOfType, paramCell, tableRow } from './params';
import { CRUMB, place, session, statusWord } from './session';
import { acidBusy, acidMove, acidProcess, acidShare, acidTick } from '../../modules/acid/kernel';
import { delayProcess, delayTick } from '../../modules/delay/kernel';
import { distortionProcess, distortionTick } from '../../modules/distortion/kernel';
import { lfoTick } from '../../modules/lfo/kernel';
import { limiterProcess, limiterTick } from '../../modules/limiter/kernel';
import { reverbProcess, reverbTick } from '../../modules/reverb/kernel';
import { voiceHeal, voiceSilent } from '../../modules/voice/kernel-events';
import { PARAM_CELL, Voice, voiceField, voiceParam } from '../../modules/voice/state.lane';
import { voiceMoves, voiceRest, voiceTick } from '../../modules/voice/tick.lane';
import { voiceProcess } from '../../modules/voice/kernel.lane';

const BUSES: i32 = 6;
/** Six rows of lanes, six of their sums, one tap, four words of scratch for steps, the mix of two. */
const LANE_BUSES: usize = memory.data(6 * 16 * 16, 64);
const SUMS: usize = memory.data(6 * 16 * 4, 64);
const TAP: usize = memory.data(16 * 16, 64);
const STEP_SCRATCH: usize = memory.data(64, 64);
const ROW: usize = (<usize>CELL_FRAMES) << 2;
/** Points of the grid (16 frames) in silence before a group sleeps: longer than the ring of the voices. */
const QUIET_CELLS: i32 = 6;

/** Ring of the four send buses, as long as the power of two above the distortion's delay. */
const ALIGN_FRAMES: i32 = 256;
export const ALIGNER_BYTES: usize = 4 * ((<usize>ALIGN_FRAMES) << 2);

function crumb(type: i32, block: i32): void {
  store<i32>(CRUMB, (type << 16) | (block + 1));
}

/** Runs on: render thread. `out`: n interleaved stereo frames. */
export function renderCell(out: usize, n: i32): void {
  const frame = session().frame;
  const into = <i32>(frame & (CELL_FRAMES - 1));
  const rest = CELL_FRAMES - into;
  const grid = into === 0;
  if (grid) tickLfos();
  tickVoices(grid, rest);

  memory.fill(LANE_BUSES, 0, <usize>BUSES * ((<usize>CELL_FRAMES) << 4));
  processVoices(frame, n);
  for (let b = 0; b < BUSES; b++)
    sumRow(SUMS + <usize>b * ROW, LANE_BUSES + <usize>b * ((<usize>CELL_FRAMES) << 4), n);
  runAcid(n);

  const left = SUMS;
  const right = SUMS + ROW;
  tickBus(MODULE_DISTORTION, DISTORTION_PARAMS, grid, rest);
  distortionProcess(place(MODULE_DISTORTION).state, left, right, n);
  alignSends(frame, n);
  tickBus(MODULE_REVERB, REVERB_PARAMS, grid, rest);
  reverbProcess(place(MODULE_REVERB).state, SUMS + 2 * ROW, SUMS + 3 * ROW, left, right, n);
  tickBus(MODULE_DELAY, DELAY_PARAMS, grid, rest);
  delayProcess(place(MODULE_DELAY).state, SUMS + 4 * ROW, SUMS + 5 * ROW, left, right, n);
  tickBus(MODULE_LIMITER, LIMITER_PARAMS, grid, rest);
  limiterProcess(place(MODULE_LIMITER).state, left, right, n);
  store<i32>(CRUMB, 0);
  measure(left, right, n, grid);
  for (let i: usize = 0; i < <usize>n; i++) {
    store<f32>(out + (i << 3), load<f32>(left + (i << 2)));
    store<f32>(out + (i << 3), load<f32>(right + (i << 2)), 4);
  }
}

function tickLfos(): void {
  const lfos = place(MODULE_LFO);
  for (let i = 0; i < lfos.instances; i++) modulate(lfos.base + <usize>i * lfos.stride, 0, false);
  for (let i = 0; i < lfos.instances; i++) {
    const block = lfos.base + <usize>i * lfos.stride;
    crumb(MODULE_LFO, i);
    const header = changetype<Header>(block);
    if (header.moving > 0) {
      advanceRamps(block + HEADER_BYTES, LFO_PARAMS);
      header.moving--;
    }
    modulate(
      block,
      lfoTick(block + HEADER_BYTES, lfos.state + <usize>i * lfos.stride, CELL_FRAMES, session().sampleRate),
      true,
    );
  }
}

/** Adds to what the target of an LFO gets (`add`), or clears it. */
function modulate(lfo: usize, x: f32, add: bool): void {
  const target = <i32>load<f32>(lfo + HEADER_BYTES + ((<usize>LFO_TARGET) << 4)) - 1;
  if (target < 0) return;
  const cell = paramCell(target);
  if (cell === 0) return;
  const mod = cell + 3 * 4 * lanesOfType(target >> 16);
  if (!add) {
    store<f32>(mod, 0);
    return;
  }
  const row = tableRow(target);
  const span = load<f32>(PARAM_MOD_SPAN + row);
  const depth = load<f32>(lfo + HEADER_BYTES + ((<usize>LFO_DEPTH) << 4));
  const moved = load<i32>(PARAM_MOD_SCALES + row) !== 0 ? span * (x - depth) * 0.5 : span * x;
  store<f32>(mod, load<f32>(mod) + moved);
  const header = changetype<Header>(blockOf(target));
  // Once more after the depth has come to 0: the target is then on its way back. `uses` remembers.
  const own = changetype<Header>(lfo);
  if (depth !== 0 || own.uses !== 0) header.settle = 2;
  own.uses = depth !== 0 ? 1 : 0;
}

/** Number of the voice the acid filter stands in for at this moment, from 0; -1: none. */
function heldByAcid(): i32 {
  return changetype<Header>(place(MODULE_ACID).base).uses - 1;
}

/** Address of the group of that voice, or 0. */
function tapped(): usize {
  const voice = heldByAcid();
  const voices = place(MODULE_VOICE);
  return voice < 0 ? 0 : voices.base + <usize>(voice / LANES) * voices.stride;
}

function tickVoices(grid: bool, rest: i32): void {
  const voices = place(MODULE_VOICE);
  const rate = session().sampleRate;
  const acid = place(MODULE_ACID);
  const acidHeader = changetype<Header>(<usize>acid.base);
  if (grid && acidHeader.moving > 0) {
    advanceRamps(acid.base + HEADER_BYTES, ACID_PARAMS);
    acidHeader.moving--;
    acidHeader.settle = 2;
  }
  if (grid) moveAcid();
  const tap = tapped();
  const lane = max<i32>(heldByAcid(), 0) % LANES;
  let sounding = 0;
  let tickAcid = grid || acidHeader.dirty !== 0;
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    const header = changetype<Header>(group);
    if (header.asleep !== 0) continue;
    crumb(MODULE_VOICE, g);
    if (grid) {
      const state = voiceRest(group, peakFall(rate));
      if (state >> 8 !== 0) heal(group, state >> 8);
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
      if (header.quiet >= QUIET_CELLS && header.moving === 0) header.asleep = 1;
    } else if (header.dirty !== 0) {
      voiceTick(group, header.dirty, rest, rate);
      header.still = 0;
      if (group === tap && ((header.dirty >> lane) & 1) !== 0) tickAcid = true;
    }
    header.dirty = 0;
  }
  if (grid) store<i32>(statusWord(STATUS_SOUNDING), sounding);
  if (tickAcid) {
    crumb(MODULE_ACID, 0);
    const mod = tap === 0 ? <f32>0 : load<f32>(voiceParam(tap, lane, VOICE_FILTER_FREQ) + 3 * PARAM_CELL);
    acidTick(acid.base + HEADER_BYTES, acid.state, rest, rate, tap, lane, mod, grid);
    acidHeader.dirty = 0;
  }
}

/**
 * At the grid: the acid filter leaves one voice before it comes to another, both in a crossfade.
 * The voice keeps what the filter does not take.
 */
function moveAcid(): void {
  if (placeAcid()) return;
  const acid = place(MODULE_ACID);
  const header = changetype<Header>(acid.base);
  const wanted = wantedByAcid();
  const stays = header.uses === wanted;
  const gone = acidMove(acid.state, stays && wanted !== 0, false);
  if (header.uses > 0) share(header.uses - 1);
  if (!stays && gone) header.uses = wanted;
}

/** Where neither the old voice nor the new one sounds, it is there at once: true. */
export function placeAcid(): bool {
  const acid = place(MODULE_ACID);
  const header = changetype<Header>(acid.base);
  const wanted = wantedByAcid();
  if (!acidSilent(header.uses - 1) || !acidSilent(wanted - 1)) return false;
  if (header.uses > 0 && header.uses !== wanted) {
    acidMove(acid.state, false, true);
    share(header.uses - 1);
  }
  header.uses = wanted;
  acidMove(acid.state, wanted !== 0, true);
  if (wanted > 0) share(wanted - 1);
  return true;
}

/** Number of the voice it is assigned to, from 1; 0: none of this engine. */
function wantedByAcid(): i32 {
  const voice = acidVoice();
  return voice < 0 || voice >= session().voices ? 0 : voice + 1;
}

function share(voice: i32): void {
  const acid = place(MODULE_ACID);
  const voices = place(MODULE_VOICE);
  const group = voices.base + <usize>(voice / LANES) * voices.stride;
  setDirect(group, voice % LANES, <f32>1 - acidShare(acid.base + HEADER_BYTES, acid.state));
}

/** True when that voice is silent (or none): nobody would hear a jump. */
function acidSilent(voice: i32): bool {
  if (voice < 0) return true;
  const voices = place(MODULE_VOICE);
  return voiceSilent(voices.base + <usize>(voice / LANES) * voices.stride, voice % LANES);
}

function setDirect(group: usize, lane: i32, share: f32): void {
  const at = voiceField(group, lane, offsetof<Voice>('direct'));
  if (load<f32>(at) === share) return;
  store<f32>(at, share);
  changetype<Header>(group).settle = 2;
}

function heal(group: usize, lanes: i32): void {
  for (let l = 0; l < LANES; l++) {
    if (((lanes >> l) & 1) === 0) continue;
    voiceHeal(group, l);
    store<i32>(statusWord(STATUS_POISONED), load<i32>(statusWord(STATUS_POISONED)) + 1);
  }
}

/** Factor per cell for 20 dB in 300 ms: 10^(-16 / (0.3 rate)), to first order. */
function peakFall(rate: f32): f32 {
  return <f32>1 - (<f32>2.302585 * <f32>CELL_FRAMES) / (<f32>0.3 * rate);
}

function processVoices(frame: i64, n: i32): void {
  const voices = place(MODULE_VOICE);
  const tap = tapped();
  const slot = <i32>(frame & 63);
  if (tap === 0 || changetype<Header>(tap).asleep !== 0) memory.fill(TAP, 0, (<usize>CELL_FRAMES) << 4);
  for (let g = 0; g < session().groups; g++) {
    const group = voices.base + <usize>g * voices.stride;
    if (changetype<Header>(group).asleep !== 0) continue;
    crumb(MODULE_VOICE, g);
    // Voice v adds to lane v mod 4 in every build, so that sums are made in one order.
    const lane = (<usize>((g * LANES) & 3)) << 2;
    voiceProcess(group, LANE_BUSES + lane, group === tap ? TAP : 0, slot, n, STEP_SCRATCH);
  }
}

function runAcid(n: i32): void {
  const acid = place(MODULE_ACID);
  const tap = tapped();
  const idle = tap === 0 || changetype<Header>(tap).asleep !== 0;
  if (idle && !acidBusy(acid.state)) return;
  crumb(MODULE_ACID, 0);
  const lane = max<i32>(heldByAcid(), 0) % LANES;
  const peak = acidProcess(acid.state, TAP + ((<usize>lane) << 2), SUMS, n);
  if (tap !== 0) {
    const at = voiceField(tap, lane, offsetof<Voice>('peak'));
    store<f32>(at, max<f32>(load<f32>(at), peak));
  }
}

/**
 * Delays the sends by as much as the distortion delays the rest. A cell lies in one piece in the ring, and so does the one
 * that is read, as the delay is a whole number of cells (checked where the layout is generated).
 */
function alignSends(frame: i64, n: i32): void {
  const now = ((<i32>frame) & (ALIGN_FRAMES - 1)) << 2;
  const then = ((<i32>frame - DISTORTION_LATENCY) & (ALIGN_FRAMES - 1)) << 2;
  for (let b: usize = 0; b < 4; b++) {
    let at = SUMS + (b + 2) * ROW;
    const end = at + ((<usize>n) << 2);
    const ring = session().aligner + b * ((<usize>ALIGN_FRAMES) << 2);
    let to = ring + <usize>now;
    let from = ring + <usize>then;
    for (; at < end; at += 4, to += 4, from += 4) {
      store<f32>(to, load<f32>(at));
      store<f32>(at, load<f32>(from));
    }
  }
}

/** Ramps and coefficients of a bus module, where something has changed or the grid is reached. */
function tickBus(type: i32, params: i32, grid: bool, rest: i32): void {
  const at = place(type);
  const header = changetype<Header>(<usize>at.base);
  crumb(type, 0);
  if (grid && header.moving > 0) {
    advanceRamps(at.base + HEADER_BYTES, params);
    header.moving--;
  }
  if (!grid && header.dirty === 0) return;
  header.dirty = 0;
  const p = at.base + HEADER_BYTES;
  if (type === MODULE_DISTORTION) distortionTick(p, at.state, rest);
  else if (type === MODULE_REVERB) reverbTick(p, at.state, rest);
  else if (type === MODULE_DELAY) delayTick(p, at.state, rest);
  else limiterTick(p, at.state, rest);
}
