/** Where the marks of an axis stand, and what is written at them. */
import type { Axis } from './part.js';

export interface Tick {
  readonly at: number;
  /** Empty: a thin line of the grid alone. */
  readonly text: string;
}

/** '20', '500', '2k', '12.5k', '0.05': as it is read off a mixing desk. */
export function numberText(value: number, decimals = 6): string {
  const of = (x: number): string => String(Number(x.toFixed(decimals)));
  return Math.abs(value) >= 1000 ? `${of(value / 1000)}k` : of(value);
}

/** 1, 2 or 5 times a power of ten: about `count` steps. */
function stepOf(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

function linearTicks({ min, max }: Axis, count: number): Tick[] {
  const step = stepOf(max - min, count);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const at = (first + i) * step;
    return { at, text: numberText(at) };
  });
}

/** Lines at 1, 2, 3 .. 9 of each decade, numbers at 1, 2 and 5: 20, 50, 100 .. 20k. */
function logTicks({ min, max }: Axis): Tick[] {
  const ticks: Tick[] = [];
  const decades = Math.log10(max / min);
  const numbered = decades > 5 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max * (1 + 1e-9); power++)
    for (let digit = 1; digit < 10; digit++) {
      const at = Number((digit * 10 ** power).toPrecision(1));
      if (at < min * (1 - 1e-9) || at > max * (1 + 1e-9)) continue;
      // Less than a decade would have one or two numbers only.
      ticks.push({ at, text: numbered.includes(digit) || decades < 1 ? numberText(at) : '' });
    }
  return ticks;
}

export function ticksOf(axis: Axis, count: number): Tick[] {
  return axis.log ? logTicks(axis) : linearTicks(axis, count);
}

/** 0 at the lower end of the axis, 1 at the upper one. */
export function shareOf({ min, max, log }: Axis, value: number): number {
  return log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
}
