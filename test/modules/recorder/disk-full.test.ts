import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProgress, STOP } from '../../../modules/recorder/progress.js';
import { recordTake } from '../../../modules/recorder/take.js';
import {
  BLOCK,
  firstDifference,
  HEAD_BYTES,
  Player,
  RATE,
  readWav,
  smallTap,
  temporaryFolder,
} from './fixtures.js';

/** From now on files end at `limit` bytes, as on a full disk: a short write first, then ENOSPC. */
function fillDisk(limit: number): () => void {
  const { writeSync } = fs;
  const limited = (
    fd: number,
    from: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number => {
    const room = Math.min(length, limit - position);
    if (room > 0) return writeSync(fd, from, offset, room, position);
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  fs.writeSync = limited as typeof fs.writeSync;
  syncBuiltinESMExports();
  return () => {
    fs.writeSync = writeSync;
    syncBuiltinESMExports();
  };
}

test('R122 a full disk: the file is closed valid with all whole frames that fitted', (t) => {
  const tap = smallTap();
  new Player(tap).play(200);
  const progress = createProgress();
  new Int32Array(progress)[STOP] = 200;
  const folder = temporaryFolder(t);
  t.after(fillDisk(HEAD_BYTES + 100_000));
  const outcome = recordTake(
    {
      tap,
      progress,
      sampleRate: RATE,
      folder,
      name: 'full.wav',
      fromBlock: 0,
      sample: 'int24',
      started: new Date(0),
      about: {},
    },
    { opened: () => undefined },
  );
  assert.ok(outcome.ok);
  assert.equal(outcome.value.problem?.code, 'E_FULL');
  const wav = readWav(join(folder, 'full.wav'));
  assert.deepEqual([wav.frames, wav.extraBytes], [Math.floor(100_000 / 6), 0]);
  assert.equal(outcome.value.summary.frames, wav.frames);
  assert.ok(wav.frames < 200 * BLOCK);
  assert.equal(firstDifference(wav, 0), undefined);
});
