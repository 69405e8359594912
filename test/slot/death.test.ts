/** What is known of a slot that has died, and what the others do in the block it died in. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Roles } from '../../engine/clock/roles.js';
import { CRUMB_COMMANDS } from '../../engine/shared/core-layout.js';
import { decide, decisionAt, SKIP } from '../../engine/shared/decisions.js';
import {
  AT_BLOCK,
  CLOCK_BELL,
  DEAD,
  DEATH_BLOCK,
  DEATH_BY,
  DEATH_CRUMB,
  FILLING,
  GENERATION,
  HEAD,
  READY,
  SLEEP,
  slotWord,
  STATE,
  STEP,
  STEPS,
} from '../../engine/shared/run-memory.js';
import { BY_ITSELF, BY_OTHERS, noteDeath } from '../../engine/slot/death.js';
import { CLOCK_LIMITS } from '../helpers/clock.js';
import { gate, peakOf, set } from '../helpers/core.js';
import { sameBytes, SlotStage } from '../helpers/slots.js';

const BLOCK = 10;

/** Three slots in step, of which slot 0 leads. */
function three(): SlotStage {
  const stage = new SlotStage();
  stage.lead(0, BLOCK);
  for (const slot of [1, 2]) {
    stage.set(slot, STATE, FILLING);
    assert.ok(stage.fill(slot));
    stage.set(slot, STATE, READY);
  }
  for (let slot = 0; slot < 3; slot++) stage.set(slot, GENERATION, 1);
  return stage;
}

test('rule 9: a death says where it was, is written once, and wakes the clock from either sleep', (t) => {
  const stage = three();
  stage.set(1, STEP, STEPS.indexOf('ring'));
  stage.set(1, AT_BLOCK, 33);
  const woken: (readonly [number, number])[] = [];
  t.mock.method(Atomics, 'notify', (_: Int32Array, word: number) => {
    woken.push([word, stage.of(1, STATE)]);
    return 0;
  });
  const bells = stage.control[CLOCK_BELL] as number;
  noteDeath(stage.run, 1, BY_OTHERS);
  const death = [STATE, DEATH_BLOCK, DEATH_CRUMB, DEATH_BY].map((word) => stage.of(1, word));
  assert.deepEqual(death, [DEAD, 33, -1 - STEPS.indexOf('ring'), BY_OTHERS]);
  assert.deepEqual(woken, [
    [CLOCK_BELL, DEAD],
    [SLEEP, DEAD],
  ]);
  // Its worker comes to its own way out.
  stage.set(1, AT_BLOCK, 34);
  noteDeath(stage.run, 1, BY_ITSELF);
  assert.deepEqual([stage.of(1, DEATH_BLOCK), stage.of(1, DEATH_BY)], [33, BY_OTHERS]);
  assert.equal(stage.control[CLOCK_BELL], bells + 1);
});

test('rule 9: what a death says is there before the state says dead', (t: TestContext) => {
  const stage = three();
  const order: number[] = [];
  const store = Atomics.store;
  t.mock.method(Atomics, 'store', (words: Int32Array, at: number, value: number) => {
    order.push(at - slotWord(1, 0));
    return store(words, at, value);
  });
  noteDeath(stage.run, 1, BY_ITSELF);
  assert.equal(order.at(-1), STATE);
  assert.deepEqual(order.slice(0, -1).sort(), [DEATH_CRUMB, DEATH_BLOCK, DEATH_BY].sort());
});

/** The slot renders, dies in its core, and the clock is told. */
function dies(stage: SlotStage, roles: Roles, slot: number, leads: boolean): number {
  const { renderer } = stage.at(slot);
  assert.throws(() => renderer.render(leads), { name: 'RuntimeError' });
  assert.ok(renderer.inCore, 'the fault is the core’s');
  noteDeath(stage.run, slot, BY_ITSELF);
  roles.look(1000 + slot, BLOCK - 3);
  return stage.of(slot, DEATH_CRUMB);
}

test('rule 13: a command that has killed two slots is left out by the third, and the rest of the music goes on', () => {
  const reference = three();
  const stage = three();
  const roles = new Roles(stage.run, CLOCK_LIMITS, () => undefined);
  assert.ok(stage.command(set('voice1/amp', 0.1), { kind: 'chaos', fault: 'poison', subject: 0 }));
  assert.equal(dies(stage, roles, 0, true), CRUMB_COMMANDS);
  assert.equal(dies(stage, roles, 1, true), CRUMB_COMMANDS);
  const { renderer, view } = stage.at(2);
  assert.equal(decisionAt(view.verdicts[BLOCK] as number, 0), SKIP);
  renderer.render(true);
  reference.at(2).renderer.render(true);
  assert.equal(stage.of(2, HEAD), BLOCK + 1);
  assert.ok(peakOf(stage.block(2, BLOCK)) > 0);
  assert.ok(sameBytes(stage.block(2, BLOCK), reference.block(2, BLOCK)), 'as if they had never been sent');
  for (const each of [stage, reference]) {
    each.command(gate(2, false));
    each.at(2).renderer.render(true);
  }
  assert.ok(sameBytes(stage.block(2, BLOCK + 1), reference.block(2, BLOCK + 1)));
});

test('rule 13: a unit that traps is bypassed for every slot by the decision of the one that died', () => {
  const stage = three();
  const roles = new Roles(stage.run, CLOCK_LIMITS, () => undefined);
  assert.ok(stage.command({ kind: 'chaos', fault: 'trapAlways', subject: 0 }));
  const crumb = dies(stage, roles, 0, true);
  assert.equal(crumb, 1, 'the breadcrumb names the unit');
  const { verdicts } = stage.at(0).view;
  assert.ok(decide(verdicts, BLOCK, crumb));
  for (const slot of [1, 2]) stage.at(slot).renderer.render(slot === 1);
  assert.deepEqual([stage.of(1, HEAD), stage.of(2, HEAD)], [BLOCK + 1, BLOCK + 1]);
  assert.ok(sameBytes(stage.block(1, BLOCK), stage.block(2, BLOCK)));
  assert.ok(sameBytes(stage.state(1), stage.state(2)));
});
