import assert from 'node:assert/strict';
import test from 'node:test';
import { sequencerPart } from '../../scripts/soak/sequencer.js';

test('20 s with swing, ramps and time tags are the formula to the bit', async (t) => {
  const seed = Number(process.env['CHRONUS_SEED'] ?? Date.now() % 1e6);
  t.diagnostic(`CHRONUS_SEED=${seed}`);
  for (const { figure, measured, reached } of await sequencerPart.run({ seed, quick: true, say: () => {} }))
    assert.ok(reached, `${figure}: ${measured}`);
});
