import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { EngineFile } from '../../engine/supervisor/home.js';
import { chronus, chronusJson, forEach, startEngine, tempHome } from '../helpers/engine.js';

interface Refused {
  readonly code: string;
  readonly got: string;
  readonly mend: string;
}

async function refused(args: readonly string[]): Promise<Refused> {
  return (await chronusJson(args, 1))['error'] as Refused;
}

const start = (home: string, port: number | string): string[] => [
  ...['start', '--device', 'null', '--home', home, '--osc-port', String(port)],
];

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('without an engine every command that needs one ends with E_NO_ENGINE and says how to start it', async (t) => {
  const home = await tempHome(t);
  const commands = [
    ['set', 'voice1/freq', '220'],
    ['get', 'voice1/freq'],
    ['gate', 'voice1'],
    ['seq', 'start'],
    ['pattern', 'list'],
    ['record', 'stop'],
    ['status'],
    ['play', '1'],
  ];
  await forEach(commands, async (words) => {
    const error = await refused([...words, '--home', home]);
    assert.equal(error.code, 'E_NO_ENGINE', words.join(' '));
    assert.match(error.mend, /chronus start/);
  });
  const { code, stdout, stderr } = await chronus(['status', '--home', home]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^E_NO_ENGINE/);
});

test('a second engine in the same home or on the same port is refused; the first plays on', async (t) => {
  const engine = await startEngine(t);
  const home = await refused(start(engine.home, 0));
  assert.equal(home.code, 'E_HOME_BUSY');
  assert.match(home.got, new RegExp(`pid ${engine.pid}, OSC port ${engine.port}`));
  assert.match(home.mend, /--home/);
  const port = await refused(start(await tempHome(t), engine.port));
  assert.equal(port.code, 'E_PORT');
  assert.match(port.got, new RegExp(String(engine.port)));
  assert.match(port.mend, /--osc-port 0/);
  const status = (await engine.request('/engine/status')) as { pid: number };
  assert.equal(status.pid, engine.pid);
});

/** Someone else has it. */
async function takenPort(t: TestContext): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => void socket.close());
  return socket.address().port;
}

test('a refused start leaves no lock behind', async (t) => {
  const home = await tempHome(t);
  await refused(start(home, await takenPort(t)));
  assert.equal((await refused(['status', '--home', home])).code, 'E_NO_ENGINE');
  const next = await startEngine(t, { home });
  assert.equal(next.ready.ready, true);
});

test('a home that cannot be written is refused by its name', async (t) => {
  const file = join(await tempHome(t), 'a-file');
  writeFileSync(file, '');
  const error = await refused(start(file, 0));
  assert.equal(error.code, 'E_HOME');
  assert.ok(error.got.includes(file), error.got);
  assert.match(error.mend, /--home/);
});

test('an unknown device and an unknown pattern are refused', async (t) => {
  const home = await tempHome(t);
  const device = await refused([...start(home, 0), '--device', 'no such card']);
  assert.equal(device.code, 'E_DEVICE');
  const pattern = await refused([...start(home, 0), '--play', 'no-such-pattern']);
  assert.equal(pattern.code, 'E_SOURCE');
});

test('what a killed engine left behind is taken over', async (t) => {
  const home = await tempHome(t);
  const file = join(home, '.chronus', 'engine.json');
  mkdirSync(join(home, '.chronus'));
  writeFileSync(file, JSON.stringify({ pid: deadPid(), oscPort: 5005 }));
  assert.equal((await refused(['status', '--home', home])).code, 'E_NO_ENGINE');
  const engine = await startEngine(t, { home });
  assert.equal((JSON.parse(readFileSync(file, 'utf8')) as EngineFile).pid, engine.pid);

  const killed = await engine.stop('SIGKILL');
  assert.equal(killed.signal, 'SIGKILL');
  const next = await startEngine(t, { home });
  assert.notEqual(next.pid, engine.pid);
});

test('start --play plays', async (t) => {
  const engine = await startEngine(t, { args: ['--play', 'slot_001'] });
  const status = (await engine.request('/seq/status')) as { running: boolean; tracks: unknown[] };
  assert.equal(status.running, true);
  assert.ok(status.tracks.length > 0);
});

test(
  'a lock whose pid belongs to another process by now is taken over',
  { skip: !existsSync('/proc/self/stat') && 'the system does not tell when processes began' },
  async (t) => {
    const home = await tempHome(t);
    mkdirSync(join(home, '.chronus'));
    // This very process lives, but it began at another time than the engine that left the file.
    writeFileSync(
      join(home, '.chronus', 'engine.json'),
      JSON.stringify({ pid: process.pid, processStart: '1', oscPort: 5005 }),
    );
    const engine = await startEngine(t, { home });
    assert.notEqual(engine.pid, process.pid);
  },
);
