import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunMemory, LEAD, RING_BLOCKS } from '../../engine/shared/run-memory.js';
import { LeadKeeper } from '../../engine/supervisor/lead-keeper.js';

const FORMAT = { sampleRate: 48_000, blockFrames: 256, voices: 1, leadBlocks: 3 };
const LAYOUT = { stateStart: 0, stateEnd: 64, statusAddress: 0, crumbAddress: 0 };

test('a card that has run dry gets one block more of lead, at most once a second, and the player is told', () => {
  const run = createRunMemory(FORMAT, LAYOUT, []);
  const control = new Int32Array(run.control);
  let underflows = 2;
  let now = 0;
  const told: string[] = [];
  const keeper = new LeadKeeper(
    run,
    { underflows: () => underflows },
    (line) => told.push(line),
    () => now,
  );
  keeper.look();
  assert.equal(control[LEAD], 3, 'what happened before it looked is no news');
  underflows = 5;
  keeper.look();
  assert.equal(control[LEAD], 4);
  assert.match(
    told[0] ?? '',
    /ran dry \(5 times so far\).* 4 blocks \(21\.3 ms\) ahead\. Start with --lead 22/,
  );
  underflows = 9;
  now = 500;
  keeper.look();
  assert.equal(control[LEAD], 4, 'not twice within a second');
  now = 1100;
  keeper.look();
  assert.equal(control[LEAD], 5);
  for (let i = 0; i < 100; i++) {
    underflows++;
    now += 2000;
    keeper.look();
  }
  assert.equal(control[LEAD], RING_BLOCKS - 2, 'as far as a ring goes');
});
