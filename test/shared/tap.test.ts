import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTap, TapReader, TapWriter } from '../../engine/shared/tap.js';

test('a block that comes twice is dropped, and a clock that was replaced cannot change what is there', () => {
  const tap = createTap(48_000, 64);
  const [first, second] = [new TapWriter(tap), new TapWriter(tap)];
  const filled = (x: number): Float32Array => new Float32Array(128).fill(x);
  first.write(0, filled(1));
  second.write(1, filled(2));
  first.write(1, filled(9));
  first.write(0, filled(9));
  second.write(3, filled(9));
  second.write(2, filled(3));
  const reader = new TapReader(tap, 0);
  const got = new Float32Array(128);
  const heard: number[] = [];
  while (reader.read(got)) heard.push(got[0] ?? NaN);
  assert.deepEqual(heard, [1, 2, 3]);
  assert.equal(reader.lost, 0);
});
