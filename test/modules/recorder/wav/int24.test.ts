import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeInt24, INT24_MAX, toInt24 } from '../../../../modules/recorder/wav/int24.js';

test('full scale, silence and what lies beyond', () => {
  const pairs: [number, number][] = [
    [0, 0],
    [-0, 0],
    [1, INT24_MAX],
    [-1, -INT24_MAX],
    [1.5, INT24_MAX],
    [-1e30, -INT24_MAX],
    [Infinity, INT24_MAX],
    [NaN, 0],
    [0.5, 4_194_304],
    [-0.5, -4_194_303],
    [1e-9, 0],
  ];
  for (const [x, expected] of pairs) assert.equal(toInt24(x), expected, `sample ${x}`);
});

test('never more than half a step off, and never out of order', () => {
  const sample = fc.float({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      assert.ok(Math.abs(toInt24(a) - a * INT24_MAX) <= 0.5);
      if (a < b) assert.ok(toInt24(a) <= toInt24(b));
    }),
  );
});

test('bytes are little-endian and signed', () => {
  const bytes = new Uint8Array(11).fill(0xaa);
  encodeInt24(new Float32Array([1, -1, 1 / INT24_MAX, 0.7]), 3, bytes, 1);
  assert.deepEqual([...bytes], [0xaa, 0xff, 0xff, 0x7f, 0x01, 0x00, 0x80, 0x01, 0x00, 0x00, 0xaa]);
});

test('wherever the bytes lie and however many they are: those of one sample after the other, and nothing beside them', () => {
  const sample = fc.float({ noDefaultInfinity: false, min: -2, max: 2 });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 41 }), fc.nat(9), (samples, at) => {
      const bytes = new Uint8Array(at + 3 * samples.length + 5).fill(0xaa);
      encodeInt24(new Float32Array(samples), samples.length, bytes, at);
      const expected = Buffer.alloc(bytes.length, 0xaa);
      samples.forEach((x, i) => expected.writeIntLE(roundedToInt24(x), at + 3 * i, 3));
      assert.deepEqual([...bytes], [...expected]);
    }),
  );
});

/** As it is defined. */
function roundedToInt24(x: number): number {
  return Number.isNaN(x) ? 0 : Math.round(Math.max(-1, Math.min(1, x)) * INT24_MAX);
}
