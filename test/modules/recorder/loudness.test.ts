/** What must hold for any sound: how it is split, how loud it is, at which rate, how long, how broken. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { LoudnessMeter, type Loudness } from '../../../modules/recorder/loudness/loudness-meter.js';
import { kWeighting } from '../../../modules/recorder/loudness/k-weighting.js';
import { LoudnessWindows } from '../../../modules/recorder/loudness/windows.js';
import { needs } from '../../helpers/needs.js';
import { holds } from '../../helpers/property.js';
import { RATE, reads } from './loudness-signals.js';

/** Something like music: beats over a bass and high tones, every 2 s louder or softer. Interleaved stereo. */
function mix(seconds: number, rate = RATE): Float32Array {
  const samples = new Float32Array(2 * seconds * rate);
  for (let i = 0; i < seconds * rate; i++) {
    const t = i / rate;
    const beat = (2 * t) % 1;
    const level = 0.6 * 10 ** (-((Math.floor(t / 2) * 7) % 24) / 20);
    const hit = Math.exp(-8 * beat) * Math.sin(2 * Math.PI * 55 * t);
    const high = 0.2 * Math.sin(2 * Math.PI * 997 * t) + 0.1 * Math.sin(2 * Math.PI * 9_000 * t);
    samples[2 * i] = level * (hit + high);
    samples[2 * i + 1] = level * (0.5 * hit - high);
  }
  return samples;
}

const MIX = mix(4);
const FRAMES = MIX.length / 2;

function whole(samples: Float32Array, rate = RATE): Loudness {
  const meter = new LoudnessMeter(rate);
  meter.add(samples, samples.length / 2);
  return meter.result();
}

test('K weighting at 48 kHz is the table of BS.1770', () => {
  const { shelf, highPass } = kWeighting(48_000);
  const table = [
    [shelf, 1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585],
    [highPass, 1, -2, 1, -1.99004745483398, 0.99007225036621],
  ] as const;
  for (const [{ b0, b1, b2, a1, a2 }, ...wanted] of table)
    [b0, b1, b2, a1, a2].forEach((got, i) =>
      assert.ok(Math.abs(got - wanted[i]!) < 1e-12, `${got} ${wanted[i]}`),
    );
});

test('R92 loudness: splitting the sound into blocks of any sizes changes nothing, bit for bit', (t) => {
  const wanted = whole(MIX);
  assert.ok(Object.values(wanted).every((value) => value !== null));
  holds(
    t,
    fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 9 }),
    (sizes) => {
      if (sizes.every((size) => size === 0)) return;
      const meter = new LoudnessMeter(RATE);
      for (let at = 0, n = 0; at < FRAMES; n++) {
        const frames = Math.min(sizes[n % sizes.length]!, FRAMES - at);
        meter.add(MIX.subarray(2 * at), frames);
        at += frames;
      }
      assert.deepEqual(meter.result(), wanted);
    },
    6,
  );
});

test('R92 loudness: twice the amplitude is 6.02 LU more, and the same range', () => {
  const [soft, loud] = [whole(MIX), whole(MIX.map((sample) => 2 * sample))];
  const step = 20 * Math.log10(2);
  reads(loud.integratedLufs, soft.integratedLufs! + step, 1e-9);
  reads(loud.maxMomentaryLufs, soft.maxMomentaryLufs! + step, 1e-9);
  reads(loud.maxShortTermLufs, soft.maxShortTermLufs! + step, 1e-9);
  reads(loud.truePeakDbtp, soft.truePeakDbtp! + step, 1e-9);
  reads(loud.rangeLu, soft.rangeLu!, 0.01);
});

test('R92 loudness: all rates agree on the same sound', () => {
  const wanted = whole(MIX);
  for (const rate of [44_100, 47_999, 96_000, 192_000]) {
    const got = whole(mix(4, rate), rate);
    reads(got.integratedLufs, wanted.integratedLufs!, 0.05);
    reads(got.maxMomentaryLufs, wanted.maxMomentaryLufs!, 0.05);
    reads(got.maxShortTermLufs, wanted.maxShortTermLufs!, 0.05);
    reads(got.rangeLu, wanted.rangeLu!, 0.05);
    reads(got.truePeakDbtp, wanted.truePeakDbtp!, 0.1);
  }
});

test('R92 loudness: NaN and infinite samples are silence, and the meter goes on', () => {
  const bad = [NaN, Infinity, -Infinity];
  const [broken, mended] = [MIX.slice(), MIX.slice()];
  for (let i = 0; i < MIX.length; i += 1_001) {
    broken[i] = bad[i % 3]!;
    mended[i] = 0;
  }
  assert.deepEqual(whole(broken), whole(mended));
  assert.deepEqual(whole(new Float32Array(RATE * 8).fill(NaN)), whole(new Float32Array(RATE * 8)));
});

test('R92 loudness: after the greatest samples there are the meter reads what comes next', () => {
  const meter = new LoudnessMeter(RATE);
  meter.add(new Float32Array(9_600).fill(3.4e38), 4_800);
  meter.add(new Float32Array(2 * RATE), RATE);
  meter.add(MIX, FRAMES);
  const alone = new LoudnessMeter(RATE);
  alone.add(MIX, FRAMES);
  reads(meter.momentaryLufs, alone.momentaryLufs!, 1e-6);
  reads(meter.shortTermLufs, alone.shortTermLufs!, 1e-6);
});

test('R92 loudness: silence and what is too short have no reading', () => {
  const silent: Loudness = {
    integratedLufs: null,
    rangeLu: null,
    maxMomentaryLufs: null,
    maxShortTermLufs: null,
    truePeakDbtp: null,
  };
  const meter = new LoudnessMeter(RATE);
  assert.deepEqual(meter.result(), silent);
  meter.add(new Float32Array(0), 0);
  meter.add(new Float32Array(RATE * 10), RATE * 5);
  assert.deepEqual(meter.result(), silent);
  assert.deepEqual([meter.momentaryLufs, meter.shortTermLufs], [null, null]);

  const sound = new LoudnessMeter(RATE);
  const nulls = () =>
    Object.entries(sound.result()).flatMap(([name, value]) => (value === null ? [name] : []));
  let at = 0;
  const until = (frame: number) => {
    sound.add(MIX.subarray(2 * at), frame - at);
    at = frame;
  };
  until(0.4 * RATE - 1);
  assert.deepEqual(nulls(), ['integratedLufs', 'rangeLu', 'maxMomentaryLufs', 'maxShortTermLufs']);
  until(0.4 * RATE);
  assert.deepEqual(nulls(), ['rangeLu', 'maxShortTermLufs']);
  until(3 * RATE - 1);
  assert.deepEqual(nulls(), ['rangeLu', 'maxShortTermLufs']);
  until(3 * RATE);
  assert.deepEqual(nulls(), []);
  assert.equal(sound.result().rangeLu, 0);
});

test('R92 loudness: below the absolute gate there are maxima, but nothing integrated', () => {
  const { integratedLufs, rangeLu, maxMomentaryLufs } = whole(MIX.map((sample) => sample * 1e-5));
  assert.deepEqual([integratedLufs, rangeLu], [null, null]);
  reads(maxMomentaryLufs, whole(MIX).maxMomentaryLufs! - 100, 1e-3);
});

test('R92 loudness: after the sound the live readings fall back to null, the maxima stay', () => {
  const meter = new LoudnessMeter(RATE);
  meter.add(MIX, FRAMES);
  const { maxMomentaryLufs, maxShortTermLufs } = meter.result();
  meter.add(new Float32Array(RATE * 8), RATE * 4);
  assert.deepEqual([meter.momentaryLufs, meter.shortTermLufs], [null, null]);
  assert.deepEqual(
    [meter.result().maxMomentaryLufs, meter.result().maxShortTermLufs],
    [maxMomentaryLufs, maxShortTermLufs],
  );
});

test('R92 loudness: what constant memory costs is less than 0.01 LU', (t) => {
  const loudness = (energy: number) => -0.691 + 10 * Math.log10(energy);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  /** Every block kept, as in the Recommendation. */
  const above = (energies: readonly number[], relative: number) => {
    const gated = energies.filter((energy) => loudness(energy) > -70);
    return gated.filter((energy) => loudness(energy) > loudness(mean(gated)) + relative);
  };
  const walk = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 60, maxLength: 240 });
  holds(
    t,
    walk,
    (moves) => {
      const windows = new LoudnessWindows(RATE);
      const steps: number[] = [];
      let level = -23;
      for (const move of moves) {
        level = Math.min(-5, Math.max(-75, level + move));
        for (let i = 0; i < 10; i++) {
          steps.push(480 * 10 ** ((level + i * 0.013) / 10));
          windows.add(steps.at(-1)!);
        }
      }
      const means = (length: number) => {
        const found: number[] = [];
        for (let end = length; end <= steps.length; end += 10)
          found.push(steps.slice(end - length, end).reduce((a, b) => a + b, 0) / (480 * length));
        return found;
      };
      const blocks = above(means(40), -10);
      reads(windows.integrated, loudness(mean(blocks)), 0.01);
      const sorted = above(means(300), -20).sort((a, b) => a - b);
      const at = (share: number) => loudness(sorted[Math.round((sorted.length - 1) * share)]!);
      reads(windows.range, at(0.95) - at(0.1), 0.01);
    },
    60,
  );
});

test('a loudness meter refuses rates, channels and weights that it cannot do', () => {
  for (const make of [
    () => new LoudnessMeter(0),
    () => new LoudnessMeter(NaN),
    () => new LoudnessMeter(44_099),
    () => new LoudnessMeter(192_001),
    () => new LoudnessMeter(RATE, 0),
    () => new LoudnessMeter(RATE, 1.5),
    () => new LoudnessMeter(RATE, 2, [1, 1, 1]),
    () => new LoudnessMeter(RATE, 2, [1, -1]),
    () => new LoudnessMeter(RATE, 2, [NaN, 1]),
  ])
    assert.throws(make, RangeError);
});

test('R92 loudness: ffmpeg reads the same', { skip: needs('ffmpeg', 'ffmpeg') }, () => {
  const sound = mix(20);
  const ours = whole(sound);
  const { stderr } = spawnSync(
    'ffmpeg',
    [
      '-nostats',
      '-f',
      'f32le',
      '-ar',
      `${RATE}`,
      '-ac',
      '2',
      '-i',
      '-',
      '-af',
      'ebur128=peak=true:framelog=verbose',
    ].concat('-f', 'null', '-'),
    { input: new Uint8Array(sound.buffer), encoding: 'utf8', maxBuffer: 1e8 },
  );
  const theirs = (name: string) =>
    Number(new RegExp(`Summary:[\\s\\S]*\\b${name}: +(-?[\\d.]+) L?[UFdBS]+`).exec(stderr)?.[1]);
  reads(theirs('I'), ours.integratedLufs!, 0.1);
  reads(theirs('LRA'), ours.rangeLu!, 0.2);
  reads(theirs('Peak'), ours.truePeakDbtp!, 0.2);
});
