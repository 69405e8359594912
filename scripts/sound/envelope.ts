/** The envelope of a voice: times and levels of its stages against the formula, and what begins in the middle of them. */
import { gate, LATENCY, RATE, set, side, type Event } from '../../test/helpers/core.js';
import { seeded } from '../../test/helpers/bus.js';
import {
  ATTACK_BEND,
  envelope,
  FALL_BEND,
  framesOf,
  levelAt,
  type Adsr,
  type Gate,
} from './envelope-model.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';
import { openVoice, QUIET } from './voice.js';

/** A square of 20 Hz is 1 or -1 for so many frames: what goes into the filter is the envelope with a sign. */
const HALF = 1200;
/** Frames beside a step of the square that its band-limited step covers. */
const STEP = 17;
/** What 24 bits leave of a level of 0 or of its end. */
const EXACT = 3e-7;

const gateEvents = (gates: readonly Gate[]): Event[] =>
  gates.map(([frame, velocity]) => ({ frame, command: gate(1, velocity > 0, velocity) }));

/**
 * The levels of an envelope as they go into the filter, which are what its band-pass and its notch give together; NaN
 * where the square steps. It starts with the first gate, at frame 0.
 */
function levels(adsr: Adsr, frames: number, events: readonly Event[]): Float64Array {
  const { attack, decay, sustain, release } = adsr;
  const into = (kind: string): Float32Array => {
    const rig = openVoice({
      'osc/type': 'square',
      freq: 20,
      'filter/type': kind,
      'adsr/attack': attack,
      'adsr/decay': decay,
      'adsr/sustain': sustain,
      'adsr/release': release,
    });
    return side(rig.render(frames + LATENCY, events, () => 2048)).subarray(LATENCY);
  };
  const [band, notch] = [into('bandpass'), into('notch')];
  return Float64Array.from(band, (x, i) => {
    const at = (i + 1) % HALF;
    if (at < STEP || at > HALF - STEP) return NaN;
    return ((x + notch[i]!) / QUIET) * ((i + 1) % (2 * HALF) < HALF ? 1 : -1);
  });
}

/** The frame in which a level arrives at `end`: behind the last one before `to` that is not there yet. */
function arrival(x: Float64Array, end: number, to: number): number {
  let i = to;
  while (i > 0 && !(Math.abs(x[i - 1]! - end) > EXACT)) i--;
  // Beside a step nothing can be told.
  return Number.isNaN(x[i]) ? NaN : i;
}

const SHAPES: readonly Adsr[] = [
  { attack: 0.001, decay: 0.003, sustain: 0.37, release: 0.0103 },
  { attack: 0.0213, decay: 0.041, sustain: 0.37, release: 0.0787 },
  { attack: 0.1304, decay: 0.2172, sustain: 0.25, release: 0.3108 },
];

function times(): SoundFigure {
  let worst = 0;
  const seen = SHAPES.map((adsr) => {
    const [attack, decay, release] = [adsr.attack, adsr.decay, adsr.release].map(framesOf) as [
      number,
      number,
      number,
    ];
    // Closed 100 frames after a step of the square.
    const closes = HALF * Math.ceil((attack + decay + 200) / HALF) + 100;
    const gates: Gate[] = [
      [0, 1],
      [closes, 0],
    ];
    const x = levels(adsr, closes + release + 100, gateEvents(gates));
    // The decay begins in the next frame.
    const top = x.findIndex((level) => Math.abs(level - 1) < EXACT);
    const low = arrival(x, adsr.sustain, closes);
    const end = arrival(x, 0, x.length);
    const found = [top + 1, low - top, end + 1 - closes];
    [attack, decay, release].forEach((frames, i) => {
      const off = Math.abs(found[i]! - frames);
      if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
    });
    return found.join(' ');
  });
  return {
    claim: `attack, decay and release, ${SHAPES.map((s) => `${s.attack} ${s.decay} ${s.release}`).join(', ')} s: frames from their start to their exact end, against the setting`,
    asked: 'within 1 frame',
    measured: `${worst} frames off (${seen.join(', ')})`,
    reached: worst <= 1,
  };
}

/** Largest distance of what is measured from what is asked, where it can be told. */
function distance(x: Float64Array, model: Float64Array): number {
  let worst = 0;
  let told = 0;
  x.forEach((level, i) => {
    if (Number.isNaN(level)) return;
    told++;
    worst = Math.max(worst, Math.abs(level - model[i]!));
  });
  return told > 0.9 * x.length ? worst : Infinity;
}

/** All stages at one length. */
const held = (attack: number, decay: number, release: number): Adsr => ({
  attack,
  decay,
  sustain: 0.37,
  release,
});

const curve = (adsr: Adsr, limit: number) => (): SoundFigure => {
  const closes = framesOf(adsr.attack) + framesOf(adsr.decay) + 1000;
  const frames = closes + framesOf(adsr.release) + 1000;
  const gates: Gate[] = [
    [0, 1],
    [closes, 0],
  ];
  const worst = distance(levels(adsr, frames, gateEvents(gates)), envelope(frames, gates, adsr));
  return {
    claim: `levels of attack, decay and release, ${adsr.attack}, ${adsr.decay} and ${adsr.release} s, against the formula (bend 1.5, 5, 5)`,
    asked: `within ${limit}`,
    measured: worst.toExponential(1),
    reached: worst < limit,
  };
};

const SEED = 11;

/** Gates at any frames: every stage goes on from the level there is, and no step is larger than the formula's. */
function again(): SoundFigure {
  const random = seeded(SEED);
  const adsr = { attack: 0.01, decay: 0.05, sustain: 0.5, release: 0.08 };
  const gates: Gate[] = [[0, 1]];
  for (let frame = 0; frame < 90000;) {
    frame += 50 + Math.floor(3000 * random());
    gates.push([frame, random() < 0.4 ? 0 : [0.3, 0.6, 1][Math.floor(3 * random())]!]);
  }
  const frames = 96000;
  const model = envelope(frames, gates, adsr);
  const x = levels(adsr, frames, gateEvents(gates));
  let [step, asked] = [0, 0];
  for (const [frame, velocity] of gates) {
    if (frame === 0 || !Number.isFinite(x[frame]! + x[frame - 1]!)) continue;
    const [bend, length] = velocity > 0 ? [ATTACK_BEND, adsr.attack] : [FALL_BEND, adsr.release];
    const slope = bend / -Math.expm1(-bend) / framesOf(length);
    const mine = Math.abs(x[frame]! - x[frame - 1]!);
    if (mine > step) [step, asked] = [mine, slope * Math.abs((velocity || 0) - model[frame - 1]!)];
  }
  const worst = distance(x, model);
  return {
    claim: `${gates.length} gates at any frames, attack 10 ms, release 80 ms, seed ${SEED}: distance of the level from stages that go on where the last one was; largest step at a gate`,
    asked: 'within 1e-5; at most the slope of the formula there',
    measured: `${worst.toExponential(1)}; ${step.toFixed(5)} (${asked.toFixed(5)})`,
    reached: worst < 1e-5 && step > 0 && step <= asked + EXACT,
  };
}

function sustained(): SoundFigure {
  const adsr = { attack: 0.01, decay: 0.02, sustain: 0.8, release: 0.1 };
  const moves = [
    [4000, 0.2],
    [6500, 1],
    [8800, 0.55],
  ] as const;
  const sets = moves.map(([frame, to]) => ({ frame, command: set('voice1/adsr/sustain', to) }));
  const x = levels(adsr, 12000, [...gateEvents([[0, 1]]), ...sets]);
  let [worst, off] = [0, 0];
  let start = 0.8;
  moves.forEach(([from, end], i) => {
    const to = moves[i + 1]?.[0] ?? x.length;
    const stage = { from, frames: 240, start, end, bend: FALL_BEND };
    const model = Float64Array.from({ length: to - from }, (_, t) => levelAt(stage, from + t));
    worst = Math.max(worst, distance(x.subarray(from, to), model));
    const length = arrival(x, end, to) + 1 - from;
    off = Math.max(off, Number.isNaN(length) ? Infinity : Math.abs(length - 240));
    start = end;
  });
  return {
    claim:
      'sustain of a held note set to 0.2, 1, 0.55: frames until it is there; distance of the level from the formula',
    asked: '240 (5 ms), within 1 frame; within 1e-5',
    measured: `${off} frames off; ${worst.toExponential(1)}`,
    reached: off <= 1 && worst < 1e-5,
  };
}

function stages(): Plot {
  const adsr = { attack: 0.02, decay: 0.06, sustain: 0.4, release: 0.1 };
  const gates: Gate[] = [
    [0, 1],
    [6000, 0],
    [8000, 0.8],
    [12600, 0],
  ];
  const frames = 18000;
  const ms = (frame: number): number => (1000 * (frame + 1)) / RATE;
  const every = 50;
  const thin = (x: Float64Array): (readonly [number, number])[] =>
    [...x.entries()]
      .filter(([i, level]) => i % every === 0 && !Number.isNaN(level))
      .map(([i, level]) => [ms(i), level] as const);
  return {
    name: 'envelope-stages',
    title: 'Envelope: stages at velocities 1 and 0.6, and their formula',
    x: { label: 'ms', min: 0, max: ms(frames) },
    y: { label: 'level', min: 0, max: 1 },
    series: [
      { label: 'formula', reference: true, points: thin(envelope(frames, gates, adsr)) },
      { label: 'measured', points: thin(levels(adsr, frames, gateEvents(gates))) },
    ],
  };
}

export const envelopePart: SoundPart = {
  name: 'envelope',
  doc: 'Stages of an envelope are exponentials that end in finite time (modules/dsp/segment.ts). Measured on a square of 20 Hz, before the filter.',
  figures: [
    times,
    curve(held(0.0213, 0.041, 0.0787), 1e-5),
    curve(held(0.2, 0.3, 0.4), 1e-5),
    curve(held(2, 2, 3), 2e-5),
    again,
    sustained,
  ],
  plots: [stages],
};
