import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plain } from '../../scripts/markdown.js';
import { documentOf, sectionsIn } from '../../scripts/sound/document.js';
import { SOUND_PARTS } from '../../scripts/sound/index.js';
import type { SoundPart } from '../../scripts/sound/part.js';
import { soundTable } from '../../scripts/sound/table.js';
import { ROOT } from '../helpers/root.js';
import { wellFormed } from '../helpers/svg.js';

// Rows and pictures of a part are held against it where it is measured: test/helpers/sound.ts.
const DOCS = join(ROOT, 'docs');
const sections = sectionsIn(readFileSync(join(DOCS, 'sound.md'), 'utf8'));
const NAMES = SOUND_PARTS.map(({ name }) => name);

test('docs/sound.md has a section for each part, and for no other', () => {
  assert.deepEqual([...sections.keys()], NAMES, '`npm run sound -- --write` writes it again');
});

test('every part in scripts/sound is in the list, and has its test', () => {
  const named = (file: string): RegExpMatchArray | null =>
    /export const (\w+): SoundPart/.exec(readFileSync(join(ROOT, 'scripts', 'sound', file), 'utf8'));
  const found = readdirSync(join(ROOT, 'scripts', 'sound')).flatMap((file) => named(file)?.[1] ?? []);
  const list = readFileSync(join(ROOT, 'scripts', 'sound', 'index.ts'), 'utf8');
  const tests = readdirSync(join(ROOT, 'test', 'sound'))
    .map((file) => readFileSync(join(ROOT, 'test', 'sound', file), 'utf8'))
    .join('');
  assert.equal(found.length, NAMES.length);
  for (const name of found) {
    assert.match(
      list,
      new RegExp(`[\\[\\s]${name},?[\\s\\]]`),
      `${name} is missing in scripts/sound/index.ts`,
    );
    assert.match(tests, new RegExp(`testSoundPart\\(${name}\\)`), `${name} has no test in test/sound`);
  }
});

test('pictures: every one is linked once, well-formed and small', () => {
  const linked = [...sections.values()].flatMap(({ pictures }) => pictures);
  const there = readdirSync(join(DOCS, 'sound')).map((file) => `sound/${file}`);
  assert.deepEqual([...linked].sort(), there.sort());
  for (const at of there) {
    const svg = readFileSync(join(DOCS, at), 'utf8');
    wellFormed(svg);
    assert.ok(svg.length < 40_000, `${at}: ${svg.length} characters`);
  }
});

const PART: SoundPart = { name: 'part', doc: 'What *is* measured.', figures: [], plots: [] };
const FIGURES = [
  { claim: 'a|b', asked: 'below |-90| dB_x', measured: '-97 dB', reached: true },
  { claim: 'c '.repeat(40), asked: 'at most 1', measured: '2', reached: false },
];

test('what is written is read again, also with marks in it', () => {
  const plot = {
    name: 'p',
    title: 't',
    x: { label: '', min: 0, max: 1 },
    y: { label: '', min: 0, max: 1 },
    series: [],
  };
  const text = documentOf([{ part: PART, figures: FIGURES }], new Map([[PART, [plot]]]));
  assert.match(text, /2 figures, 1 of them reached/);
  assert.deepEqual(
    sectionsIn(text),
    new Map([['part', { asked: FIGURES.map(({ asked }) => plain(asked)), pictures: ['sound/p.svg'] }]]),
  );
});

test('the table of a terminal has all four columns, and no line longer than 140', () => {
  const text = soundTable({ part: PART, figures: FIGURES });
  assert.ok(text.split('\n').every((line) => line.length <= 140));
  assert.match(text, /a\|b +below \|-90\| dB_x +-97 dB +yes\n/);
  assert.match(text, /c c +at most 1 +2 +NO\n {2}c c/);
});

test('npm run sound: help has examples, wrong use says what is allowed and ends with 2', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'dist', 'scripts', 'sound.js'), ...args], { encoding: 'utf8' });
  const help = run('--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Examples:\n {2}npm run sound\n/);
  const unknown = run('--only', 'limiter,bagpipe');
  assert.deepEqual([unknown.status, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, new RegExp(`got 'bagpipe', allowed ${NAMES.join(', ')}\\.`));
  assert.equal(run('--write', '--only', 'limiter').status, 2);
  const one = run('--only', 'acid', '--json');
  assert.equal(one.status, 0, one.stderr);
  const { figures } = JSON.parse(one.stdout) as { figures: { part: string; reached: boolean }[] };
  assert.ok(figures.length > 0 && figures.every(({ part, reached }) => part === 'acid' && reached));
});
