/** The journal as the rest of the engine sees it. Runs on: main thread; nobody waits for a disk. */
import { Worker } from 'node:worker_threads';
import { JOURNAL_GONE, STOP, type RunMemory } from '../shared/run-memory.js';
import type { JournalNote, JournalState } from './journal-format.js';
import type { JournalJob, JournalReport, JournalRequest } from './journal-worker.js';
import { createJournalWords, JournalWords } from './journal-words.js';

export interface JournalStatus {
  /** Number of the segment that is written, from 1. */
  readonly segment: number;
  /** Bytes of all segments of this run. */
  readonly bytes: number;
  readonly state: JournalState;
  /** Why it is not 'ok', or was not. */
  readonly error?: string;
}

export interface JournalPort {
  /** A fact beside the commands; it stands where the journal is. */
  note(note: JournalNote): void;
  /** A snapshot soon; at most one a minute is really made. */
  snapshot(): void;
  /** True: all before that session frame can be read in the journal; false: it has ended before. */
  reached(frame: number): Promise<boolean>;
  status(): JournalStatus;
  /** Resolves when its thread is gone and the journal is whole. */
  readonly ended: Promise<void>;
}

/** Defaults; tests make them small. */
export interface JournalSizes {
  readonly segmentBytes?: number;
  readonly reserveBytes?: number;
  readonly snapshotMs?: number;
}

export interface JournalOptions {
  readonly run: RunMemory;
  readonly folder: string;
  /** RunInfo.id */
  readonly id: string;
  /** Time between two blocks. */
  readonly periodMs: number;
  readonly sizes?: JournalSizes | undefined;
  /** Once for each change of its state. One line. */
  readonly onTrouble: (what: string) => void;
}

const SEGMENT_BYTES = 32 << 20;
const RESERVE_BYTES = 16 << 20;
const SNAPSHOT_MS = 60_000;
/** The journal looks at the run so often, and always several times before what it needs is emptied. */
const WAKE_MS = 100;
const WAKE_PART = 1 / 16;
/** How often somebody who waits for a frame looks again. */
const LOOK_MS = 10;

export function startJournal(options: JournalOptions): JournalPort {
  return new Journal(options);
}

class Journal implements JournalPort {
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #words: JournalWords;
  readonly #blockFrames: number;
  #gone = false;
  #error: string | undefined;

  constructor({ run, folder, id, periodMs, sizes = {}, onTrouble }: JournalOptions) {
    const words = createJournalWords();
    this.#words = new JournalWords(words);
    this.#blockFrames = run.format.blockFrames;
    const workerData: JournalJob = {
      run,
      folder,
      id,
      words,
      wakeMs: Math.min(WAKE_MS, Math.max(1, run.decisions.blocks * WAKE_PART * periodMs)),
      segmentBytes: sizes.segmentBytes ?? SEGMENT_BYTES,
      reserveBytes: sizes.reserveBytes ?? RESERVE_BYTES,
      snapshotMs: sizes.snapshotMs ?? SNAPSHOT_MS,
    };
    const trouble = (what: string): void => {
      this.#error = what;
      onTrouble(what);
    };
    const control = new Int32Array(run.control);
    this.#worker = new Worker(new URL('./journal-worker.js', import.meta.url), {
      workerData,
      name: 'journal',
    });
    this.#worker.on('message', (report: JournalReport) => trouble(report.trouble));
    this.#worker.on('error', (error: unknown) => trouble(`The journal broke: ${String(error)}`));
    this.ended = new Promise((resolve) =>
      this.#worker.on('exit', () => {
        if (Atomics.load(control, STOP) === 0)
          trouble('The journal has ended. The music goes on; it cannot be rendered again from here on.');
        Atomics.store(control, JOURNAL_GONE, 1);
        this.#gone = true;
        resolve();
      }),
    );
  }

  note(note: JournalNote): void {
    this.#ask({ note });
  }

  snapshot(): void {
    this.#ask('snapshot');
  }

  async reached(frame: number): Promise<boolean> {
    const block = Math.ceil(frame / this.#blockFrames);
    for (;;) {
      // In this order: it may come to its end between the two.
      const over = this.#gone || this.#words.read().state === 'ended';
      if (this.#words.read().block >= block) return true;
      if (over) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  status(): JournalStatus {
    const { segment, bytes, state } = this.#words.read();
    return {
      segment,
      bytes,
      state: this.#gone ? 'ended' : state,
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  #ask(request: JournalRequest): void {
    if (!this.#gone) this.#worker.postMessage(request);
  }
}
