import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { encode } from '../../engine/control/encode.js';
import { ROUTES } from '../../engine/registry/routes.js';
import { schema } from '../../engine/registry/schema.js';
import { recorderTable } from '../../modules/recorder/table.js';
import { ROOT } from '../helpers/root.js';
import { createDesk, typed, type Desk } from './desk.js';

function deskOf(t: TestContext): Desk {
  const desk = createDesk();
  t.after(() => desk.close());
  return desk;
}

/** Its answer is a document. */
async function json(desk: Desk, address: string): Promise<Record<string, unknown>> {
  return JSON.parse((await desk.send(address))[0]?.split(' | ')[1] ?? '') as Record<string, unknown>;
}

test('R144, R146, R228: the recorder is a module of the schema like the others: rec1, its parameter, its notes, its routes', () => {
  const { rec1, voice1 } = schema(8).modules;
  assert.ok(rec1 && voice1);
  assert.deepEqual(Object.keys(rec1), Object.keys(voice1));
  assert.equal(rec1.type, 'recorder');
  assert.ok(rec1.doc.length > 20 && rec1.notes.length > 20);
  const { recording } = rec1.params;
  assert.deepEqual(
    [recording?.address, recording?.type, recording?.min, recording?.max],
    ['/mod/rec1/recording', 'int', 0, 1],
  );
  for (const { address } of recorderTable.routes) assert.ok(rec1.routes.includes(address), address);
});

test('R145: /mod/rec1/recording starts above 0 and stops at 0 and below; numbers out of range count as the nearer end', async (t) => {
  const desk = deskOf(t);
  const recording = async (): Promise<string[]> => desk.send('/mod/rec1/recording');
  for (const [value, reads] of [
    [1, 1],
    [0, 0],
    [7, 1],
    [-3, 0],
  ] as const) {
    assert.deepEqual(await desk.send('/mod/rec1/recording', value), []);
    assert.deepEqual(await recording(), [`/mod/rec1/recording/reply | ${reads}`]);
  }
  assert.match((await desk.send('/mod/rec1/recording', 'perhaps')).join(), /^\/error/);
  assert.deepEqual(desk.asked, ['record main -', 'end main', 'record main -', 'end main']);
});

test('R153: /engine/status says whether it records', async (t) => {
  const desk = deskOf(t);
  const recording = async (): Promise<unknown> =>
    ((await json(desk, '/engine/status'))['recorder'] as { recording: boolean }).recording;
  assert.equal(await recording(), false);
  await desk.send('/record/start');
  assert.equal(await recording(), true);
});

test('R1, R2, R22: without words main under an automatic name, with a word under that; what cannot be read starts and stops nothing', async (t) => {
  const desk = deskOf(t);
  await desk.send('/record/start');
  await desk.send('/record/stop');
  await desk.send('/record/start', 'take');
  const before = ['record main -', 'end main', 'record main take'];
  assert.deepEqual(desk.asked, before);
  for (const words of [['a', 'b', 'c', 'd'], ['dur=never'], ['speed=2'], ['id=a/b'], ['x', 'mp3'], [NaN]]) {
    const [answer] = await desk.send('/record/start', ...words);
    assert.match(answer ?? '', /^\/error \| E_\w+ \| \/record\/start/, String(words));
  }
  assert.match((await desk.send('/record/stop', 'a', 'b'))[0] ?? '', /^\/error \| E_ARGS/);
  assert.deepEqual(desk.asked, before);
});

test('R21, R211: a route without a reply answers nothing, and none but those of the recorder starts a take', async (t) => {
  const desk = deskOf(t);
  await desk.send('/seq/add', 'bass', 'voice1', 'x.......');
  await desk.send('/seq/add', 'lead', 'voice1', 'x.......');
  await desk.send('/pattern/save', 1);
  const others = ROUTES.filter(({ address }) => !address.startsWith('/record'));
  assert.ok(others.length > 40);
  for (const { address, example, reply, query } of others) {
    const answers = await desk.send(address, ...example);
    const unasked = answers.filter((line) => !/^\/(warn|error|synced) /.test(line));
    if (reply === undefined && query === undefined) assert.deepEqual(unasked, [], address);
  }
  assert.deepEqual(
    desk.asked.filter((asked) => /^record/.test(asked)),
    [],
  );
});

test('R212: clients that command at the same time are each answered alone, and act in the order of arrival', async (t) => {
  const desk = deskOf(t);
  const clients = Array.from({ length: 8 }, (_, i) => ({
    key: `127.0.0.1:${50_001 + i}`,
    got: 0,
    others: 0,
  }));
  const expected: string[] = [];
  for (let round = 0; round < 20; round++) {
    for (const [i, client] of clients.entries()) {
      const start = (round + i) % 2 === 0;
      const id = `t${i}`;
      expected.push(start ? `record ${id} n${round}` : `end ${id}`);
      const address = start ? '/record/start' : '/record/stop';
      const bytes = encode(address, (start ? [id, `n${round}`] : [id]).map(typed));
      desk.control.receive(bytes, {
        key: client.key,
        send: (answer) => {
          const text = Buffer.from(answer).toString('latin1');
          if (text.startsWith(`${address}/reply`) && text.includes(`"id":"${id}"`)) client.got++;
          else client.others++;
        },
      });
    }
  }
  await desk.control.idle();
  assert.deepEqual(desk.asked, expected);
  for (const { key, got, others } of clients) assert.deepEqual([got, others], [20, 0], key);
});

test('R225: every route of the recorder says what it does, takes and answers, in the schema and in docs/OSC.md', () => {
  const { routes } = schema(8);
  const book = readFileSync(join(ROOT, 'docs', 'OSC.md'), 'utf8');
  for (const { address } of recorderTable.routes) {
    const route = routes[address];
    assert.ok(route && route.doc.length > 20 && (route.reply ?? '').length > 10, address);
    for (const { name, doc } of route.args) assert.ok(doc.length > 10, `${address} ${name}`);
    assert.ok(book.includes(`\`${address}\``), address);
  }
});
