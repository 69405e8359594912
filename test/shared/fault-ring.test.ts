import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFaultRing, FAULT_KINDS, FaultReader, FaultWriter } from '../../engine/shared/fault-ring.js';

const EVENTS = 256;

test('events come in their order, each once, with all they say', () => {
  const memory = createFaultRing();
  const writer = new FaultWriter(memory);
  const reader = new FaultReader(memory);
  assert.deepEqual(reader.read(), []);
  FAULT_KINDS.forEach((_, kind) => writer.write(kind, 100 + kind, kind % 3, 2, -5, kind / 4));
  const events = reader.read();
  assert.deepEqual(
    events.map(({ kind, block, slot, from, crumb, cause }) => [kind, block, slot, from, crumb, cause]),
    FAULT_KINDS.map((kind, i) => [kind, 100 + i, i % 3, 2, -5, i / 4]),
  );
  assert.ok(events.every(({ timeMs }, i) => timeMs > 0 && timeMs >= (events[i - 1]?.timeMs ?? 0)));
  assert.deepEqual(reader.read(), []);
  assert.equal(reader.lost, 0);
});

test('events that were overwritten before they were read are counted, and the rest is in order', () => {
  const memory = createFaultRing();
  const writer = new FaultWriter(memory);
  const reader = new FaultReader(memory);
  let written = 0;
  const write = (count: number): void => {
    for (let i = 0; i < count; i++) writer.write(0, written++, 0, 0, 0, 0);
  };
  const counted = (): number => reader.read().length + reader.lost;
  write(EVENTS - 1);
  assert.equal(reader.read().length, EVENTS - 1);
  assert.equal(reader.lost, 0);
  write(3 * EVENTS + 7);
  const blocks = reader.read().map(({ block }) => block);
  assert.deepEqual(
    blocks,
    Array.from({ length: blocks.length }, (_, i) => written - blocks.length + i),
  );
  assert.equal(EVENTS - 1 + blocks.length + reader.lost, written);
  write(1);
  assert.equal(EVENTS - 1 + blocks.length + counted(), written);
});
