/** The filter of a voice: its four responses against their formulas, and what it does while it is swept. */
import { voiceTable } from '../../modules/voice/table.js';
import { RATE, set, type Event } from '../../test/helpers/core.js';
import { seeded, toDb } from '../../test/helpers/bus.js';
import { fft } from '../../test/helpers/spectrum.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';
import { gainOf, makeSvf, openVoice, play, type Kind } from './voice.js';

const LENGTH = 32768;
/** Time for the slowest filter to settle: 50 Hz, q 10. */
const SETTLE = 24576;
/** What a filter takes away by more than this is not looked at: there is the rounding of its input, 24 bits. */
const DEPTH = -80;
const QS = [0.5, 0.71, 2, 10];

/** The white noise of voice1 as modules/voice makes it: what goes into its filter, from the frame of the gate on. */
function whiteNoise(frames: number): Float64Array {
  let seed = 0x9e3779b1 | 0;
  return Float64Array.from({ length: frames }, () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (0.7 * seed) / 2169175000;
  });
}

interface Band {
  readonly hz: number;
  /** What was measured over what the formula gives, in dB. */
  readonly off: number;
  readonly gain: number;
}

/** Noise through the voice against the same noise through the filter of the books, in twelfths of an octave. */
function response(kind: Kind, corner: number, q: number): Band[] {
  const settings = { 'osc/type': 'white', 'filter/type': kind, 'filter/freq': corner, 'filter/q': q };
  const heard = play(openVoice(settings), SETTLE + LENGTH);
  const svf = makeSvf();
  const ideal = whiteNoise(SETTLE + LENGTH).map((x) => svf.next(x, corner, q)[kind]);
  // Two real signals in one transform: the even part of it belongs to the first, the odd one to the second.
  const window = (i: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / LENGTH);
  const re = heard.subarray(SETTLE).map((x, i) => x * window(i));
  const im = ideal.subarray(SETTLE).map((x, i) => x * window(i));
  fft(re, im);
  const power = (bin: number, sign: number): number => {
    const [a, b, c, d] = [re[bin]!, im[bin]!, re[LENGTH - bin]!, im[LENGTH - bin]!];
    return sign > 0 ? (a + c) ** 2 + (b - d) ** 2 : (b + d) ** 2 + (c - a) ** 2;
  };
  const bands: Band[] = [];
  for (let hz = 20; hz < 20001; hz *= 2 ** (1 / 12)) {
    const first = Math.round((hz * 2 ** (-1 / 24) * LENGTH) / RATE);
    const last = Math.max(first + 1, Math.round((hz * 2 ** (1 / 24) * LENGTH) / RATE));
    let [mine, asked] = [0, 0];
    for (let bin = first; bin < last; bin++) {
      mine += power(bin, 1);
      asked += power(bin, -1);
    }
    const off = 10 * Math.log10(mine / asked);
    bands.push({ hz, off, gain: toDb(gainOf(kind, corner, q, hz)) + off });
  }
  return bands;
}

const follows = (kind: Kind, corners: readonly number[], qs: readonly number[]) => (): SoundFigure => {
  let worst = { off: 0, at: '' };
  for (const corner of corners)
    for (const q of qs)
      for (const { hz, off, gain } of response(kind, corner, q))
        if (gain > DEPTH && !(Math.abs(off) <= Math.abs(worst.off)))
          worst = { off, at: `${hz.toFixed(0)} Hz, corner ${corner} Hz, q ${q}` };
  return {
    claim: `${kind}, corners ${corners.join(', ')} Hz, q ${qs.join(', ')}: response from 20 Hz to 20 kHz against the trapezoidal formula`,
    asked: 'within 0.1 dB, held within 0.03 dB',
    measured: `${worst.off.toFixed(4)} dB (${worst.at})`,
    reached: Math.abs(worst.off) < 0.03,
  };
};

const SEED = 6;

/** Corner and q by random steps and jumps, the kind now and then, every 1 to 40 frames. */
function walk(frames: number, random: () => number): Event[] {
  const events: Event[] = [];
  let [octave, resonance] = [0, 0];
  const near = (x: number, by: number): number =>
    random() < 0.2 ? random() : Math.min(1, Math.max(0, x + by * (random() - 0.5)));
  for (let frame = 0; frame < frames; frame += 1 + Math.floor(40 * random())) {
    const what = random();
    if (what < 0.45) {
      octave = near(octave, 0.3);
      events.push({ frame, command: set('voice1/filter/freq', 50 * 160 ** octave) });
    } else if (what < 0.9) {
      resonance = near(resonance, 0.5);
      events.push({ frame, command: set('voice1/filter/q', 0.5 * 20 ** resonance) });
    } else events.push({ frame, command: set('voice1/filter/type', Math.floor(4 * random())) });
  }
  return events;
}

function bounded(): SoundFigure {
  const random = seeded(SEED);
  let peak = 0;
  for (const wave of ['saw', 'square', 'white'])
    for (const freq of [55, 441, 2200]) {
      const rig = openVoice({ 'osc/type': wave, freq });
      const frames = 2 * RATE;
      for (const x of play(rig, frames, walk(frames, random)))
        if (!(Math.abs(x) <= peak)) peak = Number.isFinite(x) ? Math.abs(x) : Infinity;
    }
  return {
    claim: `saw, square, noise of height 1 while corner, q and kind walk and jump every 1 to 40 frames, 18 s, seed ${SEED}: highest level`,
    asked: 'finite, below 13 (what a low-pass of q 10 at rest can give)',
    measured: peak.toFixed(2),
    reached: peak < 13,
  };
}

const TONE = 210;
const ABOVE = 3000;
const RECORD = 32768;
const TAPER = 4096;

/** The highest level above 3 kHz in a record of a sine of 210 Hz, against the highest level of all, in dB. */
function splatter(heard: Float64Array): number {
  const fade = (i: number): number =>
    0.5 - 0.5 * Math.cos((Math.PI * Math.min(TAPER, i, RECORD - i)) / TAPER);
  const re = heard.map((x, i) => x * fade(i));
  const level = peakOf(re);
  const im = new Float64Array(RECORD);
  fft(re, im);
  const lowest = Math.ceil((ABOVE * RECORD) / RATE);
  for (let bin = 0; bin < RECORD; bin++) if (Math.min(bin, RECORD - bin) < lowest) re[bin] = im[bin] = 0;
  // The other way round, with the parts exchanged, it is the inverse.
  fft(im, re);
  return toDb(peakOf(re) / RECORD / level);
}

const peakOf = (x: Float64Array): number => x.reduce((peak, v) => Math.max(peak, Math.abs(v)), 0);

/** What is heard of the sine for a record, from `SETTLE` frames after its gate on. */
function swept(settings: Record<string, number>, events: readonly Event[]): Float64Array {
  return play(openVoice({ freq: TONE, ...settings }), SETTLE + RECORD, events).subarray(SETTLE);
}

function wobbling(): SoundFigure {
  let worst = { db: -Infinity, at: '' };
  for (const q of [0.71, 10])
    for (const corner of [1000, 4000])
      for (const rate of [2, 10]) {
        const moves = { 'lfo1/target': 'voice1/filter/freq', 'lfo1/rate': rate, 'lfo1/depth': 1 };
        const events = Object.entries(moves).map(([path, value]) => ({
          frame: 0,
          command: set(path, value),
        }));
        const db = splatter(swept({ 'filter/freq': corner, 'filter/q': q }, events));
        if (!(db <= worst.db)) worst = { db, at: `corner ${corner} Hz, q ${q}, ${rate} Hz` };
      }
  return {
    claim:
      'sine of 210 Hz, an LFO of 2 and of 10 Hz moves the corner by 800 Hz, q 0.71 and 10: what appears above 3 kHz',
    asked: 'below -80 dB',
    measured: `${worst.db.toFixed(1)} dB (${worst.at})`,
    reached: worst.db < -80,
  };
}

/** Frames of a record at which a corner is moved, and in which it gets there: 20 ms. */
const MOVED_AT = 16384;
const LINE = 960;

const move = (from: number, to: number, q: number): Float64Array =>
  swept({ 'filter/freq': from, 'filter/q': q }, [
    { frame: SETTLE + MOVED_AT, command: set('voice1/filter/freq', to) },
  ]);

function stepped(): SoundFigure {
  let worst = { db: -Infinity, at: '' };
  for (const q of [0.71, 10])
    for (const corner of [500, 1000, 4000])
      for (const [from, to] of [
        [corner, 2 * corner],
        [2 * corner, corner],
      ] as const) {
        const db = splatter(move(from, to, q));
        if (!(db <= worst.db)) worst = { db, at: `${from} to ${to} Hz, q ${q}` };
      }
  return {
    claim:
      'sine of 210 Hz, the corner is set an octave higher or lower (500 Hz to 8 kHz): what appears above 3 kHz',
    asked: 'below -80 dB',
    measured: `${worst.db.toFixed(1)} dB (${worst.at})`,
    reached: worst.db < -80,
  };
}

/** The same sine through the filter of the books, its corner exact in every frame of the line. */
function idealMove(from: number, to: number, q: number): Float64Array {
  const svf = makeSvf();
  // The wave comes to the filter that many frames after its gate; a line starts at its frame.
  const start = SETTLE + MOVED_AT - voiceTable.latencyFrames;
  const increment = Math.round((TONE / RATE) * 2 ** 31) / 2 ** 31;
  return Float64Array.from({ length: SETTLE + RECORD }, (_, i) => {
    const share = Math.min(1, Math.max(0, (i + 1 - start) / LINE));
    return svf.next(Math.sin(2 * Math.PI * increment * (i + 1)), from + (to - from) * share, q).lowpass;
  }).subarray(SETTLE);
}

/** Over the whole range in 20 ms every filter spreads a tone: coefficients on a grid are to add next to nothing to it. */
function interpolated(): SoundFigure {
  let worst = { off: 0, at: '' };
  for (const q of [0.71, 10])
    for (const [from, to] of [
      [8000, 50],
      [50, 8000],
    ] as const) {
      const ideal = idealMove(from, to, q);
      const off = peakOf(move(from, to, q).map((x, i) => x - ideal[i]!)) / peakOf(ideal);
      if (!(off <= worst.off)) worst = { off, at: `${from} to ${to} Hz, q ${q}` };
    }
  return {
    claim:
      'sine of 210 Hz, the corner is set from one end of its range to the other (a line of 20 ms): distance from the same filter with exact coefficients in every frame',
    asked: 'below -55 dB of the level',
    measured: `${toDb(worst.off).toFixed(1)} dB (${worst.at})`,
    reached: toDb(worst.off) < -55,
  };
}

function responsePlot(): Plot {
  const series = QS.flatMap((q) => {
    const bands = response('lowpass', 1000, q);
    return [
      {
        label: `q ${q}, formula`,
        reference: true,
        points: bands.map(({ hz }) => [hz, toDb(gainOf('lowpass', 1000, q, hz))] as const),
      },
      { label: `q ${q}`, points: bands.map(({ hz, gain }) => [hz, gain] as const) },
    ];
  });
  return {
    name: 'filter-lowpass',
    title: 'Low-pass of a voice at 1 kHz, measured with noise, and its formula',
    x: { label: 'Hz', min: 20, max: 20000, log: true },
    y: { label: 'dB', min: -90, max: 30 },
    series,
  };
}

export const filterPart: SoundPart = {
  name: 'filter',
  doc: 'Trapezoidal state variable filter of a voice, its coefficients made every 16 frames and interpolated.',
  figures: [
    follows('lowpass', [50, 300, 2000, 8000], QS),
    follows('bandpass', [50, 1000, 8000], [0.5, 2, 10]),
    follows('highpass', [50, 1000, 8000], [0.5, 2, 10]),
    follows('notch', [50, 1000, 8000], [0.5, 2, 10]),
    bounded,
    wobbling,
    stepped,
    interpolated,
  ],
  plots: [responsePlot],
};
