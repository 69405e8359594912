import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fillFromFactory } from '../../engine/patterns/factory.js';
import { formatSlot } from '../../engine/patterns/format.js';
import { libraryFiles } from '../../engine/patterns/library.js';
import { resolveSource } from '../../engine/patterns/source.js';
import { PatternStore } from '../../engine/patterns/store.js';
import { cleanValueOf, errorOf, valueOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

interface Place {
  readonly home: string;
  readonly library: string;
  readonly store: PatternStore;
}

function slotText(name: string): string {
  return formatSlot({ timestamp: 0, name, params: new Map() });
}

/** A home beside a library with three factory files and one original. */
async function newPlace(t: TestContext): Promise<Place> {
  const base = await mkdtemp(join(tmpdir(), 'chronus-source-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  const library = join(base, 'library');
  await mkdir(join(library, 'factory'), { recursive: true });
  await mkdir(join(library, 'original'), { recursive: true });
  const files = [
    'factory/01_first-light.json',
    'factory/12_slow_rain.json',
    'factory/sketch.json',
    'original/slot_001.json',
  ];
  for (const file of files) await writeFile(join(library, file), slotText(file));
  const home = join(base, 'home');
  return { home, library, store: new PatternStore(home) };
}

test('an empty home is filled with the numbered factory patterns, once', async (t) => {
  const { home, library, store } = await newPlace(t);
  assert.deepEqual(cleanValueOf(await fillFromFactory(home, library)), [1, 12]);
  assert.deepEqual(await readdir(store.folders.slots), ['slot_001.json', 'slot_012.json']);
  assert.equal(valueOf(await store.load(12)).document.name, 'factory/12_slow_rain.json');
  await rm(join(store.folders.slots, 'slot_001.json'));
  assert.deepEqual(cleanValueOf(await fillFromFactory(home, library)), []);
  assert.deepEqual(await readdir(store.folders.slots), ['slot_012.json']);
});

test('temp files of a save that was cut off are removed, other files are not', async (t) => {
  const { home, library, store } = await newPlace(t);
  await mkdir(store.folders.slots, { recursive: true });
  await writeFile(join(store.folders.slots, '0b0e5e6c-3e5d-4f7a-9a43-1d2f3c4b5a69.tmp'), '{');
  await writeFile(join(store.folders.slots, 'mine.tmp'), 'x');
  await writeFile(join(store.folders.slots, 'slot_128.json'), '{}');
  await fillFromFactory(home, library);
  assert.deepEqual(await readdir(store.folders.slots), ['mine.tmp', 'slot_128.json']);
});

test('a home that is a file is refused', async (t) => {
  const { home, library } = await newPlace(t);
  await writeFile(home, '');
  errorOf(await fillFromFactory(home, library), 'E_HOME');
});

test('a source is a slot number, a .json file or the name of a library pattern', async (t) => {
  const { library, store } = await newPlace(t);
  await store.save(5, slotText('five'));
  const path = join(library, 'factory', 'sketch.json');
  const expected = new Map<string | number, string>([
    [5, 'five'],
    [' 5 ', 'five'],
    [path, 'factory/sketch.json'],
    ['sketch', 'factory/sketch.json'],
    ['first-light', 'factory/01_first-light.json'],
    ['First Light', 'factory/01_first-light.json'],
    ['12_slow_rain', 'factory/12_slow_rain.json'],
    ['slot_001', 'original/slot_001.json'],
  ]);
  for (const [source, name] of expected) {
    assert.equal(valueOf(await resolveSource(store, source, library)).document.name, name, String(source));
  }
});

test('a source that is none is refused, with the names there are and the nearest', async (t) => {
  const { library, store } = await newPlace(t);
  const error = errorOf(await resolveSource(store, 'frist-light', library), 'E_SOURCE');
  assert.match(error.allowed, /first-light, slow_rain, sketch, slot_001/);
  assert.deepEqual(error.nearest, ['first-light']);
  errorOf(await resolveSource(store, '../../etc/passwd', library), 'E_SOURCE');
  errorOf(await resolveSource(store, 129, library), 'E_SLOT_NUMBER');
  errorOf(await resolveSource(store, 6, library), 'E_SLOT_EMPTY');
  errorOf(await resolveSource(store, join(library, 'none.json'), library), 'E_DISK');
  errorOf(await resolveSource(store, library + '/factory.json', library), 'E_DISK');
});

test('every pattern that comes with the engine loads without a warning', async (t) => {
  const { store } = await newPlace(t);
  const library = join(ROOT, 'patterns', 'library');
  const files = await libraryFiles(library);
  assert.ok(files.length >= 4);
  for (const { path } of files) {
    cleanValueOf(await resolveSource(store, path));
  }
});
