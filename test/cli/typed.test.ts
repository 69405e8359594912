import assert from 'node:assert/strict';
import test from 'node:test';
import { fullAddress, gateAddress } from '../../engine/cli/address.js';
import { typed } from '../../engine/cli/typed.js';

test('words of a command line become the OSC argument a person means', () => {
  const cases: [string, string, number | string][] = [
    ['220', 'i', 220],
    ['-12', 'i', -12],
    ['+3', 'i', 3],
    ['0', 'i', 0],
    ['220.0', 'f', 220],
    ['.5', 'f', 0.5],
    ['-0.25', 'f', -0.25],
    ['1e3', 'f', 1000],
    ['2147483648', 'f', 2147483648],
    ['007', 's', '007'],
    ['0x10', 's', '0x10'],
    ['NaN', 's', 'NaN'],
    ['Infinity', 's', 'Infinity'],
    ['', 's', ''],
    ['at=bar', 's', 'at=bar'],
    ['A1 C2', 's', 'A1 C2'],
  ];
  for (const [word, type, value] of cases) assert.deepEqual(typed(word), { type, value }, word);
});

test('an address may be given without /mod', () => {
  assert.equal(fullAddress('voice1/freq'), '/mod/voice1/freq');
  assert.equal(fullAddress('/mod/voice1/freq'), '/mod/voice1/freq');
  assert.equal(fullAddress('mod/voice1/freq'), '/mod/voice1/freq');
  assert.equal(fullAddress('seq/bpm'), '/seq/bpm');
  assert.equal(fullAddress('/anything'), '/anything');
});

test('a gate may be given as number, id or address', () => {
  for (const typedId of ['3', 'voice3', 'gate/voice3', '/gate/voice3'])
    assert.equal(gateAddress(typedId), '/gate/voice3');
  assert.equal(gateAddress('acid1'), '/gate/acid1');
});
