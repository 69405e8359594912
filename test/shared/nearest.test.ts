import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { distance, nearest } from '../../engine/shared/nearest.js';
import { holds } from '../helpers/property.js';

test('one insertion, loss, replacement or swap of neighbours is one mistake', () => {
  const pairs = [
    ['cutoff', 'cutof'],
    ['cutoff', 'cuttoff'],
    ['cutoff', 'cutoft'],
    ['filter', 'fliter'],
  ] as const;
  for (const [a, b] of pairs) assert.equal(distance(a, b), 1, `${a} ${b}`);
});

test('a distance is 0 only for equal names, symmetric, and at most the longer length', (t) => {
  holds(t, fc.tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 })), ([a, b]) => {
    assert.equal(distance(a, b), distance(b, a));
    assert.equal(distance(a, b) === 0, a === b);
    assert.ok(distance(a, b) <= Math.max(a.length, b.length));
  });
});

test('the best candidate comes first, and what resembles nothing finds nothing', () => {
  const names = ['freq', 'filter/freq', 'filter/q', 'amp'];
  assert.deepEqual(nearest('fliter/freq', names), ['filter/freq']);
  assert.deepEqual(nearest('FREQ', names), ['freq']);
  assert.deepEqual(nearest('filter', names), ['filter/q', 'filter/freq']);
  assert.deepEqual(nearest('zzzzzzzz', names), []);
  assert.deepEqual(nearest('x'.repeat(1e6), names), []);
});
