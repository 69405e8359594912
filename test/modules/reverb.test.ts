import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noise, openBus, render, rms, toDb } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';

testBusContract({
  name: 'reverb',
  busy: { mix: 1, room: 0.6, damp: 0.3 },
  short: { mix: 1, room: 0, damp: 0.5 },
  silentAfterS: 3,
  bound: 6,
});

test('reverb: as loud as Freeverb with its gain of 0.015: -9.9 dB for white noise at room and damp 0.5', () => {
  const input = noise(96000, 0.5);
  const out = render(openBus('reverb'), input, { params: () => ({ mix: 1, room: 0.5, damp: 0.5 }) });
  for (const side of [out.left, out.right]) {
    const level = toDb(rms(side, 48000) / rms(input.left));
    assert.ok(Math.abs(level + 9.9) < 0.7, `${level} dB`);
  }
});
