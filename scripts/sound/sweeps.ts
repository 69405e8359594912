/**
 * Waves whose pitch, width, sync or kind moves, against the same waves by brute force: 32 steps of 53 bits to a frame, each
 * the exact mean of the ideal wave over its time, then a long low-pass. What is left between them is splatter.
 */
import type { Command } from '../../engine/shared/command.js';
import { gate, LATENCY, openRig, RATE, set, side } from '../../test/helpers/core.js';
import { fft } from '../../test/helpers/spectrum.js';
import { highPass, phasesOf, plainVoice, type Wave } from './waves.js';

export interface Sweep {
  readonly from: Wave;
  readonly hz: number;
  /** At frame LEAD; a line of LINE frames, where it is one. */
  readonly change: readonly Command[];
  /** Where the width goes. */
  readonly width?: number;
  /** Into what it crossfades. */
  readonly into?: Wave['type'];
  /** Before the gate; the sound then counts from the gate on. */
  readonly first?: readonly Command[];
}

const LEAD = 4096;
const FRAMES = 10240;
/** Parameters move in a straight line for 20 ms, kinds of wave in 64 frames. */
const LINE = 960;
const FADE = 64;
const FINE = 32;

/** Integrals of the waves over their phase, in cycles. Each wave has no mean, so they are periodic. */
const integrals = {
  sine: (p: number): number => (1 - Math.cos(2 * Math.PI * p)) / (2 * Math.PI),
  saw: (p: number): number => (p < 0.5 ? p * p : (p - 1) ** 2),
  triangle: (p: number): number =>
    p < 0.25 ? 2 * p * p : p < 0.75 ? 2 * p - 2 * p * p - 0.25 : 2 * (p - 1) ** 2,
};
/** A saw that falls where its phase begins: two of them make a pulse. */
const fallen = (p: number): number => p * p - p;

function mean(integral: (p: number) => number, from: number, to: number): number {
  const fraction = (p: number): number => p - Math.floor(p);
  return (integral(fraction(to)) - integral(fraction(from))) / (to - from);
}

/** The mean of a wave while its phase moves from one to the other, and the width as well. */
function meanOf(type: Wave['type'], from: number, to: number, widthFrom: number, widthTo: number): number {
  if (type !== 'square') return mean(integrals[type], from, to);
  return mean(fallen, from - widthFrom, to - widthTo) - mean(fallen, from, to);
}

/** Flat to 16 kHz, 100 dB down from 32 kHz on: a sinc in a Kaiser window of 10; it lifts what the means take. */
const HALF_TAPS = 312;
const taps = lowPass();
function lowPass(): Float64Array {
  const bessel = (x: number): number => {
    let [sum, term] = [1, 1];
    for (let k = 1; k < 40; k++) sum += term *= (x / (2 * k)) ** 2;
    return sum;
  };
  const at = (i: number): number => {
    const x = (Math.PI * i) / FINE;
    return bessel(10 * Math.sqrt(Math.max(0, 1 - (i / (HALF_TAPS + 1)) ** 2))) * (Math.sin(x) / x);
  };
  const made = Float64Array.from({ length: 2 * HALF_TAPS }, (_, i) => {
    const place = i - HALF_TAPS + 0.5;
    return at(place) * (1 + 1 / 12) - (at(place - 1) + at(place + 1)) / 24;
  });
  const sum = made.reduce((total, x) => total + x, 0);
  return made.map((x) => x / sum);
}

interface Path {
  /** Unwrapped phase of the cycle at each frame, in cycles, and that of the wave, which may be thrown back. */
  readonly master: Float64Array;
  readonly slave: Float64Array;
}

/** What the core plays, and where its phases were. */
function play({ from, hz, change, first }: Sweep): { readonly heard: Float32Array; readonly path: Path } {
  const rig = openRig({ voices: 1 }).now(...plainVoice(from), set('voice1/freq', hz), ...(first ?? []));
  rig.now(gate(1, true));
  if (!first) rig.render(8000, [], () => 2048);
  const heard = new Float32Array(FRAMES + LATENCY);
  const path = { master: new Float64Array(FRAMES), slave: new Float64Array(FRAMES) };
  for (let i = 0; i < FRAMES; i++) {
    if (i === LEAD) rig.now(...change);
    heard[i] = rig.render(1)[0]!;
    const { master, slave } = phasesOf(rig);
    path.master[i] = master / 2 ** 32;
    // Nobody moves the second phase before there is sync.
    path.slave[i] = (from.sync === undefined && i < LEAD ? master : slave) / 2 ** 32;
  }
  heard.set(side(rig.render(LATENCY)), FRAMES);
  return { heard: heard.subarray(LATENCY), path };
}

/** The ideal wave along a path: means over parts of frames. */
function ideal(sweep: Sweep, { master, slave }: Path, synced: boolean): Float64Array {
  const wrap = (x: number): number => x - Math.floor(x);
  const phase = synced ? slave : master;
  const resets = (i: number): boolean => synced && master[i]! < master[i - 1]! && slave[i] !== master[i];
  const moved = (i: number): number => wrap((phase[i] ?? NaN) - (phase[i - 1] ?? NaN));
  const width = sweep.from.width ?? 0.5;
  const share = (i: number, length: number): number => Math.min(1, Math.max(0, (i - LEAD + 1) / length));
  const out = new Float64Array(FRAMES * FINE);
  for (let i = 2; i < FRAMES - 1; i++) {
    const reset = resets(i);
    const speed = reset ? (moved(i - 1) + moved(i + 1)) / 2 : moved(i);
    const back = reset ? 1 - master[i]! / wrap(master[i]! - master[i - 1]!) : 2;
    const at = (t: number): number => (t > back ? (t - back) * speed : phase[i - 1]! + t * speed);
    for (let n = 0; n < FINE; n++) {
      const [from, to] = [n / FINE, (n + 1) / FINE];
      const widthAt = (t: number): number =>
        width + ((sweep.width ?? width) - width) * share(i - 1 + t, LINE);
      const blend = sweep.into ? share(i - 1 + (from + to) / 2, FADE) : 0;
      const part = (a: number, b: number, start: number): number => {
        const one = (type: Wave['type']): number =>
          meanOf(type, start, start + (b - a) * speed, widthAt(a), widthAt(b));
        const x =
          (blend < 1 ? (1 - blend) * one(sweep.from.type) : 0) + (blend > 0 ? blend * one(sweep.into!) : 0);
        return (b - a) * FINE * x;
      };
      out[i * FINE + n] =
        from < back && back < to
          ? part(from, back, at(from)) + part(back, to, 0)
          : part(from, to, at(from + 1e-12));
    }
  }
  return out;
}

/** Loudest 10 ms of what is left below 16 kHz, over the mean power of the sound, dB. */
export function splatter(sweep: Sweep): number {
  const synced = sweep.from.sync !== undefined || sweep.change.some(isSync);
  const { heard, path } = play(sweep);
  const fine = ideal(sweep, path, synced);
  const coarse = Float64Array.from({ length: FRAMES }, (_, i) => {
    let sum = 0;
    // The mean before frame i ends there: part FINE - 1 of that frame.
    const start = (i + 1) * FINE - HALF_TAPS;
    for (let j = 0; j < taps.length; j++) sum += taps[j]! * (fine[start + j] ?? 0);
    return sum;
  });
  const wanted = highPass(coarse);
  let power = 0;
  for (let i = LEAD; i < FRAMES; i++) power += heard[i]! ** 2 / (FRAMES - LEAD);
  let worst = 0;
  const size = 512;
  for (let start = LEAD - size; start + 2 * size < FRAMES; start += size / 2) {
    const hann = (i: number): number => 1 - Math.cos((2 * Math.PI * i) / size);
    const re = Float64Array.from(
      { length: size },
      (_, i) => hann(i) * (heard[start + i]! - wanted[start + i]!),
    );
    const im = new Float64Array(size);
    fft(re, im);
    let sum = 0;
    for (let k = 1; k < (16000 * size) / RATE - 4; k++) sum += 2 * (re[k]! ** 2 + im[k]! ** 2);
    worst = Math.max(worst, sum / (1.5 * size * size));
  }
  return 10 * Math.log10(worst / power);
}

const syncAddress = (set('voice1/osc/sync', 1) as { readonly address: number }).address;
function isSync(command: Command): boolean {
  return command.kind === 'set' && command.address === syncAddress;
}
