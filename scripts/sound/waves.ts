/** Steady waves of one voice, what of them is harmonic and what has been folded back; the series of the ideal waves. */
import { MODULES } from '../../engine/registry/modules.js';
import type { Command } from '../../engine/shared/command.js';
import {
  gate,
  HEADER_BYTES,
  openRig,
  parameter,
  RATE,
  set,
  side,
  type Rig,
} from '../../test/helpers/core.js';
import { fft } from '../../test/helpers/spectrum.js';

export interface Wave {
  readonly type: 'sine' | 'saw' | 'square' | 'triangle';
  readonly width?: number;
  readonly sync?: number;
}

export function nameOf({ type, width, sync }: Wave): string {
  return `${type}${width === undefined ? '' : ` ${width}`}${sync === undefined ? '' : `, sync ${sync}`}`;
}

export const dB = (x: number): number => 20 * Math.log10(x);

/** Corner of the high-pass that lets the treble through. */
const CORNER = 50;
const Q = 0.707;
const AMP = 0.25;

/** A voice at the level AMP, behind the high-pass. */
export function treble(voice: number): Command[] {
  return [
    set(`voice${voice}/amp`, AMP),
    set(`voice${voice}/adsr/attack`, 0.001),
    set(`voice${voice}/adsr/sustain`, 1),
    set(`voice${voice}/filter/type`, 'highpass'),
    set(`voice${voice}/filter/freq`, CORNER),
    set(`voice${voice}/filter/q`, Q),
  ];
}

/** One voice, steady at AMP behind the high-pass; nothing else moves. */
export function plainVoice(wave: Wave): Command[] {
  return [
    set('lfo1/target', 'none'),
    set('lfo2/target', 'none'),
    set('acid1/voice', 0),
    ...treble(1),
    set('voice1/osc/type', wave.type),
    set('voice1/osc/width', wave.width ?? 0.5),
    set('voice1/osc/sync', wave.sync ?? 1),
  ];
}

/**
 * A held note of one steady pitch. `freq` ends at 5 kHz; only a pitch envelope goes beyond, for a moment. Here the envelope is
 * kept from falling, by a decay without end in the memory of the core.
 */
export function hold(wave: Wave, hz: number): Rig {
  const high = hz > 5000;
  const rig = openRig({ voices: 1 }).now(
    ...plainVoice(wave),
    set('voice1/freq', high ? hz / 2 : hz),
    set('voice1/pitch/env', high ? 12 : 0),
  );
  if (high) new Float32Array(rig.host.memory.buffer)[paramAt(rig, 'voice1/pitch/decay')] = 1e12;
  rig.now(gate(1, true)).render(12000, [], () => 2048);
  return rig;
}

/** Place of a parameter of the first voice, in words. */
function paramAt(rig: Rig, path: string): number {
  const { index } = parameter(path);
  return (rig.region('voice').address + HEADER_BYTES) / 4 + index * 4 * rig.host.exports.lanes();
}

/** The high-pass of the voice as the bilinear transform makes it; x as it comes out of the engine over AMP. */
export function highPass(x: Float64Array): Float64Array {
  const g = Math.tan((Math.PI * CORNER) / RATE);
  const k = 1 / Math.fround(Q);
  const a1 = 1 / (1 + g * (g + k));
  let [ic1, ic2] = [0, 0];
  return x.map((v) => {
    const v1 = a1 * (ic1 + g * (v - ic2));
    const v2 = ic2 + g * v1;
    ic1 = 2 * v1 - ic1;
    ic2 = 2 * v2 - ic2;
    return AMP * (v - k * v1 - v2);
  });
}

/** Its gain. */
export function highPassGain(hz: number): number {
  const w = Math.tan((Math.PI * hz) / RATE) / Math.tan((Math.PI * CORNER) / RATE);
  return (w * w) / Math.hypot(1 - w * w, w / Q);
}

const LAST = `voice1/${Object.keys(MODULES[0]?.params ?? {}).at(-1)}`;

/** Phases of the first voice as the core holds them (modules/voice/state.lane.ts: the first two fields), of 2^32. */
export function phasesOf(rig: Rig): { readonly master: number; readonly slave: number } {
  const lanes = rig.host.exports.lanes();
  const at = paramAt(rig, LAST) + 4 * lanes;
  const words = new Uint32Array(rig.host.memory.buffer);
  return { master: words[at]!, slave: words[at + lanes]! };
}

/** What the phases move by in a frame, in cycles. The wave thrown back moves differently: what it does most often counts. */
function speedsOf(rig: Rig): { readonly master: number; readonly slave: number } {
  const counts = new Map<number, number>();
  let before = phasesOf(rig);
  let master = 0;
  for (let i = 0; i < 64; i++) {
    rig.render(1);
    const now = phasesOf(rig);
    master = (now.master - before.master) >>> 0;
    const step = (now.slave - before.slave) >>> 0;
    counts.set(step, (counts.get(step) ?? 0) + 1);
    before = now;
  }
  const [slave] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { master: master / 2 ** 32, slave: slave / 2 ** 32 };
}

export const FRAMES = 65536;
/** Albrecht, "A family of cosine-sum windows" (ICASSP 2001): 7 terms, side lobes under -180 dB, 7 bins to each side. */
const WINDOW = [
  0.27105140069342, -0.43329793923448, 0.21812299954311, -0.06592544638803, 0.01081174209837,
  -0.00077658482522, 0.00001388721735,
];
export const LOBE = 8;
const window = Float64Array.from({ length: FRAMES }, (_, i) =>
  WINDOW.reduce((sum, a, k) => sum + a * Math.cos((2 * Math.PI * k * i) / FRAMES), 0),
);

export interface Spectrum {
  /** Heights of sines, the high-pass taken off; bin 1 is RATE / FRAMES Hz. */
  readonly bins: Float64Array;
  /** Bins from one harmonic to the next. */
  readonly spacing: number;
  /** How many cycles of the synced wave one of its master holds. */
  readonly ratio: number;
}

const known = new Map<string, Spectrum>();

/** FRAMES of a steady wave; each is played once. */
export function spectrumOf(wave: Wave, hz: number): Spectrum {
  const key = `${nameOf(wave)} ${hz}`;
  const found = known.get(key) ?? play(wave, hz);
  known.set(key, found);
  return found;
}

function play(wave: Wave, hz: number): Spectrum {
  const rig = hold(wave, hz);
  const { master, slave } = speedsOf(rig);
  const re = Float64Array.from(side(rig.render(FRAMES, [], () => 2048)), (x, i) => x * window[i]!);
  const im = new Float64Array(FRAMES);
  fft(re, im);
  const scale = 2 / (FRAMES * WINDOW[0]! * AMP);
  const bins = Float64Array.from({ length: FRAMES / 2 }, (_, i) =>
    i < LOBE ? 0 : (scale * Math.hypot(re[i]!, im[i]!)) / highPassGain((i * RATE) / FRAMES),
  );
  return { bins, spacing: master * FRAMES, ratio: slave / master };
}

/** Height of harmonic k. The core rounds a pitch by less than 1e-7 of it: the harmonic lies on its bin. */
export function harmonic({ bins, spacing }: Spectrum, k: number): number {
  return bins[Math.round(k * spacing)] ?? NaN;
}

/** Strongest line up to `top` Hz that is no harmonic. */
export function strongestAlias({ bins, spacing }: Spectrum, top = 18000): number {
  let most = 0;
  for (let i = LOBE; i < (top * FRAMES) / RATE; i++)
    if (Math.abs(i - Math.round(i / spacing) * spacing) > LOBE) most = Math.max(most, bins[i]!);
  return most;
}

/**
 * A pitch near `hz` whose period is a whole number of bins and odd: no alias falls on a harmonic, and the first ones that
 * come back (from once, twice, three times around the rate) lie well between them. A low pitch has only the first ones.
 */
export function oddPitch(hz: number): number {
  const near = Math.round((hz * FRAMES) / RATE);
  for (let off = 0; ; off++)
    for (const bin of [near - off, near + off]) {
      const gap = (n: number): number => Math.min((n * FRAMES) % bin, bin - ((n * FRAMES) % bin));
      if (bin % 2 === 1 && (bin < 100 ? [1] : [1, 2, 3]).every((n) => gap(n) > Math.max(LOBE + 1, bin / 12)))
        return (bin * RATE) / FRAMES;
    }
}

/** Height of harmonic k of the ideal wave. `ratio`: cycles of the wave before it is thrown back. */
export function idealHarmonic({ type, width, sync }: Wave, k: number, ratio: number): number {
  const turn = Math.PI * k;
  if (sync !== undefined) return syncedHarmonic(type, width ?? 0.5, k, ratio);
  if (type === 'sine') return k === 1 ? 1 : 0;
  if (type === 'saw') return 2 / turn;
  if (type === 'square') return (4 / turn) * Math.abs(Math.sin(turn * (width ?? 0.5)));
  return k % 2 === 0 ? 0 : 8 / turn ** 2;
}

/** The same of a wave that begins anew after `ratio` cycles: its straight pieces, each integrated by its formula. */
function syncedHarmonic(type: Wave['type'], width: number, k: number, ratio: number): number {
  const edges = type === 'saw' ? [0.5] : type === 'square' ? [0, width] : [0.25, 0.75];
  const inner = Array.from({ length: Math.ceil(ratio) + 1 }, (_, n) =>
    edges.map((edge) => (n + edge) / ratio),
  );
  const cuts = [0, ...inner.flat().filter((t) => t > 0 && t < 1), 1];
  const w = 2 * Math.PI * k;
  let [re, im] = [0, 0];
  for (let i = 1; i < cuts.length; i++) {
    const [from, to] = [cuts[i - 1]!, cuts[i]!];
    const middle = waveAt(type, width, ratio * ((from + to) / 2));
    const third = waveAt(type, width, ratio * (from + (to - from) / 3));
    const slope = (6 * (middle - third)) / (to - from);
    // The integral of (a + s t) e^(-iwt) is (a + s t) i e^(-iwt) / w + s e^(-iwt) / w^2.
    for (const [t, sign] of [
      [to, 1],
      [from, -1],
    ] as const) {
      const value = middle + slope * (t - (from + to) / 2);
      re += sign * ((value * Math.sin(w * t)) / w + (slope * Math.cos(w * t)) / w ** 2);
      im += sign * ((value * Math.cos(w * t)) / w - (slope * Math.sin(w * t)) / w ** 2);
    }
  }
  return 2 * Math.hypot(re, im);
}

/** The wave itself at a phase in cycles. */
export function waveAt(type: Wave['type'], width: number, phase: number): number {
  const p = phase - Math.floor(phase);
  if (type === 'sine') return Math.sin(2 * Math.PI * p);
  if (type === 'saw') return 2 * (p < 0.5 ? p : p - 1);
  if (type === 'square') return (p < width ? 1 : -1) - (2 * width - 1);
  return p < 0.25 ? 4 * p : p < 0.75 ? 2 - 4 * p : 4 * p - 4;
}
