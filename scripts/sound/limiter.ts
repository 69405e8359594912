/** The limiter, measured: true peaks, what it leaves alone, and what it does to a bass. */
import { openBus, render, seeded, toDb, type BusKernel, type Stereo } from '../../test/helpers/bus.js';
import { truePeakMeter, type TruePeakMeter } from '../../test/helpers/true-peak.js';
import { limiterTable } from '../../modules/limiter/table.js';
import { listedInputs, randomInput } from './limiter-inputs.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';

const RATE = 48000;
const LATENCY = limiterTable.latencyFrames;
const CEILING = -1;
const RANDOM = 10_000;
const SEED = Number(process.env['CHRONUS_SEED'] ?? 1);
const TURN = 2 * Math.PI;
const gainOf = (db: number): number => 10 ** (db / 20);
const dbtp = (peak: number): string => `${toDb(peak).toFixed(2)} dBTP`;

const meter = truePeakMeter();
const ofBoth = (measure: TruePeakMeter, { left, right }: Stereo): number =>
  Math.max(measure(left), measure(right));

function limit(
  input: Stereo,
  params: Record<string, number> = { ceiling: CEILING },
  kernel?: BusKernel,
): Stereo {
  return render(kernel ?? openBus('limiter'), input, { params: (frame) => (frame ? {} : params) });
}
/** Appends what it takes until everything is out. */
function withTail({ left, right }: Stereo, tail = LATENCY): Stereo {
  const longer = (x: Float32Array): Float32Array => {
    const y = new Float32Array(x.length + tail);
    y.set(x);
    return y;
  };
  return { left: longer(left), right: longer(right) };
}
const scaled = (x: Float32Array, gain: number): Float32Array => x.map((y) => y * gain);
const sines = (frames: number, amp: number, hz: readonly number[]): Stereo => {
  const left = Float32Array.from({ length: frames }, (_, i) =>
    hz.reduce((sum, f) => sum + (amp / hz.length) * Math.sin((TURN * f * i) / RATE), 0),
  );
  return { left, right: left.slice() };
};

/** Without an edge, which would have a true peak of its own. */
const faded = ({ left, right }: Stereo): Stereo => {
  const shaped = (x: Float32Array): Float32Array =>
    x.map((y, i) => y * (0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, i / 960, (x.length - 1 - i) / 960))));
  return { left: shaped(left), right: shaped(right) };
};

interface Peaks {
  readonly before: Float64Array;
  readonly after: Float64Array;
}
let peaks: Peaks | undefined;
/** True peaks of the random inputs, and of what the limiter makes of them. */
function randomPeaks(): Peaks {
  if (peaks) return peaks;
  const random = seeded(SEED);
  const kernel = openBus('limiter');
  const before = new Float64Array(RANDOM);
  const after = new Float64Array(RANDOM);
  for (let i = 0; i < RANDOM; i++) {
    kernel.reset();
    const input = randomInput(random, LATENCY);
    after[i] = ofBoth(meter, limit(input, undefined, kernel));
    // For the picture alone.
    before[i] = i % 50 ? 0 : ofBoth(meter, input);
  }
  return (peaks = { before, after });
}
const largestOf = (x: Float64Array): number => x.reduce((a, b) => Math.max(a, b), 0);

function listed(ceiling: number): SoundFigure {
  const found = listedInputs().map(({ name, input }) => ({
    name,
    peak: ofBoth(meter, limit(withTail(input), { ceiling })),
  }));
  const worst = found.reduce((a, b) => (b.peak > a.peak ? b : a));
  return {
    claim: `ceiling ${ceiling} dB, ${found.length} listed inputs (steps of +24 dB, fs/4 at 45 degrees, alternating +-1, impulses, naive squares, clipped noise, a hot mix ...): highest true peak`,
    asked: `never above ${ceiling}.00 dBTP`,
    measured: `${dbtp(worst.peak)} (${worst.name})`,
    reached: worst.peak <= gainOf(ceiling),
  };
}

function randomOnes(): SoundFigure {
  const { after } = randomPeaks();
  const peak = largestOf(after);
  const limited = after.filter((x) => x > 0.95 * gainOf(CEILING)).length;
  return {
    claim: `${RANDOM} random inputs, of which ${limited} leave within 0.45 dB of the ceiling of -1 dB: highest true peak`,
    asked: 'never above -1.00 dBTP',
    measured: `${dbtp(peak)} (CHRONUS_SEED=${SEED})`,
    reached: peak <= gainOf(CEILING) && limited > RANDOM / 2,
  };
}

/** The interpolator's length matters near half the rate only: below, any will do. */
function longMeter(): SoundFigure {
  const long = truePeakMeter(256);
  const peak = Math.max(
    ...[
      sines(4800, 4, [20000, 19000]),
      sines(4800, 4, [55, 110, 997, 3001, 8009, 15013, 19997]),
      sines(4800, 2, [12000.7]),
    ].map((input) => long(limit(withTail(faded(input))).left)),
  );
  return {
    claim:
      'sines up to 20 kHz, far over the ceiling: highest true peak, measured with 256 taps instead of 64',
    asked: 'never above -1.00 dBTP',
    measured: dbtp(peak),
    reached: peak <= gainOf(CEILING),
  };
}

/** What only a longer interpolator sees: stated, as it can be made as large as one likes. */
function nearHalfTheRate(): SoundFigure {
  const random = seeded(SEED + 1);
  const long = truePeakMeter(128);
  const kernel = openBus('limiter');
  let peak = 0;
  for (let i = 0; i < 500; i++) {
    kernel.reset();
    peak = Math.max(peak, ofBoth(long, limit(randomInput(random, LATENCY), undefined, kernel)));
  }
  return {
    claim:
      '500 random inputs, measured with 128 taps: what a longer interpolator makes of sound within 1.5 kHz of half the rate',
    asked: 'below +0.50 dBTP (no limiter holds every length)',
    measured: `${dbtp(peak)} (CHRONUS_SEED=${SEED})`,
    reached: peak <= gainOf(0.5),
  };
}

/** A ceiling on its way, as the core moves it: 20 ms in dB, in a straight line inside a cell. */
function movingCeiling(): SoundFigure {
  const random = seeded(SEED + 2);
  const frames = 28800;
  const kernel = openBus('limiter');
  const { left } = sines(frames, 3, [61, 997, 4001, 11003, 15007]);
  const ceilings = new Float64Array(frames);
  const out = new Float32Array(frames);
  let [now, from, target, since] = [0, 0, 0, 0];
  for (let frame = 0; frame < frames; frame += 16) {
    if (frame % 2400 === 0) [from, target, since] = [now, frame % 4800 ? -20 * random() : -random(), frame];
    const start = now;
    now = from + (target - from) * Math.min(1, (frame + 16 - since) / 960);
    kernel.tick({ ceiling: now }, 16, { ceiling: target });
    const cell = left.subarray(frame, frame + 16);
    out.set(kernel.process(cell, cell).left, frame);
    for (let i = 0; i < 16; i++)
      ceilings[frame + i] = gainOf(start) + ((gainOf(now) - gainOf(start)) * (i + 1)) / 16;
  }
  let worst = 0;
  for (let n = LATENCY; n < frames - meter.half; n++)
    for (let phase = 0; phase < 16; phase++) {
      const ceiling = ceilings[n]! + ((ceilings[n + 1]! - ceilings[n]!) * phase) / 16;
      worst = Math.max(worst, Math.abs(meter.at(out, n, phase)) / ceiling);
    }
  return {
    claim:
      'the ceiling goes up and down by as much as 20 dB in 20 ms: highest true peak over the ceiling of that moment',
    asked: 'never above 0.00 dB',
    measured: `${toDb(worst).toFixed(2)} dB (CHRONUS_SEED=${SEED})`,
    reached: worst <= 1,
  };
}

function untouched(claim: string, belowDb: number, inputs: readonly Stereo[]): SoundFigure {
  const kernel = openBus('limiter');
  let differing = 0;
  let samples = 0;
  for (const input of inputs) {
    kernel.reset();
    const gain = gainOf(CEILING - belowDb) / ofBoth(meter, input);
    const quiet = { left: scaled(input.left, gain), right: scaled(input.right, gain) };
    const out = limit(withTail(quiet), undefined, kernel);
    for (const side of ['left', 'right'] as const)
      quiet[side].forEach((x, i) => {
        samples++;
        if (!Object.is(out[side][i + LATENCY], x)) differing++;
      });
  }
  return {
    claim: `${claim}, true peak ${belowDb} dB below the ceiling: samples that differ from the input ${LATENCY} frames before`,
    asked: '0, bit for bit',
    measured: `${differing} of ${samples}`,
    reached: differing === 0 && samples > 0,
  };
}

function transparent(): SoundFigure {
  const each = [25, 100, 997, 4003, 12000, 15013, 19997].map((hz) => sines(4800, 1, [hz]));
  const mixes = [3, 5, 9].map((n) =>
    sines(
      4800,
      1,
      Array.from({ length: n }, (_, i) => 47 * (i + 1) ** 2.7),
    ),
  );
  return untouched('sines and their mixes up to 20 kHz', 0.1, [...each, ...mixes]);
}
function transparentAnything(): SoundFigure {
  const random = seeded(SEED + 3);
  const inputs = Array.from({ length: 500 }, () => randomInput(random, 64)).filter(
    (x) => ofBoth(meter, x) > 0.01,
  );
  return untouched(`${inputs.length} random inputs of any kind (CHRONUS_SEED=${SEED})`, 0.15, inputs);
}

/** Everything but the wave itself, in relation to it, over whole periods. */
function distortionOf(hz: number, overDb: number): number {
  const { left } = limit(sines(2 * RATE, gainOf(CEILING + overDb), [hz]));
  const y = left.subarray(RATE);
  let [re, im, all] = [0, 0, 0];
  y.forEach((x, i) => {
    re += x * Math.cos((TURN * hz * i) / RATE);
    im += x * Math.sin((TURN * hz * i) / RATE);
    all += x * x;
  });
  const wave = (2 * (re * re + im * im)) / RATE;
  return 10 * Math.log10(Math.max(all - wave, 1e-20) / wave);
}
function bass(): SoundFigure {
  const all = [25, 41, 55, 110].flatMap((hz) => [3, 12].map((db) => ({ hz, db, at: distortionOf(hz, db) })));
  const worst = all.reduce((a, b) => (b.at > a.at ? b : a));
  return {
    claim: 'a steady bass of 25 to 110 Hz, 3 and 12 dB over the ceiling, release 50 ms: distortion and noise',
    asked: 'below -110 dB',
    measured: `${worst.at.toFixed(0)} dB (${worst.hz} Hz, ${worst.db} dB over)`,
    reached: worst.at < -110,
  };
}
function steady(): SoundFigure {
  const peaks = [55, 997, 11987].map((hz) => meter(limit(withTail(faded(sines(9600, 2, [hz])))).left));
  const least = Math.min(...peaks);
  return {
    claim: 'steady sines 7 dB over the ceiling: lowest true peak, of what could be -1.00 dBTP',
    asked: 'above -1.20 dBTP',
    measured: dbtp(least),
    reached: least > gainOf(CEILING - 0.2) && Math.max(...peaks) <= gainOf(CEILING),
  };
}

/** +24 dB for 20 ms. The gain is read off the other side, which is too quiet to matter. */
function stepPlot(): Plot {
  const frames = 5760;
  const left = Float32Array.from(
    { length: frames },
    (_, i) => gainOf(i >= 960 && i < 1920 ? 12 : -12) * Math.sin((TURN * 997 * i) / RATE),
  );
  const right = new Float32Array(frames).fill(1e-4);
  const out = limit({ left, right });
  // Largest of a period, so that the picture shows how loud it is.
  const around = (x: Float32Array, n: number): number =>
    toDb(x.subarray(Math.max(0, n - 24), n + 25).reduce((a, b) => Math.max(a, Math.abs(b)), 1e-6));
  const times = Array.from({ length: 560 }, (_, i) => 480 + 8 * i);
  const ms = (n: number): number => ((n - 960) / RATE) * 1000;
  return {
    name: 'limiter-step',
    title: 'A sine that is 24 dB louder for 20 ms, and the gain it gets (latency taken away)',
    x: { label: 'ms', min: -10, max: 80 },
    y: { label: 'dB', min: -28, max: 14 },
    series: [
      { label: 'in, largest of a period', points: times.map((n) => [ms(n), around(left, n)]) },
      { label: 'out', points: times.map((n) => [ms(n), around(out.left, n + LATENCY)]) },
      { label: 'gain', points: times.map((n) => [ms(n), toDb(out.right[n + LATENCY]! / 1e-4)]) },
      {
        label: 'ceiling',
        reference: true,
        points: [
          [-10, CEILING],
          [80, CEILING],
        ],
      },
    ],
  };
}

function peaksPlot(): Plot {
  const { before, after } = randomPeaks();
  const sorted = (x: Float64Array): [number, number][] => {
    const y = x.filter((peak) => peak > 0).sort();
    return Array.from({ length: 201 }, (_, i) => [
      i / 2,
      Math.max(-20, toDb(y[Math.round(((y.length - 1) * i) / 200)]!)),
    ]);
  };
  return {
    name: 'limiter-true-peaks',
    title: `True peaks of ${RANDOM} random inputs, from the lowest to the highest`,
    x: { label: '% of the inputs', min: 0, max: 100 },
    y: { label: 'dBTP', min: -20, max: 40 },
    series: [
      { label: 'in (every 50th)', points: sorted(before) },
      { label: 'out', points: sorted(after) },
      {
        label: 'ceiling',
        reference: true,
        points: [
          [0, CEILING],
          [100, CEILING],
        ],
      },
    ],
  };
}

export const limiterPart: SoundPart = {
  name: 'limiter',
  doc: 'True peak: 16 times oversampled, by a sinc of 64 taps unless told otherwise. Latency 128 frames, which every tap is given too.',
  figures: [
    () => listed(-1),
    () => listed(0),
    () => listed(-20),
    randomOnes,
    longMeter,
    nearHalfTheRate,
    movingCeiling,
    transparent,
    transparentAnything,
    steady,
    bass,
  ],
  plots: [stepPlot, peaksPlot],
};
