/** The loop of a slot in the test's own thread: whenever it would sleep, the test says what happens in the meantime. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { decisionsIn } from '../../engine/shared/decisions.js';
import {
  ACTIVE,
  BELL,
  CAME_UP,
  CLOCK_BELL,
  DEAD,
  EDGE,
  FILLING,
  GENERATION,
  HEAD,
  READ_BLOCK,
  READY,
  SEEN,
  slotWord,
  SPARE,
  SPAWNING,
  STANDBY,
  STATE,
  STOP,
} from '../../engine/shared/run-memory.js';
import { Slot } from '../../engine/slot/slot.js';
import { coreModule, sameBytes, SlotStage } from '../helpers/slots.js';

const BLOCKS = 12;

interface Turn {
  readonly word: number;
  /** The value it would sleep on, and the one that stands there. */
  readonly expected: number;
  readonly found: number;
}

/**
 * Slot 0 has led for some blocks and a worker comes up in slot 1. Each of `steps` is done when it would sleep; then the run
 * ends. Gives what it wanted to sleep on.
 */
function work(t: TestContext, stage: SlotStage, steps: readonly (() => void)[], start = SPAWNING): Turn[] {
  const { slot, turns } = comeUp(t, stage, steps, start);
  slot.work();
  t.mock.restoreAll();
  return turns;
}

function comeUp(
  t: TestContext,
  stage: SlotStage,
  steps: readonly (() => void)[],
  start = SPAWNING,
): { readonly slot: Slot; readonly turns: Turn[] } {
  const { control, run } = stage;
  const turns: Turn[] = [];
  t.mock.method(Atomics, 'wait', (words: Int32Array, word: number, expected: number) => {
    assert.equal(words.buffer, control.buffer);
    turns.push({ word, expected, found: words[word] as number });
    const step = steps[turns.length - 1];
    if (step) step();
    else control[STOP] = 1;
    return 'ok';
  });
  stage.set(1, GENERATION, 4);
  stage.set(1, STATE, start);
  const slot = new Slot({ slot: 1, run, module: coreModule(), first: false, chaos: false });
  assert.equal(stage.of(1, EDGE) & 1, 0);
  return { slot, turns };
}

function played(): SlotStage {
  const stage = new SlotStage();
  stage.lead(0, BLOCKS);
  return stage;
}
/** The clock chooses slot 1. */
const choose = (stage: SlotStage) => (): void => {
  stage.set(1, STATE, FILLING);
  stage.control[STANDBY] = 1;
};

test('rule 9: a worker comes up as a spare, is filled when the clock says so, and is ready', (t) => {
  const stage = played();
  const states: number[] = [];
  const note = (then?: () => void) => (): void => {
    states.push(stage.of(1, STATE));
    then?.();
  };
  work(t, stage, [note(), note(choose(stage)), note(), note()]);
  assert.deepEqual(states, [SPARE, SPARE, READY, READY]);
  assert.equal(stage.of(1, CAME_UP), 4);
  assert.equal(stage.of(1, HEAD), BLOCKS);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
});

test('rule 9: a worker that finds itself dead leaves, and writes nothing', (t) => {
  for (const when of ['while it comes up', 'as a spare', 'when it is ready'] as const) {
    const stage = played();
    const condemn = (): void => stage.set(1, STATE, DEAD);
    const kept: ReturnType<SlotStage['belongings']>[] = [];
    const last = (): void => {
      condemn();
      stage.lead(0, 1);
      kept.push(stage.belongings(1));
    };
    if (when === 'while it comes up') work(t, stage, [], DEAD);
    else work(t, stage, when === 'as a spare' ? [last] : [choose(stage), last]);
    assert.equal(stage.of(1, STATE), DEAD, when);
    assert.equal(stage.control[STOP], 0, `${when}: it left by itself`);
    const [before] = kept;
    if (!before) continue;
    const after = stage.belongings(1);
    assert.deepEqual(after.words, before.words, when);
    before.bytes.forEach((bytes, i) => assert.ok(bytes.equals(after.bytes[i]!), `${when}, memory ${i}`));
  }
});

test('rule 9: a slot that is condemned at the end of its filling does not become ready', (t) => {
  const stage = played();
  const store = Atomics.store;
  const condemnLate = (): void => {
    choose(stage)();
    // After the last look at its state, in the moment before it says that it is whole.
    t.mock.method(Atomics, 'store', (words: Int32Array, at: number, value: number) => {
      if (at === slotWord(1, SEEN)) stage.set(1, STATE, DEAD);
      return store(words, at, value);
    });
  };
  work(t, stage, [condemnLate]);
  assert.equal(stage.of(1, STATE), DEAD);
});

test('rule 8: a bell that rings while a slot looks for work is not missed', (t) => {
  const stage = played();
  stage.control[READ_BLOCK] = BLOCKS - 3;
  const load = Atomics.load;
  const ringLate = (): void => {
    choose(stage)();
    // Slot 0 makes another block just after slot 1 has looked how far it is, and rings.
    t.mock.method(Atomics, 'load', (words: Int32Array, at: number) => {
      const value = load(words, at);
      if (at === slotWord(0, HEAD) && stage.of(1, STATE) === READY && stage.of(0, HEAD) === BLOCKS)
        stage.lead(0, 1);
      return value;
    });
  };
  const turns = work(t, stage, [ringLate, () => undefined, () => undefined]);
  assert.ok(turns.every(({ word }) => word === slotWord(1, BELL)));
  assert.deepEqual(
    turns.slice(1, 4).map(({ expected, found }) => found - expected),
    // After its filling it rings its own bell; then it does not sleep, as the bell has rung since it looked.
    [1, 1, 0],
  );
  assert.equal(stage.of(1, HEAD), BLOCKS + 1);
});

test('rule 10: a slot publishes which promotion it has seen, and rings for the clock', (t) => {
  const stage = played();
  const bells: number[] = [];
  const promote = (): void => {
    assert.equal(stage.of(1, SEEN), 0);
    stage.control[ACTIVE] = (1 << 2) | 0;
    bells.push(stage.control[CLOCK_BELL] as number);
  };
  const seen = (): void => {
    assert.equal(stage.of(1, SEEN), 1 << 2);
    bells.push(stage.control[CLOCK_BELL] as number);
  };
  work(t, stage, [choose(stage), promote, seen]);
  assert.equal(bells[1], bells[0]! + 1);
});

test('R160: a standby renders what the leader has survived; a leader renders ahead of the clock', (t) => {
  const stage = played();
  stage.control[READ_BLOCK] = BLOCKS - 3;
  const heads: number[] = [];
  const note = (then: () => void) => (): void => {
    heads.push(stage.of(1, HEAD));
    then();
  };
  work(t, stage, [
    choose(stage),
    note(() => stage.lead(0, 2)),
    note(() => (stage.control[ACTIVE] = (1 << 2) | 1)),
    note(() => (stage.control[READ_BLOCK] = BLOCKS)),
    note(() => undefined),
  ]);
  assert.deepEqual(heads, [BLOCKS, BLOCKS + 2, BLOCKS + 2, BLOCKS + 3]);
});

test('rule 13: a slot whose core traps in a unit takes that unit out of the block for all; a command is no unit', (t) => {
  for (const [fault, decision] of [
    ['trapAlways', 1],
    ['poison', 0],
  ] as const) {
    const stage = played();
    const lead = (): void => {
      stage.control[ACTIVE] = (1 << 2) | 1;
      stage.control[READ_BLOCK] = BLOCKS;
      assert.ok(stage.command({ kind: 'chaos', fault, subject: 0 }));
    };
    const { slot } = comeUp(t, stage, [choose(stage), lead]);
    assert.throws(() => slot.work(), { name: 'RuntimeError' });
    slot.accuse();
    const verdicts = new Int32Array(stage.run.decisions.verdicts);
    assert.equal(decisionsIn(verdicts[BLOCKS] as number), decision, fault);
    assert.deepEqual([stage.of(1, HEAD), stage.of(1, EDGE) & 1], [BLOCKS, 1], 'nothing of it is public');
    assert.equal(slot.condemned(), false);
    t.mock.restoreAll();
  }
});
