/**
 * Writes the journal of a run, from shared memory and never from the control plane. A thread of its own.
 *
 * A snapshot stands between the blocks before it and those from it on: its state is copied when it is found, and written
 * when the journal has come to its block. A new segment begins there.
 */
import { deflateSync } from 'node:zlib';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
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
import {
  HEAD_BYTES,
  jsonRecord,
  makeRecord,
  recordBytes,
  sealRecord,
  type JournalNote,
} from './journal-format.js';
import { SegmentWriter } from './journal-segments.js';
import { JournalWords } from './journal-words.js';
import { SnapshotSource, type State } from './snapshot-source.js';

export interface JournalJob {
  readonly run: RunMemory;
  readonly folder: string;
  /** RunInfo.id */
  readonly id: string;
  readonly words: SharedArrayBuffer;
  /** How often it looks at the run. */
  readonly wakeMs: number;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  /** Snapshots that are asked for are at least so far apart. */
  readonly snapshotMs: number;
}

/** From the main thread. */
export type JournalRequest = { readonly note: JournalNote } | 'snapshot';
/** To the main thread: one line for a person. */
export interface JournalReport {
  readonly trouble: string;
}

const { run, folder, id, words, wakeMs, segmentBytes, reserveBytes, snapshotMs } = workerData as JournalJob;
const port = parentPort as MessagePort;
const control = new Int32Array(run.control);
const commandEnd = new Int32Array(run.decisions.commandEnd);
const verdicts = new Int32Array(run.decisions.verdicts);
const log = new Int32Array(run.log);
const decided = new Int32Array(8 * ENTRY_WORDS);
const progress = new JournalWords(words);
const snapshots = new SnapshotSource(run);
const record = Buffer.alloc(recordBytes(MAX_BLOCK_ENTRIES * ENTRY_BYTES));
const SYNC_MS = 1000;
/** Little is won by more, and a state is mostly zeros. */
const DEFLATE = { level: 1 } as const;

const tell = (trouble: string): void => port.postMessage({ trouble } satisfies JournalReport);
const segments = new SegmentWriter({ folder, run: id, segmentBytes, reserveBytes, onTrouble: tell });
let block = 0;
let position = 0;
/** One at the start. */
let asked = true;
let snapshotAt = -Infinity;
let reserveFrom = Infinity;
let held: State | undefined;
/** Blocks are missing: nothing is written before the snapshot that begins the next segment. */
let gap = false;

function append(bytes: Uint8Array, known: number): void {
  if (!gap) segments.append(bytes, known);
}

/** Everything up to the block the clock takes next. Entries of the log are given back when they are written. */
function catchUp(): void {
  const last = Atomics.load(control, READ_BLOCK);
  for (; block < last; block++) {
    placeSnapshot();
    const to = Atomics.load(commandEnd, block % commandEnd.length);
    const verdict = Atomics.load(verdicts, block % verdicts.length);
    if (to < 0 || Atomics.load(control, READ_BLOCK) - block > commandEnd.length / 2) return lapped();
    writeBlock(distance(position, to), verdict);
    position = to & POSITION_MASK;
    Atomics.store(control, JOURNAL_POSITION, position);
  }
  placeSnapshot();
}

/** What was decided about a block stands before its commands, as the core gets it. */
function writeBlock(commands: number, verdict: number): void {
  const decisions = putDecisions(verdict, commands, decided);
  const taken = skips(verdict) ? 0 : commands;
  if (decisions + taken === 0) return;
  let at = HEAD_BYTES;
  for (let i = 0; i < decisions * ENTRY_WORDS; i++) at = record.writeInt32LE(decided[i] as number, at);
  const from = position * ENTRY_WORDS;
  for (let i = 0; i < taken * ENTRY_WORDS; i++)
    at = record.writeInt32LE(log[(from + i) % log.length] as number, at);
  append(record.subarray(0, sealRecord(record, 'CMDS', block, at - HEAD_BYTES)), block + 1);
}

/** The disk held this thread for longer than what it has to write is kept. */
function lapped(): void {
  const last = Atomics.load(control, READ_BLOCK);
  if (!gap && segments.state !== 'ended')
    tell(
      `The journal was held up: blocks ${block} to ${last} are not in it. It goes on with the next snapshot; ` +
        'what lies between cannot be rendered again.',
    );
  gap = true;
  asked = true;
  held = undefined;
  block = last;
  position = Atomics.load(commandEnd, (block - 1) % commandEnd.length);
  Atomics.store(control, JOURNAL_POSITION, position);
}

/** Takes a state when one is wanted; that of a block the journal has not passed. */
function lookForSnapshot(now: number): void {
  if (held || (!asked && !segments.wantsSegment(now))) return;
  held = snapshots.take(block);
}

function placeSnapshot(): void {
  if (held === undefined || held.block > block) return;
  const { block: at, bytes } = held;
  held = undefined;
  if (at < block) return;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  const snapshot = makeRecord('SNAP', block, length, deflateSync(bytes, DEFLATE));
  const now = performance.now();
  if (gap) gap = !segments.begin(block, snapshot, now, true);
  else if (segments.wantsSegment(now)) segments.begin(block, snapshot, now);
  else segments.append(snapshot, block);
  asked = gap;
  snapshotAt = now;
  // A start has better things to do.
  if (reserveFrom === Infinity) reserveFrom = now + SYNC_MS;
}

/** Notes stand in the order in which they came. */
function takeRequests(now: number): void {
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
    const request = got.message as JournalRequest;
    if (request === 'snapshot') asked ||= now - snapshotAt >= snapshotMs;
    else append(jsonRecord('NOTE', block, request.note), block);
  }
}

/** How far the run has come. */
function mark(): void {
  append(record.subarray(0, sealRecord(record, 'MARK', block, 0)), block);
  const { state, segment, known, bytes } = segments;
  progress.write({ state, segment, block: known, bytes });
}

let synced = performance.now();
while (Atomics.load(control, STOP) === 0) {
  const now = performance.now();
  lookForSnapshot(now);
  catchUp();
  takeRequests(now);
  mark();
  if (now - synced > SYNC_MS) {
    segments.sync();
    synced = now;
  }
  if (now >= reserveFrom) segments.prepareReserve();
  // Nobody notifies this word: the log and the rings hold far more than comes in this time.
  Atomics.wait(control, SLEEP, 0, wakeMs);
}
catchUp();
takeRequests(performance.now());
mark();
segments.close();
