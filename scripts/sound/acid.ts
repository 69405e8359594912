/** The acid filter: tuning, loudness, response, aliases, and what no walk of its parameters can do. */
import { acidTable } from '../../modules/acid/table.js';
import { openAcid, throughAcid, type AcidParams } from '../../test/helpers/acid.js';
import { seeded } from '../../test/helpers/bus.js';
import { fft, responseAt } from '../../test/helpers/spectrum.js';
import type { Plot, Series, SoundFigure, SoundPart } from './part.js';

const RATE = 48000;
/** The ladder runs at twice the rate. */
const LADDER_RATE = 2 * RATE;

const dB = (x: number): number => 20 * Math.log10(x);
const peakOf = (x: Float32Array): number => x.reduce((peak, v) => Math.max(peak, Math.abs(v)), 0);

/** Position of a tone near `hz` in the complex plane, under a Hann window. */
function phasor(x: Float32Array, from: number, length: number, hz: number): { size: number; angle: number } {
  let [re, im] = [0, 0];
  for (let i = 0; i < length; i++) {
    const w = x[from + i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
    const angle = (2 * Math.PI * hz * (from + i)) / RATE;
    re += w * Math.cos(angle);
    im -= w * Math.sin(angle);
  }
  return { size: (4 * Math.hypot(re, im)) / length, angle: Math.atan2(im, re) };
}

/** Frequency of a steady tone near `hz`: how far its phase moves from one half of the signal to the other. */
function frequencyOf(x: Float32Array, hz: number): number {
  const half = x.length >> 1;
  let found = hz;
  for (let pass = 0; pass < 3; pass++) {
    const moved = phasor(x, half, half, found).angle - phasor(x, 0, half, found).angle;
    const turns = moved / (2 * Math.PI);
    found += ((turns - Math.round(turns)) * RATE) / half;
  }
  return found;
}

const TUNED = [80, 110, 220, 440, 880, 1500, 2500, 3500, 5000];

/** What rings on at the top of the resonance after a click, while the voice is held. */
function whistle(cutoff: number, drive: number): { cents: number; peak: number } {
  const acid = openAcid({ cutoff, drive, res: 0.98 });
  throughAcid(acid, RATE, (i) => (i < 30 ? 1 : 0));
  const x = throughAcid(acid, RATE / 4, () => 0);
  return { cents: 1200 * Math.log2(frequencyOf(x, cutoff) / cutoff), peak: peakOf(x) };
}

function tuning(): SoundFigure {
  const found = [0, 1].flatMap((drive) => TUNED.map((hz) => whistle(hz, drive)));
  const worst = Math.max(...found.map(({ cents }) => Math.abs(cents)));
  const least = Math.min(...found.map(({ peak }) => peak));
  return {
    claim: 'self-oscillation at res 0.98 and drive 0 and 1, cutoff 80 Hz to 5 kHz: distance from the cutoff',
    asked: 'within 5 cents, peak above 0.1',
    measured: `${worst.toFixed(2)} cents, peak ${least.toFixed(2)}`,
    reached: worst < 5 && least > 0.1,
  };
}

/** What is left of that tone once the voice is at rest: ms until it is 60 dB down, and until there are only zeros. */
function ringOut(cutoff: number): { down: number; silent: number } {
  const acid = openAcid({ cutoff, res: 0.98 });
  throughAcid(acid, RATE, (i) => (i < 30 ? 1 : 0));
  const level = peakOf(throughAcid(acid, RATE / 8, () => 0));
  const x = throughAcid(
    acid,
    RATE / 4,
    () => 0,
    () => 0,
  );
  const last = (least: number): number => x.findLastIndex((v) => Math.abs(v) > least) / (RATE / 1000);
  return { down: last(level / 1000), silent: last(0) };
}

function release(): SoundFigure {
  const found = TUNED.map(ringOut);
  const down = Math.max(...found.map((one) => one.down));
  const silent = Math.max(...found.map((one) => one.silent));
  return {
    claim: 'self-oscillation after the end of its voice, cutoff 80 Hz to 5 kHz: 60 dB down, exactly silent',
    asked: 'after 50 ms, after 100 ms',
    measured: `${down.toFixed(0)} ms, ${silent.toFixed(0)} ms`,
    reached: down < 50 && silent < 100,
  };
}

interface Wave {
  readonly frames: number;
  readonly harmonic: number;
  readonly samples: Float32Array;
}

/** A saw without aliases, `harmonic` cycles in `frames` frames; `top`: its highest harmonic in Hz. */
function saw(harmonic: number, frames: number, amp: number, top = 20500): Wave {
  const samples = new Float32Array(frames);
  for (let n = 1; n * harmonic * RATE < top * frames; n++)
    for (let i = 0; i < frames; i++)
      samples[i]! +=
        ((2 * amp) / (Math.PI * n)) * Math.sin((2 * Math.PI * ((n * harmonic * i) % frames)) / frames);
  return { frames, harmonic, samples };
}

/** One period of the whole wave after another has gone before. */
function steady(params: AcidParams, wave: Wave): Float32Array {
  const acid = openAcid(params);
  const at = (i: number): number => wave.samples[i % wave.frames]!;
  throughAcid(acid, wave.frames, at);
  return throughAcid(acid, wave.frames, at);
}

/** RMS and size of the fundamental. */
function levels(params: AcidParams, wave: Wave): { rms: number; bass: number } {
  const x = steady(params, wave);
  const bass = responseAt(x, (wave.harmonic * RATE) / wave.frames, RATE);
  return { rms: Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length), bass };
}

function loudness(): SoundFigure {
  let [most, bass] = [0, 0];
  for (const pitch of [55, 110, 220]) {
    const wave = saw(pitch / 5, RATE / 5, 0.7);
    for (const cutoff of [4 * pitch, 1500, 5000]) {
      const plain = levels({ cutoff, res: 0 }, wave);
      for (const res of [0.3, 0.6, 0.9]) {
        const found = levels({ cutoff, res }, wave);
        most = Math.max(most, Math.abs(dB(found.rms / plain.rms)));
        bass = Math.min(bass, dB(found.bass / plain.bass));
      }
    }
  }
  return {
    claim:
      'saw of 55 to 220 Hz, cutoff two octaves above it to 5 kHz, res 0 to 0.9: change of RMS, fundamental',
    asked: 'within 3 dB, at most 3 dB lower',
    measured: `${most.toFixed(1)} dB, ${bass.toFixed(1)} dB`,
    reached: most < 3 && bass > -3,
  };
}

/**
 * The chain at small signals: gain 3 and trim, one-pole, four trapezoidal one-poles in a loop, and the means of
 * neighbours before them (shaper and halving).
 */
function formula(hz: number, cutoff: number, res: number): number {
  const k = 4 * res;
  const w = Math.tan((Math.PI * hz) / LADDER_RATE) / Math.tan((Math.PI * cutoff) / LADDER_RATE);
  const [re, im] = [1 - w * w, 2 * w];
  const ladder = 1 / Math.hypot(re * re - im * im + k, 2 * re * im);
  const [b, turn] = [Math.sqrt(0.92), (2 * Math.PI * hz) / LADDER_RATE];
  const pole = (1 - b) / Math.hypot(1 - b * Math.cos(turn), b * Math.sin(turn));
  const means = Math.cos((Math.PI * hz) / (4 * RATE)) ** 3;
  return 3 * (0.75 + 0.64 * k) * (1 - 0.25 * res) * pole * means * ladder;
}

const SMALL = 1e-3;
function impulse(cutoff: number, res: number): Float32Array {
  return throughAcid(openAcid({ cutoff, res, drive: 0 }), 32768, (i) => (i === 0 ? SMALL : 0));
}
const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

function response(): SoundFigure {
  let worst = 0;
  for (const res of [0, 0.5, 0.9])
    for (const cutoff of [80, 300, 1500, 5000]) {
      const x = impulse(cutoff, res);
      for (const hz of grid(20, 20000, 40)) {
        const want = formula(hz, cutoff, res);
        if (dB(want) > -60) worst = Math.max(worst, Math.abs(dB(responseAt(x, hz, RATE) / SMALL / want)));
      }
    }
  return {
    claim: 'small signals, res 0 to 0.9, 20 Hz to 20 kHz down to -60 dB: distance from the four-pole formula',
    asked: 'within 0.2 dB',
    measured: `${worst.toFixed(2)} dB`,
    reached: worst < 0.2,
  };
}

const FRAMES = 65536;
/** Strongest line below 18 kHz that is no harmonic, against the fundamental, dB. An odd harmonic: no alias falls on one. */
function alias(harmonic: number, res: number): number {
  const x = steady({ cutoff: 5000, res, drive: 1 }, saw(harmonic, FRAMES, 0.9));
  const [re, im] = [Float64Array.from(x), new Float64Array(FRAMES)];
  fft(re, im);
  let most = 0;
  for (let bin = 1; bin < (18000 * FRAMES) / RATE; bin++)
    if (bin % harmonic !== 0) most = Math.max(most, Math.hypot(re[bin]!, im[bin]!));
  return dB(most / Math.hypot(re[harmonic]!, im[harmonic]!));
}

function aliases(harmonic: number, asked: number): SoundFigure {
  const found = Math.max(alias(harmonic, 0.45), alias(harmonic, 0.9));
  return {
    claim: `saw of ${Math.round((harmonic * RATE) / FRAMES)} Hz at drive 1, cutoff 5 kHz, res 0.45 and 0.9: strongest alias below 18 kHz`,
    asked: `below ${asked} dB`,
    measured: `${found.toFixed(1)} dB`,
    reached: found < asked,
  };
}

/** The largest level there is: (0.75 + 0.64 k) at k = 4.4 and vol_comp 0; the ladder itself stays within 1. */
const BOUND = 3.57;

function walk(seed: number): number {
  const random = seeded(seed);
  const acid = openAcid();
  let peak = 0;
  for (let i = 0; i < 400; i++) {
    const params: AcidParams = Object.fromEntries(
      Object.entries(acidTable.params).map(([key, { min, max }]) => {
        const share = random();
        // Both ends as often as all that lies between.
        return [key, share < 0.25 ? min : share > 0.75 ? max : min + (max - min) * (2 * share - 0.5)];
      }),
    );
    const size = 8 * random() ** 2;
    const kind = random();
    const input = Float32Array.from({ length: 16 }, (_, n) =>
      kind < 0.4 ? size * (2 * random() - 1) : kind < 0.7 ? size : n % 2 === 0 ? size : -size,
    );
    for (const x of acid.cell(input, params, random() < 0.2 ? 0 : random()))
      peak = Number.isFinite(x) ? Math.max(peak, Math.abs(x)) : Infinity;
  }
  return peak;
}

function bounded(): SoundFigure {
  const peak = Math.max(...Array.from({ length: 25 }, (_, i) => walk(i + 1)));
  return {
    claim:
      'every parameter jumps in each of 10,000 cells, inputs up to 8: largest output of a voice of level 1',
    asked: `at most ${BOUND}`,
    measured: peak.toFixed(2),
    reached: peak <= BOUND,
  };
}

function tuningPlot(): Plot {
  const points = [0, 1].map((drive) =>
    grid(80, 5000, 13).map((hz) => [hz, whistle(hz, drive).cents] as const),
  );
  const line = (cents: number): Series => ({
    label: 'asked: within 5 cents',
    reference: true,
    points: [
      [80, cents],
      [5000, cents],
    ],
  });
  return {
    name: 'acid-tuning',
    title: 'Acid: self-oscillation against the cutoff',
    x: { label: 'cutoff, Hz', min: 80, max: 5000, log: true },
    y: { label: 'cents', min: -6, max: 6 },
    series: [
      ...points.map((found, drive) => ({ label: `drive ${drive}`, points: found })),
      line(5),
      line(-5),
    ],
  };
}

function responsePlot(): Plot {
  const at = grid(20, 20000, 120);
  const series = [0, 0.3, 0.6, 0.9].flatMap((res): Series[] => {
    const x = impulse(1000, res);
    return [
      { label: `res ${res}`, points: at.map((hz) => [hz, dB(responseAt(x, hz, RATE) / SMALL)] as const) },
      {
        label: 'formula',
        reference: true,
        points: at.map((hz) => [hz, dB(formula(hz, 1000, res))] as const),
      },
    ];
  });
  return {
    name: 'acid-response',
    title: 'Acid: response at small signals, cutoff 1 kHz, drive 0',
    x: { label: 'Hz', min: 20, max: 20000, log: true },
    y: { label: 'dB', min: -80, max: 30 },
    series,
  };
}

export const acidPart: SoundPart = {
  name: 'acid',
  doc: 'The ladder of the acid filter, measured alone: one voice of level 1 in, what it adds to the left out.',
  figures: [tuning, release, loudness, response, () => aliases(1367, -75), () => aliases(2731, -72), bounded],
  plots: [tuningPlot, responsePlot],
};
