/** One voice as it leaves the engine: its envelope against a model of numbers with 53 bits; waveforms, pitch, pan. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Command } from '../../engine/shared/command.js';
import { envelope, type Adsr } from '../../scripts/sound/envelope-model.js';
import {
  at,
  differsAt,
  firstSound,
  gate,
  LATENCY,
  openRig,
  peakOf,
  RATE,
  set,
  side,
  type Event,
} from '../helpers/core.js';
import { magnitudes } from '../helpers/spectrum.js';
import { holds } from '../helpers/property.js';

const STILL = [set('lfo1/target', 'none'), set('lfo2/target', 'none')];
/** Held at full level, through a low-pass as open as it gets. */
const ORGAN = [set('voice1/adsr/sustain', 1), set('voice1/filter/freq', 8000), set('voice1/filter/q', 0.5)];

/** A sine that starts at phase 0 with the first gate after silence, times the levels, through the voice's low-pass. */
function sineModel(levels: Float64Array, hz: number, cutoff: number, q: number, amp: number): Float64Array {
  const increment = (2 * Math.round((Math.fround(hz) / RATE) * 2 ** 31)) / 2 ** 32;
  const g = Math.tan((Math.PI * cutoff) / RATE);
  const a1 = 1 / (1 + g * (g + 1 / q));
  let [phase, ic1, ic2] = [0, 0, 0];
  return levels.map((level, frame) => {
    const silent = frame === 0 || levels[frame - 1] === 0;
    phase = silent && level !== 0 ? increment : phase + increment;
    const v3 = level * Math.sin(2 * Math.PI * phase) - ic2;
    const v1 = a1 * ic1 + g * a1 * v3;
    const v2 = ic2 + g * a1 * ic1 + g * g * a1 * v3;
    ic1 = 2 * v1 - ic1;
    ic2 = 2 * v2 - ic2;
    return amp * v2;
  });
}

function adsrCommands({ attack, decay, sustain, release }: Adsr): Command[] {
  return [
    set('voice1/adsr/attack', attack),
    set('voice1/adsr/decay', decay),
    set('voice1/adsr/sustain', sustain),
    set('voice1/adsr/release', release),
  ];
}

/** Largest distance between what the engine plays and the model. */
function distance(frames: number, gates: readonly (readonly [number, number])[], adsr: Adsr): number {
  const [hz, cutoff, q, amp] = [997, 2000, 0.7, 0.5];
  const tone = [
    set('voice1/freq', hz),
    set('voice1/filter/freq', cutoff),
    set('voice1/filter/q', q),
    set('voice1/amp', amp),
  ];
  const rig = openRig({ voices: 1 }).now(...STILL, ...tone, ...adsrCommands(adsr));
  rig.render(4096);
  const events: Event[] = gates.flatMap(([f, v]) => at(4096 + f, [gate(1, v > 0, v)]));
  const heard = side(rig.render(frames + LATENCY, events)).subarray(LATENCY);
  const model = sineModel(envelope(frames, gates, adsr), hz, cutoff, q, amp);
  return model.reduce((worst, x, i) => Math.max(worst, Math.abs(x - heard[i]!)), 0);
}

test('any gates at any frames: every stage goes on from the level there is', (t) => {
  const seconds = (least: number, most: number): fc.Arbitrary<number> =>
    fc.double({ min: least, max: most, noNaN: true });
  const gates = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.constantFrom(0, 0.3, 0.6, 1)), {
    minLength: 1,
    maxLength: 8,
    selector: ([frame]) => frame,
  });
  const adsr = fc.record({
    attack: seconds(0.001, 0.1),
    decay: seconds(0, 0.1),
    sustain: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    release: seconds(0.01, 0.1),
  });
  const check = ([when, shape]: [[number, number][], Adsr]): void => {
    const off = distance(
      12000,
      when.toSorted(([a], [b]) => a - b),
      shape,
    );
    assert.ok(off < 2e-4, `${off}`);
  };
  holds(t, fc.tuple(gates, adsr), check, 40);
});

test('a voice is heard exactly its latency after its gate, at any frame and with every waveform', () => {
  for (const frame of [0, 1, 1007, 1015, 1023, 1024])
    for (const wave of ['sine', 'saw', 'square', 'white', 'pink', 'brown']) {
      const rig = openRig({ voices: 3 }).now(...STILL, set('voice2/osc/type', wave));
      assert.equal(
        firstSound(rig.render(2000, at(frame, [gate(2, true)]))),
        frame + LATENCY,
        `${wave} at ${frame}`,
      );
    }
});

test('R73: a change of pitch, level or cutoff moves in a straight line; a silent voice takes it at once', () => {
  const rig = openRig({ voices: 1 }).now(...STILL, gate(1, true));
  rig.render(4800);
  rig.now(set('voice1/amp', 1), set('voice1/freq', 880)).render(480);
  assert.ok(Math.abs(rig.cell('voice1/amp').value - 0.65) < 0.02, 'half way after 10 ms');
  assert.ok(Math.abs(rig.cell('voice1/freq').value - 660) < 10);
  rig.render(496);
  assert.deepEqual([rig.cell('voice1/amp').value, rig.cell('voice1/freq').value], [1, 880]);
  rig.now({ kind: 'panic' }).render(4800);
  rig.now(set('voice1/amp', 0.25)).render(16);
  assert.equal(rig.cell('voice1/amp').value, 0.25);
});

test('a line begins at the frame of its command, inside a cell too', () => {
  const rig = openRig({ voices: 1 }).now(...STILL, set('voice1/amp', 0), gate(1, true));
  rig.render(4800);
  // 9 frames of the cell are left, then 60 cells: 20 ms.
  rig.render(16, at(4807, [set('voice1/amp', 1)]));
  assert.ok(Math.abs(rig.cell('voice1/amp').value - 9 / (9 + 960)) < 1e-6);
  rig.render(960);
  assert.equal(rig.cell('voice1/amp').value, 1);
});

test('a new waveform is there alone after its crossfade, wherever in a cell it came', () => {
  const size = 16384;
  const hz = (150 * RATE) / size;
  for (const from of ['saw', 'square', 'pink'])
    for (const into of [0, 1, 6, 15]) {
      const rig = openRig({ voices: 1 }).now(
        ...STILL,
        ...ORGAN,
        set('voice1/freq', hz),
        set('voice1/osc/type', from),
      );
      rig.render(16000 + 480 + size, [
        ...at(0, [gate(1, true)]),
        ...at(16000 + into, [set('voice1/osc/type', 'sine')]),
      ]);
      const spectrum = magnitudes(side(rig.render(size)), size);
      for (const harmonic of [2, 3, 5])
        assert.ok(
          spectrum[150 * harmonic]! < 1e-5 * spectrum[150]!,
          `${from}, frame ${into}, harmonic ${harmonic}`,
        );
    }
});

test('the first note with a glide has its pitch at once: there was none before', () => {
  const play = (frame: number): Float32Array =>
    openRig({ voices: 1 }).render(9600, [
      ...at(frame, [set('voice1/slide_time', 0.5)]),
      ...at(4800, [gate(1, true)]),
    ]);
  const [first, later] = [play(0), play(1)];
  assert.ok(peakOf(first) > 0.1);
  assert.equal(differsAt(first, later), -1);
});

test('pan is equal power with both sides full in the middle', () => {
  const peaks = (pan: number): [number, number] => {
    const rig = openRig({ voices: 1 }).now(...STILL, ...ORGAN, set('voice1/pan', pan), gate(1, true));
    const x = rig.render(RATE / 2).subarray(RATE / 2);
    return [peakOf(side(x)), peakOf(side(x, 1))];
  };
  const [middle] = peaks(0);
  for (const pan of [-1, -0.5, 0, 0.3, 1]) {
    const [left, right] = peaks(pan);
    const power = (left / middle) ** 2 + (right / middle) ** 2;
    assert.ok(Math.abs(power - 2) < 1e-4, `pan ${pan}: ${power}`);
    assert.ok(
      Math.abs(left / middle - Math.SQRT2 * Math.cos((Math.PI / 4) * (pan + 1))) < 1e-4,
      `pan ${pan}`,
    );
  }
});

test('the pitch envelope starts that many semitones away and falls to 1 % in its time', () => {
  const rig = openRig({ voices: 1 }).now(
    ...STILL,
    ...ORGAN,
    set('voice1/freq', 100),
    set('voice1/pitch/env', 24),
    set('voice1/pitch/decay', 0.5),
  );
  const x = side(rig.now(gate(1, true)).render(RATE)).subarray(LATENCY);
  // Cycles in the first half second: the integral of 100 * 2^(2 * 0.01^(t / 0.5)).
  let cycles = 0;
  for (let i = 0; i < RATE / 2; i++) cycles += (100 * 2 ** (2 * 0.01 ** (i / (RATE / 2)))) / RATE;
  let rises = 0;
  for (let i = 1; i < RATE / 2; i++) if (x[i - 1]! < 0 && x[i]! >= 0) rises++;
  assert.ok(Math.abs(rises - cycles) < 1, `${rises} of ${cycles}`);
});

test('voices do not hear each other: two together are their sum', () => {
  const play = (...voices: number[]): Float32Array => {
    const rig = openRig({ voices: 8 }).now(...STILL, set('acid1/voice', 0));
    for (const voice of voices)
      rig.now(
        set(`voice${voice}/freq`, 110 * voice),
        set(`voice${voice}/osc/type`, voice % 3),
        set(`voice${voice}/amp`, 0.25),
      );
    return rig.render(
      9600,
      voices.flatMap((voice) => at(100 * voice, [gate(voice, true)])),
    );
  };
  const [one, other, both] = [play(2), play(3), play(2, 3)];
  const worst = both.reduce((most, x, i) => Math.max(most, Math.abs(x - one[i]! - other[i]!)), 0);
  assert.ok(worst < 1e-6, `${worst}`);
  assert.notEqual(differsAt(both, one), -1);
});
