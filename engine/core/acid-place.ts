/** The place of the acid filter: it stands in for the low-pass of one voice, comes and goes. */
import { Header, HEADER_BYTES } from './cell.lane';
import {
  ACID_PARAMS,
  ACID_UNIT,
  CELL_FRAMES,
  MODULE_ACID,
  MODULE_VOICE,
  VOICE_FILTER_FREQ,
} from './generated/layout';
import { acidVoice } from './gates';
import { LANES } from './lane.lane';
import { advanceRampsOf, mendParams } from './params';
import { place, session } from './session';
import { countPoisoned, enter, fading, isOut, lastOf, shareAt, sharesFrom, Unit, unit, work } from './units';
import {
  acidAnew,
  acidBusy,
  acidJoin,
  acidLast,
  acidMove,
  acidPass,
  acidProcess,
  acidRests,
  acidShare,
  acidSound,
  acidTick,
} from '../../modules/acid/kernel';
import { voiceSilent, voiceTouch } from '../../modules/voice/kernel-events';
import { PARAM_CELL, Voice, voiceComes, voiceField, voiceParam } from '../../modules/voice/state.lane';

/** The voices before their low-pass, for the acid filter: 16 bytes a frame. */
const TAP: usize = memory.data(16 * 16, 64);
const ROW: usize = (<usize>CELL_FRAMES) << 2;

function header(): Header {
  return changetype<Header>(place(MODULE_ACID).base);
}
function groupOf(voice: i32): usize {
  const voices = place(MODULE_VOICE);
  return voices.base + <usize>(voice / LANES) * voices.stride;
}
/** Number of the voice the acid filter stands in for at this moment, from 0; -1: none. */
export function heldByAcid(): i32 {
  return header().uses - 1;
}
function lane(): i32 {
  return max<i32>(heldByAcid(), 0) % LANES;
}

/** Address of the group of that voice, or 0. */
export function tapped(): usize {
  const voice = heldByAcid();
  return voice < 0 || header().bypassed !== 0 ? 0 : groupOf(voice);
}
/** Where that group puts what it has before its low-pass. */
export function tapRow(): usize {
  return TAP;
}
/** At the moment its group is bypassed: what would come next. */
export function leaveTap(u: Unit, group: usize): void {
  if (group === tapped()) store<f32>(lastOf(u, 0), voiceComes(group, lane(), <i32>(session().frame & 63)));
}
/** Instead of its group, which is bypassed. */
export function fadeTap(u: Unit, shares: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const to = TAP + (i << 4) + ((<usize>lane()) << 2);
    store<f32>(to, load<f32>(lastOf(u, 0)) * load<f32>(shares + (i << 2)));
  }
}

/** Before the voices, at the grid. */
export function acidAtGrid(): void {
  if (advanceRampsOf(MODULE_ACID, ACID_PARAMS)) header().settle = 2;
  if (header().bypassed !== 0) {
    fadeShare();
    return;
  }
  enter(ACID_UNIT);
  moveAcid();
}

/** Coefficients for the rest of the cell. Without a voice it comes to rest. */
export function tickAcid(tap: usize, rest: i32, grid: bool): void {
  if (header().bypassed !== 0) return;
  if (tap === 0 && rests()) return;
  enter(ACID_UNIT);
  if (grid && header().settle > 0) header().settle--;
  const acid = place(MODULE_ACID);
  const mod: f32 = tap === 0 ? 0 : load<f32>(voiceParam(tap, lane(), VOICE_FILTER_FREQ) + 3 * PARAM_CELL);
  // The voice holds what it gets inside a range; here it is added as it is.
  const moved: f32 = mod - mod === 0 ? mod : 0;
  acidTick(acid.base + HEADER_BYTES, acid.state, rest, session().sampleRate, tap, lane(), moved, grid);
  header().dirty = 0;
}

/** Without a voice, and at rest. */
function rests(): bool {
  return header().settle <= 0 && acidRests(place(MODULE_ACID).state);
}

/** True when the acid filter has to follow a change of these lanes of its group, or one of its own, off the grid. */
export function acidChanged(lanes: i32): bool {
  return header().dirty !== 0 || ((lanes >> lane()) & 1) !== 0;
}

/**
 * At the grid: the acid filter leaves one voice before it comes to another, both in a crossfade.
 * The voice keeps what the filter does not take.
 */
function moveAcid(): void {
  if (placeAcid()) return;
  const acid = place(MODULE_ACID);
  const wanted = wantedByAcid();
  const stays = header().uses === wanted;
  const gone = acidMove(acid.state, stays && wanted !== 0, false);
  if (header().uses > 0) share(header().uses - 1);
  if (!stays && gone) hold(wanted);
}

/** Where neither the old voice nor the new one sounds, it is there at once: true. */
export function placeAcid(): bool {
  const acid = place(MODULE_ACID);
  if (header().bypassed !== 0) return true;
  const wanted = wantedByAcid();
  if (!acidSilent(header().uses - 1) || !acidSilent(wanted - 1)) return false;
  if (header().uses > 0 && header().uses !== wanted) {
    acidMove(acid.state, false, true);
    share(header().uses - 1);
  }
  hold(wanted);
  acidMove(acid.state, wanted !== 0, true);
  if (wanted > 0) share(wanted - 1);
  return true;
}

export function acidRings(): bool {
  return acidBusy(place(MODULE_ACID).state);
}
/** A filter that still rings does so at the level of its new voice. One that has slept makes it anew. */
function hold(wanted: i32): void {
  if (header().uses === wanted) return;
  header().uses = wanted;
  if (wanted === 0) return;
  const group = groupOf(wanted - 1);
  const voices = changetype<Header>(group);
  if (voices.bypassed === 0 && (voices.asleep !== 0 || acidRings())) voiceTouch(group, (wanted - 1) % LANES);
}

/** Number of the voice it is assigned to, from 1; 0: none of this engine. */
function wantedByAcid(): i32 {
  const voice = acidVoice();
  return voice < 0 || voice >= session().voices ? 0 : voice + 1;
}

function share(voice: i32): void {
  const acid = place(MODULE_ACID);
  setDirect(voice, <f32>1 - acidShare(acid.base + HEADER_BYTES, acid.state));
}
/** A voice that was begun anew leaves the filter its share again. */
export function shareAgain(voice: i32): void {
  if (voice !== heldByAcid() || header().bypassed !== 0) return;
  mendAcid();
  share(voice);
}

/** True when that voice is silent (or none): nobody would hear a jump. */
function acidSilent(voice: i32): bool {
  return voice < 0 || voiceSilent(groupOf(voice), voice % LANES);
}

function setDirect(voice: i32, share: f32): void {
  const group = groupOf(voice);
  if (changetype<Header>(group).bypassed !== 0) return;
  const at = voiceField(group, voice % LANES, offsetof<Voice>('direct'));
  if (load<f32>(at) === share) return;
  store<f32>(at, share);
  changetype<Header>(group).settle = 2;
}

/** Adds what it gives to the six buses. Runs on: render thread, every cell. */
export function runAcid(buses: usize, frame: i64, n: i32): void {
  const u = unit(ACID_UNIT);
  if (isOut(u)) {
    if (fading(u, frame)) fadeOut(u, buses, frame, n);
    return;
  }
  work(ACID_UNIT);
  const acid = place(MODULE_ACID);
  const tap = tapped();
  if (tap === 0 && rests()) return;
  const idle = tap === 0 || changetype<Header>(tap).asleep !== 0;
  if (idle && !acidBusy(acid.state)) {
    acidPass(acid.state, n);
    return;
  }
  const peak = acidProcess(acid.state, TAP + ((<usize>lane()) << 2), buses, n);
  if (tap !== 0) {
    const at = voiceField(tap, lane(), offsetof<Voice>('peak'));
    store<f32>(at, max<f32>(load<f32>(at), peak));
  }
}

/** At the moment of a bypass: what fades out, and what its voice gets back. */
export function leaveAcid(u: Unit): void {
  for (let b = 0; b < 6; b++) store<f32>(lastOf(u, b), acidLast(place(MODULE_ACID).state, b));
  const voice = heldByAcid();
  const direct =
    voice < 0 ? <f32>1 : load<f32>(voiceField(groupOf(voice), lane(), offsetof<Voice>('direct')));
  u.share = <f32>1 - direct;
}
function fadeOut(u: Unit, buses: usize, frame: i64, n: i32): void {
  const shares = sharesFrom(u, frame, n);
  for (let b = 0; b < 6; b++) {
    const last = load<f32>(lastOf(u, b));
    for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) {
      const to = buses + <usize>b * ROW + i;
      store<f32>(to, load<f32>(to) + last * load<f32>(shares + i));
    }
  }
}
/** The voice has its own output back by the end of each cell as far as the filter has gone by then. */
function fadeShare(): void {
  if (header().uses === 0) return;
  const u = unit(ACID_UNIT);
  const left = shareAt(u, session().frame + <i64>(CELL_FRAMES - 1));
  setDirect(header().uses - 1, <f32>1 - u.share * left);
  if (left === 0) header().uses = 0;
}

/** Begun anew: it comes to its voice from where it is not, with its gate as the voice has it. */
export function joinAcid(): void {
  const wanted = wantedByAcid();
  header().uses = 0;
  if (wanted === 0) return;
  const group = groupOf(wanted - 1);
  const open = load<f32>(voiceField(group, (wanted - 1) % LANES, offsetof<Voice>('open'))) === 1;
  acidJoin(place(MODULE_ACID).state, open && changetype<Header>(group).bypassed === 0);
}

/** Where the sums of a cell were not finite: true when this is why. */
export function mendAcid(): bool {
  const mended = mendParams(MODULE_ACID, 0);
  if (header().bypassed !== 0 || (!mended && acidSound(place(MODULE_ACID).state))) return false;
  acidAnew(place(MODULE_ACID).state);
  countPoisoned();
  return true;
}
