/** What is measured of a room: its answers, their decay, how dense and how even they are. */
import { noise, openBus, render, type Stereo } from '../../test/helpers/bus.js';
import { band, fft } from '../../test/helpers/spectrum.js';

export const RATE = 48000;

export interface Room {
  readonly room: number;
  readonly damp: number;
  readonly seconds: number;
  readonly sampleRate?: number;
}

/** The answers to a click on the left, on the right, on both sides (the sum of the others: the room is linear). */
export function clicks({ room, damp, seconds, sampleRate = RATE }: Room): [Stereo, Stereo, Stereo] {
  const frames = Math.ceil(seconds * sampleRate);
  const answer = (at: 'left' | 'right'): Stereo => {
    const input = { left: new Float32Array(frames), right: new Float32Array(frames) };
    input[at][0] = 1;
    return render(openBus('reverb', { sampleRate }), input, { params: () => ({ mix: 1, room, damp }) });
  };
  const [a, b] = [answer('left'), answer('right')];
  const sum = (x: Float32Array, y: Float32Array): Float32Array => x.map((v, i) => v + y[i]!);
  return [a, b, { left: sum(a.left, b.left), right: sum(a.right, b.right) }];
}

/**
 * Energy still to come (Schroeder) of several answers together, in dB: in the octave around hz, taken as three thirds, or
 * in the middle one of these alone.
 */
export function decay(
  answers: readonly Float32Array[],
  hz: number,
  { sampleRate = RATE, narrow = false }: { sampleRate?: number | undefined; narrow?: boolean } = {},
): Float64Array {
  const thirds = narrow ? [0] : [-1, 0, 1];
  const bands = answers.flatMap((x) => thirds.map((third) => band(x, hz * 2 ** (third / 3), sampleRate)));
  const frames = bands[0]!.length;
  const left = new Float64Array(frames);
  for (let i = frames - 1, sum = 0; i >= 0; i--) {
    for (const x of bands) sum += x[i]! ** 2;
    left[i] = sum;
  }
  return left.map((energy) => 10 * Math.log10(energy / left[0]! + 1e-30));
}

/** Seconds in which a decay falls by 60 dB: the straight line nearest to its way from -5 to -35 dB. */
export function fallTime(db: Float64Array, sampleRate = RATE): number {
  const from = db.findIndex((x) => x <= -5);
  const to = db.findIndex((x) => x <= -35);
  const middle = (from + to - 1) / 2;
  let [product, square] = [0, 0];
  for (let i = from; i < to; i++) {
    product += (i - middle) * db[i]!;
    square += (i - middle) ** 2;
  }
  return (-60 * square) / product / sampleRate;
}

/** T60 over what it is set to. Four paths: from either side to either side. */
export function t60Ratio(room: Room, hz: number, expected: number, narrow = false): number {
  const { sampleRate } = room;
  return fallTime(decay(paths(room), hz, { sampleRate, narrow }), sampleRate) / expected;
}

/** The four answers from either side to either side. */
export function paths(room: Room): Float32Array[] {
  const [left, right] = clicks(room);
  return [left.left, left.right, right.left, right.right];
}

/** Half of the window of the echo density: 10 ms. */
const HALF = 480;
const WINDOW = Float64Array.from(
  { length: 2 * HALF + 1 },
  (_, i) => 0.5 + 0.5 * Math.cos((Math.PI * (i - HALF)) / HALF),
);
/** Share of a Gaussian beyond its standard deviation. */
const OUTSIDE = 0.317310507862914;

/**
 * Echo density around a frame: share of the samples beyond the standard deviation, over that of Gaussian noise (Abel and
 * Huang, "A simple, robust measure of reverberation echo density", AES 2006). 1: no single echo can be told.
 */
export function echoDensity(x: Float32Array, frame: number): number {
  let [total, energy, beyond] = [0, 0, 0];
  WINDOW.forEach((weight, i) => {
    total += weight;
    energy += weight * (x[frame - HALF + i] ?? 0) ** 2;
  });
  const deviation = Math.sqrt(energy / total);
  WINDOW.forEach((weight, i) => {
    if (Math.abs(x[frame - HALF + i] ?? 0) > deviation) beyond += weight;
  });
  return beyond / total / OUTSIDE;
}

/** Echo density every 2 ms: [ms, density]. */
export function densities(x: Float32Array, untilMs: number): (readonly [number, number])[] {
  return Array.from({ length: untilMs / 2 + 1 }, (_, i) => [2 * i, echoDensity(x, 96 * i)] as const);
}

/**
 * When the density is 1 for the first time, in ms, once it has been below (a few early echoes close together also look
 * dense: the first 36 ms do not count).
 */
export function denseFrom(x: Float32Array, untilMs: number): number {
  return densities(x, untilMs).find(([ms, density]) => ms >= 36 && density >= 1)?.[0] ?? Infinity;
}

export const LATE_FRAMES = 32768;
/** Bins to either side that a bin is compared with: 47 Hz. */
const NEAR = 32;

/**
 * Peak of the spectrum of a late stretch over the mean around it, 200 Hz to 8 kHz, in dB; the decay of the stretch is
 * taken out by its own slope.
 */
export function peakToMean(x: Float32Array, from: number): number {
  const half = LATE_FRAMES / 2;
  const energy = (at: number): number => x.subarray(at, at + half).reduce((sum, v) => sum + v * v, 0);
  const slope = Math.log(energy(from) / energy(from + half)) / LATE_FRAMES;
  const re = Float64Array.from(
    { length: LATE_FRAMES },
    (_, i) => x[from + i]! * Math.exp(slope * i) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / LATE_FRAMES)),
  );
  const im = new Float64Array(LATE_FRAMES);
  fft(re, im);
  const power = re.map((v, i) => v * v + im[i]! ** 2);
  let worst = 0;
  const first = Math.round((200 * LATE_FRAMES) / RATE);
  const last = Math.round((8000 * LATE_FRAMES) / RATE);
  let around = power.subarray(first - NEAR, first + NEAR).reduce((sum, v) => sum + v, 0);
  for (let i = first; i < last; i++) {
    around += power[i + NEAR]!;
    worst = Math.max(worst, (power[i]! * (2 * NEAR + 1)) / around);
    around -= power[i - NEAR]!;
  }
  return 10 * Math.log10(worst);
}

/** Peak to mean of so many stretches of white noise, sorted. */
export function noisePeaks(count: number): number[] {
  return Array.from({ length: count }, (_, i) => peakToMean(noise(LATE_FRAMES, 1, i + 1).left, 0)).sort(
    (a, b) => a - b,
  );
}

const SINE_FRAMES = 1 << 17;

/** Mean and mean square of how far the energy around hz lies from it, in bins. */
function around(x: Float32Array, hz: number): { first: number; second: number } {
  const window = (i: number): number => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SINE_FRAMES)) ** 2;
  const re = Float64Array.from(x, (v, i) => v * window(i));
  const im = new Float64Array(SINE_FRAMES);
  fft(re, im);
  const centre = (hz * SINE_FRAMES) / RATE;
  let [sum, first, second] = [0, 0, 0];
  for (let i = Math.round(centre * 0.95); i < centre * 1.05; i++) {
    const power = re[i]! ** 2 + im[i]! ** 2;
    sum += power;
    first += power * (i - centre);
    second += power * (i - centre) ** 2;
  }
  return { first: first / sum, second: second / sum };
}

/**
 * What the room makes of a steady sine: how far its energy lies from the tone (root mean square; what the window of the
 * spectrum spreads the sine itself by is taken off) and to which side, in cents.
 */
export function spreadOfSine(hz: number, room: number, damp: number): { spread: number; shift: number } {
  const settle = 96000;
  const left = Float32Array.from({ length: settle + SINE_FRAMES }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / RATE),
  );
  const params = (): Record<string, number> => ({ mix: 1, room, damp });
  const out = render(openBus('reverb'), { left, right: left }, { params });
  const wet = around(out.left.subarray(settle), hz);
  const dry = around(left.subarray(settle), hz);
  const cents = (bins: number): number => 1200 * Math.log2(1 + (bins * RATE) / SINE_FRAMES / hz);
  return { spread: cents(Math.sqrt(Math.max(0, wet.second - dry.second))), shift: cents(wet.first) };
}
