/** The noises of 256 voices as they are heard, two at a time: one left, one right. */
import { gate, openRig, RATE, set, type Rig } from '../../test/helpers/core.js';
import { fft } from '../../test/helpers/spectrum.js';
import { highPassGain, treble } from './waves.js';
import type { Plot, Series, SoundFigure, SoundPart } from './part.js';

type Colour = 'white' | 'pink' | 'brown';

const FRAMES = 32768;
const BINS = FRAMES / 2;
const VOICES = 256;
/** Voices whose filters are measured. */
const COLOURED = 64;

const dB = (power: number): number => 10 * Math.log10(power);

let rig: Rig | undefined;

/** FRAMES of each voice, from 8000 frames after its gate. The seed of voice n is n x 0x9e3779b1. */
function play(colour: Colour, voices: number): Float32Array[] {
  return Array.from({ length: voices / 2 }, (_, pair) => {
    rig = rig?.restart() ?? openRig({ voices: VOICES });
    rig.now(set('lfo1/target', 'none'), set('lfo2/target', 'none'), set('acid1/voice', 0));
    for (const [voice, pan] of [
      [2 * pair + 1, -1],
      [2 * pair + 2, 1],
    ] as const)
      rig.now(
        ...treble(voice),
        set(`voice${voice}/osc/type`, colour),
        set(`voice${voice}/pan`, pan),
        gate(voice, true),
      );
    rig.render(8000, [], () => 2000);
    const heard = rig.render(FRAMES, [], () => 2048);
    const [left, right] = [new Float32Array(FRAMES), new Float32Array(FRAMES)];
    for (let i = 0; i < FRAMES; i++) [left[i], right[i]] = [heard[2 * i]!, heard[2 * i + 1]!];
    return [left, right];
  }).flat();
}

interface Lines {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** Spectra of two signals by one transform. */
function linesOf(a: Float32Array, b: Float32Array): [Lines, Lines] {
  const [re, im] = [new Float64Array(FRAMES), new Float64Array(FRAMES)];
  for (let i = 0; i < FRAMES; i++) {
    re[i] = a[i]! * hann[i]!;
    im[i] = b[i]! * hann[i]!;
  }
  fft(re, im);
  const made = (): Lines => ({ re: new Float32Array(BINS), im: new Float32Array(BINS) });
  const [one, other] = [made(), made()];
  for (let k = 1; k < BINS; k++) {
    const [r, i, s, j] = [re[k]!, im[k]!, re[FRAMES - k]!, im[FRAMES - k]!];
    one.re[k] = (r + s) / 2;
    one.im[k] = (i - j) / 2;
    other.re[k] = (i + j) / 2;
    other.im[k] = (s - r) / 2;
  }
  return [one, other];
}

function inPairs(signals: readonly Float32Array[]): Lines[] {
  return signals.flatMap((x, v) => (v % 2 === 0 ? linesOf(x, signals[v + 1]!) : []));
}

const hann = Float64Array.from({ length: FRAMES }, (_, i) => 1 - Math.cos((2 * Math.PI * i) / FRAMES));
/** Share of the frames that counts under this window. */
const KNOWN = 0.514;

const hertz = (bin: number): number => (bin * RATE) / FRAMES;
const binOf = (hz: number): number => (hz * FRAMES) / RATE;

/** Power of bins, mean over signals, the high-pass of the voices taken off. */
function powers(lines: readonly Lines[]): Float64Array {
  return Float64Array.from({ length: BINS }, (_, k) => {
    const gain = lines.length * highPassGain(hertz(k)) ** 2;
    return lines.reduce((sum, { re, im }) => sum + (re[k]! ** 2 + im[k]! ** 2) / gain, 0);
  });
}

/** Third-octave bands: what the bins hold over what `law` gives them there, dB, without the mean over all bands. */
function bands(
  power: Float64Array,
  law: (hz: number) => number,
  from: number,
  to: number,
): [number, number][] {
  const found: [number, number][] = [];
  for (let n = -17; n <= 13; n++) {
    const middle = 1000 * 2 ** (n / 3);
    if (middle < from * 0.98 || middle > to * 1.02) continue;
    let [sum, wanted] = [0, 0];
    for (let k = Math.ceil(binOf(middle * 2 ** (-1 / 6))); k <= binOf(middle * 2 ** (1 / 6)); k++) {
      sum += power[k]!;
      wanted += law(hertz(k));
    }
    found.push([middle, dB(sum / wanted)]);
  }
  const mean = found.reduce((sum, [, y]) => sum + y, 0) / found.length;
  return found.map(([x, y]) => [x, y - mean]);
}

const laws: Record<Colour, (hz: number) => number> = {
  white: () => 1,
  pink: (hz) => 1 / hz,
  brown: (hz) => 1 / hz ** 2,
};
const ranges: Record<Colour, [number, number]> = { white: [20, 20000], pink: [20, 20000], brown: [40, 7000] };

interface Measured {
  /** Powers of the transfer functions, from the same white noise before and behind the filters. */
  readonly exact: Record<'pink' | 'brown', Float64Array>;
  readonly long: Record<Colour, Float64Array>;
  readonly correlation: number;
}

let measured: Measured | undefined;
function measure(): Measured {
  if (measured) return measured;
  const white = play('white', VOICES);
  const [pink, brown] = [play('pink', COLOURED), play('brown', COLOURED)];
  const whites = inPairs(white);
  const pinks: Lines[] = [];
  const browns: Lines[] = [];
  for (let v = 0; v < COLOURED; v++) {
    const [one, other] = linesOf(pink[v]!, brown[v]!);
    pinks.push(one);
    browns.push(other);
  }
  const long = { white: powers(whites), pink: powers(pinks), brown: powers(browns) };
  const exact = { pink: transfer(whites, pinks), brown: transfer(whites, browns) };
  return (measured = { exact, long, correlation: correlation(whites) });
}

function transfer(from: readonly Lines[], to: readonly Lines[]): Float64Array {
  return Float64Array.from({ length: BINS }, (_, k) => {
    let [re, im, power] = [0, 0, 0];
    to.forEach((y, v) => {
      const x = from[v]!;
      re += y.re[k]! * x.re[k]! + y.im[k]! * x.im[k]!;
      im += y.im[k]! * x.re[k]! - y.re[k]! * x.im[k]!;
      power += x.re[k]! ** 2 + x.im[k]! ** 2;
    });
    return (re * re + im * im) / (power * power);
  });
}

const LAGS = 1000;
/** Largest correlation of two voices at lags within LAGS: neighbours, and all pairs of the first 16. */
function correlation(lines: readonly Lines[]): number {
  const sizes = lines.map(({ re, im }) => 2 * re.reduce((sum, r, k) => sum + r * r + im[k]! ** 2, 0));
  const pairs: [number, number][] = [];
  for (let a = 0; a < VOICES; a++)
    for (let b = a + 1; b < VOICES; b++) if (b === a + 1 || b < 16) pairs.push([a, b]);
  let most = 0;
  for (let p = 0; p < pairs.length; p += 2) {
    const re = new Float64Array(FRAMES);
    const im = new Float64Array(FRAMES);
    // Two pairs in one transform: the first is its real part.
    pairs.slice(p, p + 2).forEach(([a, b], second) => {
      const [x, y] = [lines[a]!, lines[b]!];
      const size = Math.sqrt(sizes[a]! * sizes[b]!);
      for (let k = 1; k < BINS; k++) {
        const r = (x.re[k]! * y.re[k]! + x.im[k]! * y.im[k]!) / size;
        const i = (x.im[k]! * y.re[k]! - x.re[k]! * y.im[k]!) / size;
        re[k]! += second ? -i : r;
        im[k]! += second ? r : i;
        re[FRAMES - k]! += second ? i : r;
        im[FRAMES - k]! += second ? r : -i;
      }
    });
    fft(re, im);
    for (let lag = -LAGS; lag <= LAGS; lag++) {
      const at = (lag + FRAMES) % FRAMES;
      most = Math.max(most, Math.abs(re[at]!), Math.abs(im[at]!));
    }
  }
  return most;
}

const spread = (found: readonly (readonly [number, number])[]): number => {
  const ys = found.map(([, y]) => y);
  return (Math.max(...ys) - Math.min(...ys)) / 2;
};

const SECONDS = FRAMES / RATE;

function flat(): SoundFigure {
  const found = spread(bands(measure().long.white, laws.white, ...ranges.white));
  return {
    claim: `white noise, ${Math.round(VOICES * SECONDS)} s (voices 1 to ${VOICES}, seeds n x 0x9e3779b1), third-octave bands from 20 Hz to 20 kHz: flat`,
    asked: 'within 0.5 dB',
    measured: `${found.toFixed(2)} dB`,
    reached: found < 0.5,
  };
}

function coloured(colour: 'pink' | 'brown'): SoundFigure {
  const found = spread(bands(measure().exact[colour], laws[colour], ...ranges[colour]));
  const [slope, range] = colour === 'pink' ? ['-3.01', '20 Hz to 20 kHz'] : ['-6.02', '40 Hz to 7 kHz'];
  return {
    claim: `${colour} noise against white noise of the same seed, third-octave bands from ${range}: distance from ${slope} dB per octave`,
    asked: 'within 0.3 dB',
    measured: `${found.toFixed(2)} dB`,
    reached: found < 0.3,
  };
}

/** The averaged spectra themselves, as far as chance lets them be known: a band of B Hz in T s within 4.34 / sqrt(B T) dB. */
function averaged(colour: 'pink' | 'brown'): SoundFigure {
  const { long } = measure();
  const seconds = COLOURED * SECONDS;
  const found = bands(long[colour], laws[colour], ...ranges[colour]);
  const worst = Math.max(
    ...found.map(
      ([hz, y]) => Math.max(0, Math.abs(y) - 0.3) / (4.34 / Math.sqrt(0.2316 * hz * KNOWN * seconds)),
    ),
  );
  return {
    claim: `${colour} noise, averaged spectrum of ${Math.round(seconds)} s (voices 1 to ${COLOURED}, seeds n x 0x9e3779b1): beyond 0.3 dB of its slope by`,
    asked: 'at most 3 standard deviations of such a mean',
    measured: worst.toFixed(1),
    reached: worst < 3,
  };
}

/** Leak and DC blocker of brown noise: where they stand if the response is f^2 / (f^2 + corner^2) times the slope. */
function corner(): SoundFigure {
  const power = measure().exact.brown;
  const ratio = (hz: number): number => power[binOf(hz)]! * hz * hz;
  const line = ratio(hertz(256));
  const at = hertz(14);
  const found = at * Math.sqrt(Math.sqrt(line / ratio(at)) - 1);
  return {
    claim: 'brown noise: corner of its leak (and of what takes off its mean)',
    asked: 'at most 5 Hz',
    measured: `${found.toFixed(2)} Hz`,
    reached: found < 5.02,
  };
}

function uncorrelated(): SoundFigure {
  const found = measure().correlation;
  const chance = 6 / Math.sqrt(KNOWN * FRAMES);
  return {
    claim: `white noise of two voices (neighbours of ${VOICES}, all pairs of 16), ${FRAMES} frames, any lag within ${LAGS}: largest correlation`,
    asked: `below ${chance.toFixed(3)}, six standard deviations of chance`,
    measured: found.toFixed(3),
    reached: found > 0 && found < chance,
  };
}

function repeats(): SoundFigure {
  const [one, other] = [play('pink', 8), play('pink', 8)];
  const same = one.every((x, v) => x.every((y, i) => y === other[v]![i]));
  const own = one.every((x, v) => one.every((y, w) => v === w || x.some((z, i) => z !== y[i])));
  return {
    claim: 'noise of two cores, voice for voice: the same to the bit; no two voices alike',
    asked: 'same, and unlike',
    measured: `${same ? 'same' : 'different'}, and ${own ? 'unlike' : 'alike'}`,
    reached: same && own,
  };
}

function slopes(): Plot {
  const { exact, long } = measure();
  const series = (['pink', 'brown'] as const).flatMap((colour): Series[] => [
    { label: `${colour}, filter alone`, points: bands(exact[colour], laws[colour], ...ranges[colour]) },
    { label: `${colour}, averaged`, points: bands(long[colour], laws[colour], ...ranges[colour]) },
  ]);
  const line = (y: number): Series => ({
    label: `${y} dB`,
    reference: true,
    points: [
      [20, y],
      [20000, y],
    ],
  });
  return {
    name: 'noise-slopes',
    title: 'Noise: distance from its slope',
    x: { label: 'Hz', min: 20, max: 20000, log: true },
    y: { label: 'dB', min: -1, max: 1 },
    series: [
      { label: 'white, averaged', points: bands(long.white, laws.white, ...ranges.white) },
      ...series,
      line(0.3),
      line(-0.3),
    ],
  };
}

export const noisePart: SoundPart = {
  name: 'noise',
  doc: 'White, pink and brown noise of the voices, behind a high-pass of 50 Hz, which is taken off again.',
  figures: [
    flat,
    () => coloured('pink'),
    () => coloured('brown'),
    () => averaged('pink'),
    () => averaged('brown'),
    corner,
    uncorrelated,
    repeats,
  ],
  plots: [slopes],
};
