import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPattern } from '../../engine/sequence/pattern.js';
import { MAX_STEPS, velocities } from '../../engine/shared/track.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';

test('X, x, dot, dash and blank pass without a word', () => {
  assert.equal(cleanValueOf(checkPattern('X.x- X...x-x. .x')), 'X.x- X...x-x. .x');
});

test('any other character rests, and its position is named, counted from 1', () => {
  const outcome = checkPattern('X.o.x1..');
  assert.deepEqual(velocities(valueOf(outcome)), [1, 0, 0, 0, 0.6, 0, 0, 0]);
  assert.match(warningsOf(outcome), /positions 3 \("o"\), 6 \("1"\)/);
});

test('a character outside the basic plane is one step', () => {
  const outcome = checkPattern('x😀o');
  assert.equal(velocities(valueOf(outcome)).length, 3);
  assert.match(warningsOf(outcome), /2 \("😀"\), 3 \("o"\)/);
});

test('empty, too long and no text are refused', () => {
  assert.equal(cleanValueOf(checkPattern('x'.repeat(MAX_STEPS))).length, MAX_STEPS);
  errorOf(checkPattern(''), 'E_PATTERN');
  assert.match(errorOf(checkPattern('x'.repeat(MAX_STEPS + 1)), 'E_PATTERN').got, /257/);
  for (const value of [7, null, undefined, ['x']]) errorOf(checkPattern(value), 'E_PATTERN');
});
