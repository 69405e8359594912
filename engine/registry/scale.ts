/** Value <-> position of a control (0..1), by the row's curve. `map` and `unmap` are inverses over the whole range. */
import { isWhole, type ParamRow } from '../shared/table.js';

/** Position -> value. Positions outside 0..1 count as the nearer end. */
export function map(row: ParamRow, position: number): number {
  const p = Math.min(1, Math.max(0, position));
  if (p === 0) return row.min;
  if (p === 1) return row.max;
  const value = row.curve === 'exp' ? row.min * (row.max / row.min) ** p : row.min + (row.max - row.min) * p;
  return isWhole(row) ? Math.round(value) : value;
}

/** Value -> position. Values outside the range count as the nearer end. */
export function unmap(row: ParamRow, value: number): number {
  const v = clamp(row, value);
  return row.curve === 'exp'
    ? Math.log(v / row.min) / Math.log(row.max / row.min)
    : (v - row.min) / (row.max - row.min);
}

/** The nearest value the row allows; whole rows cut the fraction off, as the original did. `value` is finite. */
export function clamp(row: ParamRow, value: number): number {
  return Math.min(row.max, Math.max(row.min, isWhole(row) ? Math.trunc(value) : value));
}
