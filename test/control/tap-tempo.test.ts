import assert from 'node:assert/strict';
import test from 'node:test';
import { TapTempo } from '../../engine/control/tap-tempo.js';

function taps(...times: number[]): (number | undefined)[] {
  const tempo = new TapTempo();
  return times.map((ms) => tempo.tap(ms));
}

test('the tempo is the mean of the last taps', () => {
  assert.deepEqual(taps(0, 500, 1000), [undefined, 120, 120]);
  const uneven = taps(0, 490, 1010, 1500).at(-1) as number;
  assert.ok(Math.abs(uneven - 120) < 1e-9);
  // Eight taps are kept: the slow ones before them are forgotten.
  const late = taps(0, 1900, ...Array.from({ length: 8 }, (_, i) => 2400 + 500 * i)).at(-1);
  assert.equal(late, 120);
});

test('a pause, and a clock that goes back, begin anew', () => {
  assert.deepEqual(taps(0, 500, 2501), [undefined, 120, undefined]);
  assert.deepEqual(taps(0, 500, 400, 900), [undefined, 120, undefined, 120]);
  assert.deepEqual(taps(0, 0), [undefined, undefined]);
});
