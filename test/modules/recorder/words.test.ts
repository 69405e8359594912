import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MAX_MARK_CHARACTERS,
  readKeep,
  readMark,
  readStart,
  readStop,
  type Args,
  type StartWords,
} from '../../../modules/recorder/words.js';
import { errorOf, valueOf } from '../../helpers/outcome.js';

const LOOK_BACK = 60;
const read = (...args: Args): Partial<StartWords> => valueOf(readStart(args, LOOK_BACK));

test('R13 R35 R204 what the words mean', () => {
  const plain = { id: 'main', sample: 'int24', style: 'session', prerollSeconds: 0 };
  assert.deepEqual(read(), plain);
  assert.deepEqual(read('take'), { ...plain, name: 'take' });
  assert.deepEqual(read('take', 'wav'), { ...plain, name: 'take' });
  assert.deepEqual(read('take', 'WAV'), { ...plain, name: 'take' });
  assert.deepEqual(read('guitar', 'take'), { ...plain, id: 'guitar', name: 'take' });
  assert.deepEqual(read('guitar', 'take', 'wav'), { ...plain, id: 'guitar', name: 'take' });
  assert.deepEqual(read('dur=2.5', 'take', 'preroll=10s', 'id=b', 'format=wav'), {
    ...plain,
    id: 'b',
    name: 'take',
    durationSeconds: 2.5,
    prerollSeconds: 10,
  });
  assert.deepEqual(read(5), { ...plain, name: '5' });
  assert.deepEqual(read('take.wav'), { ...plain, name: 'take.wav' });
  assert.deepEqual(read('wav'), { ...plain, name: 'wav' });
  assert.deepEqual(read('project=tour'), { ...plain, style: 'project', project: 'tour' });
  assert.deepEqual(read('style=recording'), { ...plain, style: 'recording' });
});

test('R35 R37 R38 R202 the kind of sample can be said in many ways', () => {
  const ways: [string, Args[]][] = [
    [
      'int16',
      [['t', '16'], ['t', 'wav16'], ['t', 'int16'], ['bits=16'], ['format=wav', 'bits=16'], ['t', 0]],
    ],
    ['int24', [['t', '24'], ['t', 'wav-24'], ['format=bwf'], ['format=s24'], ['t', 1], ['a', 't', 'wav24']]],
    ['float32', [['t', '32f'], ['t', 'wav32f'], ['format=float32'], ['bits=32'], ['t', 2], ['t', 'WAV_32F']]],
  ];
  for (const [sample, all] of ways)
    for (const args of all) assert.equal(read(...args).sample, sample, String(args));
});

const REFUSED: readonly [code: string, args: Args, says: RegExp][] = [
  ['E_FORMAT', ['take', 'flac'], /wav24 \(default\)/],
  ['E_FORMAT', ['take.mp3'], /wav24/],
  ['E_FORMAT', ['format=aiff'], /wav/],
  ['E_FORMAT', ['take', 3], /0, 1, 2/],
  ['E_FORMAT', ['format=wav8'], /16, 24 or 32/],
  ['E_FORMAT', ['bits=8'], /16, 24 or 32/],
  ['E_FORMAT', ['format=wav16', 'bits=24'], /wav16/],
  ['E_ARGS', ['duration=5'], /dur=/],
  ['E_ARGS', ['style=fancy'], /session, recording/],
  ['E_ARGS', ['a', 'b', 'c', 'd'], /id, name and format/],
  ['E_RANGE', ['dur=0'], /more than 0/],
  ['E_RANGE', ['dur=-1'], /0\.\./],
  ['E_RANGE', ['dur=soon'], /seconds/],
  ['E_RANGE', ['dur=Infinity'], /seconds/],
  ['E_RANGE', ['preroll=61'], /0\.\.60/],
  ['E_ID', ['id=../x'], /letters/],
  ['E_ID', ['all', 'take'], /another word/],
];

test('R22 R32 R33 what is refused, and what would have been taken', () => {
  for (const [code, args, says] of REFUSED)
    assert.match(errorOf(readStart(args, LOOK_BACK), code).allowed, says, JSON.stringify(args));
  assert.deepEqual(errorOf(readStart(['preoll=5'], LOOK_BACK), 'E_ARGS').nearest, ['preroll']);
});

test('keep takes seconds, a name and a format, each of them or none', () => {
  const keep = (...args: Args) => valueOf(readKeep(args, LOOK_BACK));
  const plain = { seconds: 60, sample: 'int24', style: 'session' };
  assert.deepEqual(keep(), plain);
  assert.deepEqual(keep(12.5), { ...plain, seconds: 12.5 });
  assert.deepEqual(keep('30s', 'drop', 'wav16'), { ...plain, seconds: 30, name: 'drop', sample: 'int16' });
  assert.deepEqual(keep('5songs'), { ...plain, name: '5songs' });
  assert.deepEqual(keep('drop', 'bits=32'), { ...plain, name: 'drop', sample: 'float32' });
  for (const args of [[0], [61], ['-1'], ['NaN']] as Args[]) errorOf(readKeep(args, LOOK_BACK), 'E_RANGE');
  errorOf(readKeep([1, 'a', 'wav', 'x'], LOOK_BACK), 'E_ARGS');
  errorOf(readKeep(['dur=5'], LOOK_BACK), 'E_ARGS');
  assert.equal(valueOf(readKeep([300], 600)).seconds, 300);
});

test('a mark is a text for every take or for one, without what no file can hold', () => {
  assert.deepEqual(valueOf(readMark(['the', 'drop'])), { text: 'the drop' });
  assert.deepEqual(valueOf(readMark([])), { text: 'mark' });
  assert.deepEqual(valueOf(readMark(['Höhe 音', 'id=b'])), { text: 'Höhe 音', id: 'b' });
  assert.deepEqual(valueOf(readMark(['a\0b\n\ud800', 'id=all'])), { text: 'a b' + '  ' });
  errorOf(readMark(['x'.repeat(MAX_MARK_CHARACTERS + 1)]), 'E_TEXT');
  errorOf(readMark(['x', 'id=..']), 'E_ID');
});

test('stop takes an id, id=, all or nothing', () => {
  const ids = ([[], ['b'], ['id=b'], ['all'], [3]] as Args[]).map((args) => readStop(args));
  assert.deepEqual(
    ids.map((id) => id.ok && id.value),
    ['main', 'b', 'b', 'all', '3'],
  );
  assert.ok(!readStop(['a', 'b']).ok);
});
