import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distortionTable } from '../../modules/distortion/table.js';
import { both, noise, openBus, render, rms, toDb, type Stereo } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';
import { magnitudes } from '../helpers/spectrum.js';

const LATENCY = distortionTable.latencyFrames;
const RATE = 48000;

testBusContract({
  name: 'distortion',
  busy: { drive: 0.9, mix: 0.8, tone: 0.7 },
  short: { drive: 0.9, mix: 1, tone: 0.5 },
  silentAfterS: 2,
  bound: 8,
});

function distort(input: Stereo, params: Record<string, number>): Stereo {
  return render(openBus('distortion'), input, { params: () => params });
}

test('distortion: at mix 0 every sample leaves unchanged, 32 frames later, whatever drive and tone', () => {
  const input = noise(4800, 2);
  for (const drive of [0, 1]) {
    const out = distort(input, { drive, mix: 0, tone: drive });
    assert.deepEqual(out.left.subarray(LATENCY), input.left.subarray(0, 4800 - LATENCY));
    assert.deepEqual(out.right.subarray(LATENCY), input.right.subarray(0, 4800 - LATENCY));
    assert.equal(
      out.left.subarray(0, LATENCY).findIndex((x) => x !== 0),
      -1,
    );
  }
});

test('distortion: aliases of a full-drive sine lie 80 dB down below 18 kHz, at 1 kHz and at 5 kHz', () => {
  const n = 16384;
  for (const hz of [1000, 5000]) {
    const bin = Math.round((hz * n) / RATE) | 1; // odd: no alias falls on a harmonic
    const input = both(n * 24, (i) => Math.sin((2 * Math.PI * bin * i) / n));
    const size = magnitudes(distort(input, { drive: 1, mix: 1, tone: 1 }).left, n);
    let worst = 0;
    let at = 0;
    for (let i = 1; i < (18000 * n) / RATE; i++)
      if (i % bin !== 0 && size[i]! > worst) [worst, at] = [size[i]!, i];
    const db = toDb(worst / size[bin]!);
    assert.ok(db < -80, `${hz} Hz: alias of ${db} dB at ${(at * RATE) / n} Hz`);
    assert.ok(toDb(size[3 * bin]! / size[bin]!) > -30, 'it distorts');
  }
});

test('distortion: no DC, below -90 dB, not even from a lopsided wave', () => {
  const input = both(96000, (i) => {
    const phase = (2 * Math.PI * 375 * i) / RATE;
    return 0.4 * Math.sin(phase) + 0.3 * Math.cos(2 * phase);
  });
  const { left } = distort(input, { drive: 1, mix: 1, tone: 0.5 });
  const mean = left.subarray(96000 - 128 * 64).reduce((sum, x) => sum + x, 0) / (128 * 64);
  assert.ok(toDb(Math.abs(mean) / rms(left, 48000)) < -90, `DC ${toDb(Math.abs(mean))} dB`);
});

test('distortion: drive changes the loudness by less than 1.5 dB, at any level', () => {
  const saw = (i: number): number =>
    Math.sqrt(3) * (2 * ((i * 110) / RATE - Math.floor((i * 110) / RATE)) - 1);
  for (const db of [-30, -18, -6]) {
    const input = both(RATE * 3, (i) => 10 ** (db / 20) * saw(i));
    const levels = [0, 0.5, 1].map((drive) =>
      toDb(rms(distort(input, { drive, mix: 1, tone: 1 }).left, RATE)),
    );
    const range = Math.max(...levels) - Math.min(...levels);
    assert.ok(range < 1.5, `${db} dB in: ${levels.map((x) => x.toFixed(2)).join(', ')} dB out`);
  }
});

test('distortion: the wet path is in time with the dry one', () => {
  // Drive 0: the wet path is the tone filter alone. Far below its corner both have to add up to the input.
  const hz = 100;
  const input = both(24000, (i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE));
  const wet = distort(input, { drive: 0, mix: 1, tone: 1 }).left;
  const filterDelay = Math.SQRT1_2 / Math.tan((Math.PI * 8000) / RATE); // frames, at low frequencies
  const blockerLead = (Math.atan(10 / hz) / (2 * Math.PI * hz)) * RATE; // the DC blocker at this frequency
  let [sine, cosine] = [0, 0];
  for (let i = 14400; i < 24000; i++) {
    sine += wet[i]! * Math.sin((2 * Math.PI * hz * (i - LATENCY)) / RATE);
    cosine -= wet[i]! * Math.cos((2 * Math.PI * hz * (i - LATENCY)) / RATE);
  }
  const late = (Math.atan2(cosine, sine) / (2 * Math.PI * hz)) * RATE;
  const expected = filterDelay - blockerLead + 1 / 16;
  assert.ok(Math.abs(late - expected) < 0.05, `wet is ${late} frames late, its filters make ${expected}`);
});

test('distortion: starting and stopping the wet path makes no click', () => {
  const input = both(19200, (i) => 0.5 * Math.sin((2 * Math.PI * 100 * i) / RATE));
  const out = render(openBus('distortion'), input, {
    params: (frame) => ({
      drive: 0.5,
      tone: 1,
      mix: Math.max(0, Math.min(1, Math.min(frame - 4800, 14400 - frame) / 960)),
    }),
  });
  let [second, at] = [0, 0];
  for (let i = 40; i < 19200; i++) {
    const bend = Math.abs(out.left[i]! - 2 * out.left[i - 1]! + out.left[i - 2]!);
    if (bend > second) [second, at] = [bend, i];
  }
  // The distorted wave itself bends by up to 0.0017 per frame squared.
  assert.ok(second < 0.002, `bend of ${second} at frame ${at}`);
});
