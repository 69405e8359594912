import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFileDevice } from '../../engine/device/file-device.js';
import {
  BLOCK,
  firstDifference,
  Player,
  RATE,
  readWav,
  smallTap,
  temporaryFolder,
} from '../modules/recorder/fixtures.js';

test('the run as a file: all blocks, bit for bit, beside what was there', async (t) => {
  const path = join(temporaryFolder(t), 'new', 'run');
  const tap = smallTap();
  const player = new Player(tap);
  const problems: unknown[] = [];
  const options = {
    path,
    tap,
    sampleRate: RATE,
    fromBlock: 0,
    onFailed: (problem: unknown) => problems.push(problem),
  };
  player.play(3);
  const first = await openFileDevice(options);
  assert.ok(first.ok);
  assert.equal(first.value.path, `${path}.wav`);
  player.play(300);
  const end = await first.value.close();
  assert.ok(end.ok && end.value.summary.frames === 303 * BLOCK);
  assert.equal(firstDifference(readWav(first.value.path), 0), undefined);

  const second = await openFileDevice(options);
  assert.ok(second.ok);
  assert.equal(second.value.path, `${path}_002.wav`);
  await second.value.close();
  assert.deepEqual(problems, []);
});

test('a path that cannot be: refused with the mend', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const outcome = await openFileDevice({
    path: join(folder, 'file', 'x.wav'),
    tap: smallTap(),
    sampleRate: RATE,
    onFailed: () => undefined,
  });
  assert.ok(!outcome.ok);
  assert.equal(outcome.error.code, 'E_FOLDER');
});
