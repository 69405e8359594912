import assert from 'node:assert/strict';
import test from 'node:test';
import { exists, findParameter, findPath, parameterAt, parameters } from '../../engine/registry/address.js';
import { defaults } from '../../engine/registry/defaults.js';
import { findInstance, MODULES } from '../../engine/registry/modules.js';
import { isTarget, targetCode, targetText } from '../../engine/registry/target.js';

const path = (id: string, name: string): string | undefined => findParameter(id, name)?.path;

test('the order of the modules is fixed: journals and cores count on it', () => {
  const order = ['voice', 'acid', 'distortion', 'reverb', 'delay', 'limiter', 'lfo', 'meter', 'recorder'];
  assert.deepEqual(
    MODULES.map((table) => table.type),
    order,
  );
});

test('every parameter is found by its path and by its address, and no two share one', () => {
  const all = [...parameters(256)];
  assert.equal(new Set(all.map(({ address }) => address)).size, all.length);
  for (const parameter of all) {
    assert.deepEqual(findPath(parameter.path), parameter);
    assert.deepEqual(parameterAt(parameter.address), parameter);
  }
});

test('an address is type << 16 | instance << 8 | parameter', () => {
  assert.equal(findPath('voice1/freq')?.address, 0);
  assert.equal(findPath('voice256/filter/freq')?.address, (255 << 8) | 3);
  assert.equal(findPath('lfo2/rate')?.address, (6 << 16) | (1 << 8));
  assert.equal(parameterAt(0x7fff0000), undefined);
});

test('old names', () => {
  assert.equal(path('sine1', 'freq'), 'voice1/freq');
  assert.equal(path('filter1', 'q'), 'voice1/filter/q');
  assert.equal(path('filter1', 'resonance'), 'voice1/filter/q');
  assert.equal(path('adsr1', 'release'), 'voice1/adsr/release');
  assert.equal(path('voice3', 'frequency'), 'voice3/freq');
  assert.equal(path('voice3', 'filter/resonance'), 'voice3/filter/q');
  assert.equal(path('acid1', 'resonance'), 'acid1/res');
  for (const [id, name] of [
    ['adsr1', 'freq'],
    ['sine1', 'constructor'],
    ['constructor', 'freq'],
    ['voice1', 'toString'],
  ] as const) {
    assert.equal(path(id, name), undefined, `${id}/${name}`);
  }
});

test('ids: from 1, no leading zero, 256 voices at most', () => {
  for (const id of ['voice0', 'voice01', 'voice', 'voice-1', 'Voice1', 'voice1 ', 'voice257']) {
    assert.equal(findParameter(id, 'freq'), undefined, id);
  }
  assert.equal(findInstance('voice257')?.index, 256);
  const ninth = findPath('voice9/freq');
  assert.ok(ninth && !exists(ninth, 8) && exists(ninth, 9));
});

test('targets: text and code, and why not', () => {
  const code = targetCode('voice2/filter/freq', 8);
  assert.equal(code, 1 + ((1 << 8) | 3));
  assert.equal(targetText(Number(code)), 'voice2/filter/freq');
  assert.equal(targetCode('none', 8), 0);
  assert.equal(targetText(0), 'none');
  const why = (text: string): string => {
    const found = targetCode(text, 2);
    return typeof found === 'number' ? 'taken' : found.why;
  };
  assert.match(why('lfo1/rate'), /no cycle/);
  assert.match(why('voice1/osc/type'), /cannot be modulated/);
  assert.match(why('voice3/freq'), /2 voices/);
  assert.match(why('voice1/fre'), /no such parameter/);
  assert.ok(isTarget(0, 2) && isTarget(1, 2) && !isTarget(1 + (2 << 8), 2) && !isTarget(0.5, 2));
});

test('no parameter of a modulator can be a target, so no cycle can be built', () => {
  for (const { path: name, row, type } of parameters(2)) {
    if (MODULES[type]?.level === 'control') assert.equal(row.modulation, undefined, name);
  }
});

test('defaults: the table, the instances that differ, targets of voices that are there', () => {
  const eight = defaults(8);
  assert.equal(eight.get(findPath('voice8/amp')?.address ?? -1), 0.3);
  assert.equal(eight.get(findPath('lfo2/rate')?.address ?? -1), 4);
  assert.equal(eight.get(findPath('lfo1/target')?.address ?? -1), targetCode('voice2/filter/freq', 8));
  assert.equal(defaults(1).get(findPath('lfo1/target')?.address ?? -1), 0);
  assert.equal(eight.has(findPath('rec1/recording')?.address ?? -1), false, 'a service is none of the core');
});
