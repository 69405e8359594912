/**
 * The clock thread: takes one block per period from the active slot and hands it to the tap, from which recorder, card
 * and meters read. With a card that plays, the card's credits pace it; otherwise the wall clock does, as a card of two
 * blocks would: a block that is not there at its deadline is counted and taken late, never skipped.
 */
import { workerData } from 'node:worker_threads';
import { GRANTED, PLAYING, STATE as CARD_STATE } from '../device/card-progress.js';
import {
  ACTIVE,
  BELL,
  CLOCK_BELL,
  COMMAND_BLOCKS,
  EMPTY,
  HEAD,
  LATE_BLOCKS,
  READ_BLOCK,
  ring,
  RING_BLOCKS,
  SLEEP,
  slotWord,
  STOP,
  type RunMemory,
} from '../shared/run-memory.js';
import { CHANNELS, TapWriter } from '../shared/tap.js';

export interface ClockJob {
  readonly run: RunMemory;
  /** Words of the card thread (engine/device/card-progress.ts), when there is a card. */
  readonly card?: SharedArrayBuffer | undefined;
}

const { run, card } = workerData as ClockJob;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.commandEnd);
const blockSamples = run.format.blockFrames * CHANNELS;
const periodMs = (1000 * run.format.blockFrames) / run.format.sampleRate;
const rings = run.rings.map((buffer) => new Float32Array(buffer));
const tap = new TapWriter(run.tap);
const cardWords = card && new Int32Array(card);
/** A card that grants nothing for this long is not waited for any more. */
const CARD_PATIENCE_MS = 250;

let block = 0;
let deadline = 0;
/** Blocks as views made once: a subarray per block would be garbage on this thread. */
const views = rings.map((samples) =>
  Array.from({ length: RING_BLOCKS }, (_, i) => samples.subarray(i * blockSamples, (i + 1) * blockSamples)),
);

function stopped(): boolean {
  return Atomics.load(control, STOP) !== 0;
}

function ready(): boolean {
  return Atomics.load(control, slotWord(Atomics.load(control, ACTIVE), HEAD)) > block;
}

/** Sleeps until the deadline of this block. Runs on: clock thread; the one place that paces. */
function waitForDeadline(): void {
  if (cardWords && Atomics.load(cardWords, CARD_STATE) === PLAYING && waitForCredit(cardWords)) {
    // The card's crystal is the clock now; without it, time goes on from here.
    deadline = performance.now();
    return;
  }
  for (let now = performance.now(); now < deadline && !stopped(); now = performance.now()) {
    Atomics.wait(control, SLEEP, 0, deadline - now);
  }
}

/** False: the card has stopped asking. */
function waitForCredit(words: Int32Array): boolean {
  const until = performance.now() + CARD_PATIENCE_MS;
  while (!stopped() && Atomics.load(words, CARD_STATE) === PLAYING) {
    const granted = Atomics.load(words, GRANTED);
    if (block < granted) return true;
    const left = until - performance.now();
    if (left <= 0) return false;
    Atomics.wait(words, GRANTED, granted, left);
  }
  return false;
}

/** Waits for a block that is late. */
function waitForBlock(): void {
  Atomics.add(control, LATE_BLOCKS, 1);
  while (!ready() && !stopped()) {
    const bell = Atomics.load(control, CLOCK_BELL);
    if (!ready()) Atomics.wait(control, CLOCK_BELL, bell, 100);
  }
}

/** Runs on: clock thread, every block; no allocation. */
function takeBlock(): void {
  const active = Atomics.load(control, ACTIVE);
  const samples = (views[active] as Float32Array[])[block % RING_BLOCKS] as Float32Array;
  tap.write(block, samples);
  Atomics.store(commandEnd, (block + COMMAND_BLOCKS / 2) % COMMAND_BLOCKS, EMPTY);
  block++;
  Atomics.store(control, READ_BLOCK, block);
  ring(control, slotWord(active, BELL));
}

while (!ready() && !stopped()) Atomics.wait(control, CLOCK_BELL, Atomics.load(control, CLOCK_BELL), 5);
deadline = performance.now();
while (!stopped()) {
  waitForDeadline();
  if (stopped()) break;
  if (!ready()) waitForBlock();
  if (stopped()) break;
  takeBlock();
  deadline += periodMs;
  // Far behind (the machine slept): the music goes on from here instead of racing to catch up.
  if (performance.now() - deadline > 1000) deadline = performance.now();
}
