/** How an empty slot comes by the state of the run: from a slot that lives. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import {
  ACTIVE,
  BASE,
  BELL,
  DEAD,
  EDGE,
  FILLING,
  HEAD,
  NEXT,
  POSITION,
  READY,
  STATE,
  STEP,
  STEPS,
} from '../../engine/shared/run-memory.js';
import { Injected } from '../../engine/slot/chaos.js';
import { gate } from '../helpers/core.js';
import { assertInStep, sameBytes, stageAt } from '../helpers/slots.js';

const PULL_TRIES = 8;

/** Nothing sleeps; gives how often somebody wanted to. */
function withoutSleep(t: TestContext, instead: () => void = () => undefined): { count: number } {
  const slept = { count: 0 };
  t.mock.method(Atomics, 'wait', () => {
    slept.count++;
    instead();
    return 'timed-out';
  });
  return slept;
}

test('rule 4: a slot that was filled by a pull goes on bit for bit like the one it was pulled from', () => {
  const stage = stageAt(20);
  // In the log, and in no block yet.
  assert.ok(stage.command(gate(1, false)));
  assert.ok(stage.fill(1));
  assert.equal(stage.filledBy(1), 'pull');
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
  const words = [BASE, HEAD, NEXT, POSITION].map((word) => stage.of(1, word));
  assert.deepEqual(words, [20, 20, 20, stage.of(0, POSITION)]);
  assertInStep(stage, 0, 1);
});

test('rule 2: a slot that is filled writes nothing of the one it is filled from', () => {
  for (const state of ['alive', 'dead'] as const) {
    const stage = stageAt(20, 2048);
    if (state === 'dead') stage.set(0, STATE, DEAD);
    const before = stage.belongings(0);
    assert.ok(stage.fill(1));
    const after = stage.belongings(0);
    after.words[BELL] = before.words[BELL] as number;
    assert.deepEqual(after.words, before.words, state);
    before.bytes.forEach((bytes, i) => assert.ok(bytes.equals(after.bytes[i]!), `${state}, memory ${i}`));
  }
});

test('rule 3: filling and checkpoints have breadcrumbs of their own', () => {
  const stage = stageAt(9, 2048);
  const steps: (string | undefined)[] = [];
  const note = (): void => void steps.push(STEPS[stage.of(1, STEP)]);
  stage.at(1).points.on('in fill', note).on('in checkpoint', note);
  assert.ok(stage.fill(1));
  stage.lead(0, 8);
  stage.follow(1, 0);
  assert.deepEqual(steps, ['fill', 'checkpoint']);
  assert.equal(STEPS[stage.of(1, STEP)], 'wait');
});

test('rule 4: while a state changes it is not copied: eight looks, then the checkpoint', (t) => {
  const stage = stageAt(20);
  stage.set(0, EDGE, stage.of(0, EDGE) | 1);
  const slept = withoutSleep(t);
  assert.ok(stage.fill(1));
  assert.equal(slept.count, PULL_TRIES);
  assert.equal(stage.filledBy(1), 'checkpoint');
  stage.set(0, EDGE, stage.of(0, EDGE) + 1);
  assertInStep(stage, 0, 1);
});

test('rule 4: a state that stands still in time is copied', (t) => {
  const stage = stageAt(20);
  stage.set(0, EDGE, stage.of(0, EDGE) | 1);
  const slept = withoutSleep(t, () => slept.count === 3 && stage.set(0, EDGE, stage.of(0, EDGE) + 1));
  assert.ok(stage.fill(1));
  assert.equal(slept.count, 3);
  assert.equal(stage.filledBy(1), 'pull');
  assertInStep(stage, 0, 1);
});

test('rule 4: a state that changed while it was copied is copied again', () => {
  const stage = stageAt(20);
  let copies = 0;
  stage.at(1).points.on('in fill', () => {
    if (++copies < 4) stage.lead(0, 1);
  });
  assert.ok(stage.fill(1));
  assert.deepEqual([copies, stage.of(1, BASE), stage.filledBy(1)], [4, 23, 'pull']);
  stage.at(1).points.clear();
  assertInStep(stage, 0, 1);
});

test('rule 4: a state that changes in every copy is left, and the checkpoint taken', () => {
  const stage = stageAt(20);
  let copies = 0;
  stage.at(1).points.on('in fill', () => {
    if (++copies <= PULL_TRIES) stage.lead(0, 1);
  });
  assert.ok(stage.fill(1));
  assert.deepEqual([copies, stage.filledBy(1)], [PULL_TRIES + 1, 'checkpoint']);
  assert.equal(stage.of(1, HEAD), 20 + PULL_TRIES, 'it has caught up');
  stage.at(1).points.clear();
  assertInStep(stage, 0, 1);
});

test('rule 4: a state that is ahead of what is public is not pulled', () => {
  const reference = stageAt(21);
  const stage = stageAt(20);
  // The leader is lost between the seal and the head of block 20: nobody else would ever make that block.
  stage.at(0).points.on('before head', () => {
    throw new Injected();
  });
  assert.throws(() => stage.lead(0, 1), Injected);
  assert.deepEqual([stage.of(0, NEXT), stage.of(0, HEAD), stage.of(0, EDGE) & 1], [21, 20, 0]);
  assert.ok(stage.fill(1));
  assert.deepEqual([stage.filledBy(1), stage.at(1).renderer.block], ['checkpoint', 20]);
  stage.at(1).renderer.render(true);
  assert.ok(sameBytes(stage.block(1, 20), reference.block(0, 20)));
  assert.ok(sameBytes(stage.state(1), reference.state(0)));
});

test('a slot that stands by is pulled from when the leader is dead', () => {
  const stage = stageAt(20);
  assert.ok(stage.fill(1));
  stage.set(1, STATE, READY);
  stage.set(0, STATE, DEAD);
  stage.set(2, STATE, FILLING);
  assert.ok(stage.fill(2));
  assert.equal(stage.filledBy(2), 'pull');
  stage.control[ACTIVE] = (1 << 2) | 1;
  assertInStep(stage, 1, 2);
});

test('rule 9: a slot that is condemned while it is filled stops', () => {
  const stage = stageAt(20);
  stage.set(0, STATE, DEAD);
  stage.at(1).points.on('before core', (block) => {
    if (block === 7) stage.set(1, STATE, DEAD);
  });
  assert.equal(stage.fill(1), false);
  assert.deepEqual([stage.at(1).renderer.block, stage.of(1, STATE)], [8, DEAD]);
});
