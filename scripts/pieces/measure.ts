/** What a take of a piece sounds like, in numbers. */
import { describeProblem } from '../../engine/shared/outcome.js';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';

export interface Sound {
  readonly sampleRate: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

const READ_FRAMES = 65_536;

/** A 24-bit stereo WAV of the recorder. */
export function readTake(path: string): Sound {
  const opened = openWav(path);
  if (!opened.ok) throw new Error(describeProblem(opened.error));
  const wav = opened.value;
  const left = new Float32Array(wav.frames);
  const right = new Float32Array(wav.frames);
  for (let from = 0; from < wav.frames; from += READ_FRAMES) {
    const bytes = wav.readBytes(from, READ_FRAMES);
    for (let i = 0; i < bytes.length / 6; i++) {
      left[from + i] = bytes.readIntLE(6 * i, 3) / 0x80_0000;
      right[from + i] = bytes.readIntLE(6 * i + 3, 3) / 0x80_0000;
    }
  }
  wav.close();
  return { sampleRate: wav.format.sampleRate, left, right };
}

export const toDb = (level: number): number => 20 * Math.log10(Math.max(level, 1e-9));

/** RMS and peak of a stretch, both sides together, in dB of full scale. */
export function levels(
  { left, right }: Sound,
  from = 0,
  to = left.length,
): { rmsDb: number; peakDb: number } {
  let [sum, peak] = [0, 0];
  for (let i = from; i < to; i++) {
    const [l, r] = [left[i] ?? 0, right[i] ?? 0];
    sum += l * l + r * r;
    peak = Math.max(peak, Math.abs(l), Math.abs(r));
  }
  return { rmsDb: toDb(Math.sqrt(sum / (2 * Math.max(1, to - from)))), peakDb: toDb(peak) };
}

/** Energy of the difference of both sides against that of their sum, in dB: -Infinity is mono. */
export function widthDb({ left, right }: Sound): number {
  let [mid, side] = [0, 0];
  for (let i = 0; i < left.length; i++) {
    mid += ((left[i] ?? 0) + (right[i] ?? 0)) ** 2;
    side += ((left[i] ?? 0) - (right[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(side / mid);
}

/** Hop of the onset curve, frames. */
const HOP = 48;

/** Hops a rise is held against: noise goes up and down from hop to hop. */
const PAST = 6;

/** How much louder the treble gets (energy of the first difference in each hop; logarithmic, rises only). */
export function onsetCurve({ left, right }: Sound): Float32Array {
  const hops = Math.floor(left.length / HOP);
  const curve = new Float32Array(hops);
  const before = new Float32Array(PAST).fill(0);
  let last = 0;
  for (let h = 0; h < hops; h++) {
    let energy = 1e-7;
    for (let i = h * HOP; i < (h + 1) * HOP; i++) {
      const x = (left[i] ?? 0) + (right[i] ?? 0);
      energy += (x - last) ** 2;
      last = x;
    }
    const level = Math.log(energy);
    curve[h] = Math.max(0, level - Math.max(...before));
    before[h % PAST] = level;
  }
  return curve;
}

/** Seconds at which something begins: peaks of the curve above `threshold`, at least 40 ms apart. */
export function onsetTimes(curve: Float32Array, sampleRate: number, threshold = 2.5): number[] {
  const times: number[] = [];
  const apart = (0.04 * sampleRate) / HOP;
  let last = -Infinity;
  for (let h = 1; h < curve.length - 1; h++) {
    const x = curve[h] ?? 0;
    if (x < threshold || h - last < apart) continue;
    if (x < (curve[h + 1] ?? 0)) continue;
    times.push((h * HOP) / sampleRate);
    last = h;
  }
  return times;
}

/** Beats a minute in a stretch, by autocorrelation of its onset curve around `near` (5 % up and down). */
export function tempoOf(curve: Float32Array, sampleRate: number, near: number): number {
  const hopsPerMinute = (60 * sampleRate) / HOP;
  // Over four beats: finer, and no off-beat comes so often.
  const lagOf = (bpm: number): number => (4 * hopsPerMinute) / bpm;
  const smooth = curve.map((_, i) => ((curve[i - 1] ?? 0) + 2 * (curve[i] ?? 0) + (curve[i + 1] ?? 0)) / 4);
  let [best, bestSum] = [0, -1];
  for (let lag = Math.floor(lagOf(near * 1.05)); lag <= lagOf(near * 0.95); lag++) {
    let sum = 0;
    for (let i = 0; i + lag < smooth.length; i++) sum += (smooth[i] ?? 0) * (smooth[i + lag] ?? 0);
    if (sum > bestSum) [best, bestSum] = [lag, sum];
  }
  return (4 * hopsPerMinute) / best;
}

/** Size of one frequency in a stretch of the sum of both sides (Goertzel, Hann window). */
export function toneDb({ left, right, sampleRate }: Sound, hz: number, from: number, to: number): number {
  let [re, im] = [0, 0];
  const n = to - from;
  for (let i = 0; i < n; i++) {
    const x = ((left[from + i] ?? 0) + (right[from + i] ?? 0)) * (1 - Math.cos((2 * Math.PI * i) / n));
    re += x * Math.cos((2 * Math.PI * hz * i) / sampleRate);
    im += x * Math.sin((2 * Math.PI * hz * i) / sampleRate);
  }
  return toDb(Math.hypot(re, im) / n);
}

/** From the gate of a voice to the output: voice 16, distortion 32, limiter 128 frames. */
const LATENCY_FRAMES = 176;
const WINDOW_S = 0.02;

/** Where the sharpest rise near each of these times is against it, in milliseconds, in order of size. */
export function onsetErrorsMs(curve: Float32Array, sampleRate: number, seconds: readonly number[]): number[] {
  const reach = Math.round((WINDOW_S * sampleRate) / HOP);
  const errors = seconds.map((second) => {
    const centre = (second * sampleRate + LATENCY_FRAMES) / HOP;
    let best = Math.round(centre) - reach;
    for (let h = best; h <= centre + reach; h++) if ((curve[h] ?? 0) > (curve[best] ?? 0)) best = h;
    // A rise within a hop shows in that hop: it is half a hop too late on the average.
    return ((best + 0.5 - centre) * HOP * 1000) / sampleRate;
  });
  return errors.sort((a, b) => Math.abs(a) - Math.abs(b));
}
