/** What `npm run chaos` does, one function per kind of row. The tests call the same functions with small counts. */
import { monotonicMs } from '../../engine/shared/monotonic.js';
import { CLOCK_CHAOS } from '../../engine/shared/run-memory.js';
import { arm } from '../../engine/supervisor/chaos.js';
import { FAULTS, inject, MODES, type Fault, type Mode } from './injections.js';
import { injectModule, MODULE_FAULTS, roomFor, type ModuleFault } from './module-faults.js';
import { Rehearsal, sleep, type RehearsalOptions, type Verdict } from './rehearsal.js';
import type { Row } from './table.js';

interface Result {
  readonly promotionMs?: number;
  readonly redundancyMs?: number;
  readonly restored: boolean;
  /** False: it does not count. */
  readonly happened?: boolean;
  readonly what: string;
}

/** Runs `count` faults, some of them per run so that a run's memory stays small, and sums up. */
async function many(
  fault: string,
  count: number,
  seed: number,
  perRun: (rehearsal: Rehearsal) => number,
  one: (rehearsal: Rehearsal, i: number) => Promise<Result>,
  options: Partial<RehearsalOptions> = {},
): Promise<Row> {
  const results: Result[] = [];
  const verdicts: Verdict[] = [];
  for (let run = 0; results.length < count; run++) {
    const rehearsal = new Rehearsal({ ...options, seed: seed + run });
    try {
      await rehearsal.start();
      const end = Math.min(count, results.length + perRun(rehearsal));
      while (results.length < end) {
        const result = await one(rehearsal, results.length);
        if (result.happened !== false) results.push(result);
        if (result.restored) continue;
        process.stderr.write(
          `${fault}, seed ${seed + run}: redundancy did not come back after ${result.what}\n`,
        );
        break;
      }
      // What was played last is compared too.
      await rehearsal.played(20);
    } finally {
      verdicts.push(await rehearsal.finish());
    }
    if (results.at(-1)?.restored === false) break;
  }
  return summary(fault, seed, results, verdicts);
}

function summary(fault: string, seed: number, results: readonly Result[], verdicts: readonly Verdict[]): Row {
  const sum = (pick: (verdict: Verdict) => number): number =>
    verdicts.reduce((all, each) => all + pick(each), 0);
  const defined = (pick: (result: Result) => number | undefined): number[] =>
    results.map(pick).filter((value) => value !== undefined);
  return {
    fault,
    count: results.length,
    changedSamples: sum((each) => each.changedSamples),
    missingBlocks: sum((each) => each.missingBlocks),
    notRestored: results.filter(({ restored }) => !restored).length,
    promotionMs: defined((each) => each.promotionMs),
    redundancyMs: defined((each) => each.redundancyMs),
    blocks: sum((each) => each.blocks),
    seed,
  };
}

const PER_RUN = 100;
const PER_PAIR = 10;
type Say = (line: string) => void;

/** One kind of fault in slots that work, in virtual time. */
export function slotFaults(fault: Fault, count: number, seed: number, mode: Mode = 'single'): Promise<Row> {
  return many(
    fault,
    count,
    seed,
    () => PER_RUN,
    (rehearsal) => inject(rehearsal, mode, fault),
  );
}

/** One way in which faults come together; the kinds in turn. */
export function combined(mode: Mode, count: number, seed: number): Promise<Row> {
  return many(
    `${mode}: ${MODES[mode]}`,
    count,
    seed,
    () => PER_RUN,
    (rehearsal, i) => inject(rehearsal, mode, FAULTS[i % FAULTS.length] as Fault),
  );
}

/** Each of these in turn, in one run. */
export function inTurn(
  cases: readonly (readonly [Mode, Fault])[],
  seed: number,
  options: Partial<RehearsalOptions> = {},
): Promise<Row> {
  return many(
    'in turn',
    cases.length,
    seed,
    () => cases.length,
    (rehearsal, i) => inject(rehearsal, ...(cases[i] as [Mode, Fault])),
    options,
  );
}

/** Each kind so many times, in one run. */
export function modulesInTurn(
  times: number,
  seed: number,
  options: Partial<RehearsalOptions> = {},
): Promise<Row> {
  const count = MODULE_FAULTS.length * times;
  const kind = (i: number): ModuleFault => MODULE_FAULTS[i % MODULE_FAULTS.length] as ModuleFault;
  return many(
    'modules in turn',
    count,
    seed,
    () => count,
    (rehearsal, i) => injectModule(rehearsal, kind(i)),
    options,
  );
}

export function moduleFaults(fault: ModuleFault, count: number, seed: number): Promise<Row> {
  const perRun = (rehearsal: Rehearsal): number =>
    fault === 'trap' || fault === 'stuck module' ? roomFor(rehearsal) : PER_RUN;
  return many(fault, count, seed, perRun, (rehearsal) => injectModule(rehearsal, fault));
}

type One = (rehearsal: Rehearsal, i: number) => Promise<Result>;

/**
 * In real time: runs with faults, and behind each one a run of the same length without, so that what the machine does by
 * itself is seen too. `one` gives one fault.
 */
async function paired(fault: string, count: number, seed: number, one: One, say: Say): Promise<Row> {
  const rows: Row[] = [];
  let late = 0;
  let control = 0;
  for (let done = 0; done < count; done += PER_PAIR) {
    const rehearsal = new Rehearsal({ realTime: true, seed: seed + done });
    const results: Result[] = [];
    await rehearsal.start();
    for (let i = done; i < Math.min(count, done + PER_PAIR); i++) results.push(await one(rehearsal, i));
    await rehearsal.played(20);
    const faulty = await rehearsal.finish();
    rows.push(summary(fault, seed, results, [faulty]));
    const quiet = new Rehearsal({ realTime: true, seed: seed + done });
    await quiet.start();
    await quiet.played(faulty.blocks - quiet.threads.blocks());
    const without = await quiet.finish();
    late += faulty.lateBlocks;
    control += without.lateBlocks;
    say(
      `${fault}: ${faulty.lateBlocks} of ${faulty.blocks} blocks late with ${results.length} faults, ${without.lateBlocks} of ${without.blocks} without`,
    );
  }
  const sum = (pick: (row: Row) => number): number => rows.reduce((all, row) => all + pick(row), 0);
  return {
    fault,
    count: sum((row) => row.count),
    changedSamples: sum((row) => row.changedSamples),
    missingBlocks: sum((row) => row.missingBlocks),
    notRestored: sum((row) => row.notRestored),
    late: [late, control],
    promotionMs: rows.flatMap((row) => row.promotionMs),
    redundancyMs: rows.flatMap((row) => row.redundancyMs),
    blocks: sum((row) => row.blocks),
    seed,
  };
}

/** In real time, the kinds in turn. */
export function realTime(count: number, seed: number, say: Say): Promise<Row> {
  return paired(
    `real time, all kinds in turn (${FAULTS.join(', ')})`,
    count,
    seed,
    (rehearsal, i) => inject(rehearsal, 'single', FAULTS[i % FAULTS.length] as Fault),
    say,
  );
}

export const CLOCK_FAULTS = ['clock hangs', 'clock ends', 'clock stalls for 90 ms'] as const;
export type ClockFault = (typeof CLOCK_FAULTS)[number];

/** The clock is replaced at the block it had reached; in real time, where that costs late blocks and no others. */
/** One fault of the clock. */
function clockFault(fault: ClockFault): One {
  return async (rehearsal: Rehearsal): Promise<Result> => {
    if (!(await rehearsal.whole())) return { restored: false, what: fault };
    await sleep(rehearsal.next() * 20);
    const { run, clock } = rehearsal.threads;
    const control = new Int32Array(run.control);
    const before = rehearsal.clockReplacements.length;
    const began = monotonicMs();
    if (fault === 'clock ends') void clock.worker()?.terminate();
    else Atomics.store(control, CLOCK_CHAOS, fault === 'clock hangs' ? -1 : 90);
    await sleep(fault === 'clock ends' ? 5 : 95);
    const from = rehearsal.threads.blocks();
    while (rehearsal.threads.blocks() < from + 20 && monotonicMs() - began < 10_000) await sleep(1);
    const plays = rehearsal.threads.blocks() >= from + 20;
    const replaced = rehearsal.clockReplacements.length > before;
    const restored = plays && (replaced || fault === 'clock stalls for 90 ms') && (await rehearsal.whole());
    return { restored, what: fault };
  };
}

export function clockFaults(fault: ClockFault, count: number, seed: number, say: Say): Promise<Row> {
  return paired(fault, count, seed, clockFault(fault), say);
}

/** Each kind once, in one run in real time. */
export function clocksInTurn(seed: number): Promise<Row> {
  return many(
    'clock',
    CLOCK_FAULTS.length,
    seed,
    () => CLOCK_FAULTS.length,
    (rehearsal, i) => clockFault(CLOCK_FAULTS[i] as ClockFault)(rehearsal, i),
    { realTime: true },
  );
}

/** 20,000 commands a second while slots die. */
export function flooded(count: number, seed: number): Promise<Row> {
  return many(
    '20,000 commands a second, slots dying in turn',
    count,
    seed,
    () => PER_RUN,
    (rehearsal, i) => inject(rehearsal, 'single', FAULTS[i % FAULTS.length] as Fault),
    { commandRate: 40 },
  );
}

/** What burdens the main thread, which nothing urgent depends on. */
export const BURDENS = {
  'main thread stands still for 500 ms': () => spin(500),
  'main thread makes garbage for 200 ms': () => garbage(200),
  'slot stalls for 50 ms': undefined,
} as const;
export type Burden = keyof typeof BURDENS;

/** In real time: no changed sample, and no more late blocks than without. */
export function burdened(burden: Burden, count: number, seed: number, say: Say): Promise<Row> {
  const act = BURDENS[burden];
  const one: One = async (rehearsal) => {
    if (!(await rehearsal.whole())) return { restored: false, what: burden };
    await sleep(rehearsal.next() * 20);
    if (act) act();
    else await stall(rehearsal, 50);
    return { restored: await rehearsal.whole(), what: burden };
  };
  return paired(burden, count, seed, one, say);
}

async function stall(rehearsal: Rehearsal, ms: number): Promise<void> {
  const { active } = rehearsal.roles();
  const block = rehearsal.threads.blocks() + 4;
  arm(rehearsal.threads.run, { slot: active, fault: 'stall', point: 'after core', block, ms });
  await sleep(ms + 30);
}

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function garbage(ms: number): void {
  const until = performance.now() + ms;
  let kept: object[] = [];
  while (performance.now() < until) {
    for (let i = 0; i < 500; i++) kept.push({ i, text: `x${i}`, list: [i, i + 1] });
    if (kept.length > 400_000) kept = [];
  }
}

export { MODULE_FAULTS };
