import assert from 'node:assert/strict';
import test from 'node:test';
import { PeakHold } from '../../engine/control/peak-hold.js';
import { BANDS_HZ, Spectrum } from '../../engine/control/spectrum.js';
import { LEVELS, SPECTRUM, Viz } from '../../engine/control/viz.js';
import { createTap, TapWriter } from '../../engine/shared/tap.js';

const RATE = 48_000;
const BLOCK = 256;

/** Stereo, the same on both sides. */
function sine(hz: number, amp: number, frames: number, from = 0): Float32Array {
  return Float32Array.from({ length: 2 * frames }, (_, i) =>
    Math.fround(amp * Math.sin((2 * Math.PI * hz * (from + (i >> 1))) / RATE)),
  );
}

/** The fall of the core's meters: 20 dB in 300 ms. */
const fallen = (peak: number, seconds: number): number => peak * 10 ** (-seconds / 0.3);

test('a peak counts in the interval in which it was, whenever in it, and only there', () => {
  for (const late of [0, 0.02, 0.06, 0.08]) {
    const hold = new PeakHold(1);
    let s = 0;
    const meter = (): number => (s < late ? 0 : fallen(0.8, s - late));
    for (; s < 0.0999; s += 0.02) hold.look(s, meter);
    assert.ok(Math.abs(hold.take()[0]! - 0.8) < 1e-9, `at ${late}`);
    for (; s < 0.1999; s += 0.02) hold.look(s, meter);
    const next = hold.take()[0]!;
    assert.ok(next <= meter() * 1.2, `the next one is no more than the meter shows: ${next}`);
  }
});

test('levels lie in 0..1, in the order of the voices; what is no number is 0', () => {
  const hold = new PeakHold(5);
  hold.look(0, (voice) => [0.1, 7, NaN, -1, Infinity][voice]!);
  assert.deepEqual(hold.take(), [0.1, 1, 0, 0, 0]);
});

test('a sine shows in its band, and less in every other', () => {
  for (const [band, hz] of BANDS_HZ.entries()) {
    const spectrum = new Spectrum(RATE);
    spectrum.hear(sine(hz, 0.02, RATE / 2));
    const levels = spectrum.levels();
    // The mean of |sin| is 2/pi, of six samples a cycle a little less; 50 times that of 0.02.
    assert.ok(Math.abs(levels[band]! - (0.02 * 50 * 2) / Math.PI) < 0.06, `${hz} Hz: ${levels.join(' ')}`);
    for (const [other, level] of levels.entries())
      if (other !== band) assert.ok(level < 0.4 * levels[band]!, `${hz} Hz: ${levels.join(' ')}`);
  }
});

test('loud is 1, silence ends at exactly 0, and no NaN stays', () => {
  const spectrum = new Spectrum(RATE);
  spectrum.hear(sine(1000, 1, RATE / 4));
  assert.equal(spectrum.levels()[4], 1);
  const silence = new Float32Array(2 * BLOCK);
  for (let i = 0; i < (2 * RATE) / BLOCK; i++) spectrum.hear(silence);
  assert.deepEqual(spectrum.levels(), [0, 0, 0, 0, 0, 0, 0, 0]);
  spectrum.hear(new Float32Array(2 * BLOCK).fill(NaN));
  spectrum.hear(new Float32Array(2 * BLOCK).fill(Infinity));
  assert.deepEqual(spectrum.levels(), [0, 0, 0, 0, 0, 0, 0, 0]);
  spectrum.hear(sine(1000, 0.02, RATE / 2));
  assert.ok(spectrum.levels()[4]! > 0.5);
});

test('ten times in a second of sound, levels then spectrum, whenever it looks; a stall is skipped', () => {
  const tap = createTap(RATE, BLOCK);
  const writer = new TapWriter(tap);
  const sent: string[] = [];
  let values: unknown[] = [];
  let wanted = true;
  const viz = new Viz({
    tap,
    sampleRate: RATE,
    voices: 16,
    voicePeak: (voice) => (voice + 1) / 100,
    wanted: () => wanted,
    send: (address, args) => {
      sent.push(address);
      if (address === LEVELS) values = args.map(({ value }) => value);
    },
  });
  let block = 0;
  const play = (seconds: number, every: number): void => {
    for (const end = block + Math.round((seconds * RATE) / BLOCK); block < end;) {
      writer.write(block, sine(1000, 0.02, BLOCK, block * BLOCK));
      if (++block % every === 0) viz.look();
    }
  };
  play(3.02, 4);
  assert.equal(sent.length, 2 * 30);
  assert.ok(sent.every((address, i) => address === (i % 2 ? SPECTRUM : LEVELS)));
  assert.deepEqual(
    values,
    Array.from({ length: 16 }, (_, i) => (i + 1) / 100),
  );
  sent.length = 0;
  play(70, 1e9);
  viz.look();
  assert.deepEqual(sent, [LEVELS, SPECTRUM]);
  wanted = false;
  play(1, 4);
  assert.equal(sent.length, 2);
});
