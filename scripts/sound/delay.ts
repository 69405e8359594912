/** What is claimed of the echo's time, ping-pong and loop. */
import { delayTable } from '../../modules/delay/table.js';
import {
  both,
  firstDifference,
  noise,
  openBus,
  peakOf,
  render,
  rms,
  seeded,
  toDb,
  type BusKernel,
  type Stereo,
} from '../../test/helpers/bus.js';
import { magnitudes } from '../../test/helpers/spectrum.js';
import { bent, between, click, delays, glided, OPEN, RATE, risings, type Glide } from './delay-glide.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';

const LONGER: Glide = { fromS: 0.15, toS: 0.4, at: 9600 };
const SHORTER: Glide = { fromS: 0.4, toS: 0.15, at: 19200 };
const cents = (ratio: number): number => 1200 * Math.log2(ratio);
const db = (x: number): string => `${x.toFixed(1)} dB`;

/** Quarters in 1/8, 1/8d, 1/8t, ... */
function quarters(note: string): number {
  const [, up, down, kind] = /^(\d+)\/(\d+)([dt]?)$/.exec(note)!;
  return ((4 * Number(up)) / Number(down)) * (kind === 'd' ? 3 / 2 : kind === 't' ? 2 / 3 : 1);
}

function syncedTimes(): SoundFigure {
  let most = 0;
  let tried = 0;
  for (const [sampleRate, bpms] of [
    [44100, [117.3, 300]],
    [48000, [30, 128.5]],
    [96000, [240]],
  ] as const)
    for (const bpm of bpms)
      delayTable.params.sync.words.slice(1).forEach((note, i) => {
        let asked = (quarters(note) * 60 * sampleRate) / bpm;
        while (asked > 2 * sampleRate) asked /= 2;
        const kernel = openBus('delay', { sampleRate });
        kernel.tempo.bpm = bpm;
        const out = render(kernel, click(Math.ceil(asked) + 32), {
          params: () => ({ ...OPEN, sync: i + 1 }),
        });
        most = Math.max(most, Math.abs(out.left.findIndex((x) => x !== 0) - asked));
        tried++;
      });
  return {
    claim: `synced echoes, ${tried} notes, tempos and rates: furthest from its time`,
    asked: 'half a frame at most',
    measured: `${most.toFixed(2)} frames`,
    reached: most <= 0.5,
  };
}

/** The low-pass is late by this at low frequencies; the formula is looked at as much earlier. */
const LATE_FRAMES = (Math.SQRT2 / (2 * Math.PI * OPEN.highcut)) * RATE;

/** Pitch over each eight periods of a 1 kHz sine, as time, measured and by the formula. */
function pitches(glide: Glide): { s: number; measured: number; formula: number }[] {
  const frames = 96000;
  const way = delays(glide, frames + 1);
  const found = risings(glided(glide, 1000, frames), Math.max(9600, Math.round(glide.fromS * RATE) + 480));
  const places: { s: number; measured: number; formula: number }[] = [];
  for (let i = 0; i + 8 < found.length; i += 8) {
    const [a, b] = [found[i]!, found[i + 8]!];
    const formula = 1 - (between(way, b - LATE_FRAMES) - between(way, a - LATE_FRAMES)) / (b - a);
    places.push({ s: (a + b) / 2 / RATE, measured: (8 * 48) / (b - a), formula });
  }
  return places;
}

function pitchOfGlide(): SoundFigure {
  const all = [...pitches(LONGER), ...pitches(SHORTER)];
  const most = Math.max(...all.map(({ measured, formula }) => Math.abs(cents(measured / formula))));
  const lowest = Math.min(...all.map(({ measured }) => cents(measured)));
  const highest = Math.max(...all.map(({ measured }) => cents(measured)));
  return {
    claim: 'tape, 0.15 to 0.4 s and back: pitch of a 1 kHz sine against the formula',
    asked: 'within 1 cent, between an octave down and a fifth up',
    measured: `${most.toFixed(2)} cents, ${Math.round(lowest)} to ${Math.round(highest)} cents`,
    reached: most < 1 && lowest > -1201 && highest < 703,
  };
}

function waveOfGlide(): SoundFigure {
  const parts = [1000, 5000, 10000].map((hz) => {
    const frames = 86400;
    const worst = [LONGER, SHORTER].map((glide) => {
      const [is, should] = [glided(glide, hz, frames), bent(glide, hz, frames)];
      const from = Math.max(9600, Math.round(glide.fromS * RATE) + 4800);
      return (
        rms(
          is.map((x, i) => x - should[i]!),
          from,
        ) / rms(should, from)
      );
    });
    return { hz, level: toDb(Math.max(...worst)) };
  });
  return {
    claim: 'tape, sines of 1, 5 and 10 kHz: all that is not the bent sine',
    asked: 'below -90, -90 and -70 dB',
    measured: parts.map(({ level }) => db(level)).join(', '),
    reached: parts.every(({ hz, level }) => level < (hz < 10000 ? -90 : -70)),
  };
}

/** Loudest part above 3 kHz of what 210 Hz become, against it, over all places from frame 24000 on. */
function splatter(params: (frame: number) => Record<string, number>): number {
  const input = both(120000, (n) => Math.sin((2 * Math.PI * 210 * n) / RATE));
  const { left } = render(openBus('delay'), input, { params: (frame) => ({ ...OPEN, ...params(frame) }) });
  const size = 4096;
  let worst = 0;
  for (let from = 24000; from + size <= left.length; from += size / 2) {
    const window = left.slice(from, from + size).map((x, i) => {
      const turn = (2 * Math.PI * i) / size;
      const w =
        0.35875 - 0.48829 * Math.cos(turn) + 0.14128 * Math.cos(2 * turn) - 0.01168 * Math.cos(3 * turn);
      return x * w;
    });
    const bins = magnitudes(window, size);
    worst = Math.max(worst, Math.max(...bins.subarray(Math.ceil((3000 / RATE) * size))) / Math.max(...bins));
  }
  return toDb(worst);
}

function noClicks(): SoundFigure {
  const changes: Record<string, number> = {
    tape: splatter((f) => ({
      time_mode: 1,
      time: f < 28800 ? 0.15 : f < 38400 ? 0.45 : f < 60000 ? 0.13 : 0.2037,
    })),
    fade: splatter((f) => ({ time: f < 28800 ? 0.15 : 0.4 })),
    'tape cut off by a fade': splatter((f) => ({
      time_mode: f < 36000 ? 1 : 0,
      time: f < 28800 ? 0.15 : 0.4,
    })),
    'ping-pong on and off': splatter((f) => ({
      feedback: 0.7,
      time: 0.15,
      // The core smooths it over 20 ms.
      ping_pong: Math.max(0, Math.min(1, (f - 28800) / 960) - Math.min(1, Math.max(0, (f - 60000) / 960))),
    })),
  };
  return {
    claim: 'changes while a 210 Hz sine sounds: loudest part above 3 kHz',
    asked: 'below -80 dB',
    measured: Object.entries(changes)
      .map(([name, level]) => `${name} ${db(level)}`)
      .join(', '),
    reached: Object.values(changes).every((level) => level < -80),
  };
}

function neverBackwards(): SoundFigure {
  const random = seeded(5);
  let time = 0.3;
  let left = 0;
  const input = both(480000, (n) => Math.sin((2 * Math.PI * 2000 * n) / RATE));
  const out = render(openBus('delay'), input, {
    params: () => {
      if (left-- <= 0) [time, left] = [0.1 + 0.5 * random(), Math.floor(400 * random() ** 2)];
      return { ...OPEN, time_mode: 1, time };
    },
  });
  const found = risings(out.left, 24000);
  const ratios = found.slice(1).map((at, i) => 24 / (at - found[i]!));
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return {
    claim: 'tape, 10 s of times that change at random: speed of the reading point against the writing one',
    asked: '0.5 to 1.5',
    measured: `${least.toFixed(3)} to ${most.toFixed(3)}`,
    reached: least > 0.499 && most < 1.502,
  };
}

/** What a kernel says to the same noise after a second in which its memory has run empty; it sleeps after two. */
function answer(kernel: BusKernel, params: Record<string, number>): Stereo {
  render(
    kernel,
    both(48000, () => 0),
    { params: () => params },
  );
  return render(kernel, noise(48000, 0.5, 3), { params: () => params });
}

function landing(): SoundFigure {
  const settings = { feedback: 0, mix: 1, time: 0.3217 };
  const used = openBus('delay');
  render(used, noise(96000, 0.5), {
    params: (frame) => ({ ...settings, time_mode: 1, time: frame < 9600 ? 0.1 : settings.time }),
  });
  const differs = firstDifference(
    answer(used, { ...settings, time_mode: 1 }),
    answer(openBus('delay'), { ...settings, time_mode: 0 }),
  );
  return {
    claim: 'tape, 0.1 to 0.3217 s and at rest: against a delay that began there, memory empty',
    asked: 'the same bits',
    measured: differs < 0 ? 'the same bits' : `differs from frame ${differs} on`,
    reached: differs < 0,
  };
}

/** Loss at one frequency where the reading point lies half way between two frames. */
function lossAt(hz: number): number {
  const glide: Glide = { fromS: 0.1, toS: 0.1001, at: 9600 };
  const out = glided(glide, hz, 48000);
  const level = (from: number): number => {
    let [re, im] = [0, 0];
    for (let i = 0; i < 96; i++) {
      re += out[from + i]! * Math.cos((2 * Math.PI * hz * i) / RATE);
      im += out[from + i]! * Math.sin((2 * Math.PI * hz * i) / RATE);
    }
    return Math.hypot(re, im);
  };
  let least = Infinity;
  for (let from = 9600; from < 40000; from += 24) least = Math.min(least, level(from));
  return toDb(least / level(9000));
}

function treble(): SoundFigure {
  const [low, high] = [lossAt(10000), lossAt(15000)];
  return {
    claim: 'tape, interpolation half way between two frames: loss at 10 and 15 kHz',
    asked: 'under 0.01 and 0.2 dB',
    measured: `${(-low).toFixed(4)} and ${(-high).toFixed(3)} dB`,
    reached: low > -0.01 && high > -0.2,
  };
}

const PING_PONG = { ...OPEN, time: 0.1, feedback: 0.7, lowcut: 300 };

function burst(frames: number): Stereo {
  return both(frames, (n) =>
    n < 480 ? Math.sin((2 * Math.PI * 1000 * n) / RATE) * Math.sin((Math.PI * n) / 480) : 0,
  );
}

function pingPong(): SoundFigure {
  const wide = render(openBus('delay'), burst(48000), { params: () => ({ ...PING_PONG, ping_pong: 1 }) });
  const plain = render(openBus('delay'), burst(48000), { params: () => PING_PONG });
  let leak = 0;
  let off = 0;
  for (let echo = 1; echo < 10; echo++) {
    const [from, to] = [4800 * echo, 4800 * echo + 1200];
    const sides = [rms(wide.left, from, to), rms(wide.right, from, to)];
    const [here, there] = echo % 2 ? [sides[0]!, sides[1]!] : [sides[1]!, sides[0]!];
    leak = Math.max(leak, there / here);
    const before = Math.hypot(rms(plain.left, from, to), rms(plain.right, from, to));
    off = Math.max(off, Math.abs(toDb(Math.hypot(here, there) / before)));
  }
  return {
    claim:
      'ping-pong, nine echoes from the middle: left, right, left, ...; other side, and energy against plain echoes',
    asked: 'below -100 dB; within 0.01 dB',
    measured: `${leak > 0 ? db(toDb(leak)) : 'exactly silent'}; ${off.toFixed(4)} dB`,
    reached: leak < 1e-5 && off < 0.01,
  };
}

function loopFalls(): SoundFigure {
  const random = seeded(9);
  let least = Infinity;
  for (const mode of [0, 1])
    for (const ping_pong of [0, 0.5, 1]) {
      const input = noise(48000 * 4, 0.5);
      input.left.fill(0, 48000);
      input.right.fill(0, 48000);
      let time = 0.3;
      const out = render(openBus('delay'), input, {
        params: () => {
          if (random() < 0.005) time = 0.1 + 0.5 * random();
          return { ...OPEN, feedback: 0.7, time_mode: mode, ping_pong, time };
        },
      });
      const levels = [1, 2, 3].map((s) =>
        Math.hypot(rms(out.left, 48000 * s, 48000 * (s + 1)), rms(out.right, 48000 * s, 48000 * (s + 1))),
      );
      for (let i = 1; i < levels.length; i++) least = Math.min(least, toDb(levels[i - 1]! / levels[i]!));
    }
  return {
    claim:
      'feedback 0.7, times at random, both modes, all widths: least fall of the echoes in any second after the sound',
    asked: 'above 3 dB',
    measured: db(least),
    reached: least > 3,
  };
}

function glidePlot(): Plot {
  const longer = pitches(LONGER);
  const shorter = pitches(SHORTER);
  const line = (list: typeof longer, glide: Glide, key: 'measured' | 'formula'): [number, number][] =>
    list
      .map((place): [number, number] => [place.s - glide.at / RATE, cents(place[key]) / 100])
      .filter(([s]) => s < 1.2);
  return {
    name: 'delay-tape',
    title: 'Tape: pitch of a 1 kHz sine while the time glides',
    x: { label: 's after the change', min: 0, max: 1.2 },
    y: { label: 'semitones', min: -14, max: 9 },
    series: [
      { label: '0.15 to 0.4 s', points: line(longer, LONGER, 'measured') },
      { label: '0.4 to 0.15 s', points: line(shorter, SHORTER, 'measured') },
      { label: 'formula', points: line(longer, LONGER, 'formula'), reference: true },
      { label: 'formula', points: line(shorter, SHORTER, 'formula'), reference: true },
    ],
  };
}

function pingPongPlot(): Plot {
  const out = render(openBus('delay'), burst(33600), { params: () => ({ ...PING_PONG, ping_pong: 1 }) });
  const envelope = (x: Float32Array, sign: number): [number, number][] =>
    Array.from({ length: 350 }, (_, i) => {
      const part = x.subarray(96 * i, 96 * (i + 1));
      return [(i * 96) / RATE, sign * peakOf({ left: part, right: part })];
    });
  return {
    name: 'delay-ping-pong',
    title: 'Ping-pong: echoes of a 10 ms burst, left upwards, right downwards',
    x: { label: 's', min: 0, max: 0.7 },
    y: { label: 'level', min: -1.5, max: 1.5 },
    series: [
      { label: 'left', points: envelope(out.left, 1) },
      { label: 'right', points: envelope(out.right, -1) },
    ],
  };
}

export const delayPart: SoundPart = {
  name: 'delay',
  doc: 'The echo: its time in seconds or as a note of the tempo, changed by a fade or like tape; ping-pong.',
  figures: [
    syncedTimes,
    pitchOfGlide,
    waveOfGlide,
    noClicks,
    neverBackwards,
    landing,
    treble,
    pingPong,
    loopFalls,
  ],
  plots: [glidePlot, pingPongPlot],
};
