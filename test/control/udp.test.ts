import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import test from 'node:test';
import { decode } from '../../engine/control/decode.js';
import { encode, int } from '../../engine/control/encode.js';
import { listenUdp } from '../../engine/control/udp.js';
import { UdpPresence } from '../../engine/control/udp-presence.js';
import { udpSocketsNow, type UdpSocketRow } from '../../engine/control/udp-table.js';
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

test('what the system threw away is counted: received and dropped are what was sent', async (t) => {
  if (udpSocketsNow() === undefined) return t.skip('this system has no table of UDP sockets');
  const desk = createDesk();
  const server = valueOf(await listenUdp(desk.control, { port: 0 }));
  assert.equal(server.drops(), 0);
  const client = createSocket('udp4');
  client.connect(server.port, '127.0.0.1');
  await once(client, 'connect');
  const packet = encode('/mod/voice1/freq', [
    { type: 's', value: '440' },
    { type: 'b', value: new Uint8Array(32_000) },
  ]);
  // Sent without a pause, so nobody reads meanwhile: 16 MB into a buffer of at most 8.
  const sent = 500;
  for (let i = 0; i < sent; i++) client.send(packet);
  await new Promise((resolve) => client.send(encode('/sync', []), resolve));
  const dropped = server.drops() ?? 0;
  assert.ok(dropped > 0, 'a burst beyond the buffer');
  const arrived = (): number => desk.control.counters().received;
  while (arrived() < sent + 1 - dropped) await new Promise(setImmediate);
  assert.equal(arrived() + dropped, sent + 1);
  client.close();
  await server.close();
  desk.close();
});

test('a subscriber whose socket is closed is gone, also when another takes its port; one that lives stays', async () => {
  const desk = createDesk();
  const server = valueOf(await listenUdp(desk.control, { port: 0 }));
  const clients = await Promise.all(
    ['bound', 'connected'].map(async (kind) => {
      const socket = createSocket('udp4');
      if (kind === 'connected') {
        socket.connect(server.port, '127.0.0.1');
        await once(socket, 'connect');
        socket.send(encode('/subscribe', [{ type: 's', value: '/seq/*' }]));
      } else {
        socket.send(encode('/subscribe', [{ type: 's', value: '/seq/*' }]), server.port, '127.0.0.1');
      }
      await once(socket, 'message');
      return socket;
    }),
  );
  const presence = new UdpPresence(desk.control, server.port);
  await presence.look();
  if (udpSocketsNow()) assert.equal(desk.control.subscribers().size, 2);
  const [gone, lives] = clients as [Socket, Socket];
  const { port } = gone.address();
  await new Promise<void>((resolve) => gone.close(resolve));
  const other = createSocket('udp4');
  other.bind(port, '127.0.0.1');
  await once(other, 'listening');
  await presence.look();
  if (udpSocketsNow())
    assert.deepEqual([...desk.control.subscribers().keys()], [`127.0.0.1:${lives.address().port}`]);
  other.close();
  lives.close();
  await server.close();
  desk.close();
});

/** Presence with subscribers and a table that the test says. */
function presence(
  keys: ReadonlyMap<string, number>,
  table: () => readonly [port: number, inode: string][] | undefined,
) {
  const ended: string[] = [];
  const control = { subscribers: () => keys, gone: (key: string) => void ended.push(key) };
  const sockets = (): Promise<UdpSocketRow[] | undefined> =>
    Promise.resolve(table()?.map(([port, inode]) => ({ port, inode, drops: 0 })));
  return { ended, looker: new UdpPresence(control, 5005, sockets) };
}

test('subscribers elsewhere, and where the table is none or shows other sockets, are left to their time', async () => {
  const keys = new Map([
    ['192.168.1.5:5000', 1],
    ['127.0.0.1:5000', 2],
    ['tcp:127.0.0.1:5000', 3],
  ]);
  for (const table of [undefined, [], [[80, 'a'] as [number, string]]]) {
    const { ended, looker } = presence(keys, () => table);
    await looker.look();
    assert.deepEqual(ended, []);
  }
  const { ended, looker } = presence(keys, () => [[5005, 'own']]);
  await looker.look();
  assert.deepEqual(ended, ['127.0.0.1:5000']);
});

test('a client that is started again on its port and subscribes again stays', async () => {
  const keys = new Map([['127.0.0.1:9000', 1]]);
  let inode = 'first';
  const { ended, looker } = presence(keys, () => [
    [5005, 'own'],
    [9000, inode],
  ]);
  await looker.look();
  inode = 'second';
  keys.set('127.0.0.1:9000', 2);
  await looker.look();
  await looker.look();
  assert.deepEqual(ended, []);
  inode = 'third';
  await looker.look();
  assert.deepEqual(ended, ['127.0.0.1:9000']);
});
