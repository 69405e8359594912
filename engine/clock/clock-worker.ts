/**
 * The clock thread: takes one block per period from whichever slot has it and hands it to the tap, from which recorder,
 * card and meters read; and looks after the slots (roles.ts). With a card that plays, the card's credits pace it; otherwise
 * the wall clock does, as a card of two blocks would: a block that is not there at its deadline is counted and taken late,
 * never skipped.
 *
 * A clock acts only while it owns the epoch. The main thread gives the epoch to a new clock when this one stands still;
 * that one goes on at the block and the deadline this one had reached. Whatever this one still does then is a repetition:
 * the tap drops it, READ_BLOCK moves by compare-and-exchange.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { GRANTED, PLAYING, STATE as CARD_STATE } from '../device/card-progress.js';
import { decisionsIn, undecided } from '../shared/decisions.js';
import { FAULT_KINDS, FaultWriter } from '../shared/fault-ring.js';
import { monotonicMs } from '../shared/monotonic.js';
import { CLOCK_NICE, preferThisThread } from '../shared/priority.js';
import {
  ACTIVE,
  activeSlot,
  BELL,
  CLOCK_BEAT,
  CLOCK_BELL,
  CLOCK_CHAOS,
  CLOCK_EPOCH,
  DEADLINE_AT,
  LATE_BLOCKS,
  LEAD,
  READ_BLOCK,
  ring,
  RING_BLOCKS,
  SLEEP,
  slotWord,
  STOP,
  type RunMemory,
} from '../shared/run-memory.js';
import { CHANNELS, TapWriter } from '../shared/tap.js';
import { Roles, type RoleLimits } from './roles.js';

export interface ClockJob {
  readonly run: RunMemory;
  readonly epoch: number;
  readonly limits: RoleLimits;
  /** Words of the card thread (engine/device/card-progress.ts), when there is a card. */
  readonly card?: SharedArrayBuffer | undefined;
  readonly chaos: boolean;
  /** Virtual time: a block per so many milliseconds, however long it lasts when it is heard. */
  readonly paceMs?: number | undefined;
}

/** Main is asked to look after the workers. */
export type ClockMessage = 'look';

const { run, epoch, limits, card, chaos, paceMs } = workerData as ClockJob;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.decisions.commandEnd);
const verdicts = new Int32Array(run.decisions.verdicts);
const times = new Float64Array(run.times);
const blockSamples = run.format.blockFrames * CHANNELS;
const periodMs = paceMs ?? (1000 * run.format.blockFrames) / run.format.sampleRate;
const tap = new TapWriter(run.tap);
const faults = new FaultWriter(run.faults);
const LATE = FAULT_KINDS.indexOf('late');
const DECIDED = FAULT_KINDS.indexOf('decided');
const cardWords = card && new Int32Array(card);
/** A card that grants nothing for this long is not waited for any more. */
const CARD_PATIENCE_MS = 250;
/** The clock shows a sign of life and looks after the slots at least so often, however long a block is. */
const BEAT_MS = 10;
/** Far behind (the machine slept): the music goes on from here instead of racing to catch up. */
const CATCH_UP_MS = 1000;
/** When the active slot owes blocks for so long, the standby takes over. */
const SLACK_MS = 5;
const slackBlocks = Math.ceil(SLACK_MS / periodMs) - 1;

const roles = new Roles(run, limits, () => parentPort?.postMessage('look' satisfies ClockMessage));
/** Blocks as views made once: a subarray per block would be garbage on this thread. */
const views = run.rings.map((buffer) => {
  const samples = new Float32Array(buffer);
  return Array.from({ length: RING_BLOCKS }, (_, i) =>
    samples.subarray(i * blockSamples, (i + 1) * blockSamples),
  );
});

let block = 0;
let deadline = 0;

/** True while this clock is the one that acts. */
function owns(): boolean {
  return Atomics.load(control, STOP) === 0 && Atomics.load(control, CLOCK_EPOCH) === epoch;
}

function beat(): void {
  Atomics.add(control, CLOCK_BEAT, 1);
}

/** Sleeps until the deadline of this block. Runs on: clock thread; the one place that paces. */
function waitForDeadline(): void {
  if (cardWords && Atomics.load(cardWords, CARD_STATE) === PLAYING && waitForCredit(cardWords)) {
    // The card's crystal is the clock now; without it, time goes on from here.
    deadline = monotonicMs();
    return;
  }
  for (let now = monotonicMs(); now < deadline && owns(); now = monotonicMs()) {
    const woken = Atomics.wait(control, SLEEP, 0, Math.min(deadline - now, BEAT_MS)) === 'ok';
    beat();
    if (woken || monotonicMs() < deadline) roles.look(monotonicMs(), block);
  }
}

/** False: the card has stopped asking. */
function waitForCredit(words: Int32Array): boolean {
  const until = monotonicMs() + CARD_PATIENCE_MS;
  while (owns() && Atomics.load(words, CARD_STATE) === PLAYING) {
    const granted = Atomics.load(words, GRANTED);
    if (block < granted) return true;
    const left = until - monotonicMs();
    if (left <= 0) return false;
    Atomics.wait(words, GRANTED, granted, Math.min(left, BEAT_MS));
    beat();
    roles.look(monotonicMs(), block);
  }
  return false;
}

/** Waits for a block that is late, and asks others for it. Gives the slot that has it; -1: the clock has ended. */
function waitForBlock(): number {
  // Grace begins when this thread looks, not at the deadline: it may have been late itself.
  let since = monotonicMs();
  for (;;) {
    const bell = Atomics.load(control, CLOCK_BELL);
    const slot = roles.find(block);
    if (slot >= 0 || !owns()) return owns() ? slot : -1;
    const now = monotonicMs();
    const left = since + limits.graceMs - now;
    if (left <= 0) {
      if (roles.promote(now, block, 'missing')) since = now;
      else roles.overdue = true;
    }
    roles.look(now, block);
    if (roles.overdue && roles.promote(monotonicMs(), block, 'recovered')) since = monotonicMs();
    roles.overdue = false;
    if (roles.find(block) >= 0) continue;
    Atomics.wait(control, CLOCK_BELL, bell, left > 0 ? Math.min(left, 1) : 0.5);
    beat();
  }
}

/** Stands still on purpose, in a rehearsal: for a while, or until it is ended. */
function standStill(): void {
  const ms = Atomics.exchange(control, CLOCK_CHAOS, 0);
  if (ms < 0) for (;;);
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs on: clock thread, every block; no allocation. */
function takeBlock(slot: number): void {
  const ahead = block + commandEnd.length / 2;
  Atomics.store(commandEnd, ahead % commandEnd.length, undecided(ahead, commandEnd.length));
  Atomics.store(verdicts, ahead % verdicts.length, undecided(ahead, verdicts.length));
  tap.write(block, (views[slot] as Float32Array[])[block % RING_BLOCKS] as Float32Array);
  const verdict = Atomics.load(verdicts, block % verdicts.length);
  if (decisionsIn(verdict) !== 0) faults.write(DECIDED, block, slot, slot, decisionsIn(verdict), 0);
  Atomics.compareExchange(control, READ_BLOCK, block, block + 1);
  block++;
  ring(control, slotWord(activeSlot(Atomics.load(control, ACTIVE)), BELL));
}

function countLate(ms: number): void {
  Atomics.add(control, LATE_BLOCKS, 1);
  if (paceMs === undefined) faults.write(LATE, block, 0, 0, 0, ms);
}

function pace(): void {
  while (roles.find(block) < 0 && owns()) {
    Atomics.wait(control, CLOCK_BELL, Atomics.load(control, CLOCK_BELL), 5);
    beat();
  }
  if (deadline === 0) deadline = monotonicMs();
  while (owns()) {
    times[DEADLINE_AT] = deadline;
    waitForDeadline();
    beat();
    if (chaos) standStill();
    const now = monotonicMs();
    roles.look(now, block);
    const enough = Math.max(1, Atomics.load(control, LEAD) - slackBlocks);
    if (roles.reserve(block) < enough) roles.promote(now, block, 'reserve');
    let slot = roles.find(block);
    const there = slot >= 0;
    if (!there) slot = waitForBlock();
    if (slot < 0 || !owns()) return;
    // A card of two blocks still has one to play when this clock comes a period late.
    const lateMs = monotonicMs() - deadline;
    if (!there || lateMs > periodMs) countLate(lateMs);
    takeBlock(slot);
    deadline += periodMs;
    if (monotonicMs() - deadline > CATCH_UP_MS) deadline = monotonicMs();
  }
}

preferThisThread(CLOCK_NICE);
block = Atomics.load(control, READ_BLOCK);
deadline = times[DEADLINE_AT] ?? 0;
pace();
