/** One voice as it leaves the engine: pitch, waveforms, envelope against a model of numbers with 53 bits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Command } from '../../engine/shared/command.js';
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

/** How far a steady tone is from `hz`, by the turn of its phase between the first and the last half second. */
function centsOff(x: Float32Array, hz: number, sampleRate: number): number {
  const window = sampleRate / 2;
  const phaseAt = (from: number): number => {
    let [re, im] = [0, 0];
    for (let i = 0; i < window; i++) {
      const weight = x[from + i]! * (1 - Math.cos((2 * Math.PI * (i + 0.5)) / window));
      re += weight * Math.cos((2 * Math.PI * hz * (from + i)) / sampleRate);
      im -= weight * Math.sin((2 * Math.PI * hz * (from + i)) / sampleRate);
    }
    return Math.atan2(im, re) / (2 * Math.PI);
  };
  const last = x.length - window;
  const turns = phaseAt(last) - phaseAt(0);
  const offHz = ((turns - Math.round(turns)) * sampleRate) / last;
  return 1200 * Math.log2(1 + offHz / hz);
}

test('sine, saw and square are in tune within 0.1 cent from 27.5 to 4186 Hz at every rate', () => {
  let worst = 0;
  for (const sampleRate of [44100, 48000, 96000])
    for (const wave of ['sine', 'saw', 'square'])
      for (const hz of [27.5, 440, 1000.7, 4186]) {
        const rig = openRig({ sampleRate, voices: 1 });
        rig.now(...STILL, ...ORGAN, set('voice1/freq', hz), set('voice1/osc/type', wave), gate(1, true));
        rig.render(sampleRate / 2, [], () => 2048);
        const cents = centsOff(side(rig.render(2 * sampleRate, [], () => 2048)), Math.fround(hz), sampleRate);
        assert.ok(Math.abs(cents) < 0.1, `${wave}, ${hz} Hz at ${sampleRate} Hz: ${cents} cents`);
        worst = Math.max(worst, Math.abs(cents));
      }
  assert.ok(worst > 0 && worst < 0.01, `worst ${worst}`);
});

test('what a saw folds back below 18 kHz lies at least 80 dB under its fundamental', () => {
  const size = 65536;
  for (const bin of [1367, 2731, 4001]) {
    // A whole number of cycles: harmonics lie on bins, and what lies elsewhere has been folded.
    const hz = (bin * RATE) / size;
    const rig = openRig({ voices: 1 }).now(
      ...STILL,
      ...ORGAN,
      set('voice1/freq', hz),
      set('voice1/osc/type', 'saw'),
    );
    rig.now(gate(1, true)).render(RATE / 2);
    const x = side(rig.render(size));
    const spectrum = magnitudes(x, size);
    // The low-pass takes from the aliases too: what it takes at most up to 18 kHz is given back.
    let worst = 0;
    for (let i = 20; i < (18000 * size) / RATE; i++) {
      if (i % bin < 8 || bin - (i % bin) < 8) continue;
      worst = Math.max(worst, spectrum[i]! / Math.min(1, lowPassGain((i * RATE) / size)));
    }
    const db = 20 * Math.log10(worst / spectrum[bin]!);
    assert.ok(db < -80, `${hz} Hz: ${db} dB`);
  }
});

/** The low-pass at 8 kHz and q 0.5, as the bilinear transform makes it. */
function lowPassGain(hz: number): number {
  const w = Math.tan((Math.PI * hz) / RATE) / Math.tan((Math.PI * 8000) / RATE);
  return 1 / (1 + w * w);
}

interface Adsr {
  readonly attack: number;
  readonly decay: number;
  readonly sustain: number;
  readonly release: number;
}

/** One stage, as modules/dsp/segment.ts defines it: after t of T frames. */
function stageAt(start: number, end: number, bend: number, t: number, frames: number): number {
  return t >= frames ? end : start + ((end - start) * -Math.expm1((-bend * t) / frames)) / -Math.expm1(-bend);
}

/** Levels of an envelope per frame; `gates`: frame and velocity (0 closes). */
function envelope(frames: number, gates: readonly (readonly [number, number])[], adsr: Adsr): Float64Array {
  const out = new Float64Array(frames);
  const framesOf = (s: number): number => Math.max(1, Math.round(Math.fround(s) * RATE));
  let level = 0;
  let stages: { start: number; end: number; bend: number; frames: number; from: number }[] = [];
  let next = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let event = gates[next]; event?.[0] === frame; event = gates[++next]) {
      const [, velocity] = event;
      const attack = framesOf(adsr.attack);
      stages =
        velocity === 0
          ? [{ start: level, end: 0, bend: 5, frames: framesOf(adsr.release), from: frame }]
          : [
              { start: level, end: velocity, bend: 1.5, frames: attack, from: frame },
              {
                start: velocity,
                end: velocity * adsr.sustain,
                bend: 5,
                frames: framesOf(adsr.decay),
                from: frame + attack,
              },
            ];
    }
    const now = stages.findLast(({ from }) => frame >= from);
    if (now) level = stageAt(now.start, now.end, now.bend, frame + 1 - now.from, now.frames);
    out[frame] = level;
  }
  return out;
}

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

test('the stages of the envelope last their frames and have their shapes', () => {
  const adsr = { attack: 0.0213, decay: 0.041, sustain: 0.37, release: 0.0787 };
  const gates = [
    [37, 1],
    [6011, 0],
  ] as const;
  // One frame more or less in a stage would move the model by this much and more.
  const moved = { ...adsr, attack: adsr.attack + 1 / RATE };
  const least = envelope(12000, gates, adsr).reduce(
    (worst, x, i) => Math.max(worst, Math.abs(x - envelope12k(moved, gates)[i]!)),
    0,
  );
  assert.ok(least > 1e-3);
  const off = distance(12000, gates, adsr);
  assert.ok(off < 5e-5, `${off}`);
});

const cache = new Map<Adsr, Float64Array>();
function envelope12k(adsr: Adsr, gates: readonly (readonly [number, number])[]): Float64Array {
  const found = cache.get(adsr) ?? envelope(12000, gates, adsr);
  cache.set(adsr, found);
  return found;
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

test('after the release nothing is left: the state is silent and the output exactly 0', () => {
  const adsr = { attack: 0.001, decay: 0, sustain: 1, release: 0.05 };
  const rig = openRig({ voices: 1 }).now(
    ...STILL,
    ...ORGAN,
    ...adsrCommands(adsr),
    set('voice1/osc/type', 'saw'),
  );
  const x = rig.render(9600, [...at(0, [gate(1, true)]), ...at(2400, [gate(1, false)])]);
  const end = 2400 + 2400 + LATENCY;
  assert.ok(peakOf(x.subarray(2 * (end - 480), 2 * (end - 240))) > 1e-4, 'it falls until the end');
  assert.equal(peakOf(x.subarray(2 * (end + 240))), 0, '5 ms for the low-pass to ring out');
  rig.render(3 * RATE);
  assert.equal(rig.host.read('sounding'), 0);
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
