/**
 * The worker thread around one core: renders blocks ahead of the clock, as many as the lead says.
 * Order per block: commandEnd, EDGE odd, core, ring, NEXT, EDGE even, HEAD, bells.
 */
import { workerData } from 'node:worker_threads';
import { ENTRY_WORDS } from '../shared/command.js';
import { MAX_BLOCK_ENTRIES } from '../shared/core-layout.js';
import {
  ACTIVE,
  BELL,
  BUSY_MILLIS,
  CLOCK_BELL,
  COMMAND_BLOCKS,
  distance,
  EDGE,
  EMPTY,
  HEAD,
  LOAD_END,
  LOAD_SERIAL,
  LOG_END,
  LOG_ENTRIES,
  NEXT,
  POSITION,
  POSITION_MASK,
  READ_BLOCK,
  READY,
  ring,
  RING_BLOCKS,
  SEEN,
  slotWord,
  STATE,
  STATUS_AT,
  STOP,
  WORST_MICROS,
  type RunMemory,
} from '../shared/run-memory.js';
import { CHANNELS } from '../shared/tap.js';
import { CoreHost } from './core-host.js';

export interface SlotJob {
  readonly slot: number;
  readonly run: RunMemory;
  readonly module: WebAssembly.Module;
  /** Owned by the supervisor, so that the state outlives the worker. */
  readonly memory: WebAssembly.Memory;
}

const { slot, run, module, memory } = workerData as SlotJob;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.commandEnd);
const log = new Int32Array(run.log);
const samples = new Float32Array(run.rings[slot] as SharedArrayBuffer);
const { leadBlocks, blockFrames } = run.format;
const blockSamples = blockFrames * CHANNELS;
const core = new CoreHost({ module, memory, ...run.format });
const at = {
  state: slotWord(slot, STATE),
  head: slotWord(slot, HEAD),
  bell: slotWord(slot, BELL),
  edge: slotWord(slot, EDGE),
  next: slotWord(slot, NEXT),
  position: slotWord(slot, POSITION),
  seen: slotWord(slot, SEEN),
  worst: slotWord(slot, WORST_MICROS),
  busy: slotWord(slot, BUSY_MILLIS),
};

let block = 0;
let position = 0;
let loadSerial = 0;
let busyMicros = 0;

/** Decides, once for all slots, how far in the log the commands of this block go. Runs on: render thread. */
function decide(): number {
  const logEnd = Atomics.load(control, LOG_END);
  const end =
    distance(position, logEnd) > MAX_BLOCK_ENTRIES ? (position + MAX_BLOCK_ENTRIES) & POSITION_MASK : logEnd;
  const decided = Atomics.compareExchange(commandEnd, block % COMMAND_BLOCKS, EMPTY, end);
  return decided === EMPTY ? end : decided;
}

/** Runs on: render thread, every block; no allocation. */
function renderBlock(): void {
  const began = performance.now();
  const end = decide();
  Atomics.add(control, at.edge, 1);
  core.render(log, (position % LOG_ENTRIES) * ENTRY_WORDS, distance(position, end));
  samples.set(core.output, (block % RING_BLOCKS) * blockSamples);
  block++;
  position = end;
  Atomics.store(control, at.next, block);
  Atomics.store(control, at.position, position);
  Atomics.add(control, at.edge, 1);
  publishLoad(end);
  Atomics.store(control, at.head, block);
  ring(control, CLOCK_BELL);
  measure((performance.now() - began) * 1000);
}

function publishLoad(end: number): void {
  const serial = core.read('loadSerial');
  if (serial === loadSerial) return;
  loadSerial = serial;
  Atomics.store(control, LOAD_END, end);
  Atomics.store(control, LOAD_SERIAL, serial);
}

/** The wall clock is only looked at to report the load; no sample depends on it. */
function measure(micros: number): void {
  busyMicros += micros;
  Atomics.store(control, at.busy, (busyMicros / 1000) | 0);
  if (micros > Atomics.load(control, at.worst)) Atomics.store(control, at.worst, micros | 0);
}

Atomics.store(control, slotWord(slot, STATUS_AT), core.status.byteOffset);
Atomics.store(control, at.state, READY);
ring(control, CLOCK_BELL);
while (Atomics.load(control, STOP) === 0) {
  const bell = Atomics.load(control, at.bell);
  Atomics.store(control, at.seen, Atomics.load(control, ACTIVE));
  if (block < Atomics.load(control, READ_BLOCK) + leadBlocks) {
    renderBlock();
    continue;
  }
  // The one place where this thread waits: until the clock has taken a block.
  Atomics.wait(control, at.bell, bell, 1000);
}
