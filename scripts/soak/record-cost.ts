/**
 * R133, R66, R61: what a take costs. The processor time of a whole engine with and without one, in turns; and the one
 * thing the clock thread does for takes, which it does whether one runs or not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createTap, TapWriter, CHANNELS } from '../../engine/shared/tap.js';
import { startEngine, type Scope, type TestEngine } from '../../test/helpers/engine.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';
import { inScope } from './scope.js';

const RATE = 48_000;
const BLOCK = 256;
const BLOCK_NS = (BLOCK / RATE) * 1e9;
const VOICES = 16;
const MOST_PERCENT_OF_CORE = 3;
const MOST_PERCENT_OF_BLOCK = 1;

interface Costs {
  /** Percent of a core, one for each pair. */
  readonly with: readonly number[];
  readonly without: readonly number[];
}

/** Pairs of which every other one begins with the take. */
async function measurePairs(scope: Scope, { quick, say }: SoakOptions): Promise<Costs> {
  const [pairs, seconds] = quick ? [2, 2] : [8, 10];
  const engine = await startEngine(scope, {
    args: ['--reserve', '0', '--voices', String(VOICES), '--quiet'],
  });
  for (let voice = 1; voice <= VOICES; voice++) {
    engine.send(`/mod/voice${voice}/osc/freq`, { type: 'f', value: 55 * 1.19 ** voice });
    engine.send(`/gate/voice${voice}`, { type: 'f', value: 1 });
  }
  await sleep(2000);
  await mustSound(engine);
  const costs: Costs & { with: number[]; without: number[] } = { with: [], without: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const kind of order) costs[kind].push(await oneRun(engine, kind === 'with', seconds));
    say(`pair ${pair + 1}: with ${percent(costs.with.at(-1))}, without ${percent(costs.without.at(-1))}`);
  }
  return costs;
}

/** Percent of a core while it goes on; start and end of the take are not in it. */
async function oneRun(engine: TestEngine, record: boolean, seconds: number): Promise<number> {
  if (record)
    await engine.request('/record/start', { type: 's', value: 'cost' }, { type: 's', value: 'wav24' });
  await sleep(500);
  const before = await cpuMs(engine);
  const beganMs = performance.now();
  await sleep(seconds * 1000);
  const used = (await cpuMs(engine)) - before;
  const percents = (100 * used) / (performance.now() - beganMs);
  if (record) await engine.request('/record/stop');
  await sleep(500);
  return percents;
}

/** A take of silence would prove little. */
async function mustSound(engine: TestEngine): Promise<void> {
  const status = (await engine.request('/engine/status')) as {
    levels: { voice_peaks_db: readonly (number | null)[] };
  };
  const silent = status.levels.voice_peaks_db.filter((db) => db === null).length;
  if (silent > 0) throw new Error(`${silent} of ${VOICES} voices are silent`);
}

async function cpuMs(engine: TestEngine): Promise<number> {
  return ((await engine.request('/engine/status')) as { cpu_ms: number }).cpu_ms;
}

/** Nanoseconds for one block, the median of rounds. */
function tapWriteNs(rounds: number): number {
  const tap = createTap(RATE, BLOCK);
  const writer = new TapWriter(tap);
  const block = Float32Array.from({ length: BLOCK * CHANNELS }, (_, i) => Math.sin(i));
  const times: number[] = [];
  let next = 0;
  const blocks = 2000;
  for (let round = 0; round < rounds; round++) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < blocks; i++) writer.write(next++, block);
    times.push(Number(process.hrtime.bigint() - began) / blocks);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

const percent = (value: number | undefined): string => `${(value ?? NaN).toFixed(2)} %`;

async function run(options: SoakOptions): Promise<Figure[]> {
  const nanoseconds = tapWriteNs(options.quick ? 50 : 500);
  const costs = await inScope((scope) => measurePairs(scope, options));
  const differences = costs.with.map((value, i) => value - (costs.without[i] as number));
  const cost = median(differences);
  const share = (100 * nanoseconds) / BLOCK_NS;
  return [
    {
      figure: `R66 R133 R168 one 24-bit take: processor time of the engine, ${differences.length} pairs with and without, ${VOICES} voices`,
      asked: `under ${MOST_PERCENT_OF_CORE} % of a core`,
      measured: `${percent(cost)} (median; ${percent(Math.min(...differences))} to ${percent(Math.max(...differences))}); without a take ${percent(median(costs.without))}`,
      reached: cost < MOST_PERCENT_OF_CORE,
    },
    {
      figure: 'R60 R61 R66 what the clock thread does so that takes are possible, one block into the tap',
      asked: `under ${MOST_PERCENT_OF_BLOCK} % of a block of ${(BLOCK_NS / 1e6).toFixed(2)} ms`,
      measured: `${nanoseconds.toFixed(0)} ns, ${share.toFixed(4)} %; a take adds nothing to it`,
      reached: share < MOST_PERCENT_OF_BLOCK,
    },
  ];
}

export const recordCost: SoakPart = {
  name: 'record-cost',
  doc: 'processor time of a take, and of what the clock thread does for it',
  run,
};
