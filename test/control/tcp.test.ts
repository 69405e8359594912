import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { decode } from '../../engine/control/decode.js';
import { encode, float, int, text } from '../../engine/control/encode.js';
import { Deframer, frame, type Framing } from '../../engine/control/framing.js';
import { listen } from '../../engine/control/listen.js';
import { listenTcp, type TcpLimits, type TcpServer } from '../../engine/control/tcp.js';
import { errorOf, valueOf } from '../helpers/outcome.js';
import { createDesk, type Desk } from './desk.js';

interface Stage {
  readonly desk: Desk;
  readonly server: TcpServer;
  client(framing?: Framing): Promise<Client>;
}

async function stage(t: TestContext, limits: Partial<TcpLimits> = {}): Promise<Stage> {
  const desk = createDesk();
  const server = valueOf(await listenTcp(desk.control, { port: 0, limits }));
  const clients: Client[] = [];
  t.after(async () => {
    for (const { socket } of clients) socket.destroy();
    await server.close();
    desk.close();
  });
  return {
    desk,
    server,
    client: async (framing = 'length') => {
      const client = new Client(
        connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }),
        framing,
      );
      clients.push(client);
      await once(client.socket, 'connect');
      return client;
    },
  };
}

/** Reads what comes back, as lines. */
class Client {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  readonly #framing: Framing;
  readonly #deframer = new Deframer();
  readonly #lines: string[] = [];
  #told: (() => void) | undefined;

  constructor(socket: Socket, framing: Framing) {
    this.socket = socket;
    this.#framing = framing;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (bytes) => {
      for (const packet of this.#deframer.push(bytes))
        for (const { address, args } of valueOf(decode(packet)))
          this.#lines.push([address, ...args.map(({ value }) => value)].join(' | '));
      this.#told?.();
    });
  }

  send(...packets: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(packets.map((packet) => frame(this.#framing, packet))));
  }

  /** Everything up to the answer to this. */
  async sync(id: number): Promise<string[]> {
    this.send(encode('/sync', [int(id)]));
    return this.until(`/synced | ${id}`);
  }

  async until(last: string): Promise<string[]> {
    while (!this.#lines.includes(last)) await new Promise<void>((resolve) => (this.#told = resolve));
    return this.#lines.splice(0, this.#lines.indexOf(last) + 1);
  }

  /** What came until the engine closed. */
  async rest(): Promise<string[]> {
    await this.closed;
    return this.#lines.splice(0);
  }
}

/** The engine notices a closed connection a moment after its client. */
async function settled(is: () => boolean): Promise<void> {
  while (!is()) await new Promise(setImmediate);
}

const freq = (hz: number): Uint8Array => encode('/mod/voice1/freq', [float(hz)]);
const values = ({ desk }: Stage): number[] =>
  desk.sink.commands().map((command) => (command.kind === 'set' ? command.value : NaN));

for (const framing of ['length', 'slip'] as const) {
  test(`${framing}: messages in order, answers in the same framing, bytes one by one`, async (t) => {
    const here = await stage(t);
    const client = await here.client(framing);
    for (let i = 0; i < 500; i++) client.send(freq(100 + i));
    assert.deepEqual(await client.sync(1), ['/synced | 1']);
    assert.deepEqual(
      values(here),
      Array.from({ length: 500 }, (_, i) => 100 + i),
    );
    for (const byte of frame(framing, encode('/mod/voice1/freq', []))) {
      client.socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    assert.deepEqual(await client.until('/mod/voice1/freq/reply | 599'), ['/mod/voice1/freq/reply | 599']);
  });
}

test('a packet that is no OSC is answered, and the connection goes on', async (t) => {
  const here = await stage(t);
  const client = await here.client();
  client.send(Buffer.from('hello'), Buffer.alloc(0), freq(200));
  const answers = await client.sync(1);
  assert.deepEqual(
    answers.map((line) => line.split(' | ')[1]),
    ['E_PACKET', 'E_PACKET', '1'],
  );
  assert.deepEqual(values(here), [200]);
});

test('a broken stream gets an error and is closed, counted; what came before it is done', async (t) => {
  const here = await stage(t);
  const client = await here.client();
  client.send(freq(300));
  client.socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3]));
  client.send(freq(400));
  assert.match((await client.rest()).join(), /^\/error \| E_STREAM \| {2}\| a packet of 2147483647 bytes/);
  assert.deepEqual(values(here), [300]);
  const other = await here.client();
  other.socket.write('GET / HTTP/1.1\r\n\r\n');
  assert.match((await other.rest()).join(), /E_STREAM.*begins with byte 71/);
  const cut = await here.client('slip');
  cut.socket.end(Buffer.from([0xc0, 0x2f]));
  assert.match((await cut.rest()).join(), /E_STREAM.*middle of a packet/);
  await settled(() => here.server.connections() === 0);
  assert.equal(here.server.closed().broken, 3);
});

test('a client that says its last word is answered before the connection ends', async (t) => {
  const here = await stage(t);
  const client = await here.client();
  client.send(encode('/pattern/save', [int(3)]), encode('/sync', [int(9)]));
  client.socket.end();
  const answers = await client.rest();
  assert.match(answers[0] ?? '', /^\/pattern\/save\/reply/);
  assert.equal(answers[1], '/synced | 9');
});

test('a client that does not read is closed, not remembered', async (t) => {
  const here = await stage(t, { unreadBytes: 100_000 });
  const client = await here.client();
  client.socket.pause();
  // More than the buffers of the system hold.
  for (let i = 0; i < 400 && here.server.connections() > 0; i++) {
    client.send(...Array.from({ length: 20 }, () => encode('/engine/schema', [])));
    await new Promise(setImmediate);
  }
  assert.equal(here.server.closed().slow, 1);
  assert.equal(here.server.connections(), 0);
  const other = await here.client();
  assert.deepEqual(await other.sync(1), ['/synced | 1']);
});

test('a packet that does not become whole, and a connection without any, are closed', async (t) => {
  const here = await stage(t, { packetMs: 40 });
  const half = await here.client();
  half.send(freq(200));
  await half.sync(1);
  half.socket.write(Buffer.from([0, 0]));
  const silent = await here.client();
  await Promise.all([half.closed, silent.closed]);
  await settled(() => here.server.connections() === 0);
  assert.equal(here.server.closed().stalled, 2);
});

test('a place for one more: the one that is silent longest and listens to nothing goes, else nobody', async (t) => {
  const here = await stage(t, { connections: 2, idleMs: 0 });
  const listener = await here.client();
  listener.send(encode('/subscribe', [text('/engine/fault')]));
  await listener.sync(1);
  const idler = await here.client();
  await idler.sync(1);
  const third = await here.client();
  await third.sync(1);
  await idler.closed;
  await settled(() => here.server.connections() === 2);
  assert.equal(here.server.closed().idle, 1);
  third.send(encode('/subscribe', [text('/seq/step')]));
  await third.sync(2);
  const fourth = await here.client();
  await fourth.closed;
  assert.deepEqual(here.server.closed(), { slow: 0, broken: 0, stalled: 0, idle: 1, refused: 1 });
  assert.deepEqual(await listener.sync(2), ['/synced | 2']);
});

test('subscriptions of a connection end with it', async (t) => {
  const here = await stage(t);
  const [one, two] = [await here.client(), await here.client('slip')];
  for (const client of [one, two]) {
    client.send(encode('/subscribe', [text('/seq/*')]));
    await client.sync(1);
  }
  assert.equal(here.desk.control.subscribers().size, 2);
  here.desk.control.publish('/seq/step', [int(1), int(0)]);
  assert.deepEqual(await two.until('/seq/step | 1 | 0'), ['/seq/step | 1 | 0']);
  one.socket.destroy();
  two.socket.end();
  await Promise.all([one.closed, two.closed]);
  await settled(() => here.server.connections() === 0);
  assert.equal(here.desk.control.subscribers().size, 0);
});

test('both ears have one number; a port that is taken for TCP frees the one for UDP', async () => {
  const desk = createDesk();
  const first = valueOf(await listenTcp(desk.control, { port: 0 }));
  const { port } = first;
  const problem = errorOf(await listen(desk.control, { port }), 'E_PORT');
  assert.match(problem.got, new RegExp(`TCP 127.0.0.1:${port}, which another program uses`));
  await first.close();
  const ears = valueOf(await listen(desk.control, { port }));
  assert.equal(ears.port, port);
  assert.equal(ears.status().tcp.connections, 0);
  errorOf(await listen(desk.control, { port }), 'E_PORT');
  await ears.close();
  const free = valueOf(await listen(desk.control, { port: 0 }));
  assert.ok(free.port > 0);
  await free.close();
  desk.close();
});
