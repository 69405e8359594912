/** Starts the threads of a run in their order and ends them. Runs on: main thread; nothing urgent depends on it. */
import { readFileSync } from 'node:fs';
import { LIMITS, type RoleLimits } from '../clock/roles.js';
import { statusOffset, type StatusField } from '../shared/core-layout.js';
import {
  ACTIVE,
  activeSlot,
  BELL,
  BUSY_MILLIS,
  CLOCK_BELL,
  createRunMemory,
  LATE_BLOCKS,
  READ_BLOCK,
  ring,
  SLEEP,
  SLOTS,
  slotWord,
  STOP,
  WORST_MICROS,
  type RunFormat,
  type RunMemory,
  type RunSizes,
} from '../shared/run-memory.js';
import { CoreHost, coreUrl, createCoreMemory } from '../slot/core-host.js';
import { ClockKeeper } from './clock-keeper.js';
import { startJournal, type JournalPort, type JournalSizes } from './journal-port.js';
import { writeRunFolder } from './run-folder.js';
import { SlotKeeper, type SpawnSlot } from './slot-keeper.js';

export interface RunThreads {
  readonly run: RunMemory;
  readonly slots: SlotKeeper;
  readonly clock: ClockKeeper;
  readonly journal: JournalPort;
  /** Blocks that are out. */
  blocks(): number;
  lateBlocks(): number;
  /** What the core of the active slot published last. */
  core(field: StatusField, index?: number): number;
  coreFloat(field: StatusField, index?: number): number;
  /** Of all slots together. */
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
  readonly standby: boolean;
  readonly chaos: boolean;
  /** Something that should not happen, and no sound depends on. One line. */
  readonly onTrouble: (what: string) => void;
  readonly onClockReplaced: (block: number, why: string) => void;
  /** For tests: virtual time, small rings, other limits, workers that do not start. */
  readonly paceMs?: number;
  readonly sizes?: RunSizes;
  readonly journal?: JournalSizes;
  readonly limits?: RoleLimits;
  readonly spawnSlot?: SpawnSlot;
}

/** How long a thread may take to end by itself. */
const PATIENCE_MS = 500;

export function startThreads(options: RunOptions): RunThreads {
  const { sampleRate, blockFrames, voices, leadBlocks, standby, chaos, onTrouble } = options;
  const bytes = readFileSync(coreUrl());
  const info = writeRunFolder(options, bytes);
  const module = new WebAssembly.Module(bytes);
  const format = { sampleRate, blockFrames, voices, leadBlocks };
  const memories = Array.from({ length: SLOTS }, createCoreMemory);
  const { layout } = laidOut(module, memories, format);
  const run = createRunMemory(format, layout, memories, options.sizes);
  const control = new Int32Array(run.control);
  const slots = new SlotKeeper({ run, module, standby, chaos, onTrouble, spawn: options.spawnSlot });
  const clock = new ClockKeeper({
    run,
    limits: options.limits ?? limitsFor(options),
    chaos,
    paceMs: options.paceMs,
    onLook: () => slots.look(),
    onReplaced: options.onClockReplaced,
  });
  slots.start();
  const journal = startJournal({
    run,
    folder: options.runFolder,
    id: info.id,
    periodMs: options.paceMs ?? (blockFrames * 1000) / sampleRate,
    sizes: options.journal,
    onTrouble,
  });

  const words = memories.map(({ buffer }) => new Int32Array(buffer, layout.statusAddress));
  const floats = memories.map(({ buffer }) => new Float32Array(buffer, layout.statusAddress));
  const active = (): number => activeSlot(Atomics.load(control, ACTIVE));
  const each = (word: number): number[] =>
    Array.from({ length: SLOTS }, (_, slot) => Atomics.load(control, slotWord(slot, word)));
  return {
    run,
    slots,
    clock,
    journal,
    blocks: () => Atomics.load(control, READ_BLOCK),
    lateBlocks: () => Atomics.load(control, LATE_BLOCKS),
    core: (field, index = 0) => words[active()]?.[statusOffset(field) + index] ?? 0,
    coreFloat: (field, index = 0) => floats[active()]?.[statusOffset(field) + index] ?? 0,
    load: () => ({
      worstMicros: Math.max(...each(WORST_MICROS)),
      busyMillis: each(BUSY_MILLIS).reduce((sum, ms) => sum + ms, 0),
    }),
    startClock(card) {
      clock.start(card);
      slots.look();
    },
    async stop() {
      Atomics.store(control, STOP, 1);
      ring(control, CLOCK_BELL);
      Atomics.notify(control, SLEEP);
      for (let slot = 0; slot < SLOTS; slot++) ring(control, slotWord(slot, BELL));
      await Promise.all([slots.stop(PATIENCE_MS), clock.stop(PATIENCE_MS), journal.ended]);
    },
  };
}

/** The core's own plan of its memory. Throws when the voices do not fit. */
function laidOut(
  module: WebAssembly.Module,
  memories: readonly WebAssembly.Memory[],
  format: RunFormat,
): { readonly layout: RunMemory['layout'] } {
  const memory = memories[0] as WebAssembly.Memory;
  return { layout: new CoreHost({ module, memory, ...format }).layout() };
}

/** Grace and hold grow with the lead: who renders far ahead has time to wait. */
function limitsFor({ leadBlocks, blockFrames, sampleRate }: RunFormat): RoleLimits {
  const leadMs = (leadBlocks * blockFrames * 1000) / sampleRate;
  return {
    ...LIMITS,
    graceMs: Math.max(LIMITS.graceMs, leadMs / 8),
    holdMs: Math.max(LIMITS.holdMs, leadMs / 2),
  };
}
