import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'node:test';
import { error, reply, synced, warn } from '../../engine/control/answer.js';
import { decode, type Message } from '../../engine/control/decode.js';
import { connectTo, type OscClient } from '../../engine/cli/osc-client.js';
import type { Scope } from '../helpers/engine.js';
import { errorOf, valueOf, warningsOf } from '../helpers/outcome.js';

const PROBLEM = { code: 'E_ROUTE', got: "'/x'", allowed: 'a, b', nearest: ['a', 'b'], mend: 'Send another.' };
const file = (oscPort: number) => ({
  pid: process.pid,
  oscHost: '127.0.0.1',
  oscPort,
  sampleRate: 48000,
  blockFrames: 256,
  voices: 4,
  device: 'null',
  started: '',
});

/** A client of something that answers each message with these datagrams. */
async function clientOf(scope: Scope, answers: (message: Message) => Uint8Array[]): Promise<OscClient> {
  const server = createSocket('udp4');
  server.on('message', (bytes, from) => {
    for (const message of valueOf(decode(bytes))) {
      for (const datagram of answers(message)) server.send(datagram, from.port, from.address);
    }
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => void server.close());
  const client = valueOf(await connectTo(file(server.address().port), 'home'));
  scope.after(() => client.close());
  return client;
}

test('an answer in pages is put together in their order, whatever the order of arrival', async (t) => {
  const document = { text: 'ä'.repeat(20_000) };
  const client = await clientOf(t, ({ address }) => reply(address, document).reverse());
  assert.deepEqual(valueOf(await client.request('/engine/schema')), document);
});

test('request: an error for its address is its problem, one for another address is not', async (t) => {
  const client = await clientOf(t, ({ address }) =>
    address === '/x' ? [error('/x', PROBLEM)] : [error('/other', PROBLEM), ...reply(address, 1)],
  );
  assert.deepEqual(errorOf(await client.request('/x'), 'E_ROUTE'), { where: '/x', ...PROBLEM });
  assert.equal(valueOf(await client.request('/y')), 1);
});

test('command: done when it is synced; what was warned of comes with it, an error is its problem', async (t) => {
  const client = await clientOf(t, ({ address, args }) => {
    if (address === '/sync') return [synced(args)];
    return address === '/bad' ? [error('/bad', PROBLEM)] : [warn(address, 'a little off')];
  });
  assert.equal(warningsOf(await client.command('/good')), 'a little off');
  errorOf(await client.command('/bad'), 'E_ROUTE');
  assert.equal(warningsOf(await client.sync()), '');
});

test('silence ends with E_TIMEOUT', async (t) => {
  const client = await clientOf(t, () => []);
  errorOf(await client.request('/x', [], { timeoutMs: 20 }), 'E_TIMEOUT');
});

test('a port where nobody listens is E_NO_ENGINE at once', async (t) => {
  const free = createSocket('udp4').bind(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  free.close();
  await once(free, 'close');
  const client = valueOf(await connectTo(file(port), 'home'));
  t.after(() => client.close());
  errorOf(await client.request('/x', [], { timeoutMs: 60_000 }), 'E_NO_ENGINE');
});
