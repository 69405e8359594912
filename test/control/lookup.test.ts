import assert from 'node:assert/strict';
import test from 'node:test';
import { lookup } from '../../engine/control/lookup.js';
import { compilePattern } from '../../engine/control/pattern.js';
import { errorOf, valueOf } from '../helpers/outcome.js';

const addresses = (address: string, voices = 8): string[] =>
  valueOf(lookup(address, voices)).map((found) => found.address);

test('patterns fan out to every parameter and gate they fit, in the order of the tables', () => {
  assert.deepEqual(
    addresses('/mod/voice[1-4]/freq'),
    [1, 2, 3, 4].map((n) => `/mod/voice${n}/freq`),
  );
  assert.deepEqual(addresses('/mod/voice?/amp', 3), [
    '/mod/voice1/amp',
    '/mod/voice2/amp',
    '/mod/voice3/amp',
  ]);
  assert.deepEqual(addresses('/mod/voice1/filter/*'), [
    '/mod/voice1/filter/freq',
    '/mod/voice1/filter/q',
    '/mod/voice1/filter/type',
  ]);
  assert.deepEqual(addresses('/mod/{reverb,delay}1/mix'), ['/mod/reverb1/mix', '/mod/delay1/mix']);
  assert.deepEqual(addresses('/mod/lfo[!1]/rate'), ['/mod/lfo2/rate']);
  assert.deepEqual(addresses('/gate/*', 2), ['/gate/voice1', '/gate/voice2', '/gate/acid1']);
  assert.equal(addresses('/mod/*/freq', 256).length, 256);
});

test('a pattern never reaches the recorder: it is no part of the sound', () => {
  errorOf(lookup('/mod/rec*/*', 8), 'E_ROUTE');
});

test('patterns elsewhere, or not closed, are refused', () => {
  for (const address of ['/seq/*', '/*/start', '/mod*/voice1/freq', '/engine/sto?', '/{mod,gate}/voice1']) {
    errorOf(lookup(address, 8), 'E_WILDCARD');
  }
  for (const address of [
    '/mod/voice[1-4/freq',
    '/mod/voice{1,2/freq',
    '/mod/voice1]/freq',
    '/mod/voice[4-1]/freq',
    '/mod/voice[]/freq',
  ]) {
    errorOf(lookup(address, 8), 'E_WILDCARD');
  }
  errorOf(lookup('/mod/voice*/cutof', 8), 'E_ROUTE');
});

test('a long pattern costs little', () => {
  const from = performance.now();
  assert.equal(lookup(`/mod/${'*a'.repeat(120)}/freq`, 256).ok, false);
  assert.ok(performance.now() - from < 1000, `${Math.round(performance.now() - from)} ms`);
  assert.equal(compilePattern(`/${'a'.repeat(300)}`), undefined);
});

test('what does not exist is answered with what looks like it', () => {
  const near = (address: string): readonly string[] => errorOf(lookup(address, 8), 'E_ROUTE').nearest ?? [];
  assert.equal(near('/mod/voice3/fliter/freq')[0], '/mod/voice3/filter/freq');
  assert.equal(near('/mod/voic3/freq')[0], '/mod/voice3/freq');
  assert.equal(near('/mod/acid1/cutof')[0], '/mod/acid1/cutoff');
  assert.equal(near('/seq/strat')[0], '/seq/start');
  assert.equal(near('/gate/voise2')[0], '/gate/voice2');
  assert.match(errorOf(lookup('/mod/voice1', 8), 'E_ROUTE').allowed, /freq, amp/);
  for (const address of [
    '/',
    '/mod',
    '/mod/',
    '/mod/x/',
    '/gate',
    '/gate/',
    '/gate/1/2',
    '/test/unknown/route',
    '/mod/__proto__/x',
    '/mod/reverb2/mix',
  ]) {
    errorOf(lookup(address, 8), 'E_ROUTE');
  }
});

test('a voice above those of the engine is named as such', () => {
  const problem = errorOf(lookup('/mod/voice9/freq', 8), 'E_VOICE');
  assert.equal(problem.allowed, 'voice1 to voice8');
  assert.match(problem.mend, /--voices 9/);
  errorOf(lookup('/gate/voice9', 8), 'E_VOICE');
  errorOf(lookup('/mod/voice300/freq', 8), 'E_VOICE');
});

test('gates of old', () => {
  for (const address of ['/gate/adsr1', '/gate/1']) {
    assert.deepEqual(valueOf(lookup(address, 8)), [{ kind: 'gate', address, module: 'voice', index: 0 }]);
  }
});
