/** Who leads and who stands by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES } from '../../engine/shared/fault-ring.js';
import {
  ACTIVE,
  BASE,
  BELL,
  DEAD,
  EMPTY,
  FILLING,
  HEAD,
  READY,
  RING_BLOCKS,
  SEEN,
  SLOTS,
  slotWord,
  SPARE,
  SPAWNING,
  STANDBY,
  STATE,
} from '../../engine/shared/run-memory.js';
import { CLOCK_LIMITS, ClockStage, LEAD_BLOCKS } from '../helpers/clock.js';

const promoted = ({ kind }: { kind: string }): boolean => kind === 'promoted';

test('rule 6: a promotion names the new leader, counts, and makes the old one the standby', () => {
  const stage = new ClockStage().pair(10);
  assert.deepEqual([stage.active(), stage.standby()], [0, 1]);
  const bells = [0, 1, 2].map((slot) => stage.of(slot, BELL));
  assert.ok(stage.roles.promote(stage.now, 10, 'missing'));
  assert.equal(stage.word(ACTIVE), (1 << 2) | 1);
  assert.equal(stage.standby(), 0);
  for (let slot = 0; slot < SLOTS; slot++)
    assert.equal(stage.of(slot, BELL), (bells[slot] as number) + 1, `bell of slot ${slot}`);
  const [event] = stage.events().filter(promoted);
  assert.deepEqual([event?.slot, event?.from, event?.block], [1, 0, 10]);
  assert.equal(CAUSES[event?.cause ?? -1], 'missing');
});

test('rule 10: only a slot that is ready is promoted', () => {
  for (const state of [EMPTY, SPAWNING, SPARE, FILLING, DEAD]) {
    const stage = new ClockStage().pair(10);
    stage.set(1, [[STATE, state]]);
    assert.equal(stage.roles.promote(stage.now, 10, 'missing'), false, `state ${state}`);
    assert.equal(stage.active(), 0);
  }
});

test('rule 10: only a slot that has seen the present promotion is promoted', () => {
  const stage = new ClockStage().pair(10);
  assert.ok(stage.roles.promote(stage.now, 10, 'missing'));
  stage.now += 10 * CLOCK_LIMITS.holdMs;
  // Slot 0 has not come round since: it may hang as well, and the clock would flip between both for ever.
  assert.equal(stage.roles.promote(stage.now, 10, 'missing'), false);
  assert.equal(stage.active(), 1);
  stage.set(0, [[SEEN, stage.word(ACTIVE)]]);
  assert.ok(stage.roles.promote(stage.now, 10, 'missing'));
  assert.equal(stage.active(), 0);
});

test('a new leader that lives is left alone for the hold time; a dead one is not', () => {
  for (const dead of [false, true]) {
    const stage = new ClockStage().pair(10);
    assert.ok(stage.roles.promote(stage.now, 10, 'missing'));
    stage.set(0, [[SEEN, stage.word(ACTIVE)]]);
    if (dead) stage.dies(1);
    const early = stage.now + CLOCK_LIMITS.holdMs - 0.01;
    assert.equal(stage.roles.promote(early, 10, 'missing'), dead);
    if (!dead) assert.ok(stage.roles.promote(early + 0.01, 10, 'missing'));
    assert.equal(stage.standby(), dead ? -1 : 1);
  }
});

test('a leader that has died is replaced when the clock looks, in the next block or while it waits', () => {
  const stage = new ClockStage().pair(10);
  stage.dies(0);
  stage.look();
  assert.deepEqual([stage.active(), stage.standby()], [1, -1]);
  assert.equal(CAUSES[stage.events().find(promoted)?.cause ?? -1], 'dead');
});

test('rule 7: a block is taken from any ring that holds it, the leading one first, dead ones too', () => {
  const stage = new ClockStage().pair(10);
  assert.equal(stage.roles.find(10), 0);
  assert.equal(stage.roles.find(10 + LEAD_BLOCKS), -1, 'nobody has made it');
  stage.set(1, [[HEAD, 20]]);
  assert.equal(stage.roles.find(15), 1);
  stage.dies(0);
  stage.dies(1);
  assert.deepEqual(
    [stage.roles.find(12), stage.roles.find(15)],
    [0, 1],
    'both are dead, their blocks are good',
  );
  stage.set(2, [
    [STATE, SPARE],
    [HEAD, 40],
  ]);
  assert.equal(stage.roles.find(30), -1, 'a spare holds nothing of this run');
  stage.set(2, [[STATE, FILLING]]);
  assert.equal(stage.roles.find(30), 2);
});

test('rule 7: a block before the base of a ring, or overwritten in it, is not there', () => {
  const stage = new ClockStage();
  stage.ready(0, 200);
  stage.set(0, [[BASE, 190]]);
  assert.deepEqual([stage.roles.find(189), stage.roles.find(190)], [-1, 0]);
  stage.set(0, [[BASE, 0]]);
  assert.deepEqual([stage.roles.find(199 - RING_BLOCKS), stage.roles.find(200 - RING_BLOCKS)], [-1, 0]);
});

test('the reserve is what the leader has ready from a block on', () => {
  const stage = new ClockStage().pair(10);
  stage.set(1, [[HEAD, 50]]);
  assert.equal(stage.roles.reserve(11), LEAD_BLOCKS - 1);
});

test('a spare is chosen where nobody stands by, and told when it is whole', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.set(2, [[STATE, SPARE]]);
  stage.look();
  assert.deepEqual([stage.standby(), stage.of(2, STATE), stage.of(2, BELL)], [2, FILLING, 1]);
  stage.look();
  assert.deepEqual(stage.events(), []);
  stage.ready(2, LEAD_BLOCKS);
  stage.look();
  stage.look();
  assert.deepEqual(
    stage.events().map(({ kind, slot }) => [kind, slot]),
    [['restored', 2]],
  );
});

test('a slot that follows already stands by rather than a spare', () => {
  const stage = new ClockStage();
  stage.ready(0, LEAD_BLOCKS);
  stage.set(1, [[STATE, SPARE]]);
  stage.ready(2, LEAD_BLOCKS);
  stage.look();
  assert.deepEqual([stage.standby(), stage.of(1, STATE)], [2, SPARE]);
});

test('rule 9: a standby that dies stands by no more, before its slot is free for another', () => {
  const stage = new ClockStage().pair(10);
  stage.dies(1);
  stage.exits(1);
  stage.put(slotWord(1, HEAD), 10);
  stage.look();
  assert.deepEqual([stage.standby(), stage.of(1, STATE)], [-1, EMPTY]);
  // Whoever comes up in it is a spare like any other.
  stage.set(1, [[STATE, SPAWNING]]);
  stage.look();
  assert.equal(stage.standby(), -1);
});

test('rule 11: a standby that has not seen the last promotion is orphaned when a block is overdue', () => {
  const stage = new ClockStage().pair(10);
  assert.ok(stage.roles.promote(stage.now, 13, 'missing'));
  stage.set(2, [[STATE, SPARE]]);
  stage.look();
  assert.deepEqual(
    [stage.standby(), stage.of(2, STATE)],
    [0, SPARE],
    'while nothing is overdue it may come round',
  );
  stage.roles.overdue = true;
  stage.look();
  assert.deepEqual([stage.standby(), stage.of(2, STATE), stage.of(0, STATE)], [2, FILLING, READY]);
});

test('rule 11: nobody is orphaned where no spare could take its place, nor one that follows', () => {
  const stage = new ClockStage().pair(10);
  assert.ok(stage.roles.promote(stage.now, 13, 'missing'));
  stage.roles.overdue = true;
  stage.look();
  assert.equal(stage.standby(), 0);
  stage.set(0, [[SEEN, stage.word(ACTIVE)]]);
  stage.set(2, [[STATE, SPARE]]);
  stage.look();
  assert.deepEqual([stage.standby(), stage.of(2, STATE)], [0, SPARE]);
});

test('rule 11: when the spare that was to help dies too, an orphan that has come round is taken', () => {
  const stage = new ClockStage().pair(10);
  assert.ok(stage.roles.promote(stage.now, 13, 'missing'));
  stage.set(2, [[STATE, SPARE]]);
  stage.roles.overdue = true;
  stage.look();
  stage.set(0, [[SEEN, stage.word(ACTIVE)]]);
  stage.dies(2);
  stage.look();
  assert.deepEqual([stage.standby(), stage.active()], [0, 1]);
  assert.ok(stage.roles.promote(stage.now + CLOCK_LIMITS.holdMs, 13, 'recovered'));
  assert.equal(stage.active(), 0);
  assert.equal(stage.word(STANDBY), 1);
});
