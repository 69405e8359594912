/**
 * A run on which faults are rehearsed: the real threads, journal and tap, without sockets. It plays a dense pattern while
 * random commands come in, and keeps everything that is heard. At the end the journal is rendered by one thread, with no
 * fault anywhere, and both are compared bit for bit.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Session } from '../../engine/control/session.js';
import { parseSlotBytes } from '../../engine/patterns/document.js';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { findPath } from '../../engine/registry/address.js';
import { CAUSES, FaultReader, type FaultEvent } from '../../engine/shared/fault-ring.js';
import { monotonicMs } from '../../engine/shared/monotonic.js';
import {
  ACTIVE,
  activeSlot,
  FAULT_AT,
  HEAD,
  READY,
  READY_AT,
  SEEN,
  SLOTS,
  slotWord,
  SPARE,
  STANDBY,
  STATE,
  TIMES,
} from '../../engine/shared/run-memory.js';
import { CHANNELS, TapReader } from '../../engine/shared/tap.js';
import { readRun, type RunJournal } from '../../engine/supervisor/journal-file.js';
import { LogWriter } from '../../engine/supervisor/log-writer.js';
import { renderProgram } from '../../engine/supervisor/offline.js';
import { runProgram } from '../../engine/supervisor/run-program.js';
import { startThreads, type RunOptions, type RunThreads } from '../../engine/supervisor/threads.js';

export interface RehearsalOptions extends Partial<RunOptions> {
  readonly seed: number;
  /** Slot file that plays. */
  readonly pattern?: string;
  /** Random commands beside the pattern, so many per 2 ms on average; default 1.5. */
  readonly commandRate?: number;
  /** Blocks come at their own time and are late where they are late; else as fast as the machine can, and none is. */
  readonly realTime?: boolean;
  /** Where its folder is made; default: the system's place for such. */
  readonly parent?: string;
  /** Looks at the journal and at the blocks that were heard, before both are gone. */
  readonly inspect?: (run: RunJournal, heard: readonly Float32Array[]) => void;
  /** Keeps a hash of each block instead of its samples, of so many blocks. */
  readonly hashes?: number;
}

/** Virtual time: a block in so many milliseconds. */
export const PACE_MS = 0.4;
const VIRTUAL_LIMITS = { hangMs: 40, graceMs: 5, holdMs: 10, fillMs: 150 };
const DENSE = fileURLToPath(
  new URL('../../../patterns/library/factory/05_sunday-house.json', import.meta.url),
);

export interface Verdict {
  readonly blocks: number;
  /** Samples that differ from the rendering without faults. */
  readonly changedSamples: number;
  readonly changedBlocks: number;
  readonly firstChangedBlock: number;
  readonly missingBlocks: number;
  readonly lateBlocks: number;
  readonly peak: number;
  readonly commands: number;
}

export interface Roles {
  readonly active: number;
  readonly standby: number;
  readonly spare: number;
}

/** Numbers between 0 and 1, the same for the same seed. Source: mulberry32 (T. Ettinger, 2017, public domain). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Samples that differ in any bit. */
export function differences(a: Float32Array, b: Float32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) count++;
  return count;
}

/** FNV-1a over the words of the samples, 32 bits: a changed block goes unnoticed once in 4 billion. */
function hashOf(samples: Float32Array): number {
  const words = new Int32Array(samples.buffer, samples.byteOffset, samples.length);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Rehearsal {
  readonly threads: RunThreads;
  readonly session: Session;
  readonly log: LogWriter;
  readonly next: () => number;
  readonly troubles: string[] = [];
  readonly clockReplacements: number[] = [];
  readonly events: FaultEvent[] = [];
  readonly folder: string;
  readonly #options: RehearsalOptions;
  readonly #control: Int32Array;
  readonly #times: Float64Array;
  readonly #faults: FaultReader;
  readonly #tap: TapReader;
  readonly #heard: Float32Array[] = [];
  readonly #hashes: Int32Array;
  #hashed = 0;
  readonly #block: Float32Array;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: RehearsalOptions) {
    this.#options = options;
    this.next = random(options.seed);
    this.folder = mkdtempSync(join(options.parent ?? tmpdir(), 'chronus-chaos-'));
    this.threads = startThreads({
      sampleRate: 48_000,
      blockFrames: 256,
      voices: 16,
      leadBlocks: 3,
      engineVersion: 'rehearsal',
      standby: true,
      chaos: true,
      journal: { reserveBytes: 1 << 20 },
      ...(options.realTime ? {} : { paceMs: PACE_MS, limits: VIRTUAL_LIMITS }),
      ...options,
      started: new Date(0),
      runFolder: join(this.folder, 'run'),
      onTrouble: (what) => this.troubles.push(what),
      onClockReplaced: (block) => this.clockReplacements.push(block),
    });
    const { run } = this.threads;
    this.#control = new Int32Array(run.control);
    this.#times = new Float64Array(run.times);
    this.#faults = new FaultReader(run.faults);
    this.#tap = new TapReader(run.tap, 0);
    // At once, so that a long run needs no more memory at its end than at its beginning.
    this.#hashes = new Int32Array(options.hashes ?? 0);
    this.#block = new Float32Array(run.format.blockFrames * CHANNELS);
    this.log = new LogWriter(run);
    this.session = new Session(this.log, run.format.voices);
  }

  async start(): Promise<void> {
    this.session.load(this.#document(), true, { source: 0 });
    this.session.transport(true, { source: 0 });
    // In virtual time a short ring of decisions has gone round before a thread has come up on a busy machine.
    while (this.threads.journal.status().segment === 0) await sleep(1);
    // The slots render ahead from block 0; what plays stands in the log before the clock starts.
    this.threads.startClock();
    this.#timers.push(setInterval(() => this.#listen(), 3));
    this.#timers.push(setInterval(() => this.#play(), 2));
    if (this.#options.standby === false) await this.played(5);
    else await this.whole();
  }

  /** The pattern once more, waiting for its bar. */
  loadAtBar(): void {
    this.session.load(this.#document(), false, { source: 0 });
  }

  #document(): SlotDocument {
    const loaded = parseSlotBytes(readFileSync(this.#options.pattern ?? DENSE));
    if (!loaded.ok) throw new Error(loaded.error.got);
    return loaded.value;
  }

  roles(): Roles {
    const active = activeSlot(Atomics.load(this.#control, ACTIVE));
    const standby = Atomics.load(this.#control, STANDBY);
    const spare = Array.from({ length: SLOTS }, (_, slot) => slot).find(
      (slot) => slot !== active && slot !== standby,
    );
    return { active, standby, spare: spare ?? -1 };
  }

  of(slot: number, word: number): number {
    return Atomics.load(this.#control, slotWord(slot, word));
  }

  /** An active slot, a standby in step with it, and with `spare` a third one that waits. */
  isWhole(spare = true): boolean {
    const { active, standby, spare: third } = this.roles();
    if (standby < 0 || standby === active) return false;
    const seen = Atomics.load(this.#control, ACTIVE);
    const follows = (slot: number): boolean => this.of(slot, STATE) === READY && this.of(slot, SEEN) === seen;
    if (!follows(active) || !follows(standby)) return false;
    if (this.of(standby, HEAD) < this.of(active, HEAD) - 3) return false;
    return !spare || this.of(third, STATE) === SPARE;
  }

  /** Resolves when it is; false when it does not become so. */
  async whole(spare = true, limitMs = 10_000): Promise<boolean> {
    const until = monotonicMs() + limitMs;
    while (monotonicMs() < until) {
      if (this.isWhole(spare)) {
        await sleep(1);
        if (this.isWhole(spare)) return true;
      }
      await sleep(1);
    }
    return false;
  }

  /** When the fault that was armed happened (monotonic ms); 0: not yet. */
  faultAt(slot: number): number {
    return this.#times[slot * TIMES + FAULT_AT] as number;
  }
  clearFault(slot: number): void {
    this.#times[slot * TIMES + FAULT_AT] = 0;
  }
  readyAt(slot: number): number {
    return this.#times[slot * TIMES + READY_AT] as number;
  }

  /** Rejects when no block has been played for 20 s: nothing would ever come. */
  async played(blocks: number): Promise<void> {
    const until = this.threads.blocks() + blocks;
    let last = -1;
    let since = 0;
    for (let now = this.threads.blocks(); now < until; now = this.threads.blocks()) {
      if (now !== last) {
        last = now;
        since = monotonicMs();
      } else if (monotonicMs() - since > 20_000) {
        throw new Error(`no block behind ${now}: ${this.troubles.slice(-3).join(' ')}`);
      }
      await sleep(1);
    }
  }

  /** Promotions with the reason the clock gave. */
  promotions(): { readonly block: number; readonly cause: string; readonly timeMs: number }[] {
    this.#listen();
    return this.events
      .filter(({ kind }) => kind === 'promoted')
      .map(({ block, cause, timeMs }) => ({ block, cause: CAUSES[cause] ?? '?', timeMs }));
  }

  /** Ends the run and compares what was heard with the journal. */
  async finish(): Promise<Verdict> {
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    await this.threads.stop();
    this.#listen();
    try {
      return this.#compare();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  #compare(): Verdict {
    const run = readRun(join(this.folder, 'run'));
    this.#options.inspect?.(run, this.#heard);
    const hashes = this.#options.hashes !== undefined;
    const blocks = hashes ? this.#hashed : this.#heard.length;
    let block = 0;
    let changedSamples = 0;
    let changedBlocks = 0;
    let first = -1;
    let peak = 0;
    renderProgram({ ...runProgram(run), frames: blocks * run.info.blockFrames }, (samples) => {
      let changed = 0;
      // Of a block whose hash differs it is not known how many samples do: all are counted.
      if (hashes) changed = hashOf(samples) === this.#hashes[block] ? 0 : samples.length;
      else changed = differences(samples, this.#heard[block] as Float32Array);
      for (const sample of samples) if (!(Math.abs(sample) <= peak)) peak = Math.abs(sample);
      if (changed > 0) {
        changedSamples += changed;
        changedBlocks++;
        if (first < 0) first = block;
      }
      block++;
    });
    return {
      blocks,
      changedSamples,
      changedBlocks,
      firstChangedBlock: first,
      missingBlocks: this.threads.blocks() - blocks + this.#tap.lost,
      lateBlocks: this.threads.lateBlocks(),
      peak,
      commands: [...run.commands.values()].reduce((sum, words) => sum + words.length / 8, 0),
    };
  }

  /** Takes what has been played, block by block. */
  #listen(): void {
    this.events.push(...this.#faults.read());
    while (this.#tap.read(this.#block)) {
      if (this.#options.hashes) this.#hashes[this.#hashed++] = hashOf(this.#block);
      else this.#heard.push(this.#block.slice());
    }
  }

  /** Sweeps, gates and tempo changes, as somebody plays them. */
  #play(): void {
    const by = { source: 1 };
    const voices = this.threads.run.format.voices;
    const { commandRate = 1.5 } = this.#options;
    for (let i = Math.floor(this.next() * (2 * commandRate + 1)); i > 0; i--) {
      const voice = 1 + Math.floor(this.next() * voices);
      const kind = this.next();
      const set = (path: string, value: number): void => {
        const address = findPath(path)?.address;
        if (address !== undefined) this.session.setParam(address, Math.fround(value), by);
      };
      if (kind < 0.35) set(`voice${voice}/filter/freq`, 100 + 6000 * this.next());
      else if (kind < 0.5) set(`voice${voice}/amp`, 0.4 * this.next());
      else if (kind < 0.6) this.session.gate(voice - 1, this.next() < 0.5, this.next(), 0, by);
      else if (kind < 0.7) set(`voice${voice}/send/reverb`, this.next());
      else if (kind < 0.78) set('dist1/drive', this.next());
      else if (kind < 0.86) set('acid1/cutoff', 100 + 3000 * this.next());
      else if (kind < 0.93) set('delay1/time', 0.05 + 0.4 * this.next());
      else this.session.tempo(60 + 200 * this.next(), by);
    }
  }
}
