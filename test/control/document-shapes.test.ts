import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { clamp } from '../../engine/registry/scale.js';
import { schema, type Schema } from '../../engine/registry/schema.js';
import { plain } from '../../engine/control/value.js';
import { DOCUMENTS_PATH, documentsText, type DocumentShape } from '../../scripts/fixtures-documents.js';
import { FIXTURES_PATH, type ClientShape } from '../../scripts/fixtures.js';
import { ROOT } from '../helpers/root.js';
import { createDesk, type Desk } from './desk.js';
import { effectsOf } from './effects.js';

const VOICES = 8;
const text = readFileSync(join(ROOT, DOCUMENTS_PATH), 'utf8');
const shapes = JSON.parse(text) as DocumentShape[];
const recorded = JSON.parse(readFileSync(join(ROOT, FIXTURES_PATH), 'utf8')) as ClientShape[];

test('the committed datagrams are those of the table', () => assert.equal(text, documentsText()));

test('every shape of the documents leads to what it must lead to', async () => {
  for (const { from, address, tags, values, leadsTo, base64 } of shapes) {
    const desk = createDesk(VOICES);
    const effects = await effectsOf(desk, Buffer.from(base64, 'base64'));
    assert.deepEqual(effects, leadsTo, `${from}: ${address} ,${tags} ${JSON.stringify(values)}`);
    desk.close();
  }
});

/** What the recorded shapes outside /mod and /gate lead to, on a desk with two tracks whose sequencer runs. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  '/engine/list': ['/engine/list/reply'],
  '/engine/record/start': ['asked record main -', '/engine/record/start/reply'],
  '/engine/record/start s': ['asked record main my_take.wav', '/engine/record/start/reply'],
  '/engine/record/status': ['/engine/record/status/reply'],
  '/engine/record/stop': ['asked end main', '/engine/record/stop/reply'],
  '/engine/start': ['asked start'],
  '/engine/status': ['/engine/status/reply'],
  '/engine/stop': ['stand', 'asked stop'],
  '/seq/add sssf': ['track kick voice1 X...x...X...x... base 60'],
  '/seq/add sssff': ['track hats voice4 x.x.x.x.x.x.x.x. base 5000 filter 7000', '/warn'],
  '/seq/add sssfi': ['track bass voice2 X..x..X.x..x..X. base 41.2 filter 800'],
  '/seq/add sssfis': ['track acid voice2 x.x.X...X.X.X.X. base 55 filter 1200 notes 49 41.2 55 41.2 49 55'],
  '/seq/add sssii': ['track lead voice8 ....X.......X... base 440 filter 2000'],
  '/seq/clear': ['clearTracks'],
  '/seq/remove': ['removeTrack'],
  '/seq/start': [],
  '/seq/status': ['/seq/status/reply'],
  '/seq/stop': ['stand'],
  '/seq/update/notes': [
    'track acid voice2 x... notes 110 110 130.8 164.8 110 98 110 164.8 110 130.8 146.8 164.8',
  ],
  '/seq/update/pattern': ['track kick voice1 X.....x.x...X.X.'],
  '/test/unknown/route': ['/error E_ROUTE'],
};

test('R10, R11: every recorded shape leads to what it must lead to', async () => {
  const table = schema(VOICES);
  for (const { address, tags, values, base64 } of recorded) {
    for (const [i, datagram] of base64.entries()) {
      const desk = await song();
      const effects = await effectsOf(desk, Buffer.from(datagram, 'base64'));
      const [value] = values[i] ?? [];
      const expected =
        expectedOf(table, address, value) ?? ELSEWHERE[`${address} ${tags}`] ?? ELSEWHERE[address];
      if (address === '/engine/schema')
        assert.ok(effects.every((effect) => effect === '/engine/schema/reply'));
      else assert.deepEqual(effects, expected, `${address} ,${tags} ${String(value)}`);
      desk.close();
    }
  }
});

async function song(): Promise<Desk> {
  const desk = createDesk(VOICES);
  await desk.send('/seq/add', 'acid', 'voice2', 'x...');
  await desk.send('/seq/add', 'kick', 'voice1', 'x...');
  await desk.send('/seq/start');
  return desk;
}

/** From the schema alone: the parameter an address stands for, and the value clamped to its range. */
function expectedOf(
  { modules, aliases }: Schema,
  address: string,
  value: string | number | undefined,
): readonly string[] | undefined {
  const meant = aliases[address] ?? address;
  if (meant.startsWith('/gate/')) {
    const voice = meant === '/gate/acid1' ? 'voice2' : meant.slice('/gate/'.length);
    return [`gate ${voice} ${Number(value) > 0 ? 'on' : 'off'}`];
  }
  if (meant === '/seq/bpm') return [`bpm ${String(value)}`];
  if (meant === '/seq/swing') return [`swing ${String(value)}`];
  if (!meant.startsWith('/mod/')) return undefined;
  const path = meant.slice('/mod/'.length);
  const [id = ''] = path.split('/', 1);
  const param = modules[id]?.params[path.slice(id.length + 1)];
  // What the original ignored is refused here, without effect.
  if (!param || typeof value !== 'number') return ['/error E_ROUTE'];
  const { min, max } = param;
  const set = clamp({ min, max, unit: 'lin' } as Parameters<typeof clamp>[0], Math.fround(value));
  const clamped = Math.fround(value) < Math.fround(min) || Math.fround(value) > Math.fround(max);
  return [`${path}=${plain(set)}`, ...(clamped ? ['/warn E_RANGE'] : [])];
}
