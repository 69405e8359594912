import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chronus, chronusJson } from '../helpers/engine.js';

type Doc = Record<string, unknown>;

test('bench --json: speed by voices, modules, what is asked, each a number that can be', async () => {
  const told = await chronusJson(['bench', '--voices', '4,8', '--seconds', '0.2', '--no-engine']);
  const speed = told['speed'] as Record<string, number>[];
  assert.deepEqual(
    speed.map(({ voices }) => voices),
    [4, 8],
  );
  const fields =
    'voices rtf blockUs voicesUs nsPerVoiceSample silentBlockUs scalarRtf scalarBlockUs ratioToScalar';
  for (const figures of speed) {
    assert.deepEqual(Object.keys(figures), [...fields.split(' '), 'ratioToYardstick']);
    for (const [name, value] of Object.entries(figures))
      assert.ok(Number.isFinite(value), `${name} ${value}`);
    const { rtf = 0, blockUs = 0 } = figures;
    assert.ok(Math.abs((rtf * blockUs) / (256 / 0.048) - 1) < 0.01, `${rtf} times ${blockUs} us is a block`);
  }
  const modules = told['modules'] as Record<string, Record<string, number>>;
  assert.deepEqual(Object.keys(modules), [
    '4 voices',
    'lfo',
    'acid',
    'distortion',
    'reverb',
    'delay',
    'limiter',
  ]);
  for (const [name, { workUs, scalarUs, defaultUs }] of Object.entries(modules))
    for (const us of [workUs, scalarUs, defaultUs]) assert.ok(us !== undefined && us >= 0, `${name} ${us}`);
  const asked = told['asked'] as Doc[];
  assert.equal(asked.length, 8);
  for (const row of asked) assert.deepEqual(Object.keys(row), ['what', 'asked', 'measured', 'reached']);
  assert.equal(typeof told['machine'], 'string');
});

test('bench: voices that cannot be are refused', async () => {
  for (const voices of ['0', '257', '8,,16', 'many'])
    assert.equal(((await chronusJson(['bench', '--voices', voices], 2))['error'] as Doc)['code'], 'E_OPTION');
  const { stdout } = await chronus(['bench', '--help']);
  assert.match(stdout, /Examples:\n {2}chronus bench/);
});
