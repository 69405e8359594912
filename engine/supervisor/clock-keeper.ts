/**
 * Starts the clock and watches it. One that stands still or ends is replaced by another that goes on at the same block:
 * it gets the epoch, so the old one acts no more, whatever becomes of it. Runs on: main thread.
 */
import { Worker } from 'node:worker_threads';
import type { ClockJob, ClockMessage } from '../clock/clock-worker.js';
import type { RoleLimits } from '../clock/roles.js';
import { CLOCK_BEAT, CLOCK_EPOCH, READ_BLOCK, type RunMemory } from '../shared/run-memory.js';

export interface ClockKeeperOptions {
  readonly run: RunMemory;
  readonly limits: RoleLimits;
  readonly chaos: boolean;
  readonly paceMs?: number | undefined;
  /** The clock asks to look after the slots. */
  readonly onLook: () => void;
  /** A clock was replaced at that block. */
  readonly onReplaced: (block: number, why: string) => void;
}

/** How often the clock is looked at. It shows a sign of life every 10 ms. */
const WATCH_MS = 50;
/** Looks in a row without a sign of life. */
const PATIENCE = 2;
/** A look that comes later than this proves nothing: this thread was busy itself. */
const OWN_DELAY_MS = 2 * WATCH_MS;
/** A clock that has not come up by then never will. */
const SPAWN_MS = 2_000;

export class ClockKeeper {
  readonly #options: ClockKeeperOptions;
  readonly #control: Int32Array;
  readonly #gone = new Set<Promise<void>>();
  #card: SharedArrayBuffer | undefined;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #beatBefore = 0;
  #spawnedAt = 0;

  constructor(options: ClockKeeperOptions) {
    this.#options = options;
    this.#control = new Int32Array(options.run.control);
  }

  start(card?: SharedArrayBuffer): void {
    this.#card = card;
    this.#spawn();
    this.#watch();
  }

  /** For tests and rehearsals: the worker that is the clock now. */
  worker(): Worker | undefined {
    return this.#worker;
  }

  /** STOP is set. Resolves when every clock is gone. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    const timer = setTimeout(() => void this.#worker?.terminate(), patienceMs);
    await Promise.all(this.#gone);
    clearTimeout(timer);
  }

  #spawn(): void {
    const { run, limits, chaos, paceMs, onLook } = this.#options;
    const epoch = Atomics.add(this.#control, CLOCK_EPOCH, 1) + 1;
    this.#beatBefore = Atomics.load(this.#control, CLOCK_BEAT);
    this.#spawnedAt = performance.now();
    const job: ClockJob = { run, epoch, limits, card: this.#card, chaos, paceMs };
    const worker = new Worker(new URL('../clock/clock-worker.js', import.meta.url), {
      workerData: job,
      name: 'clock',
    });
    let reason = 'it ended';
    worker.on('message', (message: ClockMessage) => message === 'look' && onLook());
    worker.on('error', (error: unknown) => (reason = String(error)));
    const gone = new Promise<void>((resolve) =>
      worker.on('exit', () => {
        resolve();
        this.#gone.delete(gone);
        if (worker === this.#worker && !this.#stopping) this.#replace(reason);
      }),
    );
    this.#gone.add(gone);
    this.#worker = worker;
  }

  #replace(why: string): void {
    const old = this.#worker;
    this.#spawn();
    void old?.terminate();
    this.#options.onReplaced(Atomics.load(this.#control, READ_BLOCK), why);
  }

  #watch(): void {
    let beat = 0;
    let still = 0;
    let lookedAt = performance.now();
    this.#timer = setInterval(() => {
      this.#options.onLook();
      const now = performance.now();
      const next = Atomics.load(this.#control, CLOCK_BEAT);
      // One that has yet to come up has given no sign of life so far.
      const comesUp = next === this.#beatBefore && now - this.#spawnedAt < SPAWN_MS;
      const proof = next === beat && !comesUp && now - lookedAt < OWN_DELAY_MS;
      still = proof ? still + 1 : 0;
      beat = next;
      lookedAt = now;
      if (still < PATIENCE) return;
      still = -PATIENCE;
      this.#replace('it stood still');
    }, WATCH_MS);
  }
}
