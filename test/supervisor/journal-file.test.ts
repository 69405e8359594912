import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENTRY_WORDS } from '../../engine/shared/command.js';
import { jsonRecord } from '../../engine/supervisor/journal-format.js';
import {
  CORE_FILE,
  JournalError,
  readRun,
  RUN_FILE,
  segmentFile,
  TABLES_FILE,
  type RunJournal,
} from '../../engine/supervisor/journal-file.js';
import { runProgram } from '../../engine/supervisor/run-program.js';
import { chronusJson, type Scope } from '../helpers/engine.js';
import { commands, head, infoOf, mark, runFolder, snapshot } from '../helpers/journal.js';

/** Three segments, commands in blocks 3, 20, 60 and 110, snapshots at 0, 50, 70 and 100, 120 blocks. */
function whole(scope: Scope): Promise<string> {
  const player = jsonRecord('NOTE', 21, { kind: 'player', source: 1, name: 'ann' });
  return runFolder(
    scope,
    [head(1, 0), snapshot(0), commands(3, 0.5), mark(4), commands(20, 0.1, 0.2), player, mark(50)],
    [head(2, 50), snapshot(50), commands(60, 0.3), mark(65), snapshot(70), mark(100)],
    [head(3, 100), snapshot(100), commands(110, 0.4), mark(120)],
  );
}

const segment = (folder: string, number: number): string => join(folder, segmentFile(number));
const spans = ({ spans }: RunJournal): string => spans.map(({ from, to }) => `${from}-${to}`).join(' ');
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof JournalError) return error.problem.code;
    throw error;
  }
  return 'none';
};

test('R55 R56 a journal gives back commands by block, snapshots, notes and how far it goes', async (t) => {
  const run = readRun(await whole(t));
  assert.deepEqual([...run.commands.keys()], [3, 20, 60, 110]);
  assert.equal(run.commands.get(20)?.length, 2 * ENTRY_WORDS);
  assert.equal(run.commands.get(21), undefined);
  assert.equal(new Float32Array(run.commands.get(110)?.buffer ?? new ArrayBuffer(0))[2], Math.fround(0.4));
  assert.deepEqual(
    run.snapshots.map(({ block, state }) => [block, Buffer.from(state()).toString()]),
    [0, 50, 70, 100].map((block) => [block, `state ${block}`]),
  );
  assert.deepEqual(run.notes, [{ block: 21, note: { kind: 'player', source: 1, name: 'ann' } }]);
  assert.equal(run.blocks, 120);
  assert.equal(spans(run), '0-120');
  assert.deepEqual([run.problems, run.holes], [[], []]);
  assert.ok(run.tables?.modules.length);
});

test('a rendering begins at the newest snapshot before its range, the whole run at its start', async (t) => {
  const run = readRun(await whole(t));
  const begin = (block: number): number | undefined =>
    runProgram(run, { startFrame: block * 256, frames: 256 }).begin?.block;
  assert.deepEqual([10, 49, 50, 69, 70, 99, 119].map(begin), [
    undefined,
    undefined,
    undefined,
    50,
    50,
    70,
    100,
  ]);
  assert.equal(runProgram(run).begin, undefined);
  assert.equal(
    codeOf(() => runProgram(run, { startFrame: 0, frames: 120 * 256 + 1 })),
    'E_JOURNAL_END',
  );
});

test('R127 a power cut: a journal cut off at any byte, with or without zeros behind, ends before the torn record', async (t) => {
  const folder = await whole(t);
  const file = segment(folder, 3);
  const bytes = readFileSync(file);
  const records = [head(3, 100), snapshot(100), commands(110, 0.4), mark(120)];
  const known = [100, 100, 100, 111, 120];
  for (let length = 0; length <= bytes.length; length++) {
    let end = 0;
    let count = 0;
    for (const { length: size } of records) if ((end += size) <= length) count++;
    for (const zeros of [0, 1, 4096]) {
      writeFileSync(file, Buffer.concat([bytes.subarray(0, length), Buffer.alloc(zeros)]));
      const run = readRun(folder);
      const place = `${length} of ${bytes.length} bytes, ${zeros} zeros`;
      assert.equal(run.blocks, known[count], place);
      assert.deepEqual(run.problems, [], place);
      assert.equal(spans(run), `0-${known[count]}`, place);
    }
  }
});

test('any flipped bit is found and named by file and place; what lies before it and behind the next snapshot is of use', async (t) => {
  const folder = await whole(t);
  for (const number of [1, 2, 3]) {
    const file = segment(folder, number);
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at++) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
      writeFileSync(file, bytes);
      const run = readRun(folder);
      const place = `segment ${number}, byte ${at}`;
      assert.equal(run.problems.length, 1, place);
      const named = /commands_000(\d)\.bin is damaged at byte (\d+)/.exec(run.problems[0]?.got ?? '');
      assert.ok(named && Number(named[1]) === number && Number(named[2]) <= at, `${place}: ${named?.[0]}`);
      // Of each block one thing is said: it can be rendered, or it is in a hole.
      const pieces = [...run.spans, ...run.holes].sort((a, b) => a.from - b.from);
      assert.equal(pieces[0]?.from, 0, place);
      pieces.forEach(({ to }, i) => assert.equal(to, pieces[i + 1]?.from ?? run.blocks, place));
      for (const { from, to } of run.spans) {
        // Nothing that was lost is passed over.
        const lost = [3, 20, 60, 110].filter(
          (block) => from <= block && block < to && !run.commands.get(block),
        );
        assert.deepEqual(lost, [], place);
      }
      if (number < 3) assert.ok(run.spans.at(-1)?.to === 120, `${place}: the last part is there`);
    }
    writeFileSync(file, good);
  }
});

test('damage is told with segment, byte and frames where it is in the way', async (t) => {
  const folder = await whole(t);
  const bytes = readFileSync(segment(folder, 2));
  const at = head(2, 50).length + snapshot(50).length;
  bytes[at + 30] = (bytes[at + 30] as number) ^ 1;
  writeFileSync(segment(folder, 2), bytes);
  const run = readRun(folder);
  assert.equal(spans(run), '0-50 70-120');
  const range = (from: number, to: number): string =>
    codeOf(() => runProgram(run, { startFrame: from * 256, frames: (to - from) * 256 }));
  assert.deepEqual(
    [range(0, 50), range(70, 120), range(49, 51), range(69, 71)],
    ['none', 'none', 'E_JOURNAL_HOLE', 'E_JOURNAL_HOLE'],
  );
  assert.equal(
    codeOf(() => runProgram(run)),
    'E_JOURNAL_HOLE',
  );
  const refused = await chronusJson(['render', folder, '-o', join(folder, 'x.wav')], 1);
  const { code, got, allowed } = refused['error'] as Record<string, string>;
  assert.equal(code, 'E_JOURNAL_HOLE');
  assert.match(got ?? '', new RegExp(`frames 12800 to 17920 are lost, .*commands_0002\\.bin .* byte ${at}$`));
  assert.match(allowed ?? '', /^what is there: 0 to 0\.266 s \(frames 0 to 12800\), 0\.374 to 0\.64 s/);
});

test('a missing middle, beginning or end: what is there can be rendered', async (t) => {
  const expected = [
    [1, '50-120', 'commands_0001.bin'],
    [2, '0-50 100-120', 'commands_0002.bin'],
    [3, '0-100', undefined],
  ] as const;
  for (const [number, left, named] of expected) {
    const folder = await whole(t);
    rmSync(segment(folder, number));
    const run = readRun(folder);
    assert.equal(spans(run), left);
    assert.deepEqual(
      run.problems.map(({ got }) => got),
      named ? [`${named} is missing`] : [],
    );
    if (named) {
      assert.match(run.holes[0]?.why ?? '', new RegExp(`^${named} is missing`));
      assert.equal(
        codeOf(() => runProgram(run)),
        'E_JOURNAL_HOLE',
      );
    }
  }
  const none = await whole(t);
  [1, 2, 3].forEach((number) => rmSync(segment(none, number)));
  assert.match(readRun(none).problems[0]?.got ?? '', /commands_0001\.bin is missing/);
});

test('a segment of another run, of another number or format is none of this run', async (t) => {
  for (const [other, why] of [
    [head(2, 50, 'fedcba9876543210'), /belongs to another run/],
    [head(5, 50), /is segment 5/],
    [head(2, 50, undefined, 3), /has format 3, this is 2/],
  ] as const) {
    const folder = await whole(t);
    const records = [other, snapshot(50), commands(60, 0.3), mark(100)];
    writeFileSync(segment(folder, 2), Buffer.concat(records));
    const run = readRun(folder);
    assert.match(run.problems[0]?.got ?? '', why);
    assert.equal(spans(run), '0-50 100-120');
    assert.equal(run.commands.get(60), undefined);
  }
});

test('a run of another format, or with a damaged run.json, is refused by name and with the mend', async (t) => {
  const folder = await whole(t);
  const core = readFileSync(join(folder, CORE_FILE));
  for (const format of [1, 3, '2', undefined]) {
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(infoOf(core, { format, engineVersion: '0.0.9' })));
    const refused = await chronusJson(['render', folder, '-o', join(folder, 'x.wav')], 1);
    const error = refused['error'] as Record<string, string>;
    assert.equal(error['code'], 'E_JOURNAL_FORMAT');
    assert.match(error['mend'] ?? '', /Render it with the version of Music Chronus .*0\.0\.9/);
    assert.equal(error['allowed'], 'format 2');
  }
  for (const text of ['', '{', 'null', '[]', JSON.stringify(infoOf(core, { sampleRate: 'x' }))]) {
    writeFileSync(join(folder, RUN_FILE), text);
    assert.match(
      codeOf(() => readRun(folder)),
      /^E_JOURNAL/,
    );
  }
  rmSync(join(folder, RUN_FILE));
  assert.equal(
    codeOf(() => readRun(folder)),
    'E_JOURNAL',
  );
});

test('another core is not rendered with; other tables only name nothing', async (t) => {
  const folder = await whole(t);
  writeFileSync(join(folder, TABLES_FILE), '{}');
  const run = readRun(folder);
  assert.match(run.problems[0]?.got ?? '', /tables\.json, which is not the one/);
  assert.equal(run.tables, undefined);
  assert.equal(
    codeOf(() => runProgram(run)),
    'none',
  );
  writeFileSync(join(folder, CORE_FILE), 'another core');
  assert.equal(
    codeOf(() => runProgram(readRun(folder))),
    'E_JOURNAL_FILE',
  );
  const refused = await chronusJson(['render', folder, '-o', join(folder, 'x.wav')], 1);
  assert.match((refused['error'] as { got: string }).got, /core\.wasm, which is not the one/);
});

test('render refuses options that a run decides itself', async (t) => {
  const folder = await whole(t);
  const surplus = await chronusJson(['render', folder, '--bars', '2', '-o', join(folder, 'x.wav')], 2);
  assert.match(String((surplus['error'] as { got: string }).got), /--bars for a run/);
});
