import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limiterTable } from '../../modules/limiter/table.js';
import { both, firstDifference, noise, openBus, peakOf, render, seeded } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';
import { truePeakMeter } from '../helpers/true-peak.js';

// True peaks over listed and random inputs, transparency and a moving ceiling: test/sound/limiter.test.ts.

const LATENCY = limiterTable.latencyFrames;
const gainOf = (db: number): number => 10 ** (db / 20);

testBusContract({
  name: 'limiter',
  busy: { ceiling: -6, release: 0.05 },
  short: { ceiling: -6, release: 0.02 },
  silentAfterS: 1,
  bound: 1,
});

test('R95, limiter: no sample and no true peak passes the ceiling, over steps of +24 dB and 200 random bursts', () => {
  const random = seeded(9);
  const input = noise(96000, 0.3);
  for (let burst = 0; burst < 200; burst++) {
    const from = Math.floor(random() * 95000);
    const length = 1 + Math.floor(random() * 300);
    const amp = gainOf(random() * 40 - 6);
    for (let i = from; i < from + length && i < 96000; i++) {
      input.left[i] = amp * (random() < 0.5 ? -1 : 1) * (0.5 + random() / 2);
      if (random() < 0.5) input.right[i] = amp * (2 * random() - 1);
    }
  }
  for (let i = 48000; i < 60000; i++) input.left[i]! *= gainOf(24);
  const meter = truePeakMeter();
  for (const ceiling of [0, -1, -20]) {
    const out = render(openBus('limiter'), input, { params: () => ({ ceiling }) });
    const peak = Math.max(meter(out.left), meter(out.right));
    assert.ok(peakOf(out) <= peak);
    assert.ok(peak <= gainOf(ceiling), `ceiling ${gainOf(ceiling)}, peak ${peak}`);
    assert.ok(peak > gainOf(ceiling) * 0.97, 'it uses the room there is');
  }
});

test('limiter: a ceiling that jumps cuts off what is over it at once', () => {
  const input = both(9600, (i) => 2 * Math.sin(i / 8));
  const ceilingAt = (frame: number): number => (frame < 4800 ? 0 : -20);
  const out = render(openBus('limiter'), input, { params: (frame) => ({ ceiling: ceilingAt(frame) }) });
  // In the first cell it goes down in a straight line.
  for (let i = 0; i < 9600; i++)
    assert.ok(Math.abs(out.left[i]!) <= gainOf(ceilingAt(i - 15)) * (1 + 1e-6), `frame ${i}: ${out.left[i]}`);
  assert.ok(peakOf(out, 4816) > 0.09);
});

test('limiter: the gain goes down smoothly ahead of a peak, stays, and comes back to exactly 1', () => {
  const input = both(96000, () => 0.25);
  input.left[9600] = 4;
  const out = render(openBus('limiter'), input, { params: () => ({ ceiling: 0, release: 0.05 }) });
  const gain = (frame: number): number => out.right[frame + LATENCY]! / 0.25;
  const lowest = gain(9600);
  assert.ok(lowest < 0.25 && lowest > 0.24, `both sides get one gain: ${lowest}`);
  assert.equal(gain(9600 - LATENCY), 1);
  for (let i = 9600 - LATENCY; i <= 9600; i++) {
    const fall = gain(i - 1) - gain(i);
    assert.ok(fall >= 0 && fall < (0.76 * 3) / 128 + 1e-6, `frame ${i}: gain fell by ${fall}`);
  }
  // From 14 frames before the peak for 0.4 of the release, at most 0.4 / 3 of it and a few cells longer.
  for (let i = 9600 - 14; i < 9600 + 960; i++)
    assert.ok(Math.abs(gain(i) - lowest) < 1e-7, `${gain(i)} at ${i}`);
  assert.ok(gain(9600 + 1440) > lowest + 0.01, `still ${gain(9600 + 1440)} after 30 ms`);
  const left = (1 - gain(12000 + 2400)) / (1 - gain(12000));
  assert.ok(Math.abs(left - Math.exp(-1)) < 0.003, `${left} is left after one time constant`);
  assert.equal(gain(9600 + 38400), 1);
});

test('limiter: it wakes in the middle of a cell as if it had not slept', () => {
  const random = seeded(21);
  const input = { left: new Float32Array(48000), right: new Float32Array(48000) };
  // Whispers, which let it fall asleep soon, then something loud.
  for (let at = 500; at < 46000; at += 900 + Math.floor(700 * random())) {
    input.left.fill(0.1, at, at + 40);
    input.right.fill(random() < 0.2 ? 3 : -0.2, at + 20, at + 90);
  }
  const whole = render(openBus('limiter'), input, { params: () => ({ release: 0.01 }) });
  for (const build of ['simd', 'scalar'] as const) {
    const knife = seeded(5);
    const cut = render(openBus('limiter', { build }), input, {
      params: () => ({ release: 0.01 }),
      cut: (room) => 1 + Math.floor(knife() * room),
    });
    assert.equal(firstDifference(whole, cut), -1, `${build}: first differing frame`);
  }
  assert.ok(peakOf(whole) > 0.6);
});
