/**
 * Faults against the real threads, in virtual time: short counts of what `npm run chaos` does at length. Every row compares
 * what was heard with the rendering of the journal by one thread that has no fault.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { FAULTS, inject, MODES, type Fault, type Mode } from '../../scripts/chaos/injections.js';
import { Rehearsal, sleep, type RehearsalOptions, type Verdict } from '../../scripts/chaos/rehearsal.js';
import { CLOCK_FAULTS, clocksInTurn, inTurn, modulesInTurn } from '../../scripts/chaos/scenarios.js';
import { holds, tableRow, type Row } from '../../scripts/chaos/table.js';
import { GENERATION, READY, SPARE, STATE, STANDBY } from '../../engine/shared/run-memory.js';
import { arm } from '../../engine/supervisor/chaos.js';

/**
 * Slower and more patient than `npm run chaos`: where other programs have the cores too, a spare would not come up with the
 * head, and slots that only wait for a core would count as hanging. Still more than four times as fast as real time.
 */
const PACE = { paceMs: 1.2, limits: { hangMs: 150, graceMs: 5, holdMs: 10, fillMs: 600 } };
const SEED = Number(process.env.CHRONUS_SEED ?? Date.now() % 1e6);

async function check(t: TestContext, row: Promise<Row>): Promise<void> {
  const found = await row;
  t.diagnostic(`CHRONUS_SEED=${SEED} ${tableRow(found)}`);
  assert.ok(holds(found), tableRow(found));
  assert.ok(found.blocks > 0 && found.count > 0);
}

/** A run that is ended and compared whatever happens in it. */
async function rehearse(
  t: TestContext,
  options: Partial<RehearsalOptions>,
  act: (rehearsal: Rehearsal) => Promise<void>,
): Promise<Verdict> {
  t.diagnostic(`CHRONUS_SEED=${SEED}`);
  const rehearsal = new Rehearsal({ ...(options.realTime ? {} : PACE), ...options, seed: SEED });
  let verdict: Verdict;
  try {
    await rehearsal.start();
    await act(rehearsal);
  } finally {
    verdict = await rehearsal.finish();
  }
  assert.equal(
    verdict.changedSamples,
    0,
    `first changed block ${verdict.firstChangedBlock} of ${verdict.blocks}`,
  );
  assert.equal(verdict.missingBlocks, 0);
  assert.ok(verdict.peak > 0.05, 'it played music');
  return verdict;
}

test('slots that throw, hang, exit, run out of memory, are ended or stall change no sample', (t) =>
  check(
    t,
    inTurn(
      FAULTS.map((fault) => ['single', fault]),
      SEED,
      PACE,
    ),
  ));

const TOGETHER = (Object.keys(MODES) as Mode[]).filter((mode) => mode !== 'single');
test(`faults that come together (${TOGETHER.join(', ')}) change no sample`, (t) =>
  check(
    t,
    inTurn(
      TOGETHER.map((mode, i) => [mode, FAULTS[(SEED + i) % FAULTS.length] as Fault]),
      SEED,
      PACE,
    ),
  ));

test('modules that trap or never return, NaN in a voice, a poisonous command: one decision for all slots, and the journal has it', (t) =>
  check(t, modulesInTurn(2, SEED, PACE)));

test(`the clock is replaced at the block it had reached (${CLOCK_FAULTS.join(', ')})`, (t) =>
  check(t, clocksInTurn(SEED)));

const COMMAND_BLOCKS = 1024;
test('log, decisions and journal are used again many times, with faults meanwhile', async (t) => {
  const sizes = { logEntries: 4096, commandBlocks: COMMAND_BLOCKS };
  const verdict = await rehearse(t, { sizes, commandRate: 8 }, async (rehearsal) => {
    for (let i = 0; i < 5; i++) {
      const result = await inject(
        rehearsal,
        i % 3 === 0 ? 'all' : 'single',
        FAULTS[i % FAULTS.length] ?? 'throw',
      );
      assert.ok(result.restored, result.what);
    }
    const { threads, log } = rehearsal;
    while (threads.blocks() < 2.6 * COMMAND_BLOCKS || log.position() < 1.6 * 4096) await rehearsal.played(50);
  });
  const rounds = [verdict.blocks / COMMAND_BLOCKS, verdict.commands / 4096];
  t.diagnostic(`rounds of decisions ${rounds[0]?.toFixed(1)}, of the log ${rounds[1]?.toFixed(1)}`);
  assert.ok((rounds[0] ?? 0) > 2.5 && (rounds[1] ?? 0) > 1.5);
});

test('a spare that cannot be started: the music goes on alone, says so, and the engine keeps trying', async (t) => {
  let broken = false;
  const url = new URL('../../engine/slot/slot-worker.js', import.meta.url);
  const spawnSlot: RehearsalOptions['spawnSlot'] = (options) =>
    new Worker(broken ? new URL('./no-such-file.js', url) : url, options);
  await rehearse(t, { spawnSlot }, async (rehearsal) => {
    broken = true;
    const { active } = rehearsal.roles();
    arm(rehearsal.threads.run, { slot: active, fault: 'throw', point: 'after core', block: 0 });
    const said = (what: RegExp): boolean => rehearsal.troubles.some((line) => what.test(line));
    await until(() => said(/Slot [ABC] could not be started .*next try is in 100 ms/));
    await until(() => said(/next try is in 200 ms/));
    // The spare has taken its place; with the next death the engine is alone.
    assert.ok(await rehearsal.whole(false), 'the spare stands by');
    arm(rehearsal.threads.run, {
      slot: rehearsal.roles().standby,
      fault: 'throw',
      point: 'after core',
      block: 0,
    });
    await until(() => rehearsal.roles().standby < 0);
    await rehearsal.played(200);
    broken = false;
    assert.ok(await rehearsal.whole(), 'redundancy is back when workers can be started again');
  });
});

test('alone, and dead: --no-standby goes on from a checkpoint, with no block missing', async (t) => {
  await rehearse(t, { standby: false, realTime: true }, async (rehearsal) => {
    const control = new Int32Array(rehearsal.threads.run.control);
    assert.equal(Atomics.load(control, STANDBY), -1);
    for (const fault of ['throw', 'exit'] as const) {
      await rehearsal.played(20);
      const { active } = rehearsal.roles();
      arm(rehearsal.threads.run, { slot: active, fault, point: 'after core', block: 0 });
      await until(() => rehearsal.roles().active !== active);
    }
    await rehearsal.played(20);
    const alive = [0, 1, 2].filter((slot) => [READY, SPARE].includes(rehearsal.of(slot, STATE)));
    assert.equal(alive.length, 1, 'one slot at a time');
  });
});

test('a module that fails each time it is switched on again stays bypassed after the second time', async (t) => {
  await rehearse(t, {}, async (rehearsal) => {
    const { session, threads } = rehearsal;
    const unit = 65;
    const strikes = (): number => threads.core('unit', unit) >> 8;
    const by = { source: 1 };
    session.chaos('trapAlways', unit, by);
    await until(() => strikes() === 1);
    await rehearsal.whole();
    session.bypass(unit, false, by);
    await until(() => strikes() === 2);
    await rehearsal.whole();
    session.bypass(unit, false, by);
    await rehearsal.played(60);
    assert.equal(threads.core('unit', unit), 1 | (2 << 8), 'bypassed, two strikes');
    const generations = [0, 1, 2].map((slot) => rehearsal.of(slot, GENERATION));
    await rehearsal.played(200);
    assert.deepEqual(
      [0, 1, 2].map((slot) => rehearsal.of(slot, GENERATION)),
      generations,
      'nobody dies of it any more',
    );
  });
});

async function until(condition: () => boolean, limitMs = 8000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    assert.ok(performance.now() < end, `not within ${limitMs} ms: ${String(condition)}`);
    await sleep(2);
  }
}
