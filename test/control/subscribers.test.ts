import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OWN, MAX_SUBSCRIPTIONS, Subscribers } from '../../engine/control/subscribers.js';
import { errorOf, valueOf } from '../helpers/outcome.js';

function desk() {
  let now = 0;
  const sent: string[] = [];
  const subscribers = new Subscribers(() => now);
  const sender = (key: string) => ({
    key,
    send: (bytes: Uint8Array) => void sent.push(`${key}:${bytes[0]}`),
  });
  return { subscribers, sender, sent, pass: (seconds: number) => (now += seconds * 1000) };
}

test('everybody whose pattern fits is told once, in bytes that are made once and only for somebody', () => {
  const { subscribers, sender, sent } = desk();
  let made = 0;
  const bytes = (): Uint8Array => Uint8Array.of(++made);
  subscribers.publish('/engine/fault', bytes);
  assert.equal(made, 0);
  valueOf(subscribers.add(sender('a'), '/engine/*', 60));
  valueOf(subscribers.add(sender('a'), '/engine/fault', 60));
  valueOf(subscribers.add(sender('b'), '/engine/fault', 60));
  valueOf(subscribers.add(sender('c'), '/seq/step', 60));
  subscribers.publish('/engine/fault', bytes);
  assert.deepEqual(sent, ['a:1', 'b:1']);
});

test('a subscription ends by its time, and the same one sent again lasts longer', () => {
  const { subscribers, sender, sent, pass } = desk();
  subscribers.add(sender('a'), '/engine/fault', 10);
  pass(9);
  subscribers.add(sender('a'), '/engine/fault', 10);
  assert.equal(subscribers.count(), 1);
  pass(9);
  subscribers.publish('/engine/fault', () => Uint8Array.of(1));
  pass(2);
  subscribers.publish('/engine/fault', () => Uint8Array.of(2));
  assert.deepEqual(sent, ['a:1']);
  assert.equal(subscribers.count(), 0);
});

test('/unsubscribe ends one or all of its sender and nobody else’s', () => {
  const { subscribers, sender } = desk();
  for (const key of ['a', 'b'])
    for (const pattern of ['/x', '/y', '/z']) subscribers.add(sender(key), pattern, 60);
  assert.equal(subscribers.remove('a', '/x'), 1);
  assert.equal(subscribers.remove('a', '/x'), 0);
  assert.equal(subscribers.remove('a'), 2);
  assert.equal(subscribers.count(), 3);
});

test('one sender cannot take all the room', () => {
  const { subscribers, sender } = desk();
  for (let i = 0; i < MAX_OWN; i++) valueOf(subscribers.add(sender('a'), `/x${i}`, 60));
  errorOf(subscribers.add(sender('a'), '/more', 60), 'E_BUSY');
  valueOf(subscribers.add(sender('a'), '/x3', 60));
  valueOf(subscribers.add(sender('b'), '/more', 60));
});

test('patterns that are none, and more than there is room for, are refused', () => {
  const { subscribers, sender, pass } = desk();
  errorOf(subscribers.add(sender('a'), 'engine', 60), 'E_WILDCARD');
  errorOf(subscribers.add(sender('a'), '/engine/[', 60), 'E_WILDCARD');
  for (let i = 0; i < MAX_SUBSCRIPTIONS; i++) valueOf(subscribers.add(sender(`s${i}`), '/x', 60));
  errorOf(subscribers.add(sender('late'), '/x', 60), 'E_BUSY');
  valueOf(subscribers.add(sender('s1'), '/x', 60));
  pass(61);
  valueOf(subscribers.add(sender('late'), '/x', 60));
});
