/** Numbers and their ranges. A row of a table is a range; what no table has stands here. */

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly unit: string;
}

/** Length of a note in steps; above 1 it lasts longer than its step. */
export const GATE_FRAC = { min: 0.01, max: 64, default: 0.5, unit: 'steps' } as const satisfies Range;
/** Added to the cutoff per hit, times velocity - 0.5. */
export const ACCENT_BOOST = { min: -8000, max: 8000, default: 1500, unit: 'Hz' } as const satisfies Range;
/** Four steps to the beat. */
export const BPM = { min: 30, max: 300, default: 120, unit: 'BPM' } as const satisfies Range;
/** How late the off-beats come: 0.5 x swing x step. */
export const SWING = { min: 0, max: 0.6, default: 0, unit: 'lin' } as const satisfies Range;
export const VELOCITY = { min: 0, max: 1, default: 0.8, unit: 'lin' } as const satisfies Range;

/**
 * The nearest value in range; says so in `warnings` when that is another one. `value` is finite. Values arrive as
 * f32, and 0.6 as f32 is 0.6000000238: what is the same number there is not worth a word.
 */
export function clampTo(range: Range, value: number, name: string, warnings: string[]): number {
  const clamped = Math.min(range.max, Math.max(range.min, value));
  if (Math.fround(clamped) !== Math.fround(value)) {
    warnings.push(`${name}: ${value} lies outside ${describeRange(range)}; ${clamped} is used`);
  }
  return clamped;
}

/** `20..5000 Hz`; numbers without a physical unit stand alone. */
export function describeRange({ min, max, unit }: Range): string {
  return `${min}..${max}${/^(Hz|s|dB|BPM|steps|semitones)$/.test(unit) ? ` ${unit}` : ''}`;
}

/** The number in a number or in its text; undefined for all that is none, is not finite or is blank. */
export function finiteNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
