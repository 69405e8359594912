/** One block of one slot: what it decides, in which order it is made, and what others see of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BLOCK_COMMANDS } from '../../engine/shared/core-layout.js';
import { decide, SEALED, undecided } from '../../engine/shared/decisions.js';
import {
  ACTIVE,
  AT_BLOCK,
  BELL,
  CLOCK_BELL,
  EDGE,
  FILLING,
  HEAD,
  LOG_END,
  NEXT,
  POSITION,
  SLEEP,
  slotWord,
  STANDBY,
  STATE,
  STEP,
  STEPS,
} from '../../engine/shared/run-memory.js';
import type { Point } from '../../engine/slot/chaos.js';
import { BY_ITSELF, noteDeath } from '../../engine/slot/death.js';
import { Overruled } from '../../engine/slot/renderer.js';
import { gate, peakOf, set } from '../helpers/core.js';
import { sameBytes, SlotStage, stageAt } from '../helpers/slots.js';

const BLOCKS = 64;
const loud = (stage: SlotStage, slot: number, block: number): boolean => peakOf(stage.block(slot, block)) > 0;

/** Slot 1 has been filled from slot 0 and follows it; both have made the same blocks. */
function inStep(blocks = 12): SlotStage {
  const stage = stageAt(blocks);
  assert.ok(stage.fill(1));
  assert.equal(stage.at(1).renderer.block, blocks);
  return stage;
}

test('rule 1: how far the commands of a block go is decided once, whoever comes second obeys', () => {
  for (const point of ['before decision', 'after decision'] as const) {
    const stage = inStep();
    const first = stage.at(0);
    const next = stage.at(1);
    stage.command(gate(1, false));
    first.points.on(point, () => {
      first.points.clear();
      // It stalls here; the other one leads and goes on, while more commands come in.
      stage.command(set('voice2/filter/freq', 300));
      next.renderer.render(true);
      stage.command(set('voice3/filter/freq', 300));
    });
    first.renderer.render(true);
    const end = first.view.commandEnd[12 % BLOCKS];
    assert.equal(end, stage.log.position() - (point === 'before decision' ? 1 : 2), point);
    assert.deepEqual([first.renderer.position, next.renderer.position], [end, end], point);
    assert.ok(loud(stage, 0, 12));
    assert.ok(sameBytes(stage.block(0, 12), stage.block(1, 12)), point);
    assert.ok(sameBytes(stage.state(0), stage.state(1)), point);
  }
});

test('rule 1: a slot that does not lead decides nothing', () => {
  const stage = inStep();
  const follower = stage.at(1);
  stage.command(gate(1, false));
  assert.throws(() => follower.renderer.render(false), /has not been decided/);
  assert.equal(follower.view.commandEnd[12], undecided(12, BLOCKS));
});

test('a block takes no more commands than the core holds, the rest comes with the next', () => {
  const stage = new SlotStage({ sizes: { logEntries: 8192, commandBlocks: BLOCKS } });
  const { renderer } = stage.at(0);
  renderer.render(true);
  const before = renderer.position;
  const many = MAX_BLOCK_COMMANDS + 10;
  stage.command(...Array.from({ length: many }, () => set('voice1/amp', 0.5)));
  renderer.render(true);
  assert.equal(renderer.position, before + MAX_BLOCK_COMMANDS);
  renderer.render(true);
  assert.equal(renderer.position, before + many);
});

test('rule 14: a slot that comes back after commandEnd has come round decides no later block', () => {
  const stage = inStep();
  const zombie = stage.at(1);
  const { commandEnd, verdicts } = zombie.view;
  const later = 12 + BLOCKS;
  zombie.points.on('before decision', () => {
    commandEnd[later % BLOCKS] = undecided(later, BLOCKS);
    verdicts[later % BLOCKS] = undecided(later, BLOCKS);
    stage.command(gate(1, false));
  });
  assert.throws(() => zombie.renderer.render(true));
  assert.equal(commandEnd[later % BLOCKS], undecided(later, BLOCKS));
  assert.equal(verdicts[later % BLOCKS], undecided(later, BLOCKS));
  assert.equal(stage.of(1, HEAD), 12);
});

interface Seen {
  readonly point: Point;
  readonly step: string;
  readonly odd: boolean;
  readonly decided: boolean;
  readonly sealed: boolean;
  readonly inRing: boolean;
  readonly next: number;
  readonly head: number;
}

/** What others see of slot 0 at each point of its work on one block. */
function watch(stage: SlotStage): Seen[] {
  const { view, renderer, points, core } = stage.at(0);
  const seen: Seen[] = [];
  const { block } = renderer;
  const look = (point: Point): void => {
    points.on(point, (at) => {
      assert.equal(at, block);
      assert.equal(stage.of(0, AT_BLOCK), block);
      seen.push({
        point,
        step: STEPS[stage.of(0, STEP)] ?? '?',
        odd: (stage.of(0, EDGE) & 1) === 1,
        decided: (view.commandEnd[block % BLOCKS] as number) >= 0,
        sealed:
          ((view.verdicts[block % BLOCKS] as number) & SEALED) !== 0 && view.verdicts[block % BLOCKS]! > 0,
        inRing: sameBytes(stage.block(0, block), core.output),
        next: stage.of(0, NEXT) - block,
        head: stage.of(0, HEAD) - block,
      });
    });
  };
  const order = ['before decision', 'after decision', 'before core', 'after core', 'in ring'] as const;
  for (const point of [...order, 'before seal', 'before head'] as const) look(point);
  renderer.render(true);
  points.clear();
  return seen;
}

test('rule 3: commandEnd, edge odd, core, ring, next, seal, edge even, head come in this order', () => {
  const stage = inStep();
  const seen = watch(stage);
  const expected: readonly (readonly [Point, string, boolean, boolean, boolean, number, number])[] = [
    // point, step, edge odd, decided, sealed, next, head
    ['before decision', 'decide', false, false, false, 0, 0],
    ['after decision', 'decide', false, true, false, 0, 0],
    ['before core', 'core', true, true, false, 0, 0],
    ['after core', 'core', true, true, false, 0, 0],
    ['in ring', 'ring', true, true, false, 0, 0],
    ['before seal', 'publish', true, true, false, 1, 0],
    ['before head', 'publish', false, true, true, 1, 0],
  ];
  assert.deepEqual(
    seen.map(({ point, step, odd, decided, sealed, next, head }) => [
      point,
      step,
      odd,
      decided,
      sealed,
      next,
      head,
    ]),
    expected,
  );
  assert.equal(seen.find(({ point }) => point === 'after core')?.inRing, false);
  assert.equal(seen.find(({ point }) => point === 'before seal')?.inRing, true);
  assert.deepEqual([stage.of(0, HEAD), stage.of(0, EDGE) & 1], [13, 0]);
  assert.equal(STEPS[stage.of(0, STEP)], 'wait');
});

test('rule 13: a slot that is overruled throws its block away, and publishes nothing', () => {
  const stage = inStep();
  const { renderer, points, view } = stage.at(0);
  const bells = stage.control[CLOCK_BELL];
  points.on('after core', (block) => assert.ok(decide(view.verdicts, block, 4)));
  assert.throws(() => renderer.render(true), Overruled);
  assert.deepEqual([stage.of(0, HEAD), stage.of(0, EDGE) & 1], [12, 1], 'nobody copies such a state');
  assert.equal(stage.control[CLOCK_BELL], bells);
  // Whoever renders it with the decision may publish it.
  stage.at(1).renderer.render(true);
  assert.equal(stage.of(1, HEAD), 13);
});

test('rule 6: a promotion at the moment the leader publishes leaves two equal blocks', () => {
  const stage = inStep();
  const { renderer, points } = stage.at(0);
  points.on('before head', () => {
    stage.control[ACTIVE] = (1 << 2) | 1;
    stage.command(gate(2, false));
    stage.at(1).renderer.render(true);
  });
  renderer.render(true);
  points.clear();
  assert.deepEqual([stage.of(0, HEAD), stage.of(1, HEAD)], [13, 13]);
  assert.ok(loud(stage, 0, 12));
  assert.ok(sameBytes(stage.block(0, 12), stage.block(1, 12)));
  // The one that was replaced follows, and stays in step.
  stage.lead(1, 4);
  stage.follow(0, 1);
  assert.ok(sameBytes(stage.state(0), stage.state(1)));
});

test('rule 6: slots and the log move neither the lead nor the standby', () => {
  const stage = new SlotStage({ blockFrames: 2048 });
  stage.control[ACTIVE] = 5 << 2;
  stage.control[STANDBY] = 1;
  stage.lead(0, 9);
  stage.set(1, STATE, FILLING);
  assert.ok(stage.fill(1));
  stage.lead(0, 9);
  stage.follow(1, 0);
  assert.throws(() => {
    stage.at(0).points.on('after core', (block) => decide(stage.at(0).view.verdicts, block, 4));
    stage.lead(0, 1);
  }, Overruled);
  noteDeath(stage.run, 0, BY_ITSELF);
  assert.deepEqual([stage.control[ACTIVE], stage.control[STANDBY]], [5 << 2, 1]);
});

test('R159, rule 2: a slot that renders writes only what is its own, but for bells', () => {
  const stage = new SlotStage({ blockFrames: 2048 });
  stage.control[STANDBY] = 1;
  stage.lead(0, 2);
  stage.set(1, STATE, FILLING);
  assert.ok(stage.fill(1));
  for (const [writer, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const before = stage.belongings(other);
    // Long enough for a checkpoint.
    if (writer === 0) stage.lead(0, 18);
    else stage.follow(1, 0);
    const after = stage.belongings(other);
    before.words[BELL] = after.words[BELL] as number;
    assert.deepEqual(after.words, before.words, `words of slot ${other}`);
    before.bytes.forEach((bytes, i) =>
      assert.ok(bytes.equals(after.bytes[i]!), `memory ${i} of slot ${other}`),
    );
  }
});

test('rule 8: bells count and wake only after a block is public', (t) => {
  const stage = inStep();
  stage.control[STANDBY] = 1;
  const rung: (readonly [number, number])[] = [];
  t.mock.method(Atomics, 'notify', (_: Int32Array, bell: number) => {
    rung.push([bell, stage.of(0, HEAD)]);
    return 0;
  });
  const counts = (): number[] => [stage.control[CLOCK_BELL]!, stage.of(1, BELL), stage.of(0, BELL)];
  const before = counts();
  stage.at(0).renderer.render(true);
  assert.deepEqual(rung, [
    [CLOCK_BELL, 13],
    [slotWord(1, BELL), 13],
  ]);
  assert.deepEqual(counts(), [before[0]! + 1, before[1]! + 1, before[2]]);
  // The clock sleeps until its deadline on a word that no block changes.
  assert.equal(stage.control[SLEEP], 0);
});

test('a slot that stalled in a block it had decided changes nothing of what another one renders', () => {
  const reference = inStep();
  const stage = inStep();
  for (const each of [reference, stage]) each.command(gate(1, false), set('voice2/filter/freq', 900));
  const stalled = stage.at(0);
  stalled.points.on('after decision', () => {
    stalled.points.clear();
    // Its commands are in block 12, however late the others come to it.
    stage.command(gate(3, false));
    stage.at(1).renderer.render(true);
    stage.lead(1, 5);
  });
  stalled.renderer.render(true);
  reference.at(0).renderer.render(true);
  reference.command(gate(3, false));
  reference.lead(0, 5);
  for (let block = 12; block < 18; block++) {
    assert.ok(loud(stage, 1, block));
    assert.ok(sameBytes(stage.block(1, block), reference.block(0, block)), `block ${block}`);
  }
  assert.ok(sameBytes(stage.block(0, 12), stage.block(1, 12)));
  assert.equal(stage.of(1, POSITION), stage.control[LOG_END]);
});
