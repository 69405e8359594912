import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_KINDS, ENTRY_WORDS } from '../../engine/shared/command.js';
import { putDecisions, skips } from '../../engine/shared/decision-entries.js';
import {
  createDecisions,
  decide,
  decisionAt,
  decisionCount,
  decisionsIn,
  MAX_DECISIONS,
  seal,
  SEALED,
  SKIP,
  undecided,
} from '../../engine/shared/decisions.js';

const BLOCKS = 8;

function verdictsOf(): Int32Array {
  return new Int32Array(createDecisions(BLOCKS).verdicts);
}
/** The clock empties the word of a block for its next round. */
function empty(words: Int32Array, block: number): void {
  words[block % BLOCKS] = undecided(block, BLOCKS);
}

test('what stands for a block before it is decided differs from round to round', () => {
  const seen = new Set<number>();
  for (let round = 0; round < 100; round++) seen.add(undecided(3 + round * BLOCKS, BLOCKS));
  assert.equal(seen.size, 100);
  assert.ok([...seen].every((word) => word < 0));
  // After a year of blocks a number comes again, and is still no decision.
  assert.ok(undecided(2 ** 40, BLOCKS) < 0);
});

test('rule 13: a decision is there before the block is sealed or it is refused', () => {
  const verdicts = verdictsOf();
  assert.ok(decide(verdicts, 3, 7));
  assert.ok(seal(verdicts, 3, verdicts[3] as number));
  assert.equal(decide(verdicts, 3, 8), false, 'after the seal');
  assert.ok(seal(verdicts, 4, undecided(4, BLOCKS)));
  assert.equal(decide(verdicts, 4, SKIP), false, 'sealed without a decision');
  assert.deepEqual([decisionAt(verdicts[3] as number, 0), decisionCount(verdicts[3] as number)], [7, 1]);
  assert.equal(decisionsIn(verdicts[4] as number), 0);
});

test('R63, rule 13: whoever rendered a block with other decisions than were taken cannot seal it', () => {
  const verdicts = verdictsOf();
  const before = verdicts[2] as number;
  assert.ok(decide(verdicts, 2, 5));
  assert.equal(seal(verdicts, 2, before), false);
  const between = verdicts[2] as number;
  assert.ok(decide(verdicts, 2, SKIP));
  assert.equal(seal(verdicts, 2, between), false);
  assert.ok(seal(verdicts, 2, verdicts[2] as number));
  assert.ok(seal(verdicts, 2, (verdicts[2] as number) & ~SEALED), 'another slot with the same decisions');
});

test('a block takes three decisions in their order, none of them twice', () => {
  const verdicts = verdictsOf();
  assert.deepEqual(
    [4, 4, SKIP, 9, 11].map((decision) => decide(verdicts, 1, decision)),
    [true, false, true, true, false],
  );
  const verdict = verdicts[1] as number;
  assert.equal(decisionCount(verdict), MAX_DECISIONS);
  assert.deepEqual(
    [0, 1, 2].map((i) => decisionAt(verdict, i)),
    [4, SKIP, 9],
  );
});

test('rule 13: the decisions of a block stand before its commands as entries of the journal', () => {
  const verdicts = verdictsOf();
  for (const decision of [4, SKIP, 9]) decide(verdicts, 1, decision);
  const words = new Int32Array(4 * ENTRY_WORDS).fill(-1);
  assert.equal(putDecisions(verdicts[1] as number, 17, words), 3);
  const [bypass, skipped] = [COMMAND_KINDS.indexOf('bypass'), COMMAND_KINDS.indexOf('skipped')];
  assert.deepEqual(
    [0, 1, 2].map((i) => [...words.subarray(i * ENTRY_WORDS, i * ENTRY_WORDS + 4)]),
    [
      [bypass, 3, 1, 1],
      [skipped, 17, 0, 0],
      [bypass, 8, 1, 1],
    ],
  );
  assert.ok(skips(verdicts[1] as number));
  assert.equal(putDecisions(undecided(1, BLOCKS), 17, words), 0);
  assert.equal(skips(undecided(1, BLOCKS)), false);
});

test('rule 14: a decision about a block of an earlier round does not fall on the block that has its place now', () => {
  const verdicts = verdictsOf();
  empty(verdicts, 5 + BLOCKS);
  assert.equal(decide(verdicts, 5, 3), false);
  assert.equal(verdicts[5], undecided(5 + BLOCKS, BLOCKS));
  assert.ok(decide(verdicts, 5 + BLOCKS, 3));
});

test('rule 14: a slot that comes back after a whole round cannot seal the block that has its place now', () => {
  const verdicts = verdictsOf();
  empty(verdicts, 5 + BLOCKS);
  // It has read the word only now, and takes it for its own.
  assert.equal(seal(verdicts, 5, verdicts[5] as number), false);
  assert.ok(decide(verdicts, 5 + BLOCKS, 3), 'the later block can still be decided');
});
