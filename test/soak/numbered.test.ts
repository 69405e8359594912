import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../engine/control/decode.js';
import { findPath } from '../../engine/registry/address.js';
import { numbered, tally } from '../../scripts/soak/numbered.js';
import { valueOf } from '../helpers/outcome.js';

interface Sent {
  readonly address: number;
  readonly value: number;
}

function setOf(n: number): Sent {
  const [message] = valueOf(decode(numbered(n)));
  const path = (message?.address ?? '').replace('/mod/', '');
  return { address: findPath(path)?.address ?? -1, value: Number(message?.args[0]?.value) };
}

test('numbered messages: what is lost is counted, also across the period; what overtakes is seen', () => {
  const sets = Array.from({ length: 140_000 }, (_, n) => setOf(n));
  assert.deepEqual(tally(sets, sets.length), { seen: 140_000, missing: 0, outOfOrder: 0 });
  const lossy = sets.filter((_, n) => n % 1000 !== 7 && (n < 61_000 || n > 75_000));
  assert.deepEqual(tally(lossy, sets.length), {
    seen: lossy.length,
    missing: sets.length - lossy.length,
    outOfOrder: 0,
  });
  const swapped = [...sets];
  [swapped[5000], swapped[5001]] = [swapped[5001] as Sent, swapped[5000] as Sent];
  [swapped[90], swapped[99]] = [swapped[99] as Sent, swapped[90] as Sent];
  assert.equal(tally(swapped, sets.length).outOfOrder, 10, 'one that was overtaken by one, nine by another');
  assert.equal(tally([{ address: 0, value: 440 }], 0).seen, 0);
});
