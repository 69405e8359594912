import assert from 'node:assert/strict';
import { test } from 'node:test';
import { both, noise, openBus, render, rms, toDb, type Stereo } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';
import { band, t60 } from '../helpers/spectrum.js';

testBusContract({
  name: 'reverb',
  busy: { mix: 1, room: 0.6, damp: 0.3 },
  short: { mix: 1, room: 0, damp: 0.5 },
  silentAfterS: 3,
  bound: 6,
});

/** The answer to one impulse on both sides, in phase. */
function answer(seconds: number, room: number, damp: number, sampleRate = 48000): Stereo {
  const input = both(Math.round(seconds * sampleRate), (i) => (i === 0 ? 1 : 0));
  const kernel = openBus('reverb', { sampleRate });
  return render(kernel, input, { params: () => ({ mix: 1, room, damp }) });
}

test('reverb: T60 is 0.4 s * 20^room in the bass, less by 2^(-2.5 damp) at 6 kHz', () => {
  for (const sampleRate of [44100, 96000])
    for (const room of [0, 0.5, 0.8]) {
      const expected = 0.4 * 20 ** room;
      const got = t60(band(answer(expected, room, 0.2, sampleRate).left, 300, sampleRate), sampleRate);
      assert.ok(Math.abs(got / expected - 1) < 0.08, `room ${room}: expected ${expected} s, got ${got} s`);
    }
  for (const damp of [0.5, 1]) {
    const expected = 0.4 * 20 ** 0.5 * 2 ** (-2.5 * damp);
    const got = t60(band(answer(2, 0.5, damp).right, 6000, 48000), 48000);
    assert.ok(Math.abs(got / expected - 1) < 0.12, `damp ${damp}: expected ${expected} s, got ${got} s`);
  }
});

test('reverb: left and right are strangers, and their sum loses nothing', () => {
  const { left, right } = answer(2, 0.5, 0.3);
  const [from, to] = [9600, 72000];
  let product = 0;
  for (let i = from; i < to; i++) product += left[i]! * right[i]!;
  const correlation = product / ((to - from) * rms(left, from, to) * rms(right, from, to));
  assert.ok(Math.abs(correlation) < 0.1, `correlation ${correlation}`);
  const mono = left.map((x, i) => (x + right[i]!) / Math.SQRT2);
  const change = toDb(rms(mono, from, to) / rms(left, from, to));
  assert.ok(Math.abs(change) < 0.7, `mono changes the tail by ${change} dB`);
});

test('reverb: the tail has no echo and no ring: its likeness to itself stays under 0.2', () => {
  const { left } = answer(1.2, 0.6, 0.3);
  // Undo the decay, then compare the stretch from 0.15 s with itself, 1 to 90 ms later.
  const rate = Math.log(1000) / (0.4 * 20 ** 0.6 * 48000);
  const flat = left.subarray(7200, 40000).map((x, i) => x * Math.exp(rate * i));
  const energy = rms(flat) ** 2;
  let worst = 0;
  let lag = 0;
  for (let shift = 48; shift < 4320; shift += 1) {
    let sum = 0;
    for (let i = 0; i < 16384; i++) sum += flat[i]! * flat[i + shift]!;
    const likeness = Math.abs(sum / 16384 / energy);
    if (likeness > worst) [worst, lag] = [likeness, shift];
  }
  assert.ok(worst < 0.2, `${worst} at ${lag / 48} ms`);
});

test('reverb: as loud as Freeverb with its gain of 0.015: -9.9 dB for white noise at room and damp 0.5', () => {
  const input = noise(96000, 0.5);
  const out = render(openBus('reverb'), input, { params: () => ({ mix: 1, room: 0.5, damp: 0.5 }) });
  for (const side of [out.left, out.right]) {
    const level = toDb(rms(side, 48000) / rms(input.left));
    assert.ok(Math.abs(level + 9.9) < 0.7, `${level} dB`);
  }
});
