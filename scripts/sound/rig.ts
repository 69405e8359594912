/** The whole rig, from the gate of a voice to the output: how clean it is, and how it falls silent. */
import { gate, LATENCY, openRig, peakOf, RATE, set, side, type Rig } from '../../test/helpers/core.js';
import { toDb } from '../../test/helpers/bus.js';
import { magnitudes } from '../../test/helpers/spectrum.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';
import { gainOf, type Settings } from './voice.js';

const LENGTH = 65536;
/** 997 Hz as near as a whole number of cycles allows: nothing of the sine lies in other bins. */
const BIN = 1361;
const HZ = (BIN * RATE) / LENGTH;
const TOP = 20000;

const commands = (settings: Settings): ReturnType<typeof set>[] =>
  Object.entries(settings).map(([path, value]) => set(path, value));

/** Defaults, but for what would move or colour: LFOs without a target, the low-pass wide open. */
const NEUTRAL: Settings = {
  'lfo1/target': 'none',
  'lfo2/target': 'none',
  'voice1/filter/freq': 8000,
  'voice1/filter/q': 0.5,
  'voice1/adsr/sustain': 1,
  'voice1/freq': HZ,
};

/** Bins of a sine of that level at the output of 16 voices, 1 = full scale. */
function spectrum(dbfs: number): Float64Array {
  const amp = 10 ** (dbfs / 20) / gainOf('lowpass', 8000, 0.5, HZ);
  const rig = openRig().now(...commands({ ...NEUTRAL, 'voice1/amp': amp }), gate(1, true));
  rig.render(RATE, [], () => 2048);
  const bins = magnitudes(side(rig.render(LENGTH, [], () => 2048)), LENGTH);
  return bins.map((size) => (2 * size) / LENGTH);
}

/** Level of everything from 20 Hz to 20 kHz but the sine, as the height of a sine of that power. */
function rest(bins: Float64Array): number {
  let sum = 0;
  bins.forEach((size, bin) => {
    const hz = (bin * RATE) / LENGTH;
    if (bin !== BIN && hz >= 20 && hz <= TOP) sum += size * size;
  });
  return Math.sqrt(sum);
}

const clean = (dbfs: number) => (): SoundFigure => {
  const bins = spectrum(dbfs);
  const level = toDb(bins[BIN]!);
  const db = toDb(rest(bins) / bins[BIN]!);
  return {
    claim: `sine of 997 Hz at ${dbfs} dBFS through the neutral rig: everything else from 20 Hz to 20 kHz (THD+N)`,
    asked: 'below -110 dB, held below -140 dB',
    measured: `${db.toFixed(1)} dB, the sine at ${level.toFixed(3)} dBFS`,
    reached: db < -140 && Math.abs(level - dbfs) < 0.01,
  };
};

function floor(): SoundFigure {
  const bins = spectrum(-60);
  const db = toDb(rest(bins));
  return {
    claim: 'noise floor: what a sine of 997 Hz at -60 dBFS has beside it, 20 Hz to 20 kHz',
    asked: 'below -130 dBFS, held below -190 dBFS',
    measured: `${db.toFixed(1)} dBFS`,
    reached: db < -190 && Math.abs(toDb(bins[BIN]!) + 60) < 0.01,
  };
}

const VOICES = 16;
const SHORT = 0.01;

/** Every waveform at once on 16 voices with a release of 10 ms: each with `settings`, the rest as `more` says. */
function band(settings: Settings, more: Settings): Rig {
  const rig = openRig({ voices: VOICES }).now(
    ...commands({ 'lfo1/target': 'none', 'lfo2/target': 'none', 'acid1/voice': 0, ...more }),
  );
  for (let v = 1; v <= VOICES; v++) {
    const all: Settings = {
      amp: 0.2,
      'adsr/release': SHORT,
      'osc/type': v % 7,
      freq: 50 * 1.2 ** v,
      ...settings,
    };
    const own = Object.entries(all).map(([name, value]) => [`voice${v}/${name}`, value] as const);
    rig.now(...commands(Object.fromEntries(own)), gate(v, true));
  }
  return rig;
}

const MODULES = ['voice', 'acid', 'distortion', 'reverb', 'delay', 'limiter'];

/** A copy of everything these modules remember. */
const memories = (rig: Rig): Uint8Array[] =>
  MODULES.map((type) => {
    const { address, bytes } = rig.region(type);
    return new Uint8Array(rig.host.memory.buffer, address, bytes).slice();
  });

/** Bytes that changed in 0.1 s: what is asleep stands still but for the counters that know where it is. */
function restless(rig: Rig): number {
  const before = memories(rig);
  rig.render(4807);
  return memories(rig).reduce(
    (sum, after, module) => sum + after.filter((byte, i) => byte !== before[module]![i]).length,
    0,
  );
}

/**
 * Half a second of sound, then every gate closed: when the last sample that is not 0 comes, in s from the end of the
 * release. NaN: it sounds longer than `most`, or comes back, or something stays awake.
 */
function tail(rig: Rig, most: number): number {
  const loud = peakOf(rig.render(RATE / 2, [], () => 2048));
  for (let v = 1; v <= VOICES; v++) rig.now(gate(v, false));
  rig.render(SHORT * RATE + LATENCY);
  const x = rig.render(most * RATE, [], () => 2048);
  const last = x.findLastIndex((sample) => sample !== 0) >> 1;
  const after = peakOf(rig.render(5 * RATE, [], () => 2048));
  const asleep = rig.host.read('sounding') === 0 && restless(rig) <= 8;
  return loud > 0.1 && after === 0 && asleep ? (last + 1) / RATE : NaN;
}

const silence = (what: string, most: number, settings: Settings, more: Settings) => (): SoundFigure => {
  const found = tail(band(settings, more), most);
  return {
    claim: `${what}: exact silence after the end of the release, and everything asleep`,
    asked: `within ${most} s`,
    measured: `${found.toFixed(3)} s`,
    reached: found < most,
  };
};

const HARD: Settings = { 'dist1/drive': 1, 'dist1/mix': 0.5 };

/** Both sides of half a second, first as it is, then with every pan the other way. */
function sides(pan: number, more: Settings): Float32Array[] {
  return [pan, -pan].flatMap((place) => {
    const x = band({ pan: place, amp: 1 }, more).render(RATE / 2, [], () => 2048);
    return [side(x), side(x, 1)];
  });
}

const unlike = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, x, i) => sum + (x === b[i] ? 0 : 1), 0);

function balance(): SoundFigure {
  let [centre, mirrored, other, least] = [0, 0, 0, Infinity];
  for (const more of [{}, HARD]) {
    const [left, right] = sides(0, more) as [Float32Array, Float32Array];
    centre += unlike(left, right);
    const [a, b, c, d] = sides(0.37, more) as [Float32Array, Float32Array, Float32Array, Float32Array];
    mirrored += unlike(a, d) + unlike(b, c);
    const [full, none] = sides(-1, more) as [Float32Array, Float32Array];
    other += none.filter((x) => x !== 0).length;
    least = Math.min(least, peakOf(left), peakOf(full), unlike(a, b));
  }
  return {
    claim:
      '16 voices of every waveform into the limiter, without and with full drive: samples by which left and right differ at pan 0; by which pan 0.37 is not pan -0.37 with its sides exchanged; that are not 0 on the right at pan -1',
    asked: 'none',
    measured: `${centre}, ${mirrored}, ${other}`,
    reached: centre + mirrored + other === 0 && least > 0.1,
  };
}

function spectrumPlot(): Plot {
  const bins = spectrum(-6);
  const width = 16;
  return {
    name: 'rig-sine',
    title: 'Sine of 997 Hz at -6 dBFS at the output of the neutral rig',
    x: { label: 'Hz', min: 0, max: RATE / 2 },
    y: { label: 'dBFS', min: -220, max: 0 },
    series: [
      {
        label: 'largest bin of each 12 Hz',
        points: Array.from({ length: LENGTH / 2 / width }, (_, i) => {
          const size = Math.max(1e-11, ...bins.subarray(i * width, (i + 1) * width));
          return [((i * width + width / 2) * RATE) / LENGTH, toDb(size)] as const;
        }),
      },
    ],
  };
}

export const rigPart: SoundPart = {
  name: 'rig',
  doc: 'One voice through everything to the output: distortion mix 0, sends 0, below the limiter.',
  figures: [
    clean(-6),
    clean(-1.2),
    floor,
    silence('16 voices, every waveform', 0.05, {}, {}),
    silence('16 voices, low-pass at 50 Hz with q 10', 2, { amp: 1, 'filter/freq': 50, 'filter/q': 10 }, {}),
    silence(
      'distortion at full drive, acid filter at res 0.98',
      1,
      {},
      { ...HARD, 'acid1/voice': 2, 'acid1/res': 0.98 },
    ),
    silence('delay, feedback 0.7', 20, { 'send/delay': 0.5 }, { 'delay1/feedback': 0.7 }),
    silence('reverb, room 1 (T60 8 s)', 25, { 'send/reverb': 0.5 }, { 'reverb1/room': 1 }),
    balance,
  ],
  plots: [spectrumPlot],
};
