import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCard, type Card } from '../../engine/device/card.js';
import { BLOCK, RATE, sampleAt, until } from '../modules/recorder/fixtures.js';
import { fakeCard, isAlive } from './fixtures.js';

function blockOf(number: number): Float32Array {
  return Float32Array.from({ length: BLOCK * 2 }, (_, i) => sampleAt(number * BLOCK * 2 + i));
}

interface Watched {
  readonly card: Card;
  credit: number;
  granted: number;
  underflows: number;
  readonly exits: string[];
}

function watch(addon: string, device = 'default'): Watched {
  const seen: Omit<Watched, 'card'> = { credit: 0, granted: 0, underflows: 0, exits: [] };
  const card = openCard({
    device,
    sampleRate: RATE,
    blockFrames: BLOCK,
    addon,
    onCredit: (blocks) => {
      seen.credit += blocks;
      seen.granted += blocks;
    },
    onUnderflow: (count) => (seen.underflows += count),
    onExit: (reason) => seen.exits.push(reason),
  });
  return Object.assign(seen, { card });
}

async function play(seen: Watched, blocks: number): Promise<void> {
  for (let number = 0; number < blocks; number++) {
    await until('credit', () => seen.credit > 0);
    seen.credit--;
    seen.card.write(blockOf(number));
  }
}

test('every block arrives bit for bit; an underflow is counted; close leaves no process', async (t) => {
  const fake = fakeCard(t, { underflowAt: 5 });
  const seen = watch(fake.addon, 'two');
  await play(seen, 100);
  await until('all acknowledged', () => seen.granted === 102);
  await seen.card.close();
  assert.equal(seen.underflows, 1);
  assert.deepEqual(seen.exits, []);
  assert.ok(!isAlive(seen.card.pid as number));
  const played = fake.played();
  assert.equal(played.length, 100 * BLOCK * 2);
  assert.equal(
    played.findIndex((sample, i) => sample !== sampleAt(i)),
    -1,
  );
});

test('at most two blocks are on their way; a card that hangs is killed on close', async (t) => {
  const seen = watch(fakeCard(t, { hangsAt: 1 }).addon);
  await play(seen, 2);
  assert.throws(() => seen.card.write(blockOf(2)), /no credit/);
  await seen.card.close();
  assert.equal(seen.granted, 2);
  assert.ok(!isAlive(seen.card.pid as number));
});

test('a card that cannot be opened says why, once, in one line', async (t) => {
  const noise = "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'\n".repeat(290);
  const seen = watch(
    fakeCard(t, { fails: 'Format not supported: Invalid sample rate', stderr: noise }).addon,
  );
  await until('it is gone', () => seen.exits.length > 0);
  assert.deepEqual(seen.exits, ['Format not supported: Invalid sample rate']);
  assert.equal(seen.granted, 0);
  await seen.card.close();
  assert.equal(seen.exits.length, 1);
});

test('no such device: the answer lists those there are', async (t) => {
  const seen = watch(fakeCard(t).addon, 'Nope');
  await until('it is gone', () => seen.exits.length > 0);
  assert.match(seen.exits[0] as string, /'Nope'; there are: default, 0 Fake One, 1 Fake Two/);
});

test('a process that dies is told, and writing afterwards only throws', async (t) => {
  const seen = watch(fakeCard(t, { diesAt: 3 }).addon);
  await play(seen, 3);
  await until('it is gone', () => seen.exits.length > 0);
  assert.match(seen.exits[0] as string, /process ended \(SIGKILL\)/);
  assert.throws(() => seen.card.write(blockOf(4)), /no credit/);
});

test('when the engine is killed the process of the card ends, also with a card that hangs', async (t) => {
  const { addon } = fakeCard(t, { hangsAt: 2 });
  const file = fileURLToPath(new URL('./orphan-child.js', import.meta.url));
  const parent = spawn(process.execPath, [file, addon], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const pid = Number(line);
  assert.ok(isAlive(pid));
  parent.kill('SIGKILL');
  await until('the orphan is gone', () => !isAlive(pid));
});
