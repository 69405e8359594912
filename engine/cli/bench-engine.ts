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
  /** Share of one core over some seconds at rest, 16 voices, whole process. */
  readonly restCorePercent: number;
  readonly residentMb: number;
  readonly lateBlocksAtRest: number;
  /** From the datagram to the reply that says it is done, medians. */
  readonly slotSaveMs: number;
  /** The store's part of a save: check, temp file, fsync, backup, rename, fsync of the folder. The rename is inside. */
  readonly slotStoreMs: number;
  readonly slotLoadMs: number;
}

const REST_MS = 4000;
const ROUNDS = 20;

interface Status {
  readonly cpu_ms: number;
  readonly memory_mb: number;
  readonly late_blocks: number;
}

export async function benchEngine(): Promise<EngineFigures> {
  const home = mkdtempSync(join(tmpdir(), 'chronus-bench-'));
  const began = performance.now();
  const bin = fileURLToPath(new URL('../../../bin/chronus.mjs', import.meta.url));
  const args = [bin, 'start', '--home', home, '--osc-port', '0', '--device', 'null', '--json', '--quiet'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(createInterface({ input: child.stdout }), 'line');
    const startMs = performance.now() - began;
    const connected = await connect(home);
    if (!connected.ok) throw new Error(connected.error.got);
    const client = connected.value;
    const ask = async (address: string, args: readonly number[] = []): Promise<unknown> => {
      const reply = await client.request(
        address,
        args.map((value) => ({ type: 'i', value })),
      );
      if (!reply.ok) throw new Error(reply.error.got);
      return reply.value;
    };
    const before = (await ask('/engine/status')) as Status;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const after = (await ask('/engine/status')) as Status;
    const slotSaveMs = await median(() => ask('/pattern/save', [1]));
    const slotLoadMs = await median(() => ask('/pattern/load', [1, 1]));
    client.close();
    const store = new PatternStore(join(home, 'store'));
    const text = readFileSync(join(home, 'patterns', 'slots', 'slot_001.json'), 'utf8');
    const slotStoreMs = await median(() => store.save(1, text));
    return {
      startMs: Math.round(startMs),
      restCorePercent: Number(((100 * (after.cpu_ms - before.cpu_ms)) / REST_MS).toFixed(2)),
      residentMb: after.memory_mb,
      lateBlocksAtRest: after.late_blocks,
      slotSaveMs,
      slotStoreMs,
      slotLoadMs,
    };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(home, { recursive: true, force: true });
  }
}

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
