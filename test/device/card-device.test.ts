import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCardDevice } from '../../engine/device/card-device.js';
import {
  CLOSED,
  FAILED,
  GRANTED,
  PLAYING,
  SKIPPED,
  STATE,
  UNDERFLOWS,
} from '../../engine/device/card-progress.js';
import { BLOCK, Player, RATE, sampleAt, smallTap, until } from '../modules/recorder/fixtures.js';
import { fakeCard, type FakeOptions } from './fixtures.js';
import type { TestContext } from 'node:test';

function setUp(t: TestContext, options: FakeOptions = {}) {
  const tap = smallTap();
  const fake = fakeCard(t, options);
  const failures: string[] = [];
  const output = openCardDevice({
    tap,
    device: 'default',
    sampleRate: RATE,
    addon: fake.addon,
    onFailed: (reason) => failures.push(reason),
  });
  const words = new Int32Array(output.progress);
  return {
    fake,
    failures,
    output,
    words,
    player: new Player(tap),
    word: (index: number) => Atomics.load(words, index),
  };
}

test('a clock that paces on the card: every block is played once, from where the card joined', async (t) => {
  const { fake, failures, output, player, word } = setUp(t, { underflowAt: 7 });
  player.play(10);
  await until('it plays', () => word(STATE) === PLAYING);
  await until('two blocks are wanted', () => word(GRANTED) === 12);
  const last = 10 + 200;
  while (player.next < last) {
    await until('the next block is wanted', () => word(GRANTED) > player.next);
    player.play(Math.min(word(GRANTED), last) - player.next);
    assert.ok(word(GRANTED) <= player.next + 2, 'never more than two blocks ahead of the card');
  }
  await until('all were taken', () => word(GRANTED) === last + 2);
  await output.close();
  assert.deepEqual([word(STATE), word(UNDERFLOWS), word(SKIPPED), failures], [CLOSED, 1, 0, []]);
  const played = fake.played();
  const offset = 10 * BLOCK * 2;
  assert.equal(played.length, 200 * BLOCK * 2);
  assert.equal(
    played.findIndex((sample, i) => sample !== sampleAt(offset + i)),
    -1,
  );
});

test('a card that cannot be opened: state failed, the clock is woken, the reason told once', async (t) => {
  const { failures, output, words, word } = setUp(t, { fails: 'Could not open stream: Device unavailable' });
  await until('failed', () => word(STATE) === FAILED);
  await until('told', () => failures.length > 0);
  assert.deepEqual(failures, ['Could not open stream: Device unavailable']);
  assert.equal(words[GRANTED], 0);
  await output.close();
  assert.equal(word(STATE), FAILED);
});

test('a process that dies in the middle: state failed, and the tap goes on', async (t) => {
  const { failures, output, player, word } = setUp(t, { diesAt: 3 });
  await until('it plays', () => word(STATE) === PLAYING);
  player.play(5);
  await until('failed', () => word(STATE) === FAILED);
  await until('told', () => failures.length > 0);
  player.play(100);
  assert.match(failures[0] as string, /process ended/);
  await output.close();
});

test('a clock that does not pace on the card: the card is brought up, what it missed is counted', async (t) => {
  const { fake, output, player, word } = setUp(t);
  await until('it plays', () => word(STATE) === PLAYING);
  player.play(500);
  await until('it has caught up', () => word(GRANTED) === 502);
  await output.close();
  assert.ok(word(SKIPPED) > 0);
  assert.equal(fake.played().length, (500 - word(SKIPPED)) * BLOCK * 2);
});
