import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'node:test';
import { decode } from '../../engine/control/decode.js';
import { encode, int } from '../../engine/control/encode.js';
import { listenUdp } from '../../engine/control/udp.js';
import { errorOf, valueOf } from '../helpers/outcome.js';
import { createDesk } from './desk.js';

test('a datagram in, the answer back to its sender; a burst arrives in order and whole', async () => {
  const desk = createDesk();
  const server = valueOf(await listenUdp(desk.control, { port: 0 }));
  const client = createSocket('udp4');
  const answered = once(client, 'message') as Promise<[Buffer]>;
  for (let i = 0; i < 500; i++)
    client.send(encode('/mod/voice1/freq', [int(100 + i)]), server.port, '127.0.0.1');
  client.send(encode('/sync', [int(7)]), server.port, '127.0.0.1');
  const [bytes] = await answered;
  assert.deepEqual(valueOf(decode(bytes)), [{ address: '/synced', args: [{ type: 'i', value: 7 }] }]);
  const values = desk.sink.commands().map((command) => (command.kind === 'set' ? command.value : 0));
  assert.deepEqual(
    values,
    Array.from({ length: 500 }, (_, i) => 100 + i),
  );
  client.close();
  await server.close();
  desk.close();
});

test('a port that is taken is named, with the way out', async () => {
  const desk = createDesk();
  const first = valueOf(await listenUdp(desk.control, { port: 0 }));
  const problem = errorOf(await listenUdp(desk.control, { port: first.port }), 'E_PORT');
  assert.match(problem.got, new RegExp(`127.0.0.1:${first.port}, which another program uses`));
  assert.match(problem.mend, /--osc-port 0/);
  await first.close();
  desk.close();
});
