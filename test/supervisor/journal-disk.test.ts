/** The journal on a disk that is full: every byte at which it may become so, and a real one. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { fstatSync, readdirSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RESERVE_FILE } from '../../engine/supervisor/journal-format.js';
import { readRun } from '../../engine/supervisor/journal-file.js';
import { SegmentWriter, type WriteAt } from '../../engine/supervisor/journal-segments.js';
import { commands, mark, RUN_ID, runFolder, snapshot } from '../helpers/journal.js';

/** A disk with so much room: what is written over needs none; what does not fit is written in part, as systems do. */
function disk(room: { left: number }): WriteAt {
  return (fd, bytes, offset, length, position) => {
    const more = Math.max(position + length - fstatSync(fd).size, 0);
    const part = Math.min(length, length - more + room.left);
    if (part <= 0 && length > 0) throw new Error('ENOSPC: no space left on device, write');
    room.left -= Math.max(position + part - fstatSync(fd).size, 0);
    return writeSync(fd, bytes, offset, part, position);
  };
}

test('R122 a disk that is full at any byte: the record is written again in the reserve, nothing is lost or doubled', async (t) => {
  const records = Array.from({ length: 6 }, (_, i) => commands(10 * i, i));
  const size = (records[0] as Buffer).length;
  for (let left = 0; left <= 3 * size; left++) {
    const folder = await runFolder(t);
    const troubles: string[] = [];
    const room = { left: Infinity };
    const writer = new SegmentWriter({
      folder,
      run: RUN_ID,
      segmentBytes: 1e9,
      reserveBytes: 1000,
      onTrouble: (what) => troubles.push(what),
      write: disk(room),
    });
    writer.prepareReserve();
    room.left = left;
    records.forEach((record, i) => assert.ok(writer.append(record, 10 * i + 1)));
    assert.equal(writer.state, 'reserve');
    // While it is written, as after a power cut: zeros follow.
    const check = (): void => {
      const run = readRun(folder);
      assert.deepEqual([run.problems, run.holes], [[], []], `${left} bytes left`);
      assert.deepEqual([...run.commands.keys()], [0, 10, 20, 30, 40, 50]);
      assert.equal(run.segments.length, 2);
      assert.equal(run.blocks, 51);
    };
    check();
    writer.close();
    check();
    assert.ok(!readdirSync(folder).includes(RESERVE_FILE));
    assert.equal(troubles.length, 1, troubles.join());
    assert.match(troubles[0] ?? '', /goes on in its reserve .* no space left/);
  }
});

test('R122 a reserve that is used up ends the journal with one line; what is in it can be read', async (t) => {
  const folder = await runFolder(t);
  const troubles: string[] = [];
  const room = { left: Infinity };
  const writer = new SegmentWriter({
    folder,
    run: RUN_ID,
    segmentBytes: 1e9,
    reserveBytes: 500,
    onTrouble: (what) => troubles.push(what),
    write: disk(room),
  });
  writer.prepareReserve();
  room.left = 0;
  let block = 0;
  while (writer.append(commands(block, 0.5), block + 1)) block++;
  for (let i = 0; i < 10; i++) assert.equal(writer.append(mark(block), block), false);
  writer.sync();
  writer.close();
  assert.deepEqual([writer.state, writer.known], ['ended', block]);
  assert.ok(block > 2);
  assert.deepEqual(
    troubles.map((line) => /reserve of|reserve is used up/.exec(line)?.[0]),
    ['reserve of', 'reserve is used up'],
  );
  const run = readRun(folder);
  assert.deepEqual([run.blocks, run.commands.size, run.problems], [block, block, []]);
});

test('when there is room again the journal leaves its reserve with a snapshot, and has a new reserve', async (t) => {
  const folder = await runFolder(t);
  const troubles: string[] = [];
  const room = { left: Infinity };
  const writer = new SegmentWriter({
    folder,
    run: RUN_ID,
    segmentBytes: 1e9,
    reserveBytes: 1000,
    onTrouble: (what) => troubles.push(what),
    write: disk(room),
  });
  writer.prepareReserve();
  for (const round of [0, 1]) {
    const first = 100 * round;
    room.left = 0;
    writer.append(commands(first + 1, 1), first + 2);
    assert.equal(writer.state, 'reserve');
    // The room is not enough: it stays, and tries again later.
    room.left = 700;
    assert.ok(writer.wantsSegment(1e6 * round));
    writer.begin(first + 10, snapshot(first + 10), 1e6 * round);
    assert.equal(writer.state, 'reserve');
    assert.ok(!writer.wantsSegment(1e6 * round + 9000));
    room.left = Infinity;
    assert.ok(writer.wantsSegment(1e6 * round + 10_001));
    writer.begin(first + 20, snapshot(first + 20), 1e6 * round + 10_001);
    assert.equal(writer.state, 'ok');
    writer.append(commands(first + 30, 2), first + 31);
  }
  writer.close();
  const run = readRun(folder);
  assert.deepEqual([run.problems, run.holes], [[], []]);
  assert.deepEqual([...run.commands.keys()], [1, 30, 101, 130]);
  assert.deepEqual(
    run.snapshots.map(({ block, segment }) => [block, segment]),
    [
      [20, 3],
      [120, 5],
    ],
  );
  assert.equal(troubles.filter((line) => line.includes('has left its reserve')).length, 2);
  assert.equal(troubles.length, 4, 'one line for each change');
});

test('a disk that held the journal up for too long leaves a hole that is named, and the run goes on behind it', async (t) => {
  const folder = await runFolder(t);
  const writer = new SegmentWriter({
    folder,
    run: RUN_ID,
    segmentBytes: 1e9,
    reserveBytes: 0,
    onTrouble: (what) => assert.fail(what),
  });
  writer.append(commands(5, 1), 6);
  assert.ok(writer.begin(90, snapshot(90), 0, true));
  writer.append(commands(95, 2), 96);
  writer.close();
  const run = readRun(folder);
  assert.deepEqual(
    run.spans.map(({ from, to }) => [from, to]),
    [
      [0, 6],
      [90, 96],
    ],
  );
  assert.match(run.holes[0]?.why ?? '', /commands_0001\.bin ends before commands_0002\.bin begins/);
  assert.match(
    run.problems[0]?.got ?? '',
    /commands_0001\.bin ends at block 6, before commands_0002\.bin begins at block 90/,
  );
});

test('segments are bounded, each begins with a snapshot, and none is ever taken away', async (t) => {
  const folder = await runFolder(t);
  const writer = new SegmentWriter({
    folder,
    run: RUN_ID,
    segmentBytes: 2000,
    reserveBytes: 0,
    onTrouble: (what) => assert.fail(what),
  });
  for (let block = 0; block < 500; block++) {
    if (writer.wantsSegment(0)) writer.begin(block, snapshot(block), 0);
    writer.append(commands(block, block), block + 1);
  }
  writer.close();
  const run = readRun(folder);
  assert.ok(run.segments.length > 10, `${run.segments.length} segments`);
  assert.equal(run.snapshots.length, run.segments.length - 1);
  for (const { bytes } of run.segments) assert.ok(bytes < 2200, `${bytes} bytes`);
  assert.equal(run.commands.size, 500);
  assert.equal(
    run.segments.reduce((sum, { bytes }) => sum + bytes, 0),
    writer.bytes,
  );
});

const CHILD = fileURLToPath(new URL('./journal-disk-child.js', import.meta.url));
const mountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test(
  'R122 R115 a real disk filled to the last byte while an engine plays: the journal goes on in its reserve, and comes back',
  { skip: mountable ? false : 'no tmpfs can be mounted here (unshare -rm)' },
  () => {
    const said = execFileSync(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        'mount -t tmpfs -o size=24m none /mnt && exec "$0" "$1" /mnt',
        process.execPath,
        CHILD,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    const found = JSON.parse(said) as Record<string, unknown>;
    assert.deepEqual(found, {
      before: 'ok',
      full: 'reserve',
      again: 'ok',
      changedSamples: 0,
      missingBlocks: 0,
      problems: [],
      troubles: ['reserve', 'left'],
      segments: 3,
    });
  },
);
