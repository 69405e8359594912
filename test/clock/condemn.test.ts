/** Who is ended, when its slot is free again, and what is decided about the block it died in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRUMB_COMMANDS, CRUMB_SEQUENCER, MAX_UNITS } from '../../engine/shared/core-layout.js';
import { decisionAt, decisionCount, HALT, seal, SKIP, undecided } from '../../engine/shared/decisions.js';
import {
  ACTIVE,
  DEAD,
  DEATH_BLOCK,
  DEATH_BY,
  DEATH_CRUMB,
  EMPTY,
  EXITED,
  FILLING,
  HEAD,
  READ_BLOCK,
  READY,
  SEEN,
  SPARE,
  STATE,
} from '../../engine/shared/run-memory.js';
import { BY_OTHERS } from '../../engine/slot/death.js';
import { CLOCK_LIMITS, ClockStage, LEAD_BLOCKS } from '../helpers/clock.js';

const { hangMs, fillMs } = CLOCK_LIMITS;
const kinds = (stage: ClockStage): string[] => stage.events().map(({ kind, slot }) => `${kind} ${slot}`);
/** The decisions about a block. */
function decided(stage: ClockStage, block: number): number[] {
  const verdict = stage.verdicts[block % stage.verdicts.length] as number;
  return Array.from({ length: decisionCount(verdict) }, (_, i) => decisionAt(verdict, i));
}

test('rule 10: a leader that owes blocks is ended after the hang limit, not before', () => {
  const stage = new ClockStage().pair(10);
  stage.put(READ_BLOCK, 11);
  stage.lookFor(hangMs);
  assert.equal(stage.of(0, STATE), READY);
  stage.look();
  stage.look();
  assert.deepEqual([stage.of(0, STATE), stage.of(0, DEATH_BY)], [DEAD, BY_OTHERS]);
  assert.equal(stage.active(), 1, 'the standby leads');
  assert.equal(kinds(stage)[0], 'hung 0');
  assert.ok(stage.asked > 0);
});

test('rule 10: a standby that does not follow the leader is ended after the hang limit too', () => {
  const stage = new ClockStage().pair(10);
  stage.set(0, [[HEAD, 11 + LEAD_BLOCKS]]);
  stage.put(READ_BLOCK, 11);
  stage.lookFor(hangMs + 2);
  assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [READY, DEAD]);
  assert.equal(stage.standby(), -1);
});

test('rule 10: a slot that does not see a promotion is ended, though it owes no block', () => {
  const stage = new ClockStage().pair(10);
  assert.ok(stage.roles.promote(stage.now, 10, 'missing'));
  stage.set(1, [[SEEN, stage.word(ACTIVE)]]);
  stage.lookFor(hangMs + 2);
  assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [DEAD, READY]);
});

test('who owes nothing, or makes a block now and then, is not ended', () => {
  const stage = new ClockStage().pair(10);
  stage.lookFor(5 * hangMs);
  assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [READY, READY]);
  stage.put(READ_BLOCK, 1000);
  for (let head = 100; head < 105; head++) {
    stage.set(0, [[HEAD, head]]);
    stage.set(1, [[HEAD, head]]);
    stage.lookFor(hangMs - 1);
  }
  assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [READY, READY]);
});

test('rule 12: when the clock itself was asleep, that counts for nobody', () => {
  const stage = new ClockStage().pair(10);
  stage.set(0, [[HEAD, 11 + LEAD_BLOCKS]]);
  stage.put(READ_BLOCK, 12);
  stage.set(2, [[STATE, SPARE]]);
  stage.lookFor(hangMs - 10);
  for (let i = 0; i < 20; i++) {
    stage.look(500);
    assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [READY, READY], `after sleep ${i}`);
    if (i === 0) stage.set(0, [[HEAD, 12 + LEAD_BLOCKS]]);
    if (i === 0) stage.set(1, [[HEAD, 12 + LEAD_BLOCKS]]);
  }
  // Awake again, the limits hold.
  stage.put(READ_BLOCK, 13);
  stage.lookFor(hangMs + 2);
  assert.equal(stage.of(0, STATE), DEAD);
});

test('rule 12: a sleep of the clock is not time in which a slot should have been filled', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.set(2, [[STATE, SPARE]]);
  stage.look();
  stage.look(2 * fillMs);
  assert.equal(stage.of(2, STATE), FILLING);
  stage.lookFor(fillMs + 1);
  assert.equal(stage.of(2, STATE), DEAD);
});

test('a slot that is not filled in time is ended, and another spare is chosen', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.set(1, [[STATE, SPARE]]);
  stage.look();
  stage.set(2, [[STATE, SPARE]]);
  stage.lookFor(fillMs);
  assert.equal(stage.of(1, STATE), FILLING);
  stage.lookFor(2);
  assert.deepEqual([stage.of(1, STATE), stage.of(2, STATE), stage.standby()], [DEAD, FILLING, 2]);
  assert.deepEqual(kinds(stage), ['hung 1']);
});

test('rule 12: a clock that takes over gives a slot that is being filled its whole time', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.set(1, [[STATE, SPARE]]);
  stage.look();
  stage.takeOver();
  stage.lookFor(fillMs);
  assert.equal(stage.of(1, STATE), FILLING);
  stage.lookFor(2);
  assert.equal(stage.of(1, STATE), DEAD);
});

test('rule 9: a slot is free only after its worker is gone and all it made has been taken', () => {
  const stage = new ClockStage().pair(10);
  stage.dies(0);
  stage.look();
  assert.equal(stage.active(), 1);
  stage.put(READ_BLOCK, 10 + LEAD_BLOCKS);
  stage.look();
  assert.equal(stage.of(0, STATE), DEAD, 'its worker may still write');
  stage.put(READ_BLOCK, 9 + LEAD_BLOCKS);
  stage.exits(0);
  stage.look();
  assert.equal(stage.of(0, STATE), DEAD, 'its last block is still to be taken');
  assert.equal(stage.roles.find(9 + LEAD_BLOCKS), 1);
  const asked = stage.asked;
  stage.put(READ_BLOCK, 10 + LEAD_BLOCKS);
  stage.look();
  assert.deepEqual([stage.of(0, STATE), stage.of(0, EXITED)], [EMPTY, 0]);
  assert.equal(stage.asked, asked + 1, 'main starts another worker');
});

test('rule 9: a slot that leads is never freed, though it is dead and nobody can follow it', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.put(READ_BLOCK, LEAD_BLOCKS);
  stage.look();
  stage.dies(0);
  stage.exits(0);
  stage.lookFor(200);
  assert.deepEqual([stage.of(0, STATE), stage.word(ACTIVE)], [DEAD, 0]);
  // A spare goes on from the checkpoint, leads, and only then the slot is free.
  stage.set(1, [[STATE, SPARE]]);
  stage.look();
  assert.equal(stage.of(1, STATE), FILLING);
  stage.ready(1, LEAD_BLOCKS);
  stage.look();
  assert.equal(stage.active(), 1);
  stage.look();
  assert.equal(stage.of(0, STATE), EMPTY);
});

test('a death is told once, with the block and the breadcrumb', () => {
  const stage = new ClockStage().pair(10);
  stage.inCore(1, 13, 7);
  stage.dies(1);
  stage.dies(1);
  stage.lookFor(5);
  const [died, ...others] = stage.events();
  assert.deepEqual([died?.kind, died?.slot, died?.block, died?.crumb], ['died', 1, 13, 7]);
  assert.deepEqual(others, []);
});

test('rule 13: a command that has killed two slots in one block is skipped; one death is not enough', () => {
  const stage = new ClockStage().pair(10);
  for (const slot of [0, 1]) stage.inCore(slot, 13, CRUMB_COMMANDS);
  stage.dies(0);
  stage.look();
  assert.deepEqual(decided(stage, 13), []);
  stage.dies(1);
  stage.look();
  assert.deepEqual(decided(stage, 13), [SKIP]);
});

test('rule 13: deaths of two slots elsewhere, or in two blocks, skip no command', () => {
  const died = (crumb: number, block: number): ClockStage => {
    const stage = new ClockStage().pair(10);
    stage.inCore(0, 13, crumb);
    stage.inCore(1, block, crumb);
    for (const slot of [0, 1]) {
      stage.dies(slot);
      stage.look();
    }
    return stage;
  };
  for (const crumb of [0, 5]) assert.deepEqual(decided(died(crumb, 13), 13), [], `${crumb}`);
  assert.deepEqual(
    decided(died(CRUMB_SEQUENCER, 13), 13),
    [HALT],
    'a sequencer that has killed two is stopped',
  );
  const apart = died(CRUMB_COMMANDS, 14);
  assert.deepEqual([...decided(apart, 13), ...decided(apart, 14)], []);
});

/** Two slots that hang, each in its block and at its breadcrumb. */
function hung(first: readonly [number, number], second: readonly [number, number]): ClockStage {
  const stage = new ClockStage().pair(10);
  stage.inCore(0, ...first);
  stage.inCore(1, ...second);
  stage.put(READ_BLOCK, 11);
  // Each of them owes: the leader a block, the other one a look at the promotion that follows.
  stage.lookFor(3 * hangMs);
  assert.deepEqual([stage.of(0, STATE), stage.of(1, STATE)], [DEAD, DEAD]);
  assert.deepEqual([stage.of(1, DEATH_BLOCK), stage.of(1, DEATH_CRUMB)], second);
  return stage;
}

test('rule 13: a unit in which two slots have hung in the same block is bypassed', () => {
  assert.deepEqual(decided(hung([13, 6], [13, 6]), 13), [6]);
  assert.deepEqual(decided(hung([13, MAX_UNITS], [13, MAX_UNITS]), 13), [MAX_UNITS]);
  assert.deepEqual(decided(hung([13, CRUMB_COMMANDS], [13, CRUMB_COMMANDS]), 13), [SKIP]);
});

test('rule 13: hangs at different breadcrumbs, in different blocks or outside the core decide nothing', () => {
  assert.deepEqual(decided(hung([13, 6], [13, 7]), 13), []);
  const apart = hung([13, 6], [14, 6]);
  assert.deepEqual([...decided(apart, 13), ...decided(apart, 14)], []);
  const outside = new ClockStage().pair(10);
  outside.put(READ_BLOCK, 11);
  outside.lookFor(3 * hangMs);
  for (let block = 0; block < 20; block++) assert.deepEqual(decided(outside, block), []);
});

test('rule 13: a block that has been sealed is decided no more', () => {
  const stage = new ClockStage().pair(10);
  const { verdicts } = stage;
  assert.ok(seal(verdicts, 13, undecided(13, verdicts.length)));
  for (const slot of [0, 1]) {
    stage.inCore(slot, 13, CRUMB_COMMANDS);
    stage.dies(slot);
    stage.look();
  }
  assert.deepEqual(decided(stage, 13), []);
});
