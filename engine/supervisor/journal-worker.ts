/** Writes the journal of a run, from shared memory and never from the control plane. A thread of its own. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ENTRY_BYTES, ENTRY_WORDS } from '../shared/command.js';
import { MAX_BLOCK_ENTRIES } from '../shared/core-layout.js';
import {
  COMMAND_BLOCKS,
  distance,
  JOURNAL_POSITION,
  LOG_ENTRIES,
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
}

const { run, file } = workerData as JournalJob;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.commandEnd);
const log = new Int32Array(run.log);
const SYNC_MS = 1000;
const WAKE_MS = 100;

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
    failed = true;
    process.stderr.write(
      `The journal ${file} cannot be written any more: ${String(error)}. The music goes on.\n`,
    );
  }
}

/** Everything up to the block the clock takes next. */
function catchUp(): void {
  const end = Atomics.load(control, READ_BLOCK);
  for (; block < end; block++) {
    const decided = Atomics.load(commandEnd, block % COMMAND_BLOCKS);
    const count = distance(position, decided);
    if (count > 0) {
      record.writeInt32LE(block, 0);
      record.writeInt32LE(count, 4);
      for (let i = 0; i < count * ENTRY_WORDS; i++) {
        const word = ((position % LOG_ENTRIES) * ENTRY_WORDS + i) % log.length;
        record.writeInt32LE(log[word] as number, RECORD_HEAD_BYTES + 4 * i);
      }
      write(RECORD_HEAD_BYTES + count * ENTRY_BYTES);
      position = decided & POSITION_MASK;
      Atomics.store(control, JOURNAL_POSITION, position);
    }
  }
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
  // Nobody notifies this word: ten times a second is enough, the log holds far more.
  Atomics.wait(control, SLEEP, 0, WAKE_MS);
}
catchUp();
mark();
sync();
closeSync(fd);
