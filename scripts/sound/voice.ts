/** One voice alone in the rig, for measurements: nothing moves it, and nothing changes what leaves it but a delay. */
import { gate, LATENCY, openRig, RATE, set, side, type Event, type Rig } from '../../test/helpers/core.js';

export type Settings = Readonly<Record<string, number | string>>;

/** Below the limiter with any filter, from a wave of height 1. */
export const QUIET = 0.05;

/** A held voice at rest: full level from the first millisecond on, in the middle, no modulation. */
export function openVoice(settings: Settings): Rig {
  const all: Settings = { 'adsr/attack': 0.001, 'adsr/decay': 0, 'adsr/sustain': 1, amp: QUIET, ...settings };
  return openRig({ voices: 1 }).now(
    set('lfo1/target', 'none'),
    set('lfo2/target', 'none'),
    ...Object.entries(all).map(([name, value]) => set(`voice1/${name}`, value)),
  );
}

/** The left side, in units of the wave; frame 0 is that of the gate. */
export function play(rig: Rig, frames: number, events: readonly Event[] = [], amp = QUIET): Float64Array {
  rig.now(gate(1, true));
  return hear(rig, frames, events, amp);
}

/** As `play` without its gate: events lie at frames of the rig. */
export function hear(rig: Rig, frames: number, events: readonly Event[] = [], amp = QUIET): Float64Array {
  const heard = side(rig.render(frames + LATENCY, events, () => 2048)).subarray(LATENCY);
  return Float64Array.from(heard, (x) => x / amp);
}

/** The trapezoidal state variable filter of the books, with coefficients of 53 bits. */
export type Kind = 'lowpass' | 'bandpass' | 'highpass' | 'notch';

export interface Svf {
  next(x: number, hz: number, q: number): Readonly<Record<Kind, number>>;
}

/** A. Simper, "SvfLinearTrapOptimised2" (2013). */
export function makeSvf(): Svf {
  let [ic1, ic2] = [0, 0];
  return {
    next(x, hz, q) {
      const g = Math.tan((Math.PI * hz) / RATE);
      const a1 = 1 / (1 + g * (g + 1 / q));
      const v3 = x - ic2;
      const v1 = a1 * ic1 + g * a1 * v3;
      const v2 = ic2 + g * a1 * ic1 + g * g * a1 * v3;
      ic1 = 2 * v1 - ic1;
      ic2 = 2 * v2 - ic2;
      const bandpass = v1 / q;
      return { lowpass: v2, bandpass, highpass: x - bandpass - v2, notch: x - bandpass };
    },
  };
}

/** Size of the response at `hz` of the filter above with corner `corner`. */
export function gainOf(kind: Kind, corner: number, q: number, hz: number): number {
  const w = Math.tan((Math.PI * hz) / RATE) / Math.tan((Math.PI * corner) / RATE);
  const size = Math.hypot(1 - w * w, w / q);
  const top = { lowpass: 1, bandpass: w / q, highpass: w * w, notch: Math.abs(1 - w * w) };
  return top[kind] / size;
}
