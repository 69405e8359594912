/** Copy, name, delete, restore; and that nothing a slot held is ever lost by it. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseSlot } from '../../engine/patterns/document.js';
import { fillFromFactory } from '../../engine/patterns/factory.js';
import { retitle } from '../../engine/patterns/slot-title.js';
import { PatternStore } from '../../engine/patterns/store.js';
import { slotText } from '../../scripts/soak/power-cuts.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';
import { createDesk } from '../control/desk.js';

async function newStore(t: TestContext): Promise<PatternStore> {
  const home = await mkdtemp(join(tmpdir(), 'chronus-changes-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  let now = 1_757_433_454_000;
  return new PatternStore(home, () => (now += 1000));
}

async function bpmOf(store: PatternStore, slot: number): Promise<number | undefined> {
  return valueOf(await store.load(slot)).document.sequencer?.bpm;
}

const original = (): Promise<string> =>
  readFile(join(ROOT, 'patterns', 'library', 'original', 'slot_001.json'), 'utf8');

test('a copy is the same file, byte for byte, and what was there is a backup', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  const text = `${await original()}\n\n`;
  await writeFile(path, text);
  await store.save(2, slotText(90));
  const copied = cleanValueOf(await store.copy(1, '2'));
  assert.equal(await readFile(copied.path, 'utf8'), text);
  assert.equal(await readFile(path, 'utf8'), text);
  assert.deepEqual([copied.from, copied.slot], [1, 2]);
  assert.equal(await readFile(copied.backup ?? '', 'utf8'), slotText(90));
  cleanValueOf(await store.copy(1, 128));
});

test('what cannot be copied is refused, and nothing changes', async (t) => {
  const store = await newStore(t);
  await store.save(1, slotText(100));
  errorOf(await store.copy(2, 1), 'E_SLOT_EMPTY');
  errorOf(await store.copy(1, 1), 'E_SLOT_SAME');
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [129, 1],
    [1, 129],
    ['x', 1],
    [1, NaN],
  ])
    errorOf(await store.copy(from, to), 'E_SLOT_NUMBER');
  assert.equal(await bpmOf(store, 1), 100);
  assert.deepEqual(await readdir(store.folders.backups), []);
});

test('of a damaged slot its newest good backup is copied, and said so', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  await store.save(1, slotText(101));
  await writeFile(path, '{');
  assert.match(warningsOf(await store.copy(1, 2)), /slot 1 is damaged/);
  assert.equal(await bpmOf(store, 2), 100);
  assert.equal(await readFile(path, 'utf8'), '{', 'the damaged one is left as it is');
});

test('a deleted slot is free, its file is where the answer says, and restore brings it back', async (t) => {
  const store = await newStore(t);
  await store.save(1, slotText(100));
  const { backup, path } = cleanValueOf(await store.delete(1));
  assert.equal(await readFile(backup ?? '', 'utf8'), slotText(100));
  await assert.rejects(readFile(path), { code: 'ENOENT' });
  assert.match(errorOf(await store.load(1), 'E_SLOT_EMPTY').mend, /restore 1 brings it back/);
  errorOf(await store.delete(1), 'E_SLOT_EMPTY');
  assert.equal(cleanValueOf(await store.restore(1)).restored, backup);
  assert.equal(await bpmOf(store, 1), 100);
});

test('a damaged file can be deleted too, and is kept', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  await writeFile(path, '{ damaged');
  const { backup } = cleanValueOf(await store.delete(1));
  assert.equal(await readFile(backup ?? '', 'utf8'), '{ damaged');
});

test('restore takes the newest good backup, a number or a name; twice is back again', async (t) => {
  const store = await newStore(t);
  for (const bpm of [100, 101, 102]) await store.save(1, slotText(bpm));
  cleanValueOf(await store.restore(1));
  assert.equal(await bpmOf(store, 1), 101);
  cleanValueOf(await store.restore(1));
  assert.equal(await bpmOf(store, 1), 102);
  const backups = cleanValueOf(await store.backups(1));
  assert.deepEqual(
    backups.map(({ bpm }) => bpm),
    [101, 102, 101, 100],
  );
  cleanValueOf(await store.restore(1, 4));
  assert.equal(await bpmOf(store, 1), 100);
  for (const named of [backups[0]?.backup ?? '', backups[0]?.path ?? '']) {
    cleanValueOf(await store.restore(1, named));
    assert.equal(await bpmOf(store, 1), 101, named);
  }
});

test('a restore that cannot be leaves the slot, whatever it names', async (t) => {
  const store = await newStore(t);
  errorOf(await store.restore(1), 'E_BACKUP');
  await store.save(1, slotText(100));
  errorOf(await store.restore(1), 'E_BACKUP');
  await store.save(1, slotText(101));
  await store.save(2, slotText(60));
  const { backup: other = '' } = valueOf(await store.save(2, slotText(61)));
  for (const named of [0, 2, -1, 1.5, NaN, '', 'x', '../slots/slot_001.json', other, '/etc/passwd', '.'])
    errorOf(await store.restore(1, named), 'E_BACKUP');
  await writeFile(join(store.folders.backups, 'slot_001_9999999999.backup'), '{ broken');
  errorOf(await store.restore(1, 1), 'E_SLOT_JSON');
  assert.equal(await bpmOf(store, 1), 101);
  assert.match(warningsOf(await store.restore(1)), /slot_001_9999999999\.backup is damaged/);
  assert.equal(await bpmOf(store, 1), 100);
});

test('a name is given and taken without a change of anything else, also of what nobody knows', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  const text = (await original()).replace(
    '"modules": {',
    '"modules": {\n    "lfo3": {"rate": 1.50, "rate": 2},',
  );
  await writeFile(path, text);
  assert.equal(cleanValueOf(await store.rename(1, ' first light ')).name, 'first light');
  assert.equal(valueOf(await store.load(1)).document.name, 'first light');
  assert.ok((await readFile(path, 'utf8')).includes('"lfo3": {"rate": 1.50, "rate": 2}'));
  cleanValueOf(await store.rename(1, 'second "light" }{ ,'));
  assert.equal(valueOf(await store.load(1)).document.name, 'second "light" }{ ,');
  assert.equal(cleanValueOf(await store.rename(1, '')).name, null);
  assert.equal(await readFile(path, 'utf8'), text.trimEnd());
  errorOf(await store.rename(2, 'x'), 'E_SLOT_EMPTY');
});

test('a new name keeps the order of tracks that are called by numbers, and what else is ours', () => {
  const text =
    '{"sequencer":{"tracks":{"10":{},"2":{},"b":{}}},"chronus":{"name":"a","format":1,"name":"b","params":{"voice1/pan":0.5}}}';
  const renamed = valueOf(parseSlot(retitle(text, 'c', 1)));
  assert.equal(renamed.name, 'c');
  assert.deepEqual(
    renamed.sequencer?.tracks.map(({ id }) => id),
    ['10', '2', 'b'],
  );
  assert.equal(valueOf(parseSlot(retitle(text, undefined, 1))).name, undefined);
  assert.equal(renamed.params.get('voice1/pan'), 0.5);
  assert.equal(valueOf(parseSlot(retitle(' { } ', 'c', 1))).name, 'c');
  assert.equal(retitle('{"chronus": {"format": 1, "name": "x"}}', undefined, 1), '{}');
});

test('a name is one line of 128 characters; more is cut, control characters are mended, both with a warning', async (t) => {
  const store = await newStore(t);
  await store.save(1, slotText(100));
  const long = '\u{1f3b9}'.repeat(200);
  assert.match(warningsOf(await store.rename(1, long)), /cut to 128 characters; it had 200/);
  assert.equal(valueOf(await store.load(1)).document.name, '\u{1f3b9}'.repeat(128));
  assert.match(warningsOf(await store.rename(1, 'a\u001b[2Jb\r\nc')), /cannot be shown/);
  assert.equal(valueOf(await store.load(1)).document.name, 'a [2Jb c');
});

test('over OSC: a save without a name keeps the one the slot has, also through damage; another one replaces it', async (t) => {
  const desk = createDesk(2);
  t.after(() => desk.close());
  const nameOf = async (slot: number): Promise<unknown> => {
    const [answer = ''] = await desk.send('/pattern/load', slot, 'now');
    return (JSON.parse(answer.slice(answer.indexOf('{'))) as { name: unknown }).name;
  };
  await desk.send('/pattern/save', 5, 'first', 'light', 2);
  await desk.send('/pattern/save', 5);
  assert.equal(await nameOf(5), 'first light 2');
  await desk.send('/pattern/copy', 5, 6);
  assert.equal(await nameOf(6), 'first light 2');
  await writeFile(join(desk.home, 'patterns', 'slots', 'slot_005.json'), '{"damaged');
  await desk.send('/pattern/save', 5);
  assert.equal(await nameOf(5), 'first light 2');
  await desk.send('/pattern/save', 5, 'other');
  assert.equal(await nameOf(5), 'other');
  await desk.send('/pattern/name', 5, '');
  assert.equal(await nameOf(5), null);
  assert.match((await desk.send('/pattern/name', 5))[0] ?? '', /E_ARGS/);
});

test('over OSC: changes and reads act in the order in which they were sent', async (t) => {
  const desk = createDesk(2);
  t.after(() => desk.close());
  const sent: [string, ...(string | number)[]][] = [
    ['/pattern/save', 1, 'a'],
    ['/pattern/copy', 1, 2],
    ['/pattern/name', 2, 'b'],
    ['/pattern/delete', 1],
    ['/pattern/list'],
  ];
  const answers = (await Promise.all(sent.map(([address, ...args]) => desk.send(address, ...args)))).flat();
  assert.equal(answers.filter((line) => line.startsWith('/error')).length, 0, answers.join('\n'));
  const list = answers.find((line) => line.startsWith('/pattern/list/reply')) ?? '';
  const slots = JSON.parse(list.slice(list.indexOf('['))) as { slot: number; name: string; time: string }[];
  assert.deepEqual(
    slots.map(({ slot, name }) => [slot, name]),
    [[2, 'b']],
  );
  assert.ok(Math.abs(Date.parse(slots[0]?.time ?? '') - Date.now()) < 60_000);
});

test('saving over damage keeps the damaged bytes, again and again, and the last good state with them', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  await store.save(1, slotText(101));
  for (let i = 0; i < 30; i++) {
    await writeFile(path, `{ damage ${i}`);
    const { backup } = cleanValueOf(await store.save(1, slotText(200)));
    assert.equal(await readFile(backup ?? '', 'utf8'), `{ damage ${i}`);
  }
  await writeFile(path, '{');
  const loaded = valueOf(await store.load(1));
  assert.deepEqual([loaded.recovered, loaded.document.sequencer?.bpm], [true, 100]);
  assert.equal(cleanValueOf(await store.backups(1)).length, 21);
});

test('the last good one stays beside twenty damaged ones', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  await store.delete(1);
  for (let i = 0; i < 40; i++) {
    await writeFile(path, '{ damaged');
    await store.delete(1);
  }
  const backups = cleanValueOf(await store.backups(1));
  assert.deepEqual([backups.length, backups.at(-1)?.bpm], [21, 100]);
  assert.match(warningsOf(await store.restore(1)), /is damaged/);
  assert.equal(await bpmOf(store, 1), 100);
});

test('R152: two stores and an editor on one home: everyone sees what is on the disk', async (t) => {
  const store = await newStore(t);
  const { path } = valueOf(await store.save(1, slotText(100)));
  const other = new PatternStore(join(path, '..', '..', '..'));
  assert.equal(await bpmOf(other, 1), 100);
  await other.save(2, slotText(90));
  assert.deepEqual(
    cleanValueOf(await store.list()).map(({ slot, bpm }) => [slot, bpm]),
    [
      [1, 100],
      [2, 90],
    ],
  );
  // An editor that writes in place, and one that puts the times back.
  await writeFile(path, slotText(77));
  await utimes(path, 5, 5);
  assert.equal(await bpmOf(store, 1), 77);
  const [entry] = cleanValueOf(await store.list());
  assert.deepEqual(
    [entry?.modified, entry?.time, entry?.bytes],
    [5000, '1970-01-01T00:00:05.000Z', slotText(77).length],
  );
  await Promise.all([...Array(5).keys()].map((i) => (i % 2 ? store : other).save(3, slotText(60 + i))));
  assert.ok((await readdir(store.folders.backups)).length >= 3);
});

test('a home whose slots were all deleted stays empty', async (t) => {
  const store = await newStore(t);
  const home = join(store.folders.slots, '..', '..');
  assert.ok(valueOf(await fillFromFactory(home)).length > 0);
  for (const { slot } of valueOf(await store.list())) valueOf(await store.delete(slot));
  assert.deepEqual(valueOf(await fillFromFactory(home)), []);
});
