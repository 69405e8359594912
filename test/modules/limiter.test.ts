import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limiterTable } from '../../modules/limiter/table.js';
import { both, noise, openBus, peakOf, render, seeded } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';

const LATENCY = limiterTable.latencyFrames;
const RATE = 48000;
const gainOf = (db: number): number => 10 ** (db / 20);
/** The ceiling in f32, a hair above the true number at most. */
const allowed = (db: number): number => gainOf(db) * (1 + 1e-6);

testBusContract({
  name: 'limiter',
  busy: { ceiling: -6, release: 0.05 },
  short: { ceiling: -6, release: 0.02 },
  silentAfterS: 1,
  bound: 1,
});

test('limiter: below the ceiling every sample leaves unchanged, 128 frames later', () => {
  const input = noise(9600, gainOf(-1) * 0.9999);
  const out = render(openBus('limiter'), input, { params: () => ({ ceiling: -1 }) });
  assert.equal(peakOf({ left: out.left.subarray(0, LATENCY), right: out.right.subarray(0, LATENCY) }), 0);
  assert.deepEqual(out.left.subarray(LATENCY), input.left.subarray(0, 9600 - LATENCY));
  assert.deepEqual(out.right.subarray(LATENCY), input.right.subarray(0, 9600 - LATENCY));
});

test('R95, limiter: no sample passes the ceiling, over steps of +24 dB and 200 random bursts', () => {
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
  for (const ceiling of [0, -1, -20]) {
    const out = render(openBus('limiter'), input, { params: () => ({ ceiling }) });
    const peak = peakOf(out);
    assert.ok(peak <= allowed(ceiling), `ceiling ${gainOf(ceiling)}, peak ${peak}`);
    assert.ok(peak > gainOf(ceiling) * 0.98, 'it uses the room there is');
  }
});

test('limiter: holds a ceiling that moves, without cutting a wave while it falls', () => {
  const kernel = openBus('limiter');
  const line = (frame: number): number => Math.max(-20, Math.min(0, -(20 * (frame - 9600)) / 960));
  let worst = 0;
  let flat = 0;
  for (let frame = 0; frame < 24000; frame += 16) {
    const [start, end] = [line(frame), line(frame + 16)];
    kernel.tick({ ceiling: end }, 16, { ceiling: frame >= 9600 - 16 ? -20 : 0 });
    const input = both(16, (i) => 2 * Math.sin((2 * Math.PI * 1000 * (frame + i)) / RATE));
    const out = kernel.process(input.left, input.right);
    // Inside a cell the ceiling goes in a straight line.
    out.left.forEach((x, i) => {
      const ceiling = gainOf(start) + ((gainOf(end) - gainOf(start)) * (i + 1)) / 16;
      worst = Math.max(worst, Math.abs(x) / ceiling);
      if (frame > 9600 && frame < 10560 && Math.abs(x) > 0.9999 * ceiling) flat++;
    });
  }
  assert.ok(worst <= 1 + 1e-5, `largest sample over the ceiling by a factor of ${worst}`);
  assert.ok(flat <= 4, `${flat} samples were cut while the ceiling fell`);
});

test('limiter: the gain goes down in a straight line over 128 frames and comes back to exactly 1', () => {
  const input = both(96000, () => 0.25);
  input.left[9600] = 4;
  const out = render(openBus('limiter'), input, { params: () => ({ ceiling: 0, release: 0.05 }) });
  const gain = (frame: number): number => out.right[frame + LATENCY]! / 0.25;
  assert.ok(Math.abs(out.left[9600 + LATENCY]! - 1) < 1e-6);
  assert.ok(Math.abs(gain(9600) - 0.25) < 1e-6, 'both sides get one gain');
  assert.equal(gain(9600 - LATENCY - 1), 1);
  for (let i = 9600 - LATENCY; i <= 9600; i++) {
    const fall = gain(i - 1) - gain(i);
    assert.ok(fall >= 0 && fall < 0.75 / 127, `frame ${i}: gain fell by ${fall}`);
  }
  // The peak leaves the window after 128 frames, then 63 % of the way back per time constant.
  const back = 1 - (1 - gain(9600 + 128 + 2400)) / 0.75;
  assert.ok(back > 0.55 && back < 0.7, `${back} of the way back after one time constant`);
  assert.equal(gain(9600 + 38400), 1);
});
