/** The sound of the engine changes only when somebody says so: `npm run golden -- --accept`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedGolden, hashOf, nullDifference, renderGolden } from '../../scripts/golden.js';
import { peakOf } from '../helpers/core.js';
import { ROOT } from '../helpers/root.js';

test('the golden piece has the accepted samples in each build', () => {
  const { hashes, samples } = acceptedGolden(ROOT);
  assert.ok(peakOf(samples) > 0.1);
  for (const build of ['simd', 'scalar'] as const) {
    const now = renderGolden(build);
    const difference = nullDifference(samples, now);
    assert.equal(
      hashOf(now),
      hashes[build],
      `${build}: ${difference} dB against the accepted sound; npm run golden`,
    );
  }
});

test('the accepted samples and hashes belong together', () => {
  const { hashes, samples } = acceptedGolden(ROOT);
  assert.equal(hashOf(samples), hashes['simd']);
});
