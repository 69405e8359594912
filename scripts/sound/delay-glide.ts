/** Glides of the echo's time, by the formula in modules/delay/kernel-time.ts, and sines that went through them. */
import { both, openBus, render, type Stereo } from '../../test/helpers/bus.js';

export const RATE = 48000;
/** Nothing between the line and the ear that could be left out. */
export const OPEN = { mix: 1, feedback: 0, lowcut: 20, highcut: 10000 };

export interface Glide {
  readonly fromS: number;
  readonly toS: number;
  /** Frame, a multiple of 16, from which the new time is asked for. */
  readonly at: number;
}

/** Frames from what is written to what is read, for each frame. */
export function delays({ fromS, toS, at }: Glide, frames: number): Float64Array {
  const goal = Math.round(toS * RATE);
  const k = 1 / (0.1 * RATE);
  let position = Math.round(fromS * RATE);
  let eased = position;
  let there = false;
  return Float64Array.from({ length: frames }, (_, n) => {
    if (n < at || there) return position;
    eased += k * (goal - eased);
    let step = Math.max(-0.5, Math.min(0.5, k * (eased - position)));
    if (Math.abs(step) < 2 ** -14) {
      there = Math.abs(goal - position) <= 2 ** -14;
      step = Math.sign(goal - position) * 2 ** -14;
    }
    position = there ? goal : position + step;
    return position;
  });
}

/** What comes out when a sine goes through a glide. */
export function glided(glide: Glide, hz: number, frames: number): Float32Array {
  const { fromS, toS, at } = glide;
  const input = both(frames, (n) => Math.sin((2 * Math.PI * hz * n) / RATE));
  return render(openBus('delay'), input, {
    params: (frame) => ({ ...OPEN, time_mode: 1, time: frame < at ? fromS : toS }),
  }).left;
}

/** What should: the sine as the formula bends it, through a delay that stands. */
export function bent(glide: Glide, hz: number, frames: number): Float32Array {
  const stands = 0.1 * RATE;
  const way = delays(glide, frames + stands);
  const input = both(frames, (n) => Math.sin((2 * Math.PI * hz * (n + stands - way[n + stands]!)) / RATE));
  return render(openBus('delay'), input, { params: () => ({ ...OPEN, time: 0.1 }) }).left;
}

/** Frames, with fractions, at which a signal rises through 0. */
export function risings(x: Float32Array, from: number): number[] {
  const found: number[] = [];
  for (let i = from; i + 1 < x.length; i++)
    if (x[i]! < 0 && x[i + 1]! >= 0) found.push(i + x[i]! / (x[i]! - x[i + 1]!));
  return found;
}

/** The value between two of a list. */
export function between(list: Float64Array, at: number): number {
  const whole = Math.floor(at);
  return list[whole]! + (at - whole) * (list[whole + 1]! - list[whole]!);
}

/** A silent signal with 1 on both sides at one frame. */
export function click(frames: number): Stereo {
  return both(frames, (n) => (n === 0 ? 1 : 0));
}
