import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { decode, type Arg, type Message } from '../../engine/control/decode.js';
import { encode, float, int, text } from '../../engine/control/encode.js';
import { Deframer, frame } from '../../engine/control/framing.js';
import { BANDS_HZ } from '../../engine/control/spectrum.js';
import { readRun } from '../../engine/supervisor/journal-file.js';
import { startEngine, type TestEngine } from '../helpers/engine.js';
import { needs } from '../helpers/needs.js';
import { valueOf } from '../helpers/outcome.js';

/** Messages as they come, and a way to wait for what they make true. */
class Inbox {
  readonly all: Message[] = [];
  #told: (() => void) | undefined;

  take(packet: Uint8Array): void {
    this.all.push(...valueOf(decode(packet)));
    this.#told?.();
  }
  at(address: string): unknown[][] {
    return this.all
      .filter((message) => message.address === address)
      .map(({ args }) => args.map(({ value }) => value));
  }
  async until(is: () => boolean): Promise<void> {
    while (!is()) await new Promise<void>((resolve) => (this.#told = resolve));
  }
}

/** A visualizer: its port and what it gets. */
async function visualizer(t: TestContext): Promise<{ port: number; inbox: Inbox }> {
  const socket = createSocket('udp4');
  const inbox = new Inbox();
  socket.on('message', (bytes) => inbox.take(bytes));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => void socket.close());
  return { port: socket.address().port, inbox };
}

async function tcpClient(t: TestContext, { port }: TestEngine) {
  const socket = connect(port, '127.0.0.1');
  const inbox = new Inbox();
  const deframer = new Deframer();
  socket.on('data', (bytes) => {
    for (const packet of deframer.push(bytes)) inbox.take(packet);
  });
  await once(socket, 'connect');
  t.after(() => void socket.destroy());
  const send = (address: string, ...args: readonly Arg[]): void =>
    void socket.write(frame('slip', encode(address, args)));
  return { inbox, send };
}

test('R92: a visualizer gets levels and spectrum ten times a second of sound, voice 10 in place 10', async (t) => {
  const { port, inbox } = await visualizer(t);
  const engine = await startEngine(t, { args: ['--viz-port', String(port)] });
  const { client } = engine;
  for (const [path, value] of [
    ['voice10/freq', 1000],
    ['voice10/amp', 0.02],
    ['voice10/filter/freq', 8000],
    ['voice10/adsr/sustain', 1],
    ['reverb1/mix', 0],
    ['delay1/mix', 0],
  ] as const)
    client.send(`/mod/${path}`, [float(value)]);
  client.send('/gate/voice10', [int(1)]);
  valueOf(await client.sync());
  const count = inbox.all.length;
  const { frame: from } = (await engine.request('/engine/status')) as { frame: number };
  await inbox.until(() => inbox.all.length >= count + 20);
  const { frame: to } = (await engine.request('/engine/status')) as { frame: number };
  const got = (inbox.all.length - count) / 2;
  assert.ok(Math.abs(got - (to - from) / 4800) <= 2, `${got} in ${to - from} frames`);
  assert.ok(inbox.all.every(({ address }, i) => address === (i % 2 ? '/viz/spectrum' : '/viz/levels')));

  const levels = inbox.at('/viz/levels').at(-1) as number[];
  assert.equal(levels.length, 16);
  assert.deepEqual(
    levels.map((level) => level > 0.005),
    Array.from({ length: 16 }, (_, i) => i === 9),
    levels.join(' '),
  );
  const bands = inbox.at('/viz/spectrum').at(-1) as number[];
  const loudest = Math.max(...bands);
  assert.equal(BANDS_HZ[bands.indexOf(loudest)], 1000, bands.join(' '));
  assert.ok(loudest > 0.05 && bands.filter((band) => band < 0.5 * loudest).length === 7, bands.join(' '));

  const line = readFileSync(join(engine.home, 'engine_status.txt'), 'utf8');
  assert.match(
    line,
    /^AUDIO: 0\.0\d{3} \| MSG: 1 \| GATES: 1 \| REC: --- \| LAST: \/gate\/voice10 1 \| TIME: [\d:]{8}\n$/,
  );
});

test('R18, R105: steps and takes are told to who subscribed, each step once and in order, over TCP', async (t) => {
  const engine = await startEngine(t);
  const { inbox, send } = await tcpClient(t, engine);
  send('/subscribe', text('/seq/step'));
  send('/subscribe', text('/recording/*'));
  send('/subscribe', text('/viz/levels'));
  send('/record/start', text('told'), text('dur=1.3'));
  send('/seq/bpm', float(300));
  send('/seq/start');
  await inbox.until(() => inbox.at('/recording/state').some(([, state]) => state === 'IDLE'));
  const steps = inbox.at('/seq/step');
  assert.ok(steps.length > 17, `${steps.length} steps`);
  assert.deepEqual(
    steps,
    steps.map((_, i) => [i, Math.floor(i / 16)]),
  );
  assert.deepEqual(
    inbox.at('/recording/state').map(([id, state]) => `${String(id)} ${String(state)}`),
    ['main STARTING', 'main RECORDING', 'main STOPPING', 'main IDLE'],
  );
  const [id, seconds, bytes] = inbox.at('/recording/progress').at(-1) ?? [];
  assert.equal(id, 'main');
  assert.ok(Number(seconds) > 0 && Number(seconds) <= 1.3, String(seconds));
  assert.ok(Number(bytes) > 6 * 48_000 * Number(seconds), String(bytes));
  assert.ok(inbox.at('/viz/levels').length > 5);

  send('/unsubscribe');
  send('/sync', int(1));
  await inbox.until(() => inbox.at('/synced').length > 0);
  const count = inbox.all.length;
  valueOf(await engine.client.sync());
  assert.equal(inbox.all.length, count);
});

test('time tags: a moment ahead at its frame, one that is past at once, counted and told', async (t) => {
  const engine = await startEngine(t);
  const { inbox } = await tcpClient(t, engine);
  const socket = createSocket('udp4');
  t.after(() => void socket.close());
  socket.on('message', (bytes) => inbox.take(bytes));
  const reach = async (frame: number): Promise<void> => {
    while (((await engine.request('/engine/status')) as { frame: number }).frame < frame);
  };
  // The engine knows what time its frames have.
  await reach(48_000);
  const now = Date.now();
  const gate = encode('/gate/voice1', [int(1)]);
  for (const ahead of [400, 500, -3000, -3000])
    socket.send(bundle(now + ahead, gate), engine.port, '127.0.0.1');
  await inbox.until(() => inbox.at('/warn').length > 0);
  const [[address, sentence] = []] = inbox.at('/warn');
  assert.equal(address, '/gate/voice1');
  assert.match(String(sentence), /^E_LATE: 3\d\d\d\.\d ms late/);
  let counters = { late: 0 };
  while (counters.late < 2)
    ({ control: counters } = (await engine.request('/engine/status')) as { control: { late: number } });
  assert.equal(inbox.at('/warn').length, 1, 'once a second');
  valueOf(await engine.client.sync());
  // What has been rendered ahead and not played when it ends is not in the journal.
  await reach(60_000);
  await engine.stop();
  const [run] = readdirSync(join(engine.home, 'journal'));
  const { commands } = readRun(join(engine.home, 'journal', run as string));
  const frames = [...commands.values()]
    .flatMap((words) => Array.from({ length: words.length / 8 }, (_, i) => words.slice(8 * i, 8 * i + 8)))
    .filter((words) => ((words[0] as number) & 0xff) === 2)
    .map((words) => (((words[0] as number) >> 8) & 0xff ? new Float64Array(words.buffer)[2] : undefined));
  const timed = frames.filter((at) => at !== undefined);
  assert.equal(frames.length, 4);
  assert.equal(timed.length, 2);
  assert.ok(Math.abs((timed[1] as number) - (timed[0] as number) - 4800) < 48, timed.join(' '));
});

test('oscsend over UDP and TCP', { skip: needs('oscsend', 'liblo-tools') }, async (t) => {
  const engine = await startEngine(t);
  const run = promisify(execFile);
  for (const [target, hz] of [
    [['localhost', String(engine.port)], 211],
    [[`osc.tcp://localhost:${engine.port}/`], 322],
  ] as const) {
    await run('oscsend', [...target, '/mod/voice1/freq', 'f', String(hz)]);
    while ((await engine.request('/mod/voice1/freq')) !== hz) await new Promise(setImmediate);
  }
  const { control, tcp } = (await engine.request('/engine/status')) as {
    control: { malformed: number };
    tcp: { closed: Record<string, number> };
  };
  assert.equal(control.malformed, 0);
  assert.deepEqual(new Set(Object.values(tcp.closed)), new Set([0]));
});

function bundle(unixMs: number, packet: Uint8Array): Uint8Array {
  const head = Buffer.from('#bundle\0\0\0\0\0\0\0\0\0\0\0\0\0');
  const seconds = Math.floor(unixMs / 1000);
  head.writeUInt32BE(seconds + 2_208_988_800, 8);
  head.writeUInt32BE(Math.round(((unixMs - 1000 * seconds) / 1000) * 2 ** 32), 12);
  head.writeUInt32BE(packet.length, 16);
  return Buffer.concat([head, packet]);
}
