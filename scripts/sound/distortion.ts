/** The shaper of modules/distortion, measured. */
import { distortionTable } from '../../modules/distortion/table.js';
import { both, noise, openBus, render, rms, seeded, toDb, type Stereo } from '../../test/helpers/bus.js';
import { magnitudes } from '../../test/helpers/spectrum.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';

const RATE = 48000;
const LATENCY = distortionTable.latencyFrames;
/** Length of a spectrum, and frames before it in which levels settle. */
const LENGTH = 16384;
const SETTLE = 8 * LENGTH;

function distort(input: Stereo, params: Record<string, number>): Float32Array {
  return render(openBus('distortion'), input, { params: () => params }).left;
}

/** Bins of a sine at full drive, wet only, bright. The bin of the sine is odd: no alias falls on a harmonic. */
function driven(hz: number, amp = 1): { bins: Float64Array; bin: number } {
  const bin = Math.round((hz * LENGTH) / RATE) | 1;
  const input = both(SETTLE + LENGTH, (i) => amp * Math.sin((2 * Math.PI * bin * i) / LENGTH));
  return { bins: magnitudes(distort(input, { drive: 1, mix: 1, tone: 1 }), LENGTH), bin };
}

/** Strongest bin below 18 kHz that is no harmonic, against the fundamental; `third`: the third harmonic. */
function aliasOf(hz: number, amp?: number): { db: number; atHz: number; third: number } {
  const { bins, bin } = driven(hz, amp);
  let worst = 0;
  for (let i = 1; i < (18000 * LENGTH) / RATE; i++) if (i % bin !== 0 && bins[i]! > bins[worst]!) worst = i;
  worst ||= 1;
  return {
    db: toDb(bins[worst]! / bins[bin]!),
    atHz: Math.round((worst * RATE) / LENGTH),
    third: toDb((bins[3 * bin] ?? 0) / bins[bin]!),
  };
}

/** `held`: what was reached, with some dB to spare. */
const alias = (hz: number, held: number) => (): SoundFigure => {
  const { db, atHz, third } = aliasOf(hz);
  const distorts = 3 * hz > 18000 || third > -30;
  return {
    claim: `sine of ${hz} Hz at full drive (k = 30): strongest alias below 18 kHz`,
    asked: `below -80 dB, held below ${held} dB`,
    measured: `${db.toFixed(1)} dB at ${atHz} Hz`,
    reached: db < held && distorts,
  };
};

/** Mean of the last so many frames against their level, in dB. */
function dcOf(out: Float32Array, frames: number): number {
  const end = out.subarray(out.length - frames);
  return toDb(Math.abs(end.reduce((sum, x) => sum + x, 0) / frames) / rms(end));
}

function dc(): SoundFigure {
  const lopsided = (i: number): number => {
    const phase = (2 * Math.PI * 375 * i) / RATE;
    return 0.4 * Math.sin(phase) + 0.3 * Math.cos(2 * phase);
  };
  const pulse = (i: number): number => (i % 128 < 20 ? 0.8 : -0.1);
  const worst = Math.max(
    ...[lopsided, pulse].flatMap((wave) =>
      [0.3, 1].map((drive) => dcOf(distort(both(96000, wave), { drive, mix: 1, tone: 0.5 }), 128 * 64)),
    ),
  );
  return {
    claim: 'DC behind a lopsided wave and a pulse of 16 %, against their level',
    asked: 'below -90 dB',
    measured: `${worst.toFixed(1)} dB`,
    reached: worst < -90,
  };
}

const saw = (hz: number, i: number): number => 2 * ((i * hz) / RATE - Math.floor((i * hz) / RATE)) - 1;
const SECONDS = 2;

/** What drive is tried with, each at a level (root mean square) of 1. Nothing of it lies far above the tone filter. */
const SOUNDS: Record<string, () => Float32Array> = {
  sine: () => wave((i) => Math.sin((2 * Math.PI * 220 * i) / RATE)),
  saw: () => wave((i) => saw(110, i)),
  chord: () => wave((i) => saw(110, i) + saw(138.6, i) + saw(164.8, i) + saw(220.4, i)),
  noise: () => darkNoise(),
  drums: () => drums(),
};
const LEVELS = [-30, -6];

function wave(at: (i: number) => number): Float32Array {
  const x = Float32Array.from({ length: SECONDS * RATE }, (_, i) => at(i));
  const scale = 1 / rms(x);
  return x.map((v) => v * scale);
}

/** Noise below about 2 kHz. */
function darkNoise(): Float32Array {
  const white = noise(SECONDS * RATE, 1, 3).left;
  let [low, lower] = [0, 0];
  return wave((i) => (lower += 0.23 * ((low += 0.23 * (white[i]! - low)) - lower)));
}

/** Four strokes a second: a sine that falls from 160 to 50 Hz with a click of noise, 0.2 s long. */
function drums(): Float32Array {
  const random = seeded(9);
  let phase = 0;
  return wave((i) => {
    const t = (i % 12000) / RATE;
    if (t === 0) phase = 0;
    phase += (50 + 110 * Math.exp(-t * 40)) / RATE;
    return Math.sin(2 * Math.PI * phase) * Math.exp(-t * 12) + 0.3 * Math.exp(-t * 200) * (2 * random() - 1);
  });
}

/** Level behind the shaper once it has settled, for whole seconds of sound. */
function loudness(x: Float32Array, db: number, drive: number): number {
  const gain = 10 ** (db / 20);
  const left = x.map((v) => v * gain);
  return toDb(rms(distort({ left, right: left }, { drive, mix: 1, tone: 1 }), RATE));
}

function drive(): SoundFigure {
  let worst = { range: 0, at: '' };
  const each = Object.entries(SOUNDS).map(([name, make]) => {
    const x = make();
    const ranges = LEVELS.map((db) => {
      const levels = [0, 0.5, 1].map((amount) => loudness(x, db, amount));
      const range = Math.max(...levels) - Math.min(...levels);
      if (range > worst.range) worst = { range, at: `${name}, ${db} dB` };
      return range;
    });
    return `${name} ${Math.max(...ranges).toFixed(2)}`;
  });
  return {
    claim:
      'drive from 0 to 1: change of level (root mean square) of sine, saw, chord, noise, drums at -30 and -6 dB',
    asked: 'below 1.5 dB',
    measured: `${worst.range.toFixed(2)} dB (${worst.at}); ${each.join(', ')}`,
    reached: worst.range < 1.5,
  };
}

/** Dry and wet without drive: what is left when the known filters of the wet path are undone. */
function aligned(): SoundFigure {
  const lag = (hz: number, amount: number): number => {
    const input = both(48000, (i) => 0.05 * Math.sin((2 * Math.PI * hz * i) / RATE));
    const wet = distort(input, { drive: amount, mix: 1, tone: 1 });
    let [sine, cosine] = [0, 0];
    for (let i = 24000; i < 48000; i++) {
      const phase = (2 * Math.PI * hz * (i - LATENCY)) / RATE;
      sine += wet[i]! * Math.sin(phase);
      cosine -= wet[i]! * Math.cos(phase);
    }
    return (Math.atan2(cosine, sine) / (2 * Math.PI * hz)) * RATE - filterLag(hz);
  };
  const lags = [100, 500, 1000, 2000].flatMap((hz) => [lag(hz, 0), lag(hz, 0.5)]);
  const worst = lags.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return {
    claim:
      'wet against dry, 100 Hz to 2 kHz: delay beyond that of DC blocker and tone filter, drive 0 and 0.5',
    asked: 'within 0.01 frames',
    measured: `${worst.toFixed(4)} frames`,
    reached: Math.abs(worst) < 0.01,
  };
}

/** Frames by which the DC blocker (10 Hz) and the Butterworth filter (8 kHz, trapezoidal) delay a sine. */
function filterLag(hz: number): number {
  const turn = (at: number): number => Math.tan((Math.PI * at) / RATE);
  const x = turn(hz) / turn(8000);
  const phase = Math.atan2(Math.SQRT2 * x, 1 - x * x) - Math.atan(turn(10) / turn(hz));
  return (phase / (2 * Math.PI * hz)) * RATE;
}

/** At drive 0 the oversampling alone is left of the shaper: its flatness, as far as the tone filter lets it be seen. */
function flat(): SoundFigure {
  const levels = [100, 1000, 4000, 8000, 12000, 16000, 18000].map((hz) => {
    const out = distort(
      both(32768, (i) => 0.1 * Math.sin((2 * Math.PI * hz * i) / RATE)),
      { drive: 0, mix: 1, tone: 1 },
    );
    const x = Math.tan((Math.PI * hz) / RATE) / Math.tan((Math.PI * 8000) / RATE);
    const blocker = Math.hypot(1, Math.tan((Math.PI * 10) / RATE) / Math.tan((Math.PI * hz) / RATE));
    return toDb((rms(out, 24000, 31200) / (0.1 * Math.SQRT1_2)) * Math.sqrt(1 + x ** 4) * blocker);
  });
  const worst = levels.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return {
    claim: 'without drive the wet path is its two filters: level from 100 Hz to 18 kHz against their formula',
    asked: 'within 0.1 dB',
    measured: `${worst.toFixed(3)} dB`,
    reached: Math.abs(worst) < 0.1,
  };
}

function spectrum(): Plot {
  const { bins, bin } = driven(1000);
  const top = bins[bin]!;
  return {
    name: 'distortion-spectrum',
    title: 'Sine of 1 kHz at full drive, tone 1',
    x: { label: 'Hz', min: 0, max: 24000 },
    y: { label: 'dB', min: -160, max: 0 },
    series: [
      {
        label: 'largest bin of each 12 Hz',
        points: Array.from({ length: LENGTH / 8 }, (_, i) => {
          const size = Math.max(...bins.subarray(4 * i, 4 * i + 4), top * 1e-8);
          return [(4 * i * RATE) / LENGTH, toDb(size / top)] as const;
        }),
      },
      {
        label: 'asked: aliases below -80 dB',
        reference: true,
        points: [
          [0, -80],
          [18000, -80],
        ],
      },
    ],
  };
}

function loudnessPlot(): Plot {
  const amounts = Array.from({ length: 11 }, (_, i) => i / 10);
  return {
    name: 'distortion-loudness',
    title: 'Level behind the shaper against drive, in at -18 dB',
    x: { label: 'drive', min: 0, max: 1 },
    y: { label: 'dB, against drive 0', min: -1, max: 1 },
    series: [
      ...Object.entries(SOUNDS).map(([label, make]) => {
        const x = make();
        const still = loudness(x, -18, 0);
        return {
          label,
          points: amounts.map((amount) => [amount, loudness(x, -18, amount) - still] as const),
        };
      }),
      ...[-0.75, 0.75].map((db) => ({
        label: 'asked: within 1.5 dB',
        reference: true,
        points: [[0, db] as const, [1, db] as const],
      })),
    ],
  };
}

export const distortionPart: SoundPart = {
  name: 'distortion',
  doc: 'Soft clipper at eight times the rate with second-order antiderivative antialiasing; wet only unless said.',
  figures: [alias(1000, -125), alias(5000, -104), alias(10000, -86), dc, drive, aligned, flat],
  plots: [spectrum, loudnessPlot],
};
