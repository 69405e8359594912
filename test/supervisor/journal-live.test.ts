/** The journal of the real threads, in virtual time: snapshots, segments, notes, while slots fail. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { differences, Rehearsal, sleep } from '../../scripts/chaos/rehearsal.js';
import { arm } from '../../engine/supervisor/chaos.js';
import { readRun, type RunJournal } from '../../engine/supervisor/journal-file.js';
import { renderProgram } from '../../engine/supervisor/offline.js';
import { runProgram } from '../../engine/supervisor/run-program.js';

const SEED = Number(process.env.CHRONUS_SEED ?? Date.now() % 1e6);
const BY = { source: 1 };
const FAULTS = ['throw', 'exit', 'hang'] as const;

/** Blocks rendered from the newest snapshot before `from`, compared with what was heard; gives the samples that differ. */
function compared(run: RunJournal, heard: readonly Float32Array[], from: number, count: number): number {
  const { blockFrames } = run.info;
  const blocks = Math.min(count, heard.length - from);
  let block = from;
  let changed = 0;
  const range = { startFrame: from * blockFrames, frames: blocks * blockFrames };
  renderProgram(runProgram(run, range), (samples) => {
    changed += differences(samples, heard[block++] as Float32Array);
  });
  assert.equal(block, from + blocks);
  return changed;
}

test('R55 R56 rendering from any snapshot equals what was heard: failovers, edits and loads that wait, many segments', async (t) => {
  t.diagnostic(`CHRONUS_SEED=${SEED}`);
  let told = '';
  const rehearsal = new Rehearsal({
    seed: SEED,
    journal: { segmentBytes: 500_000, snapshotMs: 0, reserveBytes: 1 << 20 },
    inspect(run, heard) {
      assert.deepEqual([run.problems, run.holes], [[], []]);
      assert.equal(run.snapshots[0]?.block, 0, 'one at the start');
      for (const { block } of run.snapshots) {
        if (block >= heard.length) continue;
        assert.equal(compared(run, heard, block, 80), 0, `from the snapshot at block ${block}`);
      }
      // Each segment but the first begins with one, so that it renders without those before it.
      for (const segment of run.segments.slice(1))
        assert.ok(run.snapshots.some(({ block }) => block === segment.firstBlock));
      told = `${run.snapshots.length} snapshots, ${run.segments.length} segments, ${heard.length} blocks`;
      assert.ok(run.snapshots.length > 2 && run.segments.length > 2, told);
    },
  });
  try {
    await rehearsal.start();
    for (let i = 0; i < 9; i++) {
      // Content that waits for its bar when the snapshot is taken.
      rehearsal.session.tempo(90 + 10 * i, { ...BY, when: { at: 'bar' } });
      rehearsal.loadAtBar();
      const { journal } = rehearsal.threads;
      journal.snapshot();
      const { active } = rehearsal.roles();
      arm(rehearsal.threads.run, {
        slot: active,
        fault: FAULTS[i % 3] ?? 'throw',
        point: 'after core',
        block: 0,
      });
      await rehearsal.played(300);
    }
    // On a busy machine the journal looks at the run less often.
    const { journal } = rehearsal.threads;
    for (let i = 0; i < 60 && journal.status().segment < 3; i++) {
      journal.snapshot();
      await rehearsal.played(100);
    }
  } finally {
    const verdict = await rehearsal.finish();
    t.diagnostic(told);
    assert.equal(verdict.changedSamples, 0);
    assert.equal(verdict.missingBlocks, 0);
    assert.deepEqual(
      rehearsal.troubles.filter((line) => /journal/i.test(line)),
      [],
    );
  }
});

test('R130 notes stand in their order; what is reached can be read while the run goes on; ended is told', async () => {
  const rehearsal = new Rehearsal({ seed: SEED, journal: { reserveBytes: 1 << 20 } });
  const { journal, run } = rehearsal.threads;
  const folder = join(rehearsal.folder, 'run');
  const { blockFrames } = run.format;
  try {
    await rehearsal.start();
    const frame = (rehearsal.threads.blocks() + 40) * blockFrames;
    for (let i = 0; i < 50; i++) journal.note({ kind: 'mark', frame: i, text: `mark ${i}` });
    journal.note({ kind: 'clock', frame, unixMs: 1_700_000_000_000 });
    assert.equal(await journal.reached(frame), true);
    const read = readRun(folder);
    assert.ok(read.blocks * blockFrames >= frame, `${read.blocks} blocks`);
    assert.deepEqual(read.problems, []);
    let rendered = 0;
    renderProgram(runProgram(read, { startFrame: frame - 999, frames: 999 }), (_, n) => {
      rendered += n;
    });
    assert.equal(rendered, 999);
    const marks = read.notes.flatMap(({ note }) => (note.kind === 'mark' ? [note.frame] : []));
    assert.deepEqual(
      marks,
      Array.from({ length: 50 }, (_, i) => i),
    );
    assert.equal(read.notes.filter(({ note }) => note.kind === 'clock').length, 1);
    const { state, segment, bytes, error } = journal.status();
    assert.deepEqual([state, segment, error], ['ok', 1, undefined]);
    assert.ok(bytes > 0);
    // Whatever byte a reader meets while it is written, it finds the run whole up to there.
    for (let i = 0; i < 30; i++) {
      assert.deepEqual(readRun(folder).problems, []);
      await sleep(3);
    }
  } finally {
    const over = journal.reached(1e15);
    await rehearsal.threads.stop();
    assert.equal(await over, false);
    assert.equal(journal.status().state, 'ended');
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['commands_0001.bin', 'core.wasm', 'run.json', 'tables.json'],
      'a reserve that was not needed is gone',
    );
    await rehearsal.finish();
  }
});
