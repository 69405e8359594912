import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderAll } from '../../engine/cli/render-jobs.js';
import { chronus, chronusJson, tempHome } from '../helpers/engine.js';
import { ROOT } from '../helpers/root.js';

type Doc = Record<string, unknown>;
const ORIGINAL = join(ROOT, 'patterns', 'library', 'original');
const SOURCES = ['slot_001.json', 'slot_002.json', 'slot_010.json'].map((name) => join(ORIGINAL, name));
const LENGTH = ['--bars', '0.5'];

test('render --jobs: several sources at once give the bits of one by one; a bad one stops none of the others', async (t) => {
  const home = await tempHome(t);
  const [together, alone] = [join(home, 'new', 'together'), join(home, 'alone')];
  const render = (sources: readonly string[], jobs: string, folder: string, code: number): Promise<Doc> =>
    chronusJson(['render', ...sources, ...LENGTH, '--jobs', jobs, '-o', folder], code);
  const [first, ...others] = SOURCES as [string, ...string[]];
  const bad = join(home, 'bad.json');
  writeFileSync(bad, '{"name":');

  // The same source twice: numbered in the order of the command line.
  const [many, one] = await Promise.all([
    render([first, bad, ...others, first, 'no-such-pattern'], '3', together, 1),
    render(SOURCES, '1', alone, 0),
  ]);
  const renders = many['renders'] as Doc[];
  assert.deepEqual([many['rendered'], many['failed'], many['jobs']], [4, 2, 3]);
  assert.deepEqual(
    renders.map((each) => (each['error'] as Doc | undefined)?.['code'] ?? each['path']),
    [
      join(together, 'slot_001.wav'),
      'E_SLOT_JSON',
      join(together, 'slot_002.wav'),
      join(together, 'slot_010.wav'),
      join(together, 'slot_001_002.wav'),
      'E_SOURCE',
    ],
  );
  assert.deepEqual([one['rendered'], one['failed'], one['jobs']], [3, 0, 1]);
  const bytes = (folder: string, name: string): Buffer => readFileSync(join(folder, name));
  for (const name of readdirSync(alone)) {
    assert.ok(bytes(together, name).equals(bytes(alone, name)), `${name}: other bits`);
  }
  assert.ok(bytes(together, 'slot_001_002.wav').equals(bytes(alone, 'slot_001.wav')));
  assert.ok(
    !bytes(alone, 'slot_001.wav').equals(bytes(alone, 'slot_002.wav')),
    'they differ from each other',
  );
  assert.equal(readdirSync(together).length, 4);
});

test('render --jobs: each source is told by its name on the command line', async (t) => {
  const home = await tempHome(t);
  const bad = join(home, 'bad.json');
  const args = [SOURCES[0] as string, bad, ...LENGTH, '--jobs', '2', '-o', home];
  const { code, stdout, stderr } = await chronus(['render', ...args]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^${bad}: E_DISK`, 'm'));
  assert.match(stdout, /slot_001\.wav\nlength .*\n1 of 2 rendered, 2 at once/);
});

test('render --jobs: what is no number of renders, and no folder, is refused before anything is rendered', async (t) => {
  const home = await tempHome(t);
  const file = join(home, 'a.wav');
  writeFileSync(file, '');
  const cases = [
    { args: ['--jobs', '0', '-o', home], got: /--jobs '0'/ },
    { args: ['--jobs', 'many', '-o', home], got: /--jobs 'many'/ },
    { args: ['--jobs', '1.5', '-o', home], got: /--jobs '1.5'/ },
    { args: ['-o', file], got: /a file, for 2 sources/ },
    { args: ['--format', 'mp3', '-o', home], got: undefined },
  ];
  await Promise.all(
    cases.map(async ({ args, got }) => {
      const told = await chronusJson(['render', ...SOURCES.slice(0, 2), ...LENGTH, ...args], 2);
      if (got) assert.match((told['error'] as Doc)['got'] as string, got);
      else assert.equal(told['failed'], 2);
    }),
  );
  assert.deepEqual(readdirSync(home), ['a.wav']);
});

test('render --jobs: shares rise to the end, and ends come in any order, once for each', async (t) => {
  const home = await tempHome(t);
  const flags = { seconds: '25', voices: '1' };
  const tasks = SOURCES.map((source, i) => ({ source, path: join(home, `${i}.wav`), flags }));
  const shares = tasks.map((): number[] => []);
  const ended: number[] = [];
  const outcomes = await renderAll(tasks, 2, {
    share: (task, share) => void shares[task]?.push(share),
    end: (task) => void ended.push(task),
  });
  assert.ok(outcomes.every(({ ok }) => ok));
  assert.deepEqual([...ended].sort(), [0, 1, 2]);
  for (const told of shares) {
    assert.equal(told.length, 2, 'every ten seconds of sound');
    assert.ok((told[0] as number) < (told[1] as number) && (told[1] as number) <= 1);
  }
  assert.ok(tasks.every(({ path }) => existsSync(path)));
});
