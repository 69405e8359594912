/// <reference lib="es2024.sharedmemory" />
/**
 * Entry of the card thread: tap ring -> card, block by block against credits. It keeps its event loop (the card's
 * process speaks through pipes), so it waits for the tap with Atomics.waitAsync.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CHANNELS, TAP_HEAD, TapReader, type TapMemory } from '../shared/tap.js';
import { openCard } from './card.js';
import { CLOSED, FAILED, GRANTED, OPENING, PLAYING, SKIPPED, STATE, UNDERFLOWS } from './card-progress.js';

/** A card this many blocks behind the music is brought up to it; latency never grows without end. */
const MAX_BEHIND_BLOCKS = 16;
/** A card that takes nothing for so long although blocks wait has failed. */
const STALL_MS = 3_000;

export interface CardJob {
  readonly tap: TapMemory;
  readonly device: string;
  readonly sampleRate: number;
  /** Layout: card-progress.ts. */
  readonly progress: SharedArrayBuffer;
  readonly addon?: string;
}

/** What the thread tells; the clock reads the shared words instead. */
export interface CardThreadMessage {
  readonly kind: 'failed';
  readonly reason: string;
}

const job = workerData as CardJob;
const words = new Int32Array(job.progress);
const tapControl = new Int32Array(job.tap.control);
const reader = new TapReader(job.tap);
const block = new Float32Array(job.tap.blockFrames * CHANNELS);
let credit = 0;
let tookAt = performance.now();

const card = openCard({
  device: job.device,
  sampleRate: job.sampleRate,
  blockFrames: job.tap.blockFrames,
  onCredit(blocks) {
    credit += blocks;
    tookAt = performance.now();
    if (words[STATE] === OPENING) {
      // The music did not wait for the card; it joins here.
      reader.block = reader.head();
      words[STATE] = PLAYING;
    }
    pump();
  },
  onUnderflow(count) {
    Atomics.add(words, UNDERFLOWS, count);
    publish();
  },
  onExit: (reason) => finish(FAILED, reason),
  ...(job.addon === undefined ? {} : { addon: job.addon }),
});

/** Sends what the card has credit for. */
function pump(): void {
  const behind = reader.available() - credit;
  if (behind > MAX_BEHIND_BLOCKS) {
    reader.block += behind;
    Atomics.add(words, SKIPPED, behind);
  }
  while (credit > 0 && reader.read(block)) {
    card.write(block);
    credit--;
  }
  publish();
}

function publish(): void {
  Atomics.store(words, GRANTED, reader.block + credit);
  Atomics.notify(words, GRANTED);
}

async function follow(): Promise<never> {
  for (;;) {
    const head = Atomics.load(tapControl, TAP_HEAD);
    if (words[STATE] === PLAYING) pump();
    await Atomics.waitAsync(tapControl, TAP_HEAD, head).value;
  }
}

function finish(state: number, reason?: string): void {
  Atomics.store(words, STATE, state);
  Atomics.notify(words, GRANTED);
  if (reason !== undefined) parentPort?.postMessage({ kind: 'failed', reason } satisfies CardThreadMessage);
  // Inside a thread this ends the thread alone, with what it has posted.
  process.exit(0);
}

parentPort?.once('message', () => void card.close().then(() => finish(CLOSED)));

// Also keeps the event loop alive: a waitAsync does not.
setInterval(() => {
  const waits = credit === 0 && words[STATE] === PLAYING;
  if (!waits || performance.now() - tookAt < STALL_MS) return;
  void card
    .close()
    .then(() => finish(FAILED, `the sound card took no block for ${STALL_MS / 1000} s; open it again`));
}, STALL_MS / 4);

void follow();
