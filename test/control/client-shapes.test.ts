import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fixturesText, FIXTURES_PATH, type ClientShape } from '../../scripts/fixtures.js';
import { ROOT } from '../helpers/root.js';
import { createDesk } from './desk.js';

const text = readFileSync(join(ROOT, FIXTURES_PATH), 'utf8');
const shapes = JSON.parse(text) as ClientShape[];

/** What the original ignored: answered here, without effect. */
const HARMLESS = new Set(['/mod/adsr1/freq', '/mod/voice1/wave', '/test/unknown/route']);

test('the committed datagrams are those of the table', () => {
  assert.equal(text, fixturesText());
  assert.equal(shapes.length, 93);
});

test('everything real clients send is taken, or ignored without harm', async () => {
  for (const { address, tags, base64 } of shapes) {
    const desk = createDesk(8);
    await desk.send('/seq/add', 'acid', 'voice2', 'x...');
    await desk.send('/seq/add', 'kick', 'voice1', 'x...');
    await desk.send('/seq/start');
    const before = desk.sink.position();
    for (const datagram of base64) desk.sendBytes(Buffer.from(datagram, 'base64'));
    const errors = (await desk.answers()).filter((line) => line.startsWith('/error'));
    if (HARMLESS.has(address)) {
      assert.equal(errors.length, base64.length, address);
      assert.equal(desk.sink.position(), before, `${address} changed something`);
    } else {
      assert.deepEqual(errors, [], `${address} ${tags}`);
      const changes = /^\/(mod|gate|engine\/stop|seq\/(?!start|status))/.test(address);
      assert.equal(desk.sink.position() > before, changes, `${address} ${tags}`);
    }
    desk.close();
  }
});

test('scripts for 8 voices are harmless on an engine with 4', async () => {
  const desk = createDesk(4);
  for (const address of ['/mod/voice8/freq', '/gate/voice8']) {
    assert.match((await desk.send(address, 100))[0] ?? '', /^\/error \| E_VOICE/);
  }
  assert.equal(desk.sink.position(), 0);
  desk.close();
});
