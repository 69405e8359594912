/** Starts the threads of a run in their order and ends them. Runs on: main thread; nothing urgent depends on it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClockJob } from '../clock/clock-worker.js';
import { statusOffset, type StatusField } from '../shared/core-layout.js';
import {
  BUSY_MILLIS,
  CLOCK_BELL,
  createRunMemory,
  JOURNAL_GONE,
  LATE_BLOCKS,
  READ_BLOCK,
  ring,
  BELL,
  SLEEP,
  SLOTS,
  slotWord,
  STATUS_AT,
  STOP,
  WORST_MICROS,
  type RunFormat,
  type RunMemory,
} from '../shared/run-memory.js';
import { coreUrl, createCoreMemory } from '../slot/core-host.js';
import type { SlotJob } from '../slot/slot-worker.js';
import { COMMANDS_FILE, CORE_FILE, RUN_FILE, type RunInfo } from './journal-file.js';
import type { JournalJob } from './journal-worker.js';

export interface RunThreads {
  readonly run: RunMemory;
  /** Blocks that are out. */
  blocks(): number;
  lateBlocks(): number;
  /** What the core of the active slot published last. */
  core(field: StatusField, index?: number): number;
  coreFloat(field: StatusField, index?: number): number;
  load(): { readonly worstMicros: number; readonly busyMillis: number };
  startClock(card?: SharedArrayBuffer): void;
  /** Ends all threads; resolves when they are gone and the journal is whole. */
  stop(): Promise<void>;
}

export interface RunOptions extends RunFormat {
  /** Folder of this run's journal; made here. */
  readonly runFolder: string;
  readonly engineVersion: string;
  readonly started: Date;
  /** A thread ended that should not have. */
  readonly onFault: (what: string) => void;
}

const JOURNAL = 'journal';

export function startThreads(options: RunOptions): RunThreads {
  const { sampleRate, blockFrames, voices, leadBlocks } = options;
  const run = createRunMemory({ sampleRate, blockFrames, voices, leadBlocks });
  const control = new Int32Array(run.control);
  const bytes = readFileSync(coreUrl());
  writeRunFolder(options, bytes);
  const memory = createCoreMemory();
  let stopping = false;
  const threads: Promise<unknown>[] = [];
  const spawn = (name: string, file: string, job: SlotJob | ClockJob | JournalJob): void => {
    const worker = new Worker(new URL(file, import.meta.url), { workerData: job, name });
    worker.on('error', (error: unknown) => options.onFault(`${name}: ${String(error)}`));
    threads.push(
      new Promise((resolve) =>
        worker.on('exit', (code) => {
          if (!stopping) options.onFault(`${name} ended (code ${code})`);
          if (name === JOURNAL) Atomics.store(control, JOURNAL_GONE, 1);
          resolve(code);
        }),
      ),
    );
  };
  spawn('slot A', '../slot/slot-worker.js', { slot: 0, run, module: new WebAssembly.Module(bytes), memory });
  spawn(JOURNAL, './journal-worker.js', { run, file: join(options.runFolder, COMMANDS_FILE) });

  const words = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  const statusWord = (field: StatusField, index: number): number | undefined => {
    const at = Atomics.load(control, slotWord(0, STATUS_AT));
    return at === 0 ? undefined : at / 4 + statusOffset(field) + index;
  };
  return {
    run,
    blocks: () => Atomics.load(control, READ_BLOCK),
    lateBlocks: () => Atomics.load(control, LATE_BLOCKS),
    core: (field, index = 0) => words[statusWord(field, index) ?? 0] ?? 0,
    coreFloat: (field, index = 0) => floats[statusWord(field, index) ?? 0] ?? 0,
    load: () => ({
      worstMicros: Atomics.load(control, slotWord(0, WORST_MICROS)),
      busyMillis: Atomics.load(control, slotWord(0, BUSY_MILLIS)),
    }),
    startClock: (card) => spawn('clock', '../clock/clock-worker.js', { run, card }),
    async stop() {
      stopping = true;
      Atomics.store(control, STOP, 1);
      ring(control, CLOCK_BELL);
      Atomics.notify(control, SLEEP);
      for (let slot = 0; slot < SLOTS; slot++) ring(control, slotWord(slot, BELL));
      await Promise.all(threads);
    },
  };
}

function writeRunFolder(options: RunOptions, core: Buffer): void {
  mkdirSync(options.runFolder, { recursive: true });
  const info: RunInfo = {
    format: 1,
    engineVersion: options.engineVersion,
    sampleRate: options.sampleRate,
    blockFrames: options.blockFrames,
    voices: options.voices,
    started: options.started.toISOString(),
    core: createHash('sha256').update(core).digest('hex'),
  };
  writeFileSync(join(options.runFolder, RUN_FILE), `${JSON.stringify(info, null, 2)}\n`, { flag: 'wx' });
  writeFileSync(join(options.runFolder, CORE_FILE), core, { flag: 'wx' });
}
