import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { TakeJob, TakeSummary } from '../../../modules/recorder/take.js';
import { createTap, TapReader } from '../../../engine/shared/tap.js';
import { TakeProgress } from '../../../modules/recorder/progress.js';
import { spawnTakeWriter, type TakeWriter } from '../../../modules/recorder/writer.js';
import {
  BLOCK,
  firstDifference,
  Player,
  RATE,
  readWav,
  smallTap,
  studio,
  temporaryFolder,
  until,
} from './fixtures.js';

test('while the clock runs on: takes stopped together end at one block, and none holds a block more', async (t) => {
  const tap = createTap(RATE, BLOCK);
  const { recorder } = studio(t, { taps: { master: tap } });
  const done = new SharedArrayBuffer(4);
  const clock = new Worker(new URL('./player-thread.js', import.meta.url), { workerData: { tap, done } });
  t.after(async () => {
    Atomics.store(new Int32Array(done), 0, 1);
    Atomics.notify(new Int32Array(done), 0);
    await once(clock, 'exit');
  });
  const heads = new TapReader(tap);
  await once(clock, 'online');
  for (let round = 0; round < 6; round++) {
    const ids = ['a', 'b', 'c'];
    await Promise.all(ids.map((id) => recorder.start([id, `${id}${round}`])));
    const before = heads.head();
    const stopping = recorder.stop(['all']);
    const after = heads.head();
    const stop = await stopping;
    assert.ok(stop.ok && 'takes' in stop.value);
    const takes = stop.value.takes as readonly TakeSummary[];
    const ends = takes.map((take) => take.startFrame + take.frames);
    assert.equal(new Set(ends).size, 1, `ends at frames ${ends.join(', ')}`);
    const end = (ends[0] as number) / BLOCK;
    assert.ok(end >= before && end <= after, `stopped between blocks ${before} and ${after}, ends at ${end}`);
    for (const take of takes) {
      assert.equal(take.lostBlocks, 0);
      assert.equal(firstDifference(readWav(take.path), take.startFrame), undefined);
    }
  }
});

test('a main thread that is slow between hold and stop costs nothing: what is played meanwhile is not taken', async (t) => {
  const tap = smallTap();
  const player = new Player(tap);
  const folder = temporaryFolder(t);
  const write = (name: string): { writer: TakeWriter; progress: TakeProgress } => {
    const progress = new TakeProgress();
    const job: TakeJob = {
      tap,
      progress: progress.memory,
      sampleRate: RATE,
      sample: 'int24',
      folder,
      name,
      fromBlock: 0,
      started: new Date(0),
      about: {},
    };
    return { writer: spawnTakeWriter(job, () => undefined), progress };
  };
  const held = write('held.wav');
  const free = write('free.wav');
  await Promise.all([held.writer.opened, free.writer.opened]);
  player.play(20);
  await until('both have the first blocks', () => held.progress.blocks === 20 && free.progress.blocks === 20);
  for (let round = 1; round <= 3; round++) {
    if (round === 1) held.progress.hold();
    player.play(10);
    await until('the other one has taken them', () => free.progress.blocks === 20 + round * 10);
  }
  held.progress.stop(20);
  free.progress.hold();
  free.progress.stop(player.next);
  const frames = (await Promise.all([held.writer.ended, free.writer.ended])).map(
    (end) => end.ok && end.value.summary.frames,
  );
  assert.deepEqual(frames, [20 * BLOCK, 50 * BLOCK]);
});
