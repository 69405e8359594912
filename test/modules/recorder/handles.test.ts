import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHANNELS, TapWriter } from '../../../engine/shared/tap.js';
import { toInt24 } from '../../../modules/recorder/wav/int24.js';
import { createNew } from '../../../modules/recorder/name.js';
import { BLOCK, RATE, readWav, smallTap, studio, temporaryFolder, until } from './fixtures.js';

test('R163, R173: ten seconds of a sine are ten seconds, in the right format, and its phase goes on to the end', async (t) => {
  const blocks = (10 * RATE) / BLOCK;
  const tap = smallTap(2 * blocks);
  const { recorder } = studio(t, { taps: { master: tap } });
  const sine = (frame: number): number => Math.fround(0.5 * Math.sin((2 * Math.PI * 440 * frame) / RATE));
  const writer = new TapWriter(tap);
  const starting = recorder.start(['sine']);
  const block = new Float32Array(BLOCK * CHANNELS);
  for (let next = 0; next < blocks; next++) {
    for (let i = 0; i < block.length; i++) block[i] = sine(next * BLOCK + (i >> 1));
    writer.write(next, block);
  }
  const started = await starting;
  assert.ok(started.ok);
  assert.ok((await recorder.stop([])).ok);
  const wav = readWav(started.value.path);
  assert.deepEqual([wav.frames, wav.sampleRate, wav.channels], [10 * RATE, RATE, 2]);
  const wrong = wav.samples.findIndex((value, i) => value !== toInt24(sine(i >> 1)));
  assert.equal(wrong, -1, `sample ${wrong}`);
});

const FILES = '/proc/self/fd';
const THREADS = '/proc/self/task';
const unseen = !existsSync(THREADS) && 'needs /proc';
const count = (folder: string): number => readdirSync(folder).length;

test(
  'R87, R126, R164: after takes that ended, and starts that failed, no file is open and no thread is left',
  { skip: unseen },
  async (t) => {
    const { player, recorder } = studio(t);
    const round = async (name: string): Promise<void> => {
      const starts = ['a', 'b', 'c'].map((id) => recorder.start([id, name]));
      const empty = recorder.start(['..']);
      player.play(4);
      assert.ok((await Promise.all(starts)).every(({ ok }) => ok));
      assert.ok(!(await empty).ok);
      assert.ok((await recorder.stop(['all'])).ok);
    };
    // Node's own threads and files are there after the first.
    await round('first');
    await until('the threads of the first takes are gone', () => !recorder.status().recording);
    const [files, threads] = [count(FILES), count(THREADS)];
    for (let i = 0; i < 5; i++) await round(`take${i}`);
    await until(
      'files and threads are those of before',
      () => count(FILES) <= files && count(THREADS) <= threads,
    );
  },
);

const NAMES = 60;
test('R43: three processes that want the same names at once never get one twice', async (t) => {
  const folder = temporaryFolder(t);
  const script = `
    import { closeSync } from 'node:fs';
    import { createNew, automaticName } from ${JSON.stringify(new URL('../../../modules/recorder/name.js', import.meta.url).href)};
    const name = automaticName(new Date(2025, 0, 7, 14, 30, 52));
    for (let i = 0; i < ${NAMES}; i++) {
      const made = createNew(process.argv[1], name);
      if (!made.ok) throw new Error(made.error.got);
      closeSync(made.value.fd);
      console.log(made.value.path);
    }`;
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const texts = await Promise.all(
    children.map(async (child) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
      assert.deepEqual(await once(child, 'close'), [0, null]);
      return text;
    }),
  );
  const paths = texts.join('').trim().split('\n');
  assert.equal(paths.length, 3 * NAMES);
  assert.equal(new Set(paths).size, paths.length);
  assert.equal(readdirSync(folder).length, paths.length);
  assert.ok(paths.includes(join(folder, 'session_20250107_143052_180.wav')));
});

test('R46: the path of a new file is absolute, also in a folder that is named from the working directory', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'takes'));
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(folder);
  const made = createNew('takes', 'a.wav');
  assert.ok(made.ok);
  closeSync(made.value.fd);
  assert.equal(made.value.path, join(realpathSync(folder), 'takes', 'a.wav'));
});
