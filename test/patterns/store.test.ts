import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { formatSlot } from '../../engine/patterns/format.js';
import { readBackupName, readSlotNumber, slotName } from '../../engine/patterns/slot-names.js';
import { PatternStore } from '../../engine/patterns/store.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';

const SECONDS = 1757433454;

async function newHome(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'chronus-store-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  return home;
}

function slotText(bpm: number): string {
  const sequencer = { bpm, swing: 0, running: true, globalStep: 0, tracks: [] };
  return formatSlot({ timestamp: SECONDS, name: `at ${bpm}`, sequencer, params: new Map() });
}

async function bpmOf(store: PatternStore, slot: number): Promise<number | undefined> {
  return valueOf(await store.load(slot)).document.sequencer?.bpm;
}

test('R151: a saved slot loads again, under the name of the original', async (t) => {
  const home = await newHome(t);
  const store = new PatternStore(home);
  const saved = cleanValueOf(await store.save(7, slotText(133)));
  assert.deepEqual(saved, { slot: 7, path: join(home, 'patterns', 'slots', 'slot_007.json') });
  const loaded = cleanValueOf(await store.load('7'));
  assert.equal(loaded.document.sequencer?.bpm, 133);
  assert.equal(loaded.document.name, 'at 133');
  assert.equal(loaded.recovered, false);
  assert.deepEqual((await readdir(join(home, 'patterns'))).sort(), ['backups', 'library', 'slots', 'temp']);
  assert.deepEqual(await readdir(store.folders.slots), ['slot_007.json']);
});

test('the state before a save becomes a backup with its times; none is overwritten within a second', async (t) => {
  const store = new PatternStore(await newHome(t), () => SECONDS * 1000 + 999);
  const { path } = valueOf(await store.save(1, slotText(100)));
  await utimes(path, 1000, 2000);
  for (const bpm of [101, 102, 103]) await store.save(1, slotText(bpm));
  const names = ['', '_1', '_2'].map((copy) => `slot_001_${SECONDS}${copy}.backup`);
  assert.deepEqual((await readdir(store.folders.backups)).sort(), [...names].sort());
  const texts = await Promise.all(names.map((name) => readFile(join(store.folders.backups, name), 'utf8')));
  assert.deepEqual(texts, [100, 101, 102].map(slotText));
  assert.equal((await stat(join(store.folders.backups, names[0] ?? ''))).mtimeMs, 2_000_000);
});

test('R152: saves at the same time follow one another: every state is the slot or a backup', async (t) => {
  const store = new PatternStore(await newHome(t), () => SECONDS * 1000);
  const tempi = [60, 70, 80, 90, 100];
  await Promise.all(tempi.map((bpm) => store.save(1, slotText(bpm))));
  assert.equal(await bpmOf(store, 1), 100);
  assert.equal((await readdir(store.folders.backups)).length, 4);
});

test('the newest 20 backups of a slot are kept, those of others and the undated one left alone', async (t) => {
  let now = SECONDS;
  const store = new PatternStore(await newHome(t), () => now * 1000);
  await mkdir(store.folders.backups, { recursive: true });
  for (const name of ['slot_001.backup', 'slot_002_5.backup'])
    await writeFile(join(store.folders.backups, name), 'x');
  for (let i = 0; i < 25; i++) {
    now = SECONDS + Math.floor(i / 2);
    await store.save(1, slotText(60 + i));
  }
  const names = await readdir(store.folders.backups);
  const kept = names.flatMap((name) => readBackupName(1, name) ?? []);
  assert.equal(kept.length, 20);
  assert.equal(Math.min(...kept.map(({ seconds }) => seconds)), SECONDS + 2);
  assert.ok(names.includes('slot_001.backup') && names.includes('slot_002_5.backup'));
});

test('a damaged slot falls back to its newest good backup and says so', async (t) => {
  let now = SECONDS;
  const store = new PatternStore(await newHome(t), () => now * 1000);
  const { path } = valueOf(await store.save(3, slotText(100)));
  for (const bpm of [101, 102]) {
    now += 5;
    await store.save(3, slotText(bpm));
  }
  await writeFile(path, slotText(102).slice(0, 80));
  await writeFile(join(store.folders.backups, `slot_003_${SECONDS + 99}.backup`), '{ broken');
  const outcome = await store.load(3);
  assert.equal(valueOf(outcome).document.sequencer?.bpm, 101);
  assert.equal(valueOf(outcome).recovered, true);
  assert.match(warningsOf(outcome), /slot 3 is damaged .*slot_003_\d+\.backup/);
});

test('the undated form of a backup is found, at the place its time gives it', async (t) => {
  const store = new PatternStore(await newHome(t));
  const { path } = valueOf(await store.save(3, slotText(100)));
  await writeFile(path, '{');
  const undated = join(store.folders.backups, 'slot_003.backup');
  await writeFile(undated, slotText(90));
  assert.equal(await bpmOf(store, 3), 90);
  await writeFile(join(store.folders.backups, 'slot_003_2000.backup'), slotText(80));
  await utimes(undated, 1000, 1000);
  assert.equal(await bpmOf(store, 3), 80);
});

test('a damaged slot without a good backup is refused', async (t) => {
  const store = new PatternStore(await newHome(t));
  const { path } = valueOf(await store.save(3, slotText(100)));
  for (const bytes of [Buffer.from('{'), Buffer.from([0xff, 0xfe]), Buffer.alloc(4 * 1024 * 1024 + 1)]) {
    await writeFile(path, bytes);
    assert.equal(errorOf(await store.load(3), 'E_SLOT_DAMAGED').where, path);
  }
});

test('a free slot is refused with the used ones', async (t) => {
  const store = new PatternStore(await newHome(t));
  assert.match(errorOf(await store.load(4), 'E_SLOT_EMPTY').allowed, /none/);
  await store.save(9, slotText(100));
  assert.match(errorOf(await store.load(4), 'E_SLOT_EMPTY').allowed, /: 9$/);
});

test('slots are 1 to 128; texts and fractions count as in the original', async (t) => {
  const store = new PatternStore(await newHome(t));
  for (const slot of [0, 129, -1, NaN, Infinity, 'x', '', null, undefined, 0.9]) {
    errorOf(await store.save(slot, slotText(100)), 'E_SLOT_NUMBER');
    errorOf(await store.load(slot), 'E_SLOT_NUMBER');
  }
  assert.equal(cleanValueOf(readSlotNumber('5')), 5);
  assert.equal(cleanValueOf(readSlotNumber(5.9)), 5);
  assert.equal(cleanValueOf(readSlotNumber(128)), 128);
  assert.equal(slotName(128), 'slot_128');
});

test('the list shows number, name, time and tracks, and what is wrong with a damaged file', async (t) => {
  const store = new PatternStore(await newHome(t));
  assert.deepEqual(cleanValueOf(await store.list()), []);
  await store.save(12, slotText(100));
  await store.save(2, slotText(90));
  await writeFile(join(store.folders.slots, 'slot_005.json'), '{');
  await writeFile(join(store.folders.slots, 'slot_999.json'), '{}');
  await writeFile(join(store.folders.slots, 'notes.txt'), 'mine');
  const entries = cleanValueOf(await store.list());
  assert.deepEqual(
    entries.map(({ slot, name, tracks, problem }) => [slot, name, tracks, problem?.code]),
    [
      [2, 'at 90', 0, undefined],
      [5, undefined, undefined, 'E_SLOT_JSON'],
      [12, 'at 100', 0, undefined],
    ],
  );
  assert.ok(entries.every(({ modified }) => Math.abs(modified - Date.now()) < 60_000));
});

test('a text that would not load again is not written', async (t) => {
  const store = new PatternStore(await newHome(t));
  await store.save(1, slotText(100));
  errorOf(await store.save(1, '{'), 'E_SLOT_JSON');
  assert.equal(await bpmOf(store, 1), 100);
});

test('a write that fails leaves no temp file and no changed slot', async (t) => {
  const store = new PatternStore(await newHome(t));
  await mkdir(join(store.folders.slots, 'slot_001.json'), { recursive: true });
  errorOf(await store.save(1, slotText(100)), 'E_DISK');
  assert.deepEqual(await readdir(store.folders.slots), ['slot_001.json']);
  cleanValueOf(await store.save(2, slotText(100)));
});

test('a home that cannot be written says what to do', async (t) => {
  const home = join(await newHome(t), 'file');
  await writeFile(home, '');
  const store = new PatternStore(home);
  assert.match(errorOf(await store.save(1, slotText(100)), 'E_HOME').mend, /--home/);
  errorOf(await store.list(), 'E_HOME');
  errorOf(await store.load(1), 'E_HOME');
});
