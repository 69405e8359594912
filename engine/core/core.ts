/**
 * The WASM entry: plan the memory once, then one call per block. No imports but the memory, no globals that change.
 */
import { HEADER_BYTES } from './cell.lane';
import {
  ACID_PARAMS,
  CELL_FRAMES,
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
import { act, receive } from './commands';
import { GATES_BYTES, NO_TRACK } from './gates';
import { ALIGNER_BYTES, placeAcid, renderCell } from './graph';
import { LANES } from './lane.lane';
import { BAR_BYTES, barWaits, reachBar } from './bar';
import { STAGING_BYTES } from './load';
import { setDefaults, setInstanceDefaults } from './params';
import { voicePeaks } from './meter';
import { NEVER, QUEUE_BYTES, queueNext, queuePop } from './queue';
import { atBar, playDue, sequencer, SEQUENCER_BYTES } from './sequencer';
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
import { acidBytes, acidInit } from '../../modules/acid/kernel';
import { delayBytes, delayInit } from '../../modules/delay/kernel';
import { distortionBytes, distortionInit } from '../../modules/distortion/kernel';
import { lfoBytes, lfoInit } from '../../modules/lfo/kernel';
import { limiterBytes, limiterInit } from '../../modules/limiter/kernel';
import { reverbBytes, reverbInit } from '../../modules/reverb/kernel';
import { VOICE_GROUP_BYTES, voiceInit } from '../../modules/voice/state.lane';

const DUE: usize = memory.data(ENTRY_BYTES, 16);

export { benchModule } from './probe';
export { stateStart } from './session';
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
  const bar = at;
  at = reserve(at, BAR_BYTES);
  const aligner = at;
  at = reserve(at, ALIGNER_BYTES);
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
  memory.fill(stateStart(), 0, need - stateStart());

  const s = changetype<Session>(stateStart());
  s.sampleRate = sampleRate;
  s.voices = voices;
  s.groups = groups;
  s.status = status;
  s.queue = queue;
  s.sequencer = seq;
  s.gates = gates;
  s.staging = staging;
  s.bar = bar;
  s.aligner = aligner;
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
  for (let g = 0; g < groups; g++) {
    voiceInit(place(MODULE_VOICE).base + <usize>g * place(MODULE_VOICE).stride, g * LANES);
  }
  acidInit(place(MODULE_ACID).state, sampleRate);
  distortionInit(place(MODULE_DISTORTION).state, sampleRate);
  reverbInit(place(MODULE_REVERB).state, sampleRate);
  delayInit(place(MODULE_DELAY).state, sampleRate);
  limiterInit(place(MODULE_LIMITER).state, sampleRate);
  for (let i = 0; i < LFO_INSTANCES; i++)
    lfoInit(place(MODULE_LFO).state + <usize>i * place(MODULE_LFO).stride, i);
  placeAcid();
  for (let v = 0; v < MAX_VOICES; v++) store<i32>(gates + ((<usize>v) << 2), NO_TRACK);
  sequencer().milliBpm = 120000;
  sequencer().next = NEVER;
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
  for (let i = 0; i < entries; i++) receive(INBOX + <usize>i * ENTRY_BYTES);
  const end = s.frame + <i64>frames;
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
}

/** Everything that falls on this frame: commands in order, then what waited for the bar, then notes and steps. */
function actDue(): void {
  const now = session().frame;
  while (queueNext() <= now) {
    queuePop(DUE);
    act(DUE);
  }
  while (sequencer().next <= now) {
    if (barWaits() && atBar()) {
      reachBar();
      // What waited may have stopped it, or begun it anew at this very frame.
      continue;
    }
    playDue();
  }
}
