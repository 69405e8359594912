/**
 * The WASM entry: plan the memory once, then one call per block. No imports but the memory, no globals that change.
 */
import { HEADER_BYTES } from './cell.lane';
import {
  ACID_PARAMS,
  CELL_FRAMES,
  COMMAND_COMMIT_TRACK,
  COMMAND_SKIPPED,
  CRUMB_COMMANDS,
  CRUMB_SEQUENCER,
  DELAY_PARAMS,
  DISTORTION_PARAMS,
  ENTRY_BYTES,
  LFO_INSTANCES,
  LFO_PARAMS,
  LIMITER_PARAMS,
  MAX_BLOCK_ENTRIES,
  MAX_BLOCK_FRAMES,
  MAX_VOICES,
  MODULE_ACID,
  MODULE_DELAY,
  MODULE_DISTORTION,
  MODULE_LFO,
  MODULE_LIMITER,
  MODULE_METER,
  MODULE_REVERB,
  MODULE_VOICE,
  METER_PARAMS,
  REVERB_PARAMS,
  VOICE_PARAMS,
} from './generated/layout';
import { placeAcid } from './acid-place';
import { initBlock } from './bypass';
import { act, haltSequencer, receive } from './commands';
import { DRY_BYTES } from './dry';
import { GATES_BYTES, initGates } from './gates';
import { ALIGNER_BYTES, renderCell } from './graph';
import { LANES } from './lane.lane';
import { STAGING_BYTES } from './load';
import { LOCKS_BYTES } from './locks';
import { voicePeaks } from './meter';
import { setDefaults, setInstanceDefaults } from './params';
import { NEVER, QUEUE_BYTES, queueNext, queuePop } from './queue';
import { atBar, atStep, playDue, sequencer } from './sequencer';
import {
  afterPlaces,
  CRUMB,
  INBOX,
  OUTPUT,
  place,
  Session,
  session,
  stateStart,
  STATUS_BYTES,
} from './session';
import { clearTaps } from './taps';
import { settleTempo } from './tempo';
import { SEQUENCER_BYTES } from './tracks';
import { UNITS_BYTES } from './units';
import { anyWaits, reachStep, stepIsAwaited, takeContent, WAIT_BYTES } from './wait';
import { acidBytes } from '../../modules/acid/kernel';
import { delayBytes } from '../../modules/delay/kernel';
import { distortionBytes } from '../../modules/distortion/kernel';
import { lfoBytes } from '../../modules/lfo/kernel';
import { limiterBytes } from '../../modules/limiter/kernel';
import { reverbBytes } from '../../modules/reverb/kernel';
import { makeStepTables } from '../../modules/voice/kernel-steps';
import { VOICE_GROUP_BYTES } from '../../modules/voice/state.lane';

const DUE: usize = memory.data(ENTRY_BYTES, 16);

export { stateStart } from './session';
export { tapLatency, tapTo } from './taps';
export function stateEnd(): usize {
  return session().end;
}
export function inboxAddress(): usize {
  return INBOX;
}
export function outputAddress(): usize {
  return OUTPUT;
}
export function crumbAddress(): usize {
  return CRUMB;
}
export function statusAddress(): usize {
  return session().status;
}
export function lanes(): i32 {
  return LANES;
}
export function currentFrame(): f64 {
  return <f64>session().frame;
}

/** Gives `bytes` to something and goes on behind it, 64-byte aligned. */
function reserve(at: usize, bytes: usize): usize {
  return (at + bytes + 63) & ~63;
}

function planModule(
  type: i32,
  instances: i32,
  params: i32,
  lanesPerBlock: i32,
  stateBytes: usize,
  at: usize,
): usize {
  const plan = place(type);
  const paramBytes = (<usize>(params * 4 * lanesPerBlock)) << 2;
  const stride = (HEADER_BYTES + paramBytes + stateBytes + 63) & ~63;
  const blocks = (instances + lanesPerBlock - 1) / lanesPerBlock;
  plan.base = at;
  plan.stride = stride;
  plan.instances = instances;
  plan.params = params;
  plan.state = at + HEADER_BYTES + paramBytes;
  return at + <usize>blocks * stride;
}

/**
 * Plans the memory and brings everything to its defaults. Voices 1..256, rate 44100..192000.
 * Gives the first free address, or 0 when a number is out of range or the memory is too small.
 */
export function init(sampleRate: f32, voices: i32): usize {
  if (voices < 1 || voices > MAX_VOICES || !(sampleRate >= 44100 && sampleRate <= 192000)) return 0;
  const groups = (voices + LANES - 1) / LANES;
  let at = reserve(afterPlaces(), 0);
  const status = at;
  at = reserve(at, STATUS_BYTES);
  const queue = at;
  at = reserve(at, QUEUE_BYTES);
  const seq = at;
  at = reserve(at, SEQUENCER_BYTES);
  const gates = at;
  at = reserve(at, GATES_BYTES);
  const staging = at;
  at = reserve(at, STAGING_BYTES);
  const waiting = at;
  at = reserve(at, WAIT_BYTES);
  const locks = at;
  at = reserve(at, LOCKS_BYTES);
  const aligner = at;
  at = reserve(at, ALIGNER_BYTES);
  const units = at;
  at = reserve(at, UNITS_BYTES);
  const dry = at;
  at = reserve(at, DRY_BYTES);
  const modules = at;

  // Sizes first, in the order of the plan, to see whether it fits.
  const voiceState = VOICE_GROUP_BYTES - HEADER_BYTES - ((<usize>(VOICE_PARAMS * 4 * LANES)) << 2);
  const need =
    modules +
    <usize>groups * (VOICE_GROUP_BYTES + 64) +
    acidBytes(sampleRate) +
    distortionBytes(sampleRate) +
    reverbBytes(sampleRate) +
    delayBytes(sampleRate) +
    limiterBytes(sampleRate) +
    16384;
  if (need > (<usize>memory.size()) << 16) return 0;
  // New memory is zeros: left untouched its pages come when they are used, 0.3 ms instead of 5 to 10.
  if (session().end !== 0) memory.fill(stateStart(), 0, need - stateStart());
  clearTaps();
  makeStepTables();

  const s = changetype<Session>(stateStart());
  s.sampleRate = sampleRate;
  s.voices = voices;
  s.groups = groups;
  s.status = status;
  s.queue = queue;
  s.sequencer = seq;
  s.gates = gates;
  s.staging = staging;
  s.waiting = waiting;
  s.locks = locks;
  s.aligner = aligner;
  s.units = units;
  s.dry = dry;
  at = planModule(MODULE_VOICE, groups * LANES, VOICE_PARAMS, LANES, voiceState, modules);
  at = planModule(MODULE_ACID, 1, ACID_PARAMS, 1, acidBytes(sampleRate), at);
  at = planModule(MODULE_DISTORTION, 1, DISTORTION_PARAMS, 1, distortionBytes(sampleRate), at);
  at = planModule(MODULE_REVERB, 1, REVERB_PARAMS, 1, reverbBytes(sampleRate), at);
  at = planModule(MODULE_DELAY, 1, DELAY_PARAMS, 1, delayBytes(sampleRate), at);
  at = planModule(MODULE_LIMITER, 1, LIMITER_PARAMS, 1, limiterBytes(sampleRate), at);
  at = planModule(MODULE_LFO, LFO_INSTANCES, LFO_PARAMS, 1, lfoBytes(), at);
  at = planModule(MODULE_METER, 1, METER_PARAMS, 1, 0, at);
  s.end = at;

  for (let type = 0; type <= MODULE_METER; type++) setDefaults(type);
  setInstanceDefaults();
  for (let g = 0; g < groups; g++) initBlock(MODULE_VOICE, g, false);
  for (let type = MODULE_VOICE + 1; type <= MODULE_METER; type++)
    for (let i = 0; i < place(type).instances; i++) initBlock(type, i, false);
  placeAcid();
  initGates();
  sequencer().milliBpm = 120000;
  sequencer().next = NEVER;
  settleTempo();
  store<i32>(CRUMB, 0);
  return at;
}

/**
 * Renders the next `frames` frames (1..2048) after applying `entries` log entries from the inbox.
 * A block is cut where an event falls. Runs on: render thread, once per block.
 */
export function render(frames: i32, entries: i32): void {
  frames = min<i32>(max<i32>(frames, 0), MAX_BLOCK_FRAMES);
  entries = min<i32>(max<i32>(entries, 0), MAX_BLOCK_ENTRIES);
  const s = session();
  store<i32>(CRUMB, CRUMB_COMMANDS);
  const end = s.frame + <i64>frames;
  for (let i = 0; i < entries; i++) {
    const entry = INBOX + <usize>i * ENTRY_BYTES;
    if ((load<i32>(entry) & 255) === COMMAND_SKIPPED) skip(load<i32>(entry, 4), end);
    else receive(entry);
  }
  let out = OUTPUT;
  while (s.frame < end) {
    actDue();
    let stop = min<i64>(end, (s.frame | (<i64>(CELL_FRAMES - 1))) + 1);
    stop = min<i64>(stop, min<i64>(queueNext(), sequencer().next));
    const n = <i32>(stop - s.frame);
    renderCell(out, n);
    s.frame = stop;
    out += (<usize>n) << 3;
  }
  voicePeaks();
  store<i32>(CRUMB, 0);
}

/**
 * What would kill every slot is left out: commands that wait for a frame before `end`; or, `count` below 0, the sequencer
 * with all that waits for its bar.
 */
function skip(count: i32, end: i64): void {
  if (count < 0) {
    haltSequencer();
    return;
  }
  while (queueNext() < end) {
    queuePop(DUE);
    if ((load<i32>(DUE) & 255) === COMMAND_COMMIT_TRACK) takeContent(DUE);
  }
}

/** Everything that falls on this frame: commands in order, then what waited for the step or bar, then notes and steps. */
function actDue(): void {
  const now = session().frame;
  while (queueNext() <= now) {
    store<i32>(CRUMB, CRUMB_COMMANDS);
    queuePop(DUE);
    act(DUE);
  }
  while (sequencer().next <= now) {
    store<i32>(CRUMB, CRUMB_SEQUENCER);
    if (anyWaits() && atStep() && stepIsAwaited(atBar())) {
      reachStep(atBar());
      // What waited may have stopped it, or begun it anew at this very frame.
      continue;
    }
    playDue();
  }
}
