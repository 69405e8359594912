/** A running engine and clients that come and go. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { encode, text } from '../../engine/control/encode.js';
import { startEngine } from '../helpers/engine.js';

interface Status {
  readonly running: boolean;
  readonly step: number;
  readonly tracks: readonly { readonly id: string }[];
}

test('the tracks of a client that is killed go on', async (t) => {
  const engine = await startEngine(t);
  const add = encode('/seq/add', [text('kick'), text('voice1'), text('x...')]);
  const start = encode('/seq/start', []);
  // A client of its own that sends and then waits for ever.
  const code = `
    const socket = require('node:dgram').createSocket('udp4');
    for (const packet of ${JSON.stringify([add, start].map((bytes) => Buffer.from(bytes).toString('base64')))})
      socket.send(Buffer.from(packet, 'base64'), ${engine.port}, '127.0.0.1');
    setInterval(() => {}, 1000);`;
  const client = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  t.after(() => void client.kill('SIGKILL'));
  const status = async (): Promise<Status> => (await engine.request('/seq/status')) as Status;
  while (!(await status()).running);
  client.kill('SIGKILL');
  await once(client, 'exit');
  const { step } = await status();
  while ((await status()).step < step + 4);
  assert.deepEqual(
    (await status()).tracks.map(({ id }) => id),
    ['kick'],
  );
});

test('128 edits wait for the bar, one more is refused; all act at the bar', async (t) => {
  const engine = await startEngine(t);
  const status = async (): Promise<Status> => (await engine.request('/seq/status')) as Status;
  engine.send('/seq/bpm', { type: 'f', value: 30 });
  engine.send('/seq/start');
  while (!(await status()).running);
  const refused: string[] = [];
  for (let i = 0; i < 130; i++) {
    const done = await engine.client.command('/seq/seed', [{ type: 'i', value: i }, text('at=bar')]);
    if (!done.ok) refused.push(done.error.code);
  }
  const before = await status();
  assert.ok(before.step < 16, `still in the first bar: step ${before.step}`);
  assert.deepEqual(refused, ['E_QUEUE', 'E_QUEUE']);
  engine.send('/seq/bpm', { type: 'f', value: 300 });
  while ((await status()).step < 18);
  const more = await engine.client.command('/seq/add', [
    text('z'),
    text('voice1'),
    text('x'),
    text('at=bar'),
  ]);
  assert.ok(more.ok, 'there is room again');
});
