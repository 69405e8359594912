/** Writes the journal of a run, from shared memory and never from the control plane. A thread of its own. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ENTRY_BYTES, ENTRY_WORDS } from '../shared/command.js';
import { MAX_BLOCK_ENTRIES } from '../shared/core-layout.js';
import { putDecisions, skips } from '../shared/decision-entries.js';
import {
  distance,
  JOURNAL_POSITION,
  POSITION_MASK,
  READ_BLOCK,
  SLEEP,
  STOP,
  type RunMemory,
} from '../shared/run-memory.js';
import { RECORD_HEAD_BYTES, sealRecord } from './journal-file.js';

export interface JournalJob {
  readonly run: RunMemory;
  readonly file: string;
  /** How often it looks at the run. */
  readonly wakeMs: number;
}

const { run, file, wakeMs } = workerData as JournalJob;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.decisions.commandEnd);
const verdicts = new Int32Array(run.decisions.verdicts);
const log = new Int32Array(run.log);
const decided = new Int32Array(8 * ENTRY_WORDS);
const SYNC_MS = 1000;

const fd = openSync(file, 'wx');
const record = Buffer.alloc(RECORD_HEAD_BYTES + MAX_BLOCK_ENTRIES * ENTRY_BYTES);
let block = 0;
let position = 0;
let failed = false;

/** A full disk ends the journal, not the music: positions go on so that the log never fills up. */
function write(bytes: number): void {
  if (failed) return;
  sealRecord(record, bytes);
  try {
    writeSync(fd, record, 0, bytes);
  } catch (error) {
    end(String(error));
  }
}

function end(why: string): void {
  failed = true;
  process.stderr.write(`The journal ${file} cannot be written any more: ${why}. The music goes on.\n`);
}

/** Everything up to the block the clock takes next. */
function catchUp(): void {
  const last = Atomics.load(control, READ_BLOCK);
  for (; block < last; block++) {
    const to = Atomics.load(commandEnd, block % commandEnd.length);
    const verdict = Atomics.load(verdicts, block % verdicts.length);
    if (to < 0 || Atomics.load(control, READ_BLOCK) - block > commandEnd.length / 2) return lapped();
    writeBlock(distance(position, to), verdict);
    position = to & POSITION_MASK;
    Atomics.store(control, JOURNAL_POSITION, position);
  }
}

/** What was decided about a block stands before its commands, as the core gets it. */
function writeBlock(commands: number, verdict: number): void {
  const decisions = putDecisions(verdict, commands, decided);
  const taken = skips(verdict) ? 0 : commands;
  const count = decisions + taken;
  if (count === 0) return;
  record.writeInt32LE(block, 0);
  record.writeInt32LE(count, 4);
  let at = RECORD_HEAD_BYTES;
  for (let i = 0; i < decisions * ENTRY_WORDS; i++) at = record.writeInt32LE(decided[i] as number, at);
  const from = position * ENTRY_WORDS;
  for (let i = 0; i < taken * ENTRY_WORDS; i++)
    at = record.writeInt32LE(log[(from + i) % log.length] as number, at);
  write(at);
}

/** The disk held this thread for longer than what it has to write is kept. */
function lapped(): void {
  if (!failed) end(`it was held up until block ${block} was gone`);
  block = Atomics.load(control, READ_BLOCK);
  position = Atomics.load(commandEnd, (block - 1) % commandEnd.length);
  Atomics.store(control, JOURNAL_POSITION, position);
}

/** How far the run has come. */
function mark(): void {
  record.writeInt32LE(block, 0);
  record.writeInt32LE(0, 4);
  write(RECORD_HEAD_BYTES);
}

function sync(): void {
  try {
    fsyncSync(fd);
  } catch {
    // Told at the next write.
  }
}

let synced = performance.now();
while (Atomics.load(control, STOP) === 0) {
  catchUp();
  mark();
  if (performance.now() - synced > SYNC_MS) {
    sync();
    synced = performance.now();
  }
  // Nobody notifies this word: the log and the rings hold far more than comes in this time.
  Atomics.wait(control, SLEEP, 0, wakeMs);
}
catchUp();
mark();
sync();
closeSync(fd);
