/** What the limiter is measured with: inputs that others have failed on, and 10,000 random ones. */
import { seeded, type Stereo } from '../../test/helpers/bus.js';

const RATE = 48000;
const TURN = 2 * Math.PI;
const gainOf = (db: number): number => 10 ** (db / 20);

type Random = () => number;
type Shape = (frame: number) => number;

const sine =
  (hz: number, degrees = 0): Shape =>
  (i) =>
    Math.sin((TURN * hz * i) / RATE + (TURN * degrees) / 360);
const square =
  (hz: number, phase = 0): Shape =>
  (i) =>
    ((hz * i) / RATE + phase) % 1 < 0.5 ? 1 : -1;
const alternating: Shape = (i) => (i % 2 ? -1 : 1);
const white = (random: Random): Shape => {
  const x: number[] = [];
  return (i) => (x[i] ??= 2 * random() - 1);
};
/** Silent outside from..to. */
const within =
  (from: number, to: number, shape: Shape): Shape =>
  (i) =>
    i >= from && i < to ? shape(i) : 0;
/** `db` louder between from and to. */
const step =
  (db: number, from: number, to: number, shape: Shape): Shape =>
  (i) =>
    shape(i) * (i >= from && i < to ? gainOf(db) : 1);
const sum =
  (...shapes: Shape[]): Shape =>
  (i) =>
    shapes.reduce((total, shape) => total + shape(i), 0);
const times =
  (gain: number, shape: Shape): Shape =>
  (i) =>
    gain * shape(i);
/** From one frequency to the other over `frames`, evenly in pitch. */
const sweep =
  (from: number, to: number, frames: number): Shape =>
  (i) => {
    const octaves = Math.log(to / from);
    return Math.sin(((TURN * from * frames) / RATE / octaves) * Math.expm1((octaves * i) / frames));
  };
/** Saws without aliases. */
const mix =
  (...roots: number[]): Shape =>
  (i) => {
    let total = 0;
    for (const hz of roots) for (let h = 1; h * hz < 19000; h++) total += sine(h * hz)(i) / h;
    return total / roots.length;
  };

function made(frames: number, left: Shape, right: Shape = left): Stereo {
  return {
    left: Float32Array.from({ length: frames }, (_, i) => left(i)),
    right: Float32Array.from({ length: frames }, (_, i) => right(i)),
  };
}

export interface Listed {
  readonly name: string;
  readonly input: Stereo;
}

/** 0.1 s each, most of them far over the ceiling. */
export function listedInputs(): Listed[] {
  const random = seeded(95);
  const noise = white(random);
  const other = white(random);
  const n = 4800;
  const up = (shape: Shape): Shape => step(24, 1500, 3000, times(0.3, shape));
  const inputs: [string, Shape, Shape?][] = [
    ['+24 dB step, 100 Hz', up(sine(100))],
    ['+24 dB step, 997 Hz, on the left alone', up(sine(997)), times(0.3, sine(997))],
    ['+24 dB step, noise', up(noise)],
    ['+24 dB step, naive square of 441 Hz', up(square(441))],
    ['fs/4 at 45 degrees', times(1.4, sine(RATE / 4, 45)), times(4, sine(RATE / 4, 44))],
    ['fs/4 at 45 degrees, 3 dB over between samples alone', times(0.89, sine(RATE / 4, 45))],
    ['fs/6, fs/3', times(2, sine(RATE / 6, 30)), times(2, sine(RATE / 3, 15))],
    ['23.9 kHz bursts of 60 frames', (i) => (i % 240 < 60 ? 2 * sine(23900)(i) : 0)],
    [
      'alternating +-1, out of nothing',
      within(1000, 2000, alternating),
      within(1001, 1040, times(4, alternating)),
    ],
    ['alternating +-1 that turns over', (i) => (i % 97 < 48 ? 1 : -1) * alternating(i)],
    ['impulses', (i) => (i % 311 === 7 ? 8 : 0), (i) => (i % 311 === 9 ? -1 : i % 311 === 10 ? 1 : 0)],
    ['random signs', (i) => Math.sign(noise(i)), (i) => 3 * Math.sign(other(i))],
    ['naive squares', times(1.5, square(100)), times(1.5, square(4987, 0.1))],
    ['clipped noise', (i) => Math.max(-1, Math.min(1, 4 * noise(i)))],
    ['50 Hz with bursts of noise', sum(times(0.8, sine(50)), within(2000, 2100, times(3, noise)))],
    ['a hot mix', times(4, mix(55, 220, 277.2, 329.6)), times(4, mix(55, 221, 276.2, 330.6))],
    ['sweep, 20 Hz to 23.9 kHz', times(2, sweep(20, 23900, n)), times(2, sweep(23900, 20, n))],
    ['sines at 20 and 20.05 kHz', sum(sine(20000), sine(20050))],
    ['a click in a whisper', sum(times(0.001, sine(300)), within(2400, 2403, times(16, noise)))],
  ];
  return inputs.map(([name, left, right]) => ({ name, input: made(n, left, right) }));
}

/** -6 to +24 dB. */
const anyGain = (random: Random): number => gainOf(30 * random() - 6);

function anyShape(random: Random): Shape {
  const low = (top: number): number => 20 * (top / 20) ** random();
  const kinds: (() => Shape)[] = [
    () => white(random),
    () => {
      const noise = white(random);
      return (i) => Math.sign(noise(i));
    },
    () => {
      const noise = white(random);
      return (i) => Math.max(-1, Math.min(1, 5 * noise(i)));
    },
    () => sine(low(23900), 360 * random()),
    () => sine(RATE / 2 - 2800 * random(), 360 * random()),
    () => square(low(10000), random()),
    () =>
      sum(
        ...Array.from({ length: 1 + Math.floor(6 * random()) }, () =>
          times(0.4, sine(low(20000), 360 * random())),
        ),
      ),
    () => {
      // Signs that turn over now and then, or nearly always.
      const seldom = 0.02 + 0.96 * random();
      const turns: number[] = [];
      return (i) => (turns[i] ??= (turns[i - 1] ?? 1) * (random() < seldom ? -1 : 1));
    },
    () => {
      const share = 0.02 * random();
      const noise = white(random);
      const there: boolean[] = [];
      return (i) => ((there[i] ??= random() < share) ? noise(i) : 0);
    },
    () => {
      const a = 0.02 + 0.5 * random();
      const y: number[] = [];
      const noise = white(random);
      return (i) => (y[i] = (1 - a) * (y[i - 1] ?? 0) + Math.sqrt(a) * noise(i));
    },
  ];
  return kinds[Math.floor(random() * kinds.length)]!();
}

/** 64 to 320 frames of one or two of these, with a step of up to 30 dB somewhere; then `tail` frames of silence. */
export function randomInput(random: Random, tail: number): Stereo {
  const n = 64 + Math.floor(256 * random());
  const side = (): Shape => {
    const one = step(
      20 * Math.log10(anyGain(random)) + 6,
      Math.floor(n * random()),
      n,
      times(0.5, anyShape(random)),
    );
    if (random() < 0.6) return within(0, n, one);
    const from = Math.floor(n * random());
    return within(
      0,
      n,
      sum(one, within(from, from + Math.floor(100 * random()), times(anyGain(random), anyShape(random)))),
    );
  };
  return made(n + tail, side(), random() < 0.2 ? side() : () => 0);
}
