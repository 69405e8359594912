import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAKE_STATES, TakeMachine, TRANSITIONS, type TakeState } from '../../../modules/recorder/states.js';

/** The shortest way from IDLE to each state. */
const WAYS: Readonly<Record<TakeState, readonly TakeState[]>> = {
  IDLE: [],
  STARTING: ['STARTING'],
  RECORDING: ['STARTING', 'RECORDING'],
  STOPPING: ['STARTING', 'STOPPING'],
  ERROR: ['STARTING', 'ERROR'],
};

test('R103 R104 R105 every legal transition is told, every other one changes nothing and tells nobody', () => {
  assert.deepEqual(TAKE_STATES, ['IDLE', 'STARTING', 'RECORDING', 'STOPPING', 'ERROR']);
  for (const from of TAKE_STATES) {
    for (const to of TAKE_STATES) {
      const told: string[] = [];
      const machine = new TakeMachine((before, after) => void told.push(`${before} ${after}`));
      for (const step of WAYS[from]) assert.ok(machine.move(step));
      told.length = 0;
      const legal = TRANSITIONS[from].includes(to);
      assert.equal(machine.move(to), legal, `${from} to ${to}`);
      assert.equal(machine.state, legal ? to : from);
      assert.deepEqual(told, legal ? [`${from} ${to}`] : []);
    }
  }
});

test('R106 R107 there is a way back to IDLE from every state, from ERROR too', () => {
  for (const state of TAKE_STATES) {
    const seen = new Set<TakeState>([state]);
    for (const each of seen) TRANSITIONS[each].forEach((next) => seen.add(next));
    assert.ok(seen.has('IDLE'), state);
  }
});
