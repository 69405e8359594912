/** True peak: the signals of EBU Tech 3341, and what must hold for any sound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HALF, HISTORY, TAPS, TruePeak } from '../../../modules/recorder/loudness/true-peak.js';
import { holds } from '../../helpers/property.js';
import { decibels } from '../../helpers/audio.js';
import { measure, noiseAt, RATE, reads } from './loudness-signals.js';

/** Tech 3341, cases 15 to 23. */
const [UNDER, OVER] = [0.4, 0.2];

/** 10 ms linear at both ends. */
function faded(x: Float64Array, rate: number): Float64Array {
  const fade = rate / 100;
  return x.map((sample, i) => sample * Math.min(1, i / fade, (x.length - 1 - i) / fade));
}

const SINES: readonly (readonly [
  number: number,
  divisor: number,
  amp: number,
  degrees: number,
  dbtp: number,
])[] = [
  [15, 4, 0.5, 0, -6],
  [16, 4, 0.5, 45, -6],
  [17, 6, 0.5, 60, -6],
  [18, 8, 0.5, 67.5, -6],
  [19, 4, 1.41, 45, 3],
];
for (const [number, divisor, amp, degrees, dbtp] of SINES)
  test(`R92 Tech 3341 case ${number}: fs/${divisor} of ${amp} at ${degrees} degrees has a true peak of ${dbtp} dB`, () => {
    const phase = (degrees / 180) * Math.PI;
    const sine = Float64Array.from(
      { length: RATE / 2 },
      (_, i) => amp * Math.sin((2 * Math.PI * i) / divisor + phase),
    );
    const x = faded(sine, RATE);
    reads(measure(RATE, x, x).result().truePeakDbtp, dbtp, UNDER, OVER);
  });

/**
 * The signal of cases 20 to 23 at four times the rate: fs/6 of 0.5 with a single period of fs/4 of 1.0 in the middle,
 * continuous in phase; then a low pass. The document leaves the low pass open: here a windowed sinc, -6 dB at 22 kHz.
 */
function oversampledBurst(): Float64Array {
  const rate = 4 * RATE;
  const middle = rate / 20;
  assert.equal(middle % 24, 0);
  const sine = (amp: number, i: number, period: number) => amp * Math.sin((2 * Math.PI * i) / period);
  const x = Float64Array.from({ length: 2 * middle }, (_, i) => {
    if (i < middle) return sine(0.5, i, 24);
    return i < middle + 16 ? sine(1, i - middle, 16) : sine(0.5, i - middle - 16, 24);
  });
  const half = 96;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half;
    const sinc = t === 0 ? 1 : Math.sin((Math.PI * t * 44_000) / rate) / ((Math.PI * t * 44_000) / rate);
    return (
      (sinc *
        (0.42 + 0.5 * Math.cos((Math.PI * t) / half) + 0.08 * Math.cos((2 * Math.PI * t) / half)) *
        44_000) /
      rate
    );
  });
  const padded = faded(x, rate);
  return x.map((_, i) => taps.reduce((sum, tap, k) => sum + tap * (padded[i + half - k] ?? 0), 0));
}

const BURST = oversampledBurst();
for (const offset of [0, 1, 2, 3])
  test(`R92 Tech 3341 case ${20 + offset}: one period of fs/4 between samples, sampled with offset ${offset}`, () => {
    const x = Float64Array.from({ length: BURST.length / 4 }, (_, i) => BURST[4 * i + offset]!);
    const { truePeakDbtp } = measure(RATE, x, x).result();
    reads(truePeakDbtp, 0, UNDER, OVER);
    // The samples alone would miss it; at four times the rate it is known.
    reads(truePeakDbtp, decibels(BURST.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)), 0.05);
  });

/** The highest value of one channel, by a scan that knows nothing of the first. */
function scan(samples: readonly number[], everywhere: boolean, split: number): number {
  const peak = new TruePeak(1, everywhere);
  const all = Float64Array.from([...new Array<number>(HISTORY).fill(0), ...samples]);
  for (let at = 0; at < samples.length; at += split)
    peak.add(0, all, HISTORY + at, Math.min(split, samples.length - at));
  return peak.peak;
}

test('R92 true peak: interpolating only where a new peak can be gives bit for bit what interpolating everywhere gives', (t) => {
  const level = fc.double({ min: 0, max: 1, noNaN: true });
  const sound = fc.oneof(
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
    fc.array(fc.constantFrom(-1, 1, 0.5, 0.43, 0.42, 0), { maxLength: 300 }),
    // Loud and slow after quiet and fast, and the other way round.
    fc
      .tuple(level, level)
      .map(([amp, pitch]) =>
        Array.from({ length: 300 }, (_, i) => Math.sin(i * i * 0.01 * pitch) * amp ** ((i % 100) / 30)),
      ),
  );
  holds(t, fc.tuple(sound, fc.integer({ min: 1, max: 300 })), ([samples, split]) => {
    assert.equal(scan(samples, false, split), scan(samples, true, 300));
  });
});

test('R92 true peak: not even the signals that are made against the shortcuts get past them', () => {
  const quiet = new Array<number>(2 * HALF).fill(0);
  const middle = Array.from({ length: 2 * HALF }, (_, k) => TAPS.middle[k < HALF ? HALF - 1 - k : k - HALF]!);
  let higher = 0;
  for (const taps of [middle, [...TAPS.quarter], [...TAPS.quarter].reverse()])
    for (let near = 0; near <= HALF; near++)
      for (let step = 0; step <= 100; step++) {
        // A peak of 1; then the worst signs, at `step` near the place and just as high as is no news far from it, or
        // the other way round: all levels at which a little more lifts the value between the samples above the peak.
        const amp = step / 100;
        const worst = (inner: number, outer: number) =>
          taps.map((tap, k) => Math.sign(tap) * (Math.abs(k - HALF + 0.5) < near ? inner : outer));
        for (const burst of [worst(amp, 1), worst(1, amp)]) {
          const samples = [1, ...quiet, ...burst, ...quiet];
          const [got, wanted] = [scan(samples, false, 11), scan(samples, true, 300)];
          assert.equal(got, wanted, `near ${near}, amp ${amp}`);
          if (wanted > 1) higher++;
        }
      }
  assert.ok(higher > 1_000, `${higher} signals went above the samples`);
});

test('R92 true peak: the even and odd halves are the plain interpolator, and its bound holds for the worst signal', () => {
  const samples = Array.from({ length: 500 }, (_, i) => noiseAt(i));
  const at = (i: number) => samples[i] ?? 0;
  let plain = 0;
  for (let a = -HALF; a < samples.length - HALF; a++) {
    let [quarter, half, threeQuarters] = [0, 0, 0];
    for (let k = 0; k < 2 * HALF; k++) {
      quarter += TAPS.quarter[k]! * at(a - HALF + 1 + k);
      threeQuarters += TAPS.quarter[k]! * at(a + HALF - k);
      half += TAPS.middle[k < HALF ? HALF - 1 - k : k - HALF]! * at(a - HALF + 1 + k);
    }
    plain = Math.max(
      plain,
      Math.abs(quarter),
      Math.abs(half),
      Math.abs(threeQuarters),
      Math.abs(at(a + HALF)),
    );
  }
  const got = scan(samples, false, 77);
  assert.ok(Math.abs(got / plain - 1) < 1e-12, `${got}, plain ${plain}`);

  const worst = Array.from({ length: 2 * HALF }, (_, k) =>
    Math.sign(TAPS.middle[k < HALF ? HALF - 1 - k : k - HALF]!),
  );
  const highest = scan(worst, true, 2 * HALF);
  assert.ok(
    highest <= TAPS.bound * (1 + 1e-12) && highest > TAPS.bound * 0.99,
    `${highest} of ${TAPS.bound}`,
  );
});

test('R92 true peak: any sine up to 20 kHz is read within what four times the rate can see', () => {
  for (let n = 0; n < 60; n++) {
    const hz = 300 * 1.0735 ** n;
    const phase = noiseAt(n) * Math.PI;
    const x = Float64Array.from({ length: 4_000 }, (_, i) => Math.sin((2 * Math.PI * hz * i) / RATE + phase));
    // Between two of the four places a sine falls by this at most; 0.05 dB is the interpolator's own error.
    const unseen = -decibels(Math.cos((Math.PI * hz) / (4 * RATE)));
    reads(measure(RATE, faded(x, RATE)).result().truePeakDbtp, 0, unseen + 0.05, 0.05);
  }
});

test('R92 true peak: never below the sample peak, in any channel; of silence there is none', () => {
  const click = Float64Array.from({ length: 1_000 }, (_, i) => (i === 999 ? -0.75 : 0));
  const silence = new Float64Array(1_000);
  const { truePeakDbtp } = measure(RATE, silence, silence, click).result();
  assert.equal(truePeakDbtp, decibels(0.75));
  assert.equal(measure(RATE, silence, silence).result().truePeakDbtp, null);
});
