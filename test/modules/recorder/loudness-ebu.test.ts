/** The signals of EBU Tech 3341 and Tech 3342 that are made by formula, within the tolerances of the documents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoudnessMeter } from '../../../modules/recorder/loudness/loudness-meter.js';
import {
  interleave,
  measure,
  playTones,
  RATE,
  reads,
  repeated,
  stereo,
  type Tone,
} from './loudness-signals.js';

const SILENCE = -Infinity;

for (const [number, level] of [
  [1, -23],
  [2, -33],
] as const)
  test(`R92 Tech 3341 case ${number}: a stereo tone of ${level} dBFS reads ${level} LUFS everywhere`, () => {
    const meter = stereo([[level, 20]], ({ momentaryLufs, shortTermLufs }, seconds) => {
      if (seconds >= 1) reads(momentaryLufs, level, 0.1);
      if (seconds >= 4) reads(shortTermLufs, level, 0.1);
    });
    const { integratedLufs, maxMomentaryLufs, maxShortTermLufs, rangeLu, truePeakDbtp } = meter.result();
    reads(integratedLufs, level, 0.1);
    reads(maxMomentaryLufs, level, 0.1);
    reads(maxShortTermLufs, level, 0.1);
    reads(rangeLu, 0, 0, 0.01);
    reads(truePeakDbtp, level, 0.05);
  });

const INTEGRATED: readonly (readonly [number: number, what: string, tones: readonly Tone[]])[] = [
  [
    3,
    'the relative gate leaves out what is 13 LU below',
    [
      [-36, 10],
      [-23, 60],
      [-36, 10],
    ],
  ],
  [
    4,
    'both gates',
    [
      [-72, 10],
      [-36, 10],
      [-23, 60],
      [-36, 10],
      [-72, 10],
    ],
  ],
  [
    5,
    'what is 6 LU below counts',
    [
      [-26, 20],
      [-20, 20.1],
      [-26, 20],
    ],
  ],
];
for (const [number, what, tones] of INTEGRATED)
  test(`R92 Tech 3341 case ${number}: ${what}`, () => reads(stereo(tones).result().integratedLufs, -23, 0.1));

test('Tech 3341 case 6: five channels with the weights of BS.1770', () => {
  const meter = new LoudnessMeter(RATE, 5, [1, 1, 1, 1.41, 1.41]);
  const sine = (dbfs: number) =>
    Float64Array.from({ length: RATE }, (_, i) => 10 ** (dbfs / 20) * Math.sin((2 * Math.PI * i) / 48));
  const second = interleave(sine(-28), sine(-28), sine(-24), sine(-30), sine(-30));
  for (let i = 0; i < 20; i++) meter.add(second, RATE);
  reads(meter.result().integratedLufs, -23, 0.1);
});

test('R92 Tech 3341 case 9: short-term is constant when its 3 s hold one period', () => {
  const meter = stereo(repeated(5, [-20, 1.34], [-30, 1.66]), ({ shortTermLufs }, seconds) => {
    if (seconds >= 3.1) reads(shortTermLufs, -23, 0.1);
  });
  reads(meter.result().maxShortTermLufs, -23, 0.1);
});

test('R92 Tech 3341 case 10: the loudest 3 s are found wherever they begin', () => {
  // Twenty signals in the document, i = 0..19; these lie at each place of a grid of 50 ms.
  for (const i of [0, 1, 2, 19])
    reads(
      stereo([
        [SILENCE, i * 0.15],
        [-23, 3],
        [SILENCE, 1],
      ]).result().maxShortTermLufs,
      -23,
      0.1,
    );
});

test('R92 Tech 3341 case 12: momentary is constant when its 400 ms hold one period', () => {
  const meter = stereo(repeated(25, [-20, 0.18], [-30, 0.22]), ({ momentaryLufs }, seconds) => {
    if (seconds >= 1) reads(momentaryLufs, -23, 0.1);
  });
  reads(meter.result().maxMomentaryLufs, -23, 0.1);
});

test('R92 Tech 3341 case 13: the loudest 400 ms are found wherever they begin', () => {
  for (let i = 0; i < 20; i++)
    reads(
      stereo([
        [SILENCE, i * 0.02],
        [-23, 0.4],
        [SILENCE, 1],
      ]).result().maxMomentaryLufs,
      -23,
      0.1,
    );
});

test('R92 Tech 3341 case 14: the maximum of a live meter follows tones that grow by 1 dB', () => {
  const meter = new LoudnessMeter(RATE);
  for (let i = 0; i < 20; i++) {
    playTones(meter, [
      [SILENCE, i * 0.02],
      [-38 + i, 0.4],
      [SILENCE, 0.4 - i * 0.02],
    ]);
    reads(meter.result().maxMomentaryLufs, -38 + i, 0.1);
  }
});

const RANGE: readonly (readonly [number: number, range: number, levels: readonly number[]])[] = [
  [1, 10, [-20, -30]],
  [2, 5, [-20, -15]],
  [3, 20, [-40, -20]],
  [4, 15, [-50, -35, -20, -35, -50]],
];
for (const [number, range, levels] of RANGE)
  test(`R92 Tech 3342 case ${number}: 20 s each of ${levels.join(', ')} dBFS have a range of ${range} LU`, () => {
    // The document allows 1 LU.
    reads(stereo(levels.map((level): Tone => [level, 20])).result().rangeLu, range, 0.1);
  });

test('R92 BS.1770: 997 Hz of full scale in one channel reads -3.01 LKFS at every rate', () => {
  for (const rate of [44_100, 48_000, 88_200, 96_000, 176_400, 192_000]) {
    const sine = Float64Array.from({ length: rate / 2 }, (_, i) => Math.sin((2 * Math.PI * 997 * i) / rate));
    const silence = new Float64Array(rate / 2);
    const { integratedLufs } = measure(rate, sine).result();
    reads(integratedLufs, -3.01, 0.01);
    assert.equal(measure(rate, silence, sine).result().integratedLufs, integratedLufs);
  }
});
