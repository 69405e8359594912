/** The room of modules/reverb, measured. */
import { noise, rms, toDb, type Stereo } from '../../test/helpers/bus.js';
import { band } from '../../test/helpers/spectrum.js';
import { freeverbAnswer } from './freeverb.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';
import {
  clicks,
  decay,
  denseFrom,
  densities,
  fallTime,
  LATE_FRAMES,
  noisePeaks,
  paths,
  peakToMean,
  RATE,
  spreadOfSine,
  t60Ratio,
} from './room.js';

/** What the setting says. */
const t60Of = (room: number): number => 0.4 * 20 ** room;
const OCTAVES = [63, 125, 250, 500, 1000, 2000, 4000, 8000];
const percent = (ratio: number): string => `${(100 * (ratio - 1)).toFixed(1)} %`;

/** T60 in the middle, whatever `damp`. */
function middle(): SoundFigure {
  let worst = { ratio: 1, at: '' };
  const take = (room: number, damp: number, sampleRate: number): void => {
    const expected = t60Of(room);
    const ratio = t60Ratio({ room, damp, seconds: 0.75 * expected + 0.1, sampleRate }, 500, expected);
    if (Math.abs(ratio - 1) > Math.abs(worst.ratio - 1))
      worst = { ratio, at: `room ${room}, damp ${damp}, ${sampleRate} Hz` };
  };
  for (const room of [0, 0.25, 0.5]) for (const damp of [0, 0.5, 1]) take(room, damp, RATE);
  take(0.75, 1, RATE);
  take(1, 0.5, RATE);
  take(0.4, 0.7, 44100);
  take(0.4, 0.7, 96000);
  return {
    claim:
      'T60 in the octave around 500 Hz against its setting, 0.4 s * 20^room; room and damp from 0 to 1: largest error',
    asked: 'within 5 %',
    measured: `${percent(worst.ratio)} (${worst.at})`,
    reached: Math.abs(worst.ratio - 1) < 0.05,
  };
}

function treble(): SoundFigure {
  const ratios = [0, 0.5, 1].map((damp) => {
    const expected = t60Of(0.5) * 2 ** (-2.5 * damp);
    return t60Ratio({ room: 0.5, damp, seconds: 0.75 * expected + 0.1 }, 6000, expected, true);
  });
  return {
    claim: 'T60 at 6 kHz against T60 * 2^(-2.5 damp), room 0.5, damp 0, 0.5, 1',
    asked: 'within 5 %',
    measured: ratios.map(percent).join(', '),
    reached: ratios.every((ratio) => Math.abs(ratio - 1) < 0.05),
  };
}

function undamped(): SoundFigure {
  const ratio = t60Ratio({ room: 0.5, damp: 0, seconds: 1.4 }, 10000, t60Of(0.5), true);
  return {
    claim: 'undamped room of 1.8 s: T60 at 10 kHz',
    asked: 'above 85 % of its setting',
    measured: `${(ratio * t60Of(0.5)).toFixed(2)} s, ${(100 * ratio).toFixed(0)} %`,
    reached: ratio > 0.85,
  };
}

function density(): SoundFigure {
  const times = [
    { room: 0.5, damp: 0 },
    { room: 0.5, damp: 0.5 },
    { room: 0, damp: 0.5 },
    { room: 1, damp: 0.5 },
  ].flatMap((at) =>
    clicks({ ...at, seconds: 0.2 }).flatMap(({ left, right }) => [
      denseFrom(left, 180),
      denseFrom(right, 180),
    ]),
  );
  const late = Math.max(...times);
  const other = denseFrom(freeverbAnswer(0.6 * RATE, 0.5, 0.5).left, 500);
  return {
    claim:
      'echo density (Abel and Huang) is 1: latest of clicks left, right, on both sides, heard left and right',
    asked: 'within 80 ms',
    measured: `${late} ms (Freeverb: ${Number.isFinite(other) ? `${other} ms` : 'not within 500 ms'})`,
    reached: late <= 80 && other > 80,
  };
}

function metal(): SoundFigure {
  const peaks = noisePeaks(40);
  const limit = peaks[39]!;
  const from = Math.round(0.3 * RATE);
  const worst = (answers: readonly Stereo[]): number =>
    Math.max(
      ...answers.flatMap(({ left, right }) =>
        [from, from + LATE_FRAMES].flatMap((at) => [peakToMean(left, at), peakToMean(right, at)]),
      ),
    );
  const seconds = 0.3 + (2 * LATE_FRAMES) / RATE;
  const ours = worst([
    clicks({ room: 0.5, damp: 0, seconds })[2],
    clicks({ room: 0.8, damp: 0.3, seconds })[2],
    clicks({ room: 1, damp: 0.5, seconds })[2],
  ]);
  const other = worst([0.5, 0.8, 1].map((room) => freeverbAnswer(Math.ceil(seconds * RATE), room, 0.2)));
  return {
    claim: 'late spectrum (0.3 to 1.7 s, 0.7 s at a time): peak over mean, worst of three rooms',
    asked: `at most 1 dB above white noise of the same length (worst of 40: ${limit.toFixed(1)} dB)`,
    measured: `${ours.toFixed(1)} dB (Freeverb: ${other.toFixed(1)} dB)`,
    reached: ours < limit + 1 && other > limit + 1,
  };
}

function mono(): SoundFigure {
  const answers = clicks({ room: 0.5, damp: 0.3, seconds: 1.5 });
  const changes = OCTAVES.slice(1).map((hz) => {
    let [sum, apart] = [0, 0];
    for (const { left, right } of answers.slice(0, 2)) {
      const both = left.map((x, i) => x + right[i]!);
      sum += rms(band(both, hz, RATE)) ** 2;
      apart += rms(band(left, hz, RATE)) ** 2 + rms(band(right, hz, RATE)) ** 2;
    }
    return toDb(Math.sqrt(sum / apart));
  });
  const worst = changes.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return {
    claim: 'left + right against the power of both, octaves from 125 Hz to 8 kHz: largest difference',
    asked: 'within 1.5 dB',
    measured: `${worst.toFixed(2)} dB (${changes.map((x) => x.toFixed(1)).join(', ')})`,
    reached: Math.abs(worst) < 1.5,
  };
}

function strangers(): SoundFigure {
  const { left, right } = clicks({ room: 0.5, damp: 0.3, seconds: 1.5 })[2];
  const [from, to] = [4800, 72000];
  let product = 0;
  for (let i = from; i < to; i++) product += left[i]! * right[i]!;
  const likeness = product / ((to - from) * rms(left, from, to) * rms(right, from, to));
  return {
    claim: 'likeness of left and right in the tail (correlation)',
    asked: 'below 0.1',
    measured: Math.abs(likeness).toFixed(3),
    reached: Math.abs(likeness) < 0.1,
  };
}

function sine(): SoundFigure {
  const all = [220, 1000, 4000].map((hz) => spreadOfSine(hz, 0.5, 0.3));
  const spread = all.map((x) => x.spread.toFixed(2)).join(', ');
  const shift = Math.max(...all.map((x) => Math.abs(x.shift)));
  return {
    claim: 'modulation: what a steady sine of 220 Hz, 1 kHz, 4 kHz is spread by, root mean square',
    asked: '0.3 to 5 cents, centre moved by less than 1 cent',
    measured: `${spread} cents, centre ${shift.toFixed(2)} cents`,
    reached: all.every((x) => x.spread > 0.3 && x.spread < 5) && shift < 1,
  };
}

/** Likeness of the tail to itself some ms later; its decay is undone first. */
function flutter(): SoundFigure {
  const { left } = clicks({ room: 0.6, damp: 0.3, seconds: 1.2 })[2];
  const rate = Math.log(1000) / (t60Of(0.6) * RATE);
  const flat = left.subarray(7200, 40000).map((x, i) => x * Math.exp(rate * i));
  const energy = rms(flat) ** 2;
  let worst = { likeness: 0, ms: 0 };
  for (let shift = 48; shift < 4320; shift++) {
    let sum = 0;
    for (let i = 0; i < 16384; i++) sum += flat[i]! * flat[i + shift]!;
    const likeness = Math.abs(sum / 16384 / energy);
    if (likeness > worst.likeness) worst = { likeness, ms: shift / 48 };
  }
  return {
    claim: 'flutter: likeness of the tail to itself 1 to 90 ms later',
    asked: 'below 0.2',
    measured: `${worst.likeness.toFixed(3)} at ${worst.ms.toFixed(1)} ms`,
    reached: worst.likeness < 0.2,
  };
}

/** The decay of noise that stops, in steps of 20 ms, against a straight line. */
function straight(): SoundFigure {
  const answers = paths({ room: 0.5, damp: 0, seconds: 1.2 });
  const step = 0.02 * RATE;
  const level = (i: number): number =>
    10 * Math.log10(answers.reduce((sum, x) => sum + rms(x, i * step, (i + 1) * step) ** 2, 0));
  const levels = Array.from({ length: 45 }, (_, i) => level(i + 5));
  const middleAt = 22;
  const slope =
    levels.reduce((sum, x, i) => sum + x * (i - middleAt), 0) /
    levels.reduce((sum, _, i) => sum + (i - middleAt) ** 2, 0);
  const mean = levels.reduce((sum, x) => sum + x, 0) / levels.length;
  const worst = Math.max(...levels.map((x, i) => Math.abs(x - mean - slope * (i - middleAt))));
  return {
    claim: 'evenness: level of the tail from 0.1 to 1 s in steps of 20 ms, against a straight line',
    asked: 'within 1 dB',
    measured: `${worst.toFixed(2)} dB`,
    reached: worst < 1,
  };
}

function decays(): Plot {
  const room = 0.5;
  const damp = 0.5;
  const answers = paths({ room, damp, seconds: 2.2 });
  const every = 0.02 * RATE;
  return {
    name: 'reverb-decay',
    title: `Room ${room}, damp ${damp}: energy still to come, per octave`,
    x: { label: 'seconds', min: 0, max: 2 },
    y: { label: 'dB', min: -70, max: 0 },
    series: [
      ...OCTAVES.slice(1).map((hz) => {
        const db = decay(answers, hz);
        const label = `${hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`}: ${fallTime(db).toFixed(2)} s`;
        return {
          label,
          points: Array.from({ length: 101 }, (_, i) => [i / 50, db[i * every]!] as const).filter(
            ([, y]) => y >= -70,
          ),
        };
      }),
      ...[
        { label: `setting at 500 Hz: ${t60Of(room).toFixed(2)} s`, t60: t60Of(room) },
        { label: 'setting at 6 kHz', t60: t60Of(room) * 2 ** (-2.5 * damp) },
      ].map(({ label, t60 }) => ({
        label,
        reference: true,
        points: [[0, 0] as const, [Math.min(2, (t60 * 70) / 60), Math.max(-70, (-60 * 2) / t60)] as const],
      })),
    ],
  };
}

/** Twelve even noises make a Gaussian one. */
function gaussian(frames: number): Float32Array {
  const all = Array.from({ length: 12 }, (_, i) => noise(frames, 1, i + 1).left);
  return Float32Array.from({ length: frames }, (_, n) => all.reduce((sum, x) => sum + x[n]!, 0));
}

function densityPlot(): Plot {
  return {
    name: 'reverb-density',
    title: 'Echo density after one click (1: no single echo can be told)',
    x: { label: 'ms', min: 0, max: 300 },
    y: { label: 'echo density', min: 0, max: 1.3 },
    series: [
      {
        label: 'room 0.5, damp 0',
        points: densities(clicks({ room: 0.5, damp: 0, seconds: 0.4 })[2].left, 300),
      },
      { label: 'Freeverb', points: densities(freeverbAnswer(0.4 * RATE, 0.5, 0).left, 300) },
      { label: 'Gaussian noise', points: densities(gaussian(0.4 * RATE), 300), reference: true },
      {
        label: '80 ms',
        reference: true,
        points: [
          [80, 0],
          [80, 1.3],
        ],
      },
    ],
  };
}

export const reverbPart: SoundPart = {
  name: 'reverb',
  doc: 'Eight modulated lines behind four diffusers; measured with single clicks and with sines.',
  figures: [middle, treble, undamped, density, metal, mono, strangers, sine, flutter, straight],
  plots: [decays, densityPlot],
};
