/**
 * Starts and ends the workers of the three slots, as their states ask for it. Nothing urgent: a slot that dies is replaced
 * by the clock; what is done here brings redundancy back. Runs on: main thread.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import {
  ACTIVE,
  activeSlot,
  AT_BLOCK,
  BASE,
  BELL,
  CAME_UP,
  CHAOS_KIND,
  CLOCK_BELL,
  DEAD,
  DEATH_BLOCK,
  DEATH_BY,
  DEATH_CRUMB,
  EMPTY,
  EXITED,
  FILLING,
  GENERATION,
  HEAD,
  READY,
  ring,
  SLOTS,
  slotWord,
  SPARE,
  SPAWNING,
  STATE,
  STEP,
  STEPS,
  type RunMemory,
} from '../shared/run-memory.js';
import { BY_ITSELF, BY_OTHERS, noteDeath } from '../slot/death.js';
import type { SlotJob, SlotMessage } from '../slot/slot-worker.js';

/** Starts a worker; tests put something in its place that fails. */
export type SpawnSlot = (options: WorkerOptions) => Worker;

export interface SlotKeeperOptions {
  readonly run: RunMemory;
  readonly module: WebAssembly.Module;
  /** False: one slot, and another one only when it has died. */
  readonly standby: boolean;
  readonly chaos: boolean;
  /** A worker could not be started, or broke. One line. */
  readonly onTrouble: (what: string) => void;
  readonly spawn?: SpawnSlot | undefined;
}

export const SLOT_NAMES = ['A', 'B', 'C'] as const;
/** Little is needed; whoever wants more has run away, and is ended before it takes the machine with it. */
const HEAP = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 } as const;
const BACKOFF_MS = { first: 100, most: 10_000 } as const;
/** A worker that has not come up by then never will. */
const SPAWN_MS = 5_000;
/** So many that died while they were filled, each so soon after the other, and the next one comes later. */
const UNFILLED = 3;
const UNFILLED_MS = 1000;
const FILLING_CRUMB = -1 - STEPS.indexOf('fill');
/** A worker that dies by itself is gone by then. */
const EXIT_MS = 200;

const spawnWorker: SpawnSlot = (options) =>
  new Worker(new URL('../slot/slot-worker.js', import.meta.url), options);

interface Seat {
  worker?: Worker | undefined;
  gone: Promise<void>;
  ending: boolean;
  /** Starts in a row that came to nothing. */
  failures: number;
  /** Deaths in a row while it was being filled. */
  unfilled: number;
  /** When it last did. */
  unfilledAt: number;
  retryAt: number;
  spawnedAt: number;
  /** When it was first seen dead; 0: it lives. */
  diedAt: number;
}

export class SlotKeeper {
  readonly #options: SlotKeeperOptions;
  readonly #control: Int32Array;
  readonly #seats: readonly Seat[];
  #stopping = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: SlotKeeperOptions) {
    this.#options = options;
    this.#control = new Int32Array(options.run.control);
    this.#seats = Array.from({ length: SLOTS }, () => ({
      gone: Promise.resolve(),
      ending: false,
      failures: 0,
      unfilled: 0,
      unfilledAt: -Infinity,
      retryAt: 0,
      spawnedAt: 0,
      diedAt: 0,
    }));
  }

  /** The first slot leads at once; the others come when it is up. */
  start(): void {
    this.#spawn(0, true);
  }

  /** Ends what is dead and starts what is missing. Cheap; to be called whenever something may have changed. */
  look(): void {
    if (this.#stopping) return;
    const now = performance.now();
    let next = Infinity;
    for (const [slot, seat] of this.#seats.entries()) {
      const state = this.#state(slot);
      if (state === SPAWNING && now - seat.spawnedAt > SPAWN_MS)
        noteDeath(this.#options.run, slot, BY_OTHERS);
      if (this.#state(slot) === DEAD && seat.worker && !seat.ending)
        next = Math.min(next, this.#endDead(slot, seat, now));
      if (state === READY || (state === SPARE && seat.unfilled < UNFILLED)) seat.failures = 0;
      if (state !== EMPTY || seat.worker || !this.#wanted(slot)) continue;
      if (now >= seat.retryAt) this.#spawn(slot, false);
      else next = Math.min(next, seat.retryAt - now);
    }
    if (next === Infinity || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.look();
    }, next + 1);
  }

  /** One that has died by itself is on its way out, and is given the time. Gives when to look again, in ms. */
  #endDead(slot: number, seat: Seat, now: number): number {
    if (this.#word(slot, DEATH_BY) === BY_ITSELF) {
      seat.diedAt ||= now;
      if (now - seat.diedAt < EXIT_MS) return EXIT_MS;
    }
    this.end(slot);
    return Infinity;
  }

  /** Ends a worker, whatever it does. */
  end(slot: number): void {
    const seat = this.#seats[slot] as Seat;
    seat.ending = true;
    void seat.worker?.terminate();
  }

  /** Starts in a row that came to nothing, per slot. */
  failures(slot: number): number {
    return this.#seats[slot]?.failures ?? 0;
  }

  /** STOP is set and the bells have been rung. Resolves when no worker is left. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    const timer = setTimeout(() => this.#seats.forEach((_, slot) => this.end(slot)), patienceMs);
    await Promise.all(this.#seats.map((seat) => seat.gone));
    clearTimeout(timer);
  }

  #wanted(slot: number): boolean {
    if (this.#options.standby) return true;
    const active = activeSlot(Atomics.load(this.#control, ACTIVE));
    if (slot === active || this.#state(active) !== DEAD) return false;
    const comes = [SPAWNING, SPARE, FILLING, READY];
    return !this.#seats.some((_, other) => comes.includes(this.#state(other)));
  }

  #spawn(slot: number, first: boolean): void {
    const { run, module, chaos, onTrouble } = this.#options;
    const seat = this.#seats[slot] as Seat;
    const job: SlotJob = { slot, run, module, first, chaos };
    for (const word of [HEAD, BASE, CHAOS_KIND, EXITED, STEP, AT_BLOCK]) this.#store(slot, word, 0);
    this.#store(slot, DEATH_BLOCK, -1);
    Atomics.add(this.#control, slotWord(slot, GENERATION), 1);
    this.#store(slot, STATE, SPAWNING);
    seat.spawnedAt = performance.now();
    seat.diedAt = 0;
    let worker: Worker;
    try {
      worker = (this.#options.spawn ?? spawnWorker)({
        workerData: job,
        name: `slot ${SLOT_NAMES[slot]}`,
        resourceLimits: HEAP,
      });
    } catch (error) {
      this.#store(slot, STATE, EMPTY);
      this.#failed(slot, String(error));
      return;
    }
    seat.worker = worker;
    seat.ending = false;
    let reason = '';
    worker.on('message', ({ failed }: SlotMessage) => (reason = failed));
    worker.on('error', (error: unknown) => (reason = error instanceof Error ? error.message : String(error)));
    seat.gone = new Promise((resolve) =>
      worker.on('exit', () => {
        resolve();
        this.#exited(slot, seat, reason);
      }),
    );
    if (seat.failures > 0) onTrouble(`Slot ${SLOT_NAMES[slot]} is started again.`);
  }

  #exited(slot: number, seat: Seat, reason: string): void {
    seat.worker = undefined;
    if (this.#stopping) return;
    const cameUp = this.#word(slot, CAME_UP) === this.#word(slot, GENERATION);
    noteDeath(this.#options.run, slot, BY_OTHERS);
    if (!cameUp) this.#failed(slot, reason || 'it ended before it was ready');
    else if (this.#word(slot, DEATH_CRUMB) === FILLING_CRUMB && this.#again(seat))
      this.#failed(slot, reason || 'it died while it was being filled');
    else if (reason) this.#options.onTrouble(`Slot ${SLOT_NAMES[slot]}: ${reason.split('\n', 1)[0]}`);
    this.#store(slot, EXITED, 1);
    ring(this.#control, CLOCK_BELL);
    ring(this.#control, slotWord(slot, BELL));
    this.look();
  }

  /** True: it has died while it was being filled several times in a short time. */
  #again(seat: Seat): boolean {
    const now = performance.now();
    seat.unfilled = now - seat.unfilledAt < UNFILLED_MS ? seat.unfilled + 1 : 1;
    seat.unfilledAt = now;
    return seat.unfilled >= UNFILLED;
  }

  #failed(slot: number, reason: string): void {
    const seat = this.#seats[slot] as Seat;
    const waitMs = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** seat.failures);
    seat.failures++;
    seat.retryAt = performance.now() + waitMs;
    this.#options.onTrouble(
      `Slot ${SLOT_NAMES[slot]} could not be started (${reason}); the next try is in ${waitMs} ms. The music goes on.`,
    );
    setImmediate(() => this.look());
  }

  #state(slot: number): number {
    return this.#word(slot, STATE);
  }
  #word(slot: number, word: number): number {
    return Atomics.load(this.#control, slotWord(slot, word));
  }
  #store(slot: number, word: number, value: number): void {
    Atomics.store(this.#control, slotWord(slot, word), value);
  }
}
