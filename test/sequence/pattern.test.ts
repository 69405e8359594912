import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkPattern } from '../../engine/sequence/pattern.js';
import { euclid, MAX_STEPS, plainPattern, readSteps } from '../../engine/shared/steps.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';

const plain = (text: string): string => plainPattern(readSteps(text).steps);
const hits = (played: readonly boolean[]): string => played.map((hit) => (hit ? 'x' : '.')).join('');

test('X, x, dot, dash, blank and tie pass without a word', () => {
  assert.equal(cleanValueOf(checkPattern('X.x- X...x_x_ .x')), 'X.x- X...x_x_ .x');
});

test('any other character rests, and its position is named, counted from 1', () => {
  const outcome = checkPattern('X.o.x1..');
  assert.equal(plain(valueOf(outcome)), 'X...x...');
  assert.match(warningsOf(outcome), /positions 3 \("o"\), 6 \("1"\)/);
});

test('a character outside the basic plane is one step', () => {
  const outcome = checkPattern('x😀o');
  assert.equal(plain(valueOf(outcome)), 'x..');
  assert.match(warningsOf(outcome), /2 \("😀"\), 3 \("o"\)/);
  assert.match(errorOf(checkPattern('😀x*0'), 'E_PATTERN').got, /position 3/);
});

test('a hit carries chance, ratchet and spread, in any order', () => {
  const { steps } = readSteps('X*2?75.x?_x(3,8)?50*4');
  assert.deepEqual(steps.slice(0, 5), [
    { kind: 'accent', ratchet: 2, chance: 75 },
    { kind: 'rest', ratchet: 1, chance: 100 },
    { kind: 'hit', ratchet: 1, chance: 50 },
    { kind: 'tie', ratchet: 1, chance: 100 },
    { kind: 'hit', ratchet: 4, chance: 50 },
  ]);
  assert.equal(plainPattern(steps), 'X.x.x..x..x.');
});

test('the spread is that of the literature', () => {
  // Toussaint, "The Euclidean Algorithm Generates Traditional Musical Rhythms" (2005).
  const named: [number, number, string][] = [
    [2, 5, 'x.x..'],
    [3, 8, 'x..x..x.'],
    [4, 7, 'x.x.x.x'],
    [5, 8, 'x.xx.xx.'],
    [5, 12, 'x..x.x..x.x.'],
    [7, 12, 'x.xx.x.xx.x.'],
    [7, 16, 'x..x.x.x..x.x.x.'],
    [9, 16, 'x.xx.x.x.xx.x.x.'],
    [13, 24, 'x.xx.x.x.x.x.xx.x.x.x.x.'],
    [0, 4, '....'],
    [4, 4, 'xxxx'],
    [1, 1, 'x'],
  ];
  for (const [k, n, text] of named) assert.equal(hits(euclid(k, n)), text, `(${k},${n})`);
  assert.equal(plain('x(3,8,2)'), '.x..x.x.');
  assert.equal(plain('X(3,8,-1)'), '.X..X..X');
});

test('every spread has its hits, and their distances differ by at most one', (t) => {
  holds(t, fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 64 })), ([n, some]) => {
    const k = Math.min(n, some);
    const played = euclid(k, n);
    assert.equal(played.filter(Boolean).length, k);
    const at = played.flatMap((hit, i) => (hit ? [i] : []));
    const gaps = at.map((place, i) => (at[i + 1] ?? n + (at[0] as number)) - place);
    if (k > 0) assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1, hits(played));
  });
});

test('a mistake behind an x is refused with its position', () => {
  for (const [text, position] of [
    ['x..x?101', 5],
    ['x*0', 2],
    ['xx*17', 3],
    ['x*', 2],
    ['..x(9,8)', 4],
    ['x(3,0)', 2],
    ['x(3)', 2],
    ['x(3,8', 2],
    ['x(3,257)', 2],
    ['x(a,b)', 2],
  ] as const) {
    const { got } = errorOf(checkPattern(text), 'E_PATTERN');
    assert.match(got, new RegExp(`position ${position}\\b`), `${text}: ${got}`);
  }
});

test('empty, too long and no text are refused', () => {
  assert.equal(cleanValueOf(checkPattern('x'.repeat(MAX_STEPS))).length, MAX_STEPS);
  errorOf(checkPattern(''), 'E_PATTERN');
  errorOf(checkPattern('x'.repeat(MAX_STEPS + 1)), 'E_PATTERN');
  errorOf(checkPattern('x(3,200)x(3,200)'), 'E_PATTERN');
  for (const value of [7, null, undefined, ['x']]) errorOf(checkPattern(value), 'E_PATTERN');
});

test('no text is too odd to be read', (t) => {
  holds(t, fc.string({ unit: fc.constantFrom(...'xX._?*(),0123456789 o-') }), (text) => {
    const { steps, mistake } = readSteps(text);
    assert.ok(steps.length <= 2 * MAX_STEPS);
    assert.ok(mistake === undefined || mistake.position <= text.length);
  });
});
