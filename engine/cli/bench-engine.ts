/** An engine as a process: how fast it starts, what it costs at rest, how fast slots are loaded and saved. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PatternStore } from '../patterns/store.js';
import { connect } from './osc-client.js';

export interface EngineFigures {
  /** From the start of the process to the line that says ready. */
  readonly startMs: number;
  /** As it is started by default: a second slot stands by and a third one waits. */
  readonly standby: CostFigures;
  /** With --no-standby. The difference is the price of what takes over. */
  readonly noStandby: CostFigures;
  /** From the datagram to the reply that says it is done, medians. */
  readonly slotSaveMs: number;
  /** The store's part of a save: check, temp file, fsync, backup, rename, fsync of the folder. The rename is inside. */
  readonly slotStoreMs: number;
  readonly slotLoadMs: number;
}

/** 16 voices, whole process, shares of one core. */
export interface CostFigures {
  readonly restCorePercent: number;
  /** While the factory pattern sunday-house plays. */
  readonly playingCorePercent: number;
  readonly residentMb: number;
  readonly lateBlocks: number;
}

const REST_MS = 4000;
/** Workers that come up one after the other are not what is measured. */
const SETTLE_MS = 1000;
const ROUNDS = 20;
/** Slot that holds the factory pattern sunday-house. */
const PLAYED = 5;

interface Status {
  readonly cpu_ms: number;
  readonly memory_mb: number;
  readonly late_blocks: number;
}

export async function benchEngine(): Promise<EngineFigures> {
  const noStandby = await withEngine(['--no-standby'], (engine) => cost(engine));
  return withEngine([], async (engine) => {
    const standby = await cost(engine);
    const slotSaveMs = await median(() => engine.ask('/pattern/save', [1]));
    const slotLoadMs = await median(() => engine.ask('/pattern/load', [1, 1]));
    const store = new PatternStore(join(engine.home, 'store'));
    const text = readFileSync(join(engine.home, 'patterns', 'slots', 'slot_001.json'), 'utf8');
    const slotStoreMs = await median(() => store.save(1, text));
    return { startMs: engine.startMs, standby, noStandby, slotSaveMs, slotStoreMs, slotLoadMs };
  });
}

interface Running {
  readonly home: string;
  readonly startMs: number;
  ask(address: string, args?: readonly number[]): Promise<unknown>;
  /** What is not answered. */
  tell(address: string): void;
}

/** A process of its own, from its start to its end. */
async function withEngine<T>(flags: readonly string[], act: (engine: Running) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'chronus-bench-'));
  const began = performance.now();
  const bin = fileURLToPath(new URL('../../../bin/chronus.mjs', import.meta.url));
  const args = [
    bin,
    'start',
    '--home',
    home,
    '--osc-port',
    '0',
    '--device',
    'null',
    '--json',
    '--quiet',
    ...flags,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(createInterface({ input: child.stdout }), 'line');
    const startMs = Math.round(performance.now() - began);
    const connected = await connect(home);
    if (!connected.ok) throw new Error(connected.error.got);
    const client = connected.value;
    const ask = async (address: string, values: readonly number[] = []): Promise<unknown> => {
      const reply = await client.request(
        address,
        values.map((value) => ({ type: 'i', value })),
      );
      if (!reply.ok) throw new Error(reply.error.got);
      return reply.value;
    };
    const result = await act({ home, startMs, ask, tell: (address) => client.send(address) });
    client.close();
    return result;
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(home, { recursive: true, force: true });
  }
}

async function cost({ ask, tell }: Running): Promise<CostFigures> {
  await pause(SETTLE_MS);
  const restCorePercent = await share(ask);
  await ask('/pattern/load', [PLAYED, 1]);
  tell('/seq/start');
  await pause(SETTLE_MS);
  const playingCorePercent = await share(ask);
  const { memory_mb, late_blocks } = (await ask('/engine/status')) as Status;
  return { restCorePercent, playingCorePercent, residentMb: memory_mb, lateBlocks: late_blocks };
}

async function share(ask: Running['ask']): Promise<number> {
  const before = (await ask('/engine/status')) as Status;
  await pause(REST_MS);
  const after = (await ask('/engine/status')) as Status;
  return Number(((100 * (after.cpu_ms - before.cpu_ms)) / REST_MS).toFixed(2));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function median(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    await action();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return Number((times[ROUNDS / 2] as number).toFixed(2));
}
