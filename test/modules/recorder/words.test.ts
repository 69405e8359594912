import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStart, readStop, type StartWords } from '../../../modules/recorder/words.js';

type Args = readonly (string | number)[];

function read(...args: Args): Partial<StartWords> {
  const outcome = readStart(args);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

test('what the words mean', () => {
  const plain = { id: 'main', format: 'wav', prerollSeconds: 0 };
  assert.deepEqual(read(), plain);
  assert.deepEqual(read('take'), { ...plain, name: 'take' });
  assert.deepEqual(read('take', 'wav'), { ...plain, name: 'take' });
  assert.deepEqual(read('take', 'WAV'), { ...plain, name: 'take' });
  assert.deepEqual(read('guitar', 'take'), { ...plain, id: 'guitar', name: 'take' });
  assert.deepEqual(read('guitar', 'take', 'wav'), { ...plain, id: 'guitar', name: 'take' });
  assert.deepEqual(read('dur=2.5', 'take', 'preroll=10s', 'id=b', 'format=wav'), {
    id: 'b',
    format: 'wav',
    name: 'take',
    durationSeconds: 2.5,
    prerollSeconds: 10,
  });
  assert.deepEqual(read(5), { ...plain, name: '5' });
  assert.deepEqual(read('take.wav'), { ...plain, name: 'take.wav' });
  assert.deepEqual(read('wav'), { ...plain, name: 'wav' });
});

const REFUSED: readonly [code: string, args: Args, says: RegExp][] = [
  ['E_FORMAT', ['take', 'flac'], /wav \(24-bit\)/],
  ['E_FORMAT', ['take.mp3'], /wav \(24-bit\)/],
  ['E_FORMAT', ['format=aiff'], /wav/],
  ['E_ARGS', ['duration=5'], /dur=/],
  ['E_ARGS', ['a', 'b', 'c', 'd'], /id, name and format/],
  ['E_RANGE', ['dur=0'], /more than 0/],
  ['E_RANGE', ['dur=-1'], /0\.\./],
  ['E_RANGE', ['dur=soon'], /seconds/],
  ['E_RANGE', ['dur=Infinity'], /seconds/],
  ['E_RANGE', ['preroll=61'], /0\.\.60/],
  ['E_ID', ['id=../x'], /letters/],
  ['E_ID', ['all', 'take'], /another word/],
];

test('what is refused, and what would have been taken', () => {
  for (const [code, args, says] of REFUSED) {
    const outcome = readStart(args);
    assert.ok(!outcome.ok, JSON.stringify(args));
    assert.equal(outcome.error.code, code, JSON.stringify(args));
    assert.match(outcome.error.allowed, says);
  }
  const typo = readStart(['preoll=5']);
  assert.ok(!typo.ok);
  assert.deepEqual(typo.error.nearest, ['preroll']);
});

test('stop takes an id, id=, all or nothing', () => {
  const ids = ([[], ['b'], ['id=b'], ['all'], [3]] as Args[]).map((args) => readStop(args));
  assert.deepEqual(
    ids.map((id) => id.ok && id.value),
    ['main', 'b', 'b', 'all', '3'],
  );
  assert.ok(!readStop(['a', 'b']).ok);
});
