import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lowSpace, preFlight, RESERVE_BYTES, reserveOf } from '../../../modules/recorder/pre-flight.js';
import { SpaceWatch } from '../../../modules/recorder/space-watch.js';
import {
  cloudFolder,
  cloudPart,
  networkKindOf,
  spaceOf,
  type Space,
} from '../../../modules/recorder/storage.js';
import { errorOf, valueOf } from '../../helpers/outcome.js';
import { temporaryFolder } from './fixtures.js';

const SECOND = 288_000;
const DISK = 500e9;

function disk(...freeBytes: number[]): (folder: string) => Promise<Space> {
  let look = 0;
  return () =>
    Promise.resolve({ totalBytes: DISK, freeBytes: freeBytes[Math.min(look++, freeBytes.length - 1)] ?? 0 });
}

test('R117 R119 a take needs room for its length and what stays free; the refusal says how much, and what would fit', async (t) => {
  const folder = temporaryFolder(t);
  const wanted = { folder, seconds: 1000, bytesPerSecond: SECOND };
  const need = 1000 * SECOND + RESERVE_BYTES;
  assert.equal(valueOf(await preFlight({ ...wanted, space: disk(need) })).estimateBytes, 1000 * SECOND);
  const short = errorOf(await preFlight({ ...wanted, space: disk(need - 100 * SECOND) }), 'E_SPACE');
  assert.match(short.mend, /dur=900 /);
  assert.match(short.allowed, /288\.0 MB for 1000 s and 268\.4 MB that stay free/);
  errorOf(await preFlight({ ...wanted, reserveBytes: 1e9, space: disk(need) }), 'E_SPACE');
  valueOf(await preFlight({ ...wanted, reserveBytes: 0, space: disk(1000 * SECOND) }));
});

test('R129 room that shows late is no refusal', async (t) => {
  const folder = temporaryFolder(t);
  const wanted = { folder, seconds: 1, bytesPerSecond: SECOND };
  valueOf(await preFlight({ ...wanted, space: disk(0, 0, DISK) }));
  errorOf(await preFlight({ ...wanted, space: disk(0, 0, 0, DISK) }), 'E_SPACE');
});

test('R118 what stays free is absolute, and a twentieth of a small disk', () => {
  assert.equal(reserveOf({ freeBytes: 0, totalBytes: DISK }, {}), RESERVE_BYTES);
  assert.equal(reserveOf({ freeBytes: 0, totalBytes: 64e6 }, {}), 3.2e6);
});

test('R120 below 15 % of the disk there is a warning and no refusal', async (t) => {
  const folder = temporaryFolder(t);
  const wanted = { folder, seconds: 1, bytesPerSecond: SECOND };
  const outcome = await preFlight({ ...wanted, space: disk(DISK * 0.149) });
  assert.ok(outcome.ok && outcome.warnings.some((text) => text.includes('14.9 %')), JSON.stringify(outcome));
  assert.deepEqual(lowSpace(folder, { freeBytes: DISK * 0.15, totalBytes: DISK }), []);
});

test('an open-ended take is told how long the room lasts', async (t) => {
  const folder = temporaryFolder(t);
  const room = RESERVE_BYTES + 120 * SECOND;
  const outcome = await preFlight({ folder, bytesPerSecond: SECOND, space: disk(room) });
  assert.ok(outcome.ok && outcome.warnings.some((text) => text.includes('room for 120 s')));
  errorOf(
    await preFlight({ folder, bytesPerSecond: SECOND, space: disk(RESERVE_BYTES + 59 * SECOND) }),
    'E_SPACE',
  );
});

test('R48 R123 a folder that is a file, cannot be made or cannot be written is an error with the mend', async (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, 'file'), '');
  const wanted = { seconds: 1, bytesPerSecond: SECOND };
  for (const folder of [join(home, 'file'), join(home, 'file', 'below')])
    assert.match(errorOf(await preFlight({ ...wanted, folder }), 'E_FOLDER').mend, /--home DIR/);
  const shut = join(home, 'shut');
  mkdirSync(shut);
  chmodSync(shut, 0o555);
  if (process.getuid?.() !== 0) errorOf(await preFlight({ ...wanted, folder: shut }), 'E_FOLDER');
  valueOf(await preFlight({ ...wanted, folder: join(home, 'made', 'on', 'the', 'way'), reserveBytes: 0 }));
});

test('R49 folders that are kept in step with a cloud are known, through links too', async (t) => {
  assert.equal(cloudPart('/home/a/Dropbox/takes'), 'Dropbox');
  assert.equal(cloudPart('/Users/a/OneDrive - Band/takes'), 'OneDrive - Band');
  assert.equal(cloudPart('/home/a/dropboxes/takes'), undefined);
  const home = temporaryFolder(t);
  mkdirSync(join(home, 'Dropbox'));
  symlinkSync(join(home, 'Dropbox'), join(home, 'takes'), 'junction');
  assert.equal(await cloudFolder(join(home, 'takes')), 'Dropbox');
  const wanted = { folder: join(home, 'takes'), seconds: 1, bytesPerSecond: SECOND, reserveBytes: 0 };
  const outcome = await preFlight(wanted);
  assert.ok(outcome.ok && outcome.warnings.some((text) => text.includes('Dropbox')));
});

test('R131 network storage is told by the number of its file system, with or without a sign', () => {
  assert.equal(networkKindOf(0x6969), 'NFS');
  assert.equal(networkKindOf(0xfe534d42 | 0), 'SMB');
  assert.equal(networkKindOf(0xef53), undefined);
});

test('R121 R216 the disk is looked at once a minute while a take runs; it is warned of, and nothing is removed', async () => {
  const said: string[] = [];
  const free = [DISK, DISK * 0.1, 1e6];
  const watch = new SpaceWatch(
    '/x',
    undefined,
    (code, text) => void said.push(`${code} ${text}`),
    disk(...free),
  );
  for (let second = 1; second <= 180; second++) await watch.look();
  assert.equal(said.length, 2);
  assert.match(said[0] ?? '', /^W_SPACE only 10\.0 %/);
  assert.match(said[1] ?? '', /^W_SPACE 1\.0 MB are free .* takes go on/);
  const real = await spaceOf('.');
  assert.ok(real.totalBytes >= real.freeBytes && real.freeBytes > 0);
});
