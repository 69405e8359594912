/** Whatever is wrong with a file: one problem that says where, and nothing is changed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MAX_BYTES, parseSlot, parseSlotBytes } from '../../engine/patterns/document.js';
import { endOfJson } from '../../engine/patterns/json-place.js';
import { ROOT } from '../helpers/root.js';
import { errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';
import { createDesk, type Desk } from '../control/desk.js';

const LIBRARY = join(ROOT, 'patterns', 'library');
const REAL = readFileSync(join(LIBRARY, 'original', 'slot_001.json'), 'utf8').trimEnd();
const OURS = readFileSync(join(LIBRARY, 'factory', '02_acid-rain.json'), 'utf8').trimEnd();

/** Refused at a place that a person can find, with all that belongs to a problem. */
function refused(text: string, code: string): string {
  const { where } = errorOf(parseSlot(text), code);
  assert.ok(where, `${code} without a place`);
  return where;
}

test('a real file cut off anywhere is refused, with line and column', () => {
  for (let length = 0; length < REAL.length; length++) {
    const text = REAL.slice(0, length);
    const lines = text.split('\n');
    const where = refused(text, 'E_SLOT_JSON');
    const [, line, column] = /^line (\d+), column (\d+)$/.exec(where) ?? [];
    // The place lies in what is there, or right behind it.
    assert.ok(Number(line) >= 1 && Number(line) <= lines.length, `${length}: ${where}`);
    assert.ok(Number(column) >= 1 && Number(column) <= (lines[Number(line) - 1]?.length ?? 0) + 1, where);
  }
});

test('the place is where the text stops to be JSON', (t) => {
  const at = (text: string): string => refused(text, 'E_SLOT_JSON');
  assert.equal(at('{\n  "a": 1,\n  b: 2\n}'), 'line 3, column 3');
  assert.equal(at('{"a": 1 "b": 2}'), 'line 1, column 9');
  assert.equal(at('{"a": [1, 2,]}'), 'line 1, column 13');
  assert.equal(at('{"a": 01}'), 'line 1, column 7');
  assert.equal(at('{"a": tru}'), 'line 1, column 7');
  assert.equal(at('{"a": "\n"}'), 'line 1, column 7');
  assert.equal(at('{} {}'), 'line 1, column 4');
  // Whatever the parser of the language takes has no such place.
  holds(t, fc.json(), (text) => assert.equal(endOfJson(text), text.length));
});

type Path = readonly (string | number)[];

/** Every value of a document with the way to it. */
function* placesIn(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield* placesIn((value as Record<string, unknown>)[key], [...path, step]);
  }
}

function withValue(text: string, path: Path, value: unknown): string {
  const document = JSON.parse(text) as Record<string | number, unknown>;
  const [last] = path.slice(-1);
  if (last === undefined) return JSON.stringify(value);
  let at = document;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[last] = value;
  return JSON.stringify(document);
}

function placeName(path: Path): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${before}[${JSON.stringify(step)}]`;
    return before === '' ? step : `${before}.${step}`;
  }, '');
}

/** What cannot stand where a value of that kind stands. A text that is a number is one, and 1 and 0 are truths. */
function wrongFor(value: unknown): unknown[] {
  if (Array.isArray(value)) return [null, true, 5, 'x', {}];
  switch (typeof value) {
    case 'number':
      return [null, true, 'x', '', ' ', '1e999', [], [1], {}];
    case 'boolean':
      return [null, 2, 'yes', [], {}];
    case 'string':
      return [null, true, [], ['x'], {}];
    default:
      return [null, true, 5, 'x', []];
  }
}

for (const [name, text] of [
  ['an original file', REAL],
  ['a file of ours', OURS],
] as const) {
  test(`${name}: a value of the wrong kind is refused at its place, for every field`, () => {
    let tried = 0;
    for (const { path, value } of placesIn(JSON.parse(text))) {
      for (const wrong of wrongFor(value)) {
        const outcome = parseSlot(withValue(text, path, wrong));
        const what = `${placeName(path)} = ${JSON.stringify(wrong)}`;
        assert.ok(!outcome.ok, `${what} was taken`);
        assert.equal(outcome.error.where, placeName(path) || 'the document', what);
        tried++;
      }
    }
    assert.ok(tried > 500, `only ${tried}`);
  });
}

test('numbers that JSON can write and no number holds are refused at their place', () => {
  const text = REAL.replace(/"bpm": [\d.]+/, '"bpm": 1e999');
  assert.equal(refused(text, 'E_SLOT_FIELD'), 'sequencer.bpm');
  const note = REAL.replace(/"notes": \[\s*[\d.]+/, '"notes": [ -1e999');
  assert.match(refused(note, 'E_SLOT_FIELD'), /^sequencer\.tracks\.acid\.notes\[0\]$/);
});

test('of two members with one name the last counts, as in the original', () => {
  const document = valueOf(parseSlot('{"sequencer": {"bpm": 60}, "sequencer": {"bpm": 90, "bpm": 100}}'));
  assert.equal(document.sequencer?.bpm, 100);
  assert.equal(refused('{"sequencer": {"bpm": 60, "bpm": []}}', 'E_SLOT_FIELD'), 'sequencer.bpm');
});

test('names of the language itself are only names', () => {
  const text = '{"sequencer": {"tracks": {"__proto__": {"pattern": "X"}, "toString": {}}}, "__proto__": 5}';
  const { sequencer } = valueOf(parseSlot(text));
  assert.deepEqual(
    sequencer?.tracks.map(({ id, pattern }) => [id, pattern[0]]),
    [
      ['__proto__', 'X'],
      ['toString', '.'],
    ],
  );
});

test('half a character in a name is mended, with a warning', () => {
  const outcome = parseSlot('{"chronus": {"name": "a\\ud800b"}}');
  assert.equal(valueOf(outcome).name, 'a\ufffdb');
  assert.match(warningsOf(outcome), /^chronus\.name: /);
});

test('what is too deep or too large is refused before anything is read', () => {
  for (const text of ['['.repeat(1e6), `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`])
    assert.equal(refused(text, 'E_SLOT_DEPTH'), 'the document');
  errorOf(parseSlotBytes(new Uint8Array(MAX_BYTES + 1).fill(0x20)), 'E_SLOT_SIZE');
  assert.equal(refused(`{"modules": ${'['.repeat(40)}${']'.repeat(40)}}`, 'E_SLOT_DEPTH'), 'the document');
});

/** A desk whose slot 7 is made by `place`; what a load of it answered, when nothing else happened. */
async function loadOf(t: TestContext, place: (path: string, desk: Desk) => void): Promise<string> {
  const desk = createDesk(4);
  t.after(() => desk.close());
  await desk.send('/seq/add', 'mine', 'voice1', 'X...');
  await desk.send('/pattern/save', 1);
  place(join(desk.home, 'patterns', 'slots', 'slot_007.json'), desk);
  const before = desk.session.snapshot();
  const from = desk.sink.position();
  const answers = await desk.send('/pattern/load', 7, 'now');
  assert.equal(answers.length, 1, answers.join('\n'));
  assert.equal(desk.sink.position(), from, 'something went into the log');
  assert.deepEqual(desk.session.snapshot(), before);
  assert.match((await desk.send('/pattern/undo'))[0] ?? '', /E_UNDO/, 'it is not to be undone either');
  return answers[0] ?? '';
}

const FILES: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['empty', '', /E_SLOT_DAMAGED.*line 1, column 1/],
  ['cut off', REAL.slice(0, 1000), /E_SLOT_DAMAGED.*line \d+, column \d+/],
  ['zeros, as a crash leaves them', new Uint8Array(4096), /E_SLOT_DAMAGED.*line 1, column 1/],
  ['no UTF-8', Uint8Array.of(0x7b, 0xff), /E_SLOT_DAMAGED.*UTF-8.* at the document/],
  ['too large', new Uint8Array(MAX_BYTES + 1), /E_SLOT_DAMAGED.*4194305 bytes/],
  ['too deep', '['.repeat(1e5), /E_SLOT_DAMAGED.*100000 levels/],
  [
    'wrong kind',
    withValue(REAL, ['sequencer', 'swing'], {}),
    /E_SLOT_DAMAGED.*an object at sequencer\.swing/,
  ],
  [
    'of the future',
    withValue(REAL, ['schema_version'], '2.0'),
    /E_SLOT_VERSION.*slot_007\.json, schema_version/,
  ],
  ['of our future', withValue(OURS, ['chronus', 'format'], 99), /E_SLOT_VERSION.*, chronus\.format: 99/],
];

for (const [name, content, says] of FILES) {
  test(`a slot that is ${name}: one error, nothing changed`, async (t) => {
    assert.match(await loadOf(t, (path) => writeFileSync(path, content)), says);
  });
}

test('a slot that is a folder, a link into nothing or a pipe: one error, nothing changed, nobody waits', async (t) => {
  assert.match(await loadOf(t, (path) => mkdirSync(path)), /E_SLOT_DAMAGED.*EISDIR/);
  if (process.platform === 'win32') return;
  assert.match(await loadOf(t, (path) => symlinkSync('/nowhere/at/all', path)), /E_SLOT_DAMAGED.*ENOENT/);
  assert.match(await loadOf(t, (path) => execFileSync('mkfifo', [path])), /E_SLOT_DAMAGED.*EISDIR/);
  assert.match(await loadOf(t, (path) => symlinkSync('/dev/zero', path)), /E_SLOT_DAMAGED.*EISDIR/);
});

test('a file of the future keeps its slot: its older backup is not what was asked for', async (t) => {
  const answer = await loadOf(t, (path, desk) => {
    writeFileSync(path, withValue(REAL, ['chronus_version'], '7.0.0'));
    writeFileSync(join(desk.home, 'patterns', 'backups', 'slot_007_5.backup'), REAL);
  });
  assert.match(answer, /E_SLOT_VERSION/);
});

test(
  'a link that leads out is read, and never written through',
  { skip: process.platform === 'win32' },
  async (t) => {
    const desk = createDesk(4);
    t.after(() => desk.close());
    await desk.send('/pattern/save', 1);
    const outside = join(desk.home, 'outside.json');
    writeFileSync(outside, REAL);
    symlinkSync(outside, join(desk.home, 'patterns', 'slots', 'slot_007.json'));
    assert.match((await desk.send('/pattern/load', 7))[0] ?? '', /^\/pattern\/load\/reply/);
    assert.match((await desk.send('/pattern/save', 7))[0] ?? '', /"backup":/);
    assert.equal(readFileSync(outside, 'utf8'), REAL);
    // Nor does the backup change when that file does.
    writeFileSync(outside, 'something else');
    const backups = join(desk.home, 'patterns', 'backups');
    const [backup = ''] = readdirSync(backups);
    assert.equal(readFileSync(join(backups, backup), 'utf8'), REAL);
  },
);
