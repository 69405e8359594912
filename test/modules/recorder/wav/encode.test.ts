import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dither } from '../../../../modules/recorder/wav/dither.js';
import { encodeFrames } from '../../../../modules/recorder/wav/encode.js';
import { bytesPerFrame, sampleFormatOf } from '../../../../modules/recorder/wav/format.js';
import { INT16_MAX, toInt16 } from '../../../../modules/recorder/wav/int16.js';
import { holds } from '../../../helpers/property.js';
import { FORMATS, formatOf, noise } from './files.js';

const COUNT = 1 << 17;
/** Where the upper half of the frame is 0, changes, and is large. */
const PLACES = [0, 2 ** 32 - COUNT / 2, 2 ** 52 + 12_345];

function series(from: number, channel: number): Float64Array {
  return Float64Array.from({ length: COUNT }, (_, i) => dither(from + i, channel));
}

/** Correlation of two series whose mean is 0 and whose variance 1/6. */
function correlation(a: Float64Array, b: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < COUNT; i++) sum += (a[i] as number) * (b[i + lag] as number);
  return (sum * 6) / (COUNT - lag);
}

test('R24 dither is triangular between -1 and 1 LSB with mean 0, whatever the place and channel', () => {
  for (const from of PLACES) {
    for (const channel of [0, 1, 7]) {
      const bins = new Float64Array(32);
      let [sum, squares] = [0, 0];
      for (const value of series(from, channel)) {
        assert.ok(value > -1 && value < 1);
        sum += value;
        squares += value * value;
        bins[Math.floor((value + 1) * 16)]!++;
      }
      assert.ok(Math.abs(sum / COUNT) < 5 * Math.sqrt(1 / 6 / COUNT), `mean ${sum / COUNT}`);
      assert.ok(Math.abs(squares / COUNT - 1 / 6) < 0.002, `variance ${squares / COUNT}`);
      const chi = bins.reduce((total, count, i) => {
        const near = Math.min(i + 0.5, 31.5 - i) / 16;
        const expected = (COUNT * near) / 16;
        return total + (count - expected) ** 2 / expected;
      }, 0);
      assert.ok(chi < 70, `chi squared of 31 degrees of freedom is ${chi}`);
    }
  }
});

test('R24 dither is white and independent between channels and places', () => {
  const limit = 5 / Math.sqrt(COUNT);
  const all = PLACES.flatMap((from) => [series(from, 0), series(from, 1)]);
  all.forEach((a, i) =>
    all.forEach((b, j) => {
      for (const lag of [0, 1, 2, 3, 4, 7, 8, 64, 256, 4_096]) {
        if (i === j && lag === 0) continue;
        const r = correlation(a, b, lag);
        assert.ok(Math.abs(r) < limit, `series ${i} and ${j}, lag ${lag}: ${r}`);
      }
    }),
  );
});

test('R24 16 bits: clipped to +-1, times 32767, within a step and a half, and right on average', (t) => {
  const sample = fc.float({ min: -2, max: 2, noNaN: true });
  const place = fc.tuple(sample, fc.maxSafeNat(), fc.nat({ max: 64 }));
  holds(t, place, ([x, frame, channel]) => {
    const value = toInt16(x, dither(frame, channel));
    const exact = Math.max(-1, Math.min(1, x)) * INT16_MAX;
    assert.ok(Math.abs(value - exact) <= 1.5, `${x}: ${value}`);
    assert.ok(Math.abs(value) <= INT16_MAX);
  });
  for (const x of [0.3 / INT16_MAX, -0.5 / INT16_MAX, 0.123456, 0.9999]) {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += toInt16(x, dither(i, 0));
    // Error of rounding with dither: standard deviation of half a step.
    assert.ok(Math.abs(sum / COUNT - x * INT16_MAX) < (5 * 0.5) / Math.sqrt(COUNT), `mean of ${x}`);
  }
});

test('R24 16 bits: silence stays silence, full scale does not wrap', () => {
  const frames = 4_096;
  const encoded = (x: number): Int16Array => {
    const into = new Uint8Array(frames * 4);
    encodeFrames(formatOf('int16'), new Float32Array(frames * 2).fill(x), frames, 99, into, 0);
    return new Int16Array(into.buffer);
  };
  for (const x of [0, -0, NaN]) assert.ok(encoded(x).every((value) => value === 0));
  assert.deepEqual([...new Set(encoded(1))].sort(), [32_766, 32_767]);
  assert.deepEqual([...new Set(encoded(-1))].sort(), [-32_766, -32_767]);
  assert.ok(encoded(Infinity).every((value) => value >= 32_766));
  assert.ok(
    encoded(1e-9).some((value) => value !== 0),
    'what is nearly silent is dithered',
  );
});

test('R37 the same frames give the same bytes, however they are cut into blocks', (t) => {
  const frames = 300;
  const start = 2 ** 32 - 150;
  for (const sample of FORMATS) {
    const format = formatOf(sample);
    const samples = noise(0, frames);
    const whole = new Uint8Array(frames * bytesPerFrame(format));
    encodeFrames(format, samples, frames, start, whole, 0);
    holds(
      t,
      fc.nat({ max: frames }),
      (cut) => {
        const parts = new Uint8Array(whole.length);
        encodeFrames(format, samples, cut, start, parts, 0);
        const rest = samples.subarray(cut * 2);
        encodeFrames(format, rest, frames - cut, start + cut, parts, cut * bytesPerFrame(format));
        assert.deepEqual(parts, whole);
      },
      50,
    );
  }
});

test('R28 floats are the bits that came, in any place; NaN is 0', (t) => {
  const bits = fc.array(fc.nat({ max: 0xffff_ffff }), { minLength: 1, maxLength: 8 });
  holds(t, fc.tuple(bits, fc.nat({ max: 5 })), ([words, at]) => {
    const samples = new Float32Array(Uint32Array.from(words).buffer);
    const into = Buffer.alloc(at + words.length * 4);
    encodeFrames(formatOf('float32', 1), samples, words.length, 0, into, at);
    words.forEach((word, i) =>
      assert.equal(into.readUInt32LE(at + 4 * i), Number.isNaN(samples[i]) ? 0 : word),
    );
  });
  const into = Buffer.alloc(4);
  encodeFrames(formatOf('float32', 1), new Float32Array([NaN]), 1, 0, into, 0);
  assert.equal(into.readUInt32LE(0), 0);
});

test('R37 words for the formats; anything else is none', () => {
  const words = ['16', 'INT16', '24', 'int24', '24-bit', '32', '32f', 'float32', 'float', '8', '', 'mp3'];
  assert.deepEqual(words.map(sampleFormatOf), [
    ...['int16', 'int16', 'int24', 'int24', 'int24', 'float32', 'float32', 'float32', 'float32'],
    ...[undefined, undefined, undefined],
  ]);
});
