/** The waves of a voice: aliases, harmonics, pitch, and what is left of them while they move. */
import { unitOf } from '../../engine/registry/units.js';
import { gate, openRig, RATE, set, side } from '../../test/helpers/core.js';
import type { Plot, Series, SoundFigure, SoundPart } from './part.js';
import { splatter, type Sweep } from './sweeps.js';
import {
  dB,
  FRAMES,
  harmonic,
  idealHarmonic,
  LOBE,
  nameOf,
  oddPitch,
  plainVoice,
  spectrumOf,
  strongestAlias,
  treble,
  type Spectrum,
  type Wave,
} from './waves.js';

const SINE: Wave = { type: 'sine' };
const SAW: Wave = { type: 'saw' };
const SQUARE: Wave = { type: 'square' };
const TRIANGLE: Wave = { type: 'triangle' };
const PULSES: Wave[] = [0.25, 0.1].map((width) => ({ type: 'square', width }));
const synced = (type: Wave['type'], ratios: readonly number[]): Wave[] =>
  ratios.map((sync) => ({ type, sync }));
const SYNCED = [
  ...synced('saw', [1.37, 2.5, 5.3]),
  ...synced('square', [1.37, 1.55, 5.3]),
  ...synced('triangle', [1.37, 2.5, 5.3]),
];
const NARROW: Wave = { type: 'square', width: 0.2, sync: 2.5 };

const PITCHES = [25.7, 110, 440, 1001, 3989, 7000].map(oddPitch);
const SYNCED_PITCHES = [110, 1001, 7000].map(oddPitch);
/** Above this the steps let less and less through: half at 21.6 kHz. */
const TOP = 21600;

/** Heights of the ideal partials; the strongest of them. */
function idealOf(wave: Wave, hz: number, { ratio }: Spectrum): { partials: number[]; most: number } {
  const partials = [0];
  for (let k = 1; k * hz < TOP; k++) partials.push(idealHarmonic(wave, k, ratio));
  return { partials, most: Math.max(...partials) };
}

/** Strongest alias, dB. With sync the partial of the master may be as weak as one likes: held against the strongest one. */
function aliasOf(wave: Wave, hz: number): number {
  const spectrum = spectrumOf(wave, hz);
  const against = wave.sync === undefined ? harmonic(spectrum, 1) : idealOf(wave, hz, spectrum).most;
  return dB(strongestAlias(spectrum) / against);
}

function aliases(name: string, waves: readonly Wave[], pitches: readonly number[]): SoundFigure {
  const found = waves.flatMap((wave) => pitches.map((hz) => ({ hz, alias: aliasOf(wave, hz) })));
  const worst = found.reduce((a, b) => (b.alias > a.alias ? b : a));
  return {
    claim: `${name}, ${pitches[0]!.toFixed(1)} Hz to ${(pitches.at(-1)! / 1000).toFixed(1)} kHz: strongest alias below 18 kHz`,
    asked: 'below -90 dB',
    measured: `${worst.alias.toFixed(1)} dB at ${Math.round(worst.hz)} Hz`,
    reached: worst.alias < -90,
  };
}

/** Distance of the partials up to 16 kHz and 19 kHz from the ideal ones, dB; those of some weight. */
function distance(wave: Wave, hz: number): [number, number] {
  const spectrum = spectrumOf(wave, hz);
  const { partials, most } = idealOf(wave, hz, spectrum);
  const off: [number, number] = [0, 0];
  partials.forEach((ideal, k) => {
    if (ideal < most * 1e-3 || k * hz > 19000) return;
    const found = Math.abs(dB(harmonic(spectrum, k) / ideal));
    if (k * hz <= 16000) off[0] = Math.max(off[0], found);
    off[1] = Math.max(off[1], found);
  });
  return off;
}

function harmonics(name: string, waves: readonly Wave[], pitches: readonly number[]): SoundFigure {
  const found = waves.flatMap((wave) => pitches.map((hz) => distance(wave, hz)));
  const [low, high] = [0, 1].map((i) => Math.max(...found.map((off) => off[i]!))) as [number, number];
  return {
    claim: `${name}: partials (to -60 dB) against the Fourier series of the ideal wave, up to 16 kHz and 19 kHz`,
    asked: 'within 0.1 dB, 1 dB',
    measured: `${low.toFixed(3)} dB, ${high.toFixed(2)} dB`,
    reached: low < 0.1 && high < 1,
  };
}

/** No partial of one falls on another. */
const TUNED = [
  { ...SAW, hz: 27.5 },
  { ...SQUARE, hz: 453.75 },
  { ...TRIANGLE, hz: 1003.75 },
  { ...SINE, hz: 4193.75 },
] as const;

/** Largest distance of four voices from their pitch, in cents, by how far their phases have moved since the beginning. */
function centsOff(sampleRate: number, seconds: number): number {
  const rig = openRig({ sampleRate, voices: 4 }).now(...plainVoice(SINE));
  // They would only cost time.
  for (const id of ['limiter1', 'dist1']) {
    const unit = unitOf(id, 4);
    if (unit === undefined) throw new Error(`no ${id}`);
    rig.now({ kind: 'bypass', unit, on: true, strike: false });
  }
  TUNED.forEach(({ type, hz }, i) => {
    const voice = i + 1;
    rig.now(...treble(voice), set(`voice${voice}/amp`, 0.2), set(`voice${voice}/osc/type`, type));
    rig.now(set(`voice${voice}/freq`, hz), gate(voice, true));
  });
  const size = sampleRate / 2;
  rig.render(size, [], () => 2048);
  const start = rig.frame;
  const x = side(rig.render(2 * size, [], () => 2048));
  const found: number[] = TUNED.map(({ hz }) => hz);
  const phases = found.map((hz) => phaseOf(x, hz, 0, size, sampleRate));
  const refine = (signal: Float32Array, from: number, passed: number): void =>
    TUNED.forEach(({ hz }, i) => {
      const turns = phaseOf(signal, hz, from, size, sampleRate, passed) - phases[i]!;
      const known = ((found[i]! - hz) * passed) / sampleRate;
      found[i] = hz + ((turns - Math.round(turns - known)) * sampleRate) / passed;
    });
  // Each distance is known so well that the next cannot be a cycle off.
  refine(x, size >> 3, size >> 3);
  refine(x, size, size);
  for (const end of [20, seconds].filter((end) => end <= seconds)) {
    while (rig.frame < end * sampleRate) rig.render(2048, [], () => 2048);
    const passed = rig.frame - start;
    refine(side(rig.render(size, [], () => 2048)), 0, passed);
  }
  return Math.max(...TUNED.map(({ hz }, i) => Math.abs(1200 * Math.log2(found[i]! / hz))));
}

/** Phase of a tone at `from`, in cycles, against a tone of exactly `hz` that began `passed` frames before. */
function phaseOf(x: Float32Array, hz: number, from: number, size: number, rate: number, passed = 0): number {
  let [re, im] = [0, 0];
  // hz is a multiple of 1/4: whole cycles of the tone are gone after 4 s.
  const begin = passed % (4 * rate);
  for (let i = 0; i < size; i++) {
    const weight = x[from + i]! * (1 - Math.cos((2 * Math.PI * (i + 0.5)) / size));
    const angle = (2 * Math.PI * hz * (begin + i)) / rate;
    re += weight * Math.cos(angle);
    im -= weight * Math.sin(angle);
  }
  if (Math.hypot(re, im) < 0.01 * size) throw new Error(`there is no tone of ${hz} Hz`);
  return Math.atan2(im, re) / (2 * Math.PI);
}

function pitch(rates: readonly number[], seconds: number): SoundFigure {
  const off = Math.max(...rates.map((rate) => centsOff(rate, seconds)));
  return {
    claim: `saw, square, triangle and sine, 27.5 Hz to 4.2 kHz, at ${rates.map((rate) => rate / 1000).join(', ')} kHz: pitch over ${seconds} s`,
    asked: 'within 0.05 cent',
    measured: `${off.toFixed(5)} cent`,
    reached: off < 0.05,
  };
}

function moves(name: string, sweeps: readonly Sweep[], asked = -80): SoundFigure {
  const worst = Math.max(...sweeps.map(splatter));
  return {
    claim: `${name}: what differs from the ideal wave on the same path below 16 kHz, loudest 10 ms`,
    asked: `below ${asked} dB of the sound`,
    measured: `${worst.toFixed(1)} dB`,
    reached: worst < asked,
  };
}

const GLIDES: Sweep[] = [
  ...[SAW, SQUARE, TRIANGLE].map((from) => ({ from, hz: 220, change: [set('voice1/freq', 1760)] })),
  { from: SAW, hz: 220, change: [set('voice1/freq', 1760)], first: [set('voice1/slide_time', 0.1)] },
  {
    from: SAW,
    hz: 1750,
    change: [],
    first: [set('voice1/pitch/env', 24), set('voice1/pitch/decay', 2)],
  },
];
const WIDTHS: Sweep[] = [
  { from: { type: 'square', width: 0.05 }, hz: 441, width: 0.95, change: [set('voice1/osc/width', 0.95)] },
  { from: { type: 'square', width: 0.9 }, hz: 110, width: 0.1, change: [set('voice1/osc/width', 0.1)] },
];
const SYNCS: Sweep[] = [
  ...(['saw', 'square', 'triangle'] as const).map((type) => ({
    from: { type, sync: 1.3 },
    hz: 220,
    change: [set('voice1/osc/sync', 7.7)],
  })),
  { from: SAW, hz: 220, change: [set('voice1/osc/sync', 4.3)] },
];
const KINDS: Sweep[] = (
  [
    ['sine', 'saw'],
    ['saw', 'square'],
    ['square', 'triangle'],
    ['triangle', 'sine'],
  ] as const
).map(([type, into]) => ({ from: { type }, into, hz: 441, change: [set('voice1/osc/type', into)] }));

function floor(): Plot {
  const waves = [SAW, SQUARE, ...PULSES, TRIANGLE, ...SYNCED.slice(0, 3)];
  const series = waves.map((wave): Series => {
    const pitches = wave.sync === undefined ? PITCHES : SYNCED_PITCHES;
    return { label: nameOf(wave), points: pitches.map((hz) => [hz, aliasOf(wave, hz)] as const) };
  });
  const line: Series = {
    label: '-90 dB',
    reference: true,
    points: [
      [20, -90],
      [7000, -90],
    ],
  };
  return {
    name: 'oscillator-aliases',
    title: 'Oscillators: strongest alias below 18 kHz',
    x: { label: 'pitch, Hz', min: 20, max: 8000, log: true },
    y: { label: 'dB of the fundamental (sync: of the strongest partial)', min: -150, max: -80 },
    series: [...series, line],
  };
}

/** A spectrum as a picture of a few hundred points: the highest line of each stretch. */
function picture(name: string, wave: Wave, hz: number): Plot {
  const spectrum = spectrumOf(wave, hz);
  const { partials, most } = idealOf(wave, hz, spectrum);
  const points: [number, number][] = [];
  const width = 40;
  for (let from = LOBE; from + width < FRAMES / 2; from += width)
    points.push([
      ((from + width / 2) * RATE) / FRAMES,
      Math.max(-160, dB(Math.max(...spectrum.bins.subarray(from, from + width)) / most)),
    ]);
  const ideal = partials
    .map((height, k): [number, number] => [k * hz, Math.max(-160, dB(height / most))])
    .slice(1);
  return {
    name,
    title: `Oscillators: ${nameOf(wave)} of ${hz.toFixed(0)} Hz`,
    x: { label: 'Hz', min: 0, max: RATE / 2 },
    y: { label: 'dB of the strongest partial', min: -160, max: 5 },
    series: [
      { label: 'spectrum', points },
      { label: 'ideal partials', reference: true, points: ideal },
    ],
  };
}

export const oscillatorsPart: SoundPart = {
  name: 'oscillators',
  doc: 'The waves of a voice as they leave the engine, behind a high-pass of 50 Hz that is taken off again.',
  figures: [
    () => aliases('sine', [SINE], PITCHES.slice(-3)),
    () => aliases('saw', [SAW], PITCHES),
    () => aliases('square', [SQUARE], PITCHES),
    () => aliases('pulses of width 0.25 and 0.1', PULSES, PITCHES),
    () => aliases('triangle', [TRIANGLE], PITCHES),
    () => aliases('saw, square and triangle, hard sync at 1.37 to 5.3', SYNCED, SYNCED_PITCHES),
    () => aliases('pulse of width 0.2, hard sync at 2.5', [NARROW], SYNCED_PITCHES.slice(-2)),
    () => harmonics('saw, square, pulses, triangle', [SAW, SQUARE, ...PULSES, TRIANGLE], PITCHES),
    () => harmonics('the same with hard sync', SYNCED, SYNCED_PITCHES),
    () => pitch([48000], 600),
    () => pitch([44100, 96000, 192000], 4),
    () => moves('glides of three octaves in 20 ms and by slide_time, pitch envelope from 7 kHz', GLIDES),
    () => moves('width from end to end in 20 ms', WIDTHS),
    () => moves('sync from 1.3 to 7.7, and from none to 4.3, in 20 ms', SYNCS),
    () => moves('change of waveform, against an ideal crossfade of 64 frames', KINDS, -55),
  ],
  plots: [
    floor,
    () => picture('oscillator-saw', SAW, oddPitch(1001)),
    () => picture('oscillator-sync', { type: 'saw', sync: 2.5 }, oddPitch(1001)),
  ],
};
