/** How an empty slot comes by the state of the run when none lives: from a checkpoint and the log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACTIVE,
  BASE,
  CHECKPOINT,
  CHECKPOINT_POSITION,
  DEAD,
  FILLING,
  LOG_END,
  newestCheckpoint,
  READY,
  slotWord,
  STANDBY,
  STATE,
} from '../../engine/shared/run-memory.js';
import { Injected } from '../../engine/slot/chaos.js';
import { assertInStep, sameBytes, stageAt, type SlotStage } from '../helpers/slots.js';

/** Blocks between two checkpoints, with blocks of 2048 frames. */
const CHECKPOINT_BLOCKS = 8;

/** Blocks of a slot's two checkpoints. */
const checkpoints = (stage: SlotStage, slot: number): number[] =>
  [0, 1].map((i) => stage.of(slot, CHECKPOINT + i));

test('rule 5: when every slot has died, the newest checkpoint and the log give the same state', () => {
  const stage = stageAt(3 * CHECKPOINT_BLOCKS + 5, 2048);
  assert.equal(newestCheckpoint(stage.control)?.block, 3 * CHECKPOINT_BLOCKS);
  stage.set(0, STATE, DEAD);
  const copied: number[] = [];
  stage.at(1).points.on('in fill', () => copied.push(1));
  assert.ok(stage.fill(1));
  stage.at(1).points.clear();
  assert.equal(copied.length, 1);
  assert.deepEqual([stage.filledBy(1), stage.of(1, BASE)], ['checkpoint', 3 * CHECKPOINT_BLOCKS]);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
  for (let block = 3 * CHECKPOINT_BLOCKS; block < 3 * CHECKPOINT_BLOCKS + 5; block++)
    assert.ok(sameBytes(stage.block(0, block), stage.block(1, block)), `block ${block}`);
  stage.control[ACTIVE] = (1 << 2) | 1;
  stage.set(0, STATE, FILLING);
  stage.set(1, STATE, READY);
  assert.ok(stage.fill(0));
  assertInStep(stage, 1, 0);
});

test('rule 5: a checkpoint that is being written is not used', () => {
  const stage = stageAt(2 * CHECKPOINT_BLOCKS - 1, 2048);
  const leader = stage.at(0);
  leader.points.on('in checkpoint', () => {
    throw new Injected();
  });
  assert.throws(() => stage.lead(0, 1), Injected);
  leader.points.clear();
  const words = [0, 1].map((i) => stage.of(0, CHECKPOINT + i));
  assert.deepEqual(words, [-1, CHECKPOINT_BLOCKS], 'it died in the newer one');
  stage.set(0, STATE, DEAD);
  assert.ok(stage.fill(1));
  assert.equal(stage.of(1, BASE), CHECKPOINT_BLOCKS);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
});

test('rule 5: a checkpoint is void before its first byte changes, and named after its last', (t) => {
  const stage = stageAt(2 * CHECKPOINT_BLOCKS - 1, 2048);
  const word = slotWord(0, CHECKPOINT);
  const bytes = stage.at(0).view.checkpoints[0]?.[0] as Uint8Array;
  const before = Buffer.from(bytes);
  const store = Atomics.store;
  const stored: (readonly [number, boolean])[] = [];
  t.mock.method(Atomics, 'store', (words: Int32Array, at: number, value: number) => {
    if (at === word) stored.push([value, sameBytes(bytes, value < 0 ? before : stage.state(0))]);
    return store(words, at, value);
  });
  stage.lead(0, 1);
  assert.deepEqual(stored, [
    [-1, true],
    [2 * CHECKPOINT_BLOCKS, true],
  ]);
});

test('rule 5: a checkpoint that was written over while it was copied is not used', () => {
  const stage = stageAt(CHECKPOINT_BLOCKS + 1, 2048);
  const pulled = stage.at(1);
  // Nobody lives whose state could be pulled; the leader only seems to be dead, and goes on.
  stage.set(0, STATE, DEAD);
  let copies = 0;
  pulled.points.on('in fill', () => {
    if (++copies === 1) stage.lead(0, 2 * CHECKPOINT_BLOCKS);
  });
  assert.ok(stage.fill(1));
  pulled.points.clear();
  assert.deepEqual([copies, stage.of(1, BASE)], [2, 3 * CHECKPOINT_BLOCKS]);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
});

test('rule 14: a checkpoint whose log went round while it was copied is not used', () => {
  const stage = stageAt(20);
  stage.set(0, STATE, DEAD);
  const end = stage.control[LOG_END] as number;
  let copies = 0;
  stage.at(1).points.on('in fill', () => {
    copies++;
    stage.control[LOG_END] = copies === 1 ? end + 512 : end;
  });
  assert.ok(stage.fill(1));
  assert.equal(copies, 2);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
});

test('rule 5: without any checkpoint nothing is made up', () => {
  const stage = stageAt(5);
  stage.set(0, STATE, DEAD);
  for (const i of [0, 1]) stage.set(0, CHECKPOINT + i, -1);
  assert.throws(() => stage.fill(1), /no checkpoint/);
});

test('rule 5: the standby writes the checkpoints; the leader does only while it is alone', () => {
  const stage = stageAt(CHECKPOINT_BLOCKS, 2048);
  assert.deepEqual(checkpoints(stage, 0), [0, CHECKPOINT_BLOCKS]);
  assert.ok(stage.fill(1));
  stage.control[STANDBY] = 1;
  for (let i = 2; i < 5; i++) {
    stage.lead(0, CHECKPOINT_BLOCKS);
    stage.follow(1, 0);
    assert.equal(newestCheckpoint(stage.control)?.slot, 1);
    assert.equal(newestCheckpoint(stage.control)?.block, i * CHECKPOINT_BLOCKS);
  }
  assert.deepEqual(checkpoints(stage, 0), [0, CHECKPOINT_BLOCKS]);
});

test('rule 5: checkpoints alternate, and the newest one is whole at any moment', () => {
  const stage = stageAt(2, 2048);
  assert.ok(stage.fill(1));
  stage.control[STANDBY] = 1;
  const standby = stage.at(1);
  let kept: Buffer | undefined;
  let written = 0;
  standby.points.on('in checkpoint', (block) => {
    written++;
    assert.deepEqual([...checkpoints(stage, 1)].includes(-1), true, 'the one in writing is marked');
    const newest = newestCheckpoint(stage.control);
    if (!kept) return;
    assert.deepEqual([newest?.slot, newest?.block], [1, block - CHECKPOINT_BLOCKS]);
    assert.ok(
      sameBytes(standby.view.checkpoints[1]![newest!.index]!, kept),
      'the newest is as it was written',
    );
  });
  for (let i = 1; i <= 6; i++) {
    stage.lead(0, CHECKPOINT_BLOCKS - (i === 1 ? 2 : 0));
    stage.follow(1, 0);
    const newest = newestCheckpoint(stage.control);
    assert.equal(newest?.block, i * CHECKPOINT_BLOCKS);
    assert.equal(stage.of(1, CHECKPOINT_POSITION + newest!.index), standby.renderer.position);
    kept = Buffer.from(standby.view.checkpoints[1]![newest!.index]!);
    assert.ok(sameBytes(kept, stage.state(1)), 'a checkpoint is the state at its block');
  }
  assert.equal(written, 6);
  assert.deepEqual(
    checkpoints(stage, 1).sort((a, b) => a - b),
    [5 * CHECKPOINT_BLOCKS, 6 * CHECKPOINT_BLOCKS],
  );
});

test('rule 5: a slot filled from its own checkpoint, or by a pull, writes the next one over the older', () => {
  for (const from of ['checkpoint', 'pull'] as const) {
    const stage = stageAt(2 * CHECKPOINT_BLOCKS + 3, 2048);
    assert.ok(stage.fill(1));
    stage.set(1, STATE, from === 'pull' ? READY : DEAD);
    stage.control[ACTIVE] = (1 << 2) | 1;
    // Another worker comes up in slot 0, whose checkpoints are the newest.
    stage.set(0, STATE, FILLING);
    assert.ok(stage.fill(0));
    assert.deepEqual([stage.filledBy(0), stage.at(0).renderer.block], [from, 2 * CHECKPOINT_BLOCKS + 3]);
    assert.deepEqual(
      checkpoints(stage, 0).sort((a, b) => a - b),
      [-1, 2 * CHECKPOINT_BLOCKS],
      'the newest is left, the other one void',
    );
    stage.control[STANDBY] = 0;
    stage.lead(1, CHECKPOINT_BLOCKS);
    stage.follow(0, 1);
    assert.deepEqual(
      checkpoints(stage, 0).sort((a, b) => a - b),
      [2 * CHECKPOINT_BLOCKS, 3 * CHECKPOINT_BLOCKS],
    );
  }
});
