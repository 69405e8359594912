/** The `modules` part of a slot file, and the parameters under `chronus.params`. */
import { isWhole, type ParamRow } from '../shared/table.js';
import { findModule, findParam, type Cell } from './fields.js';
import type { Place } from './place.js';

/** The target that moves nothing. */
const NO_TARGET = 'none';

/** Where the parameters of a file go, by path. */
export interface Params {
  set(path: string, value: number | string): unknown;
}

/** Puts the fields of all modules we know into `params`; others are ignored. Throws Refused. */
export function readModules(modules: Place, params: Params): void {
  for (const id of modules.keys()) {
    const known = findModule(id);
    const place = known && modules.get(id);
    if (!place) continue;
    const { idField, fixed } = known.row;
    if (idField) place.get(idField)?.text();
    if (fixed) for (const field of Object.keys(fixed)) place.get(field)?.truth();
    const object = place.object();
    for (const cell of known.cells) {
      const value = cell.inner === undefined ? object[cell.name] : memberOf(object[cell.name], cell.inner);
      if (isFit(value, cell.row, cell.whole)) params.set(cell.path, value);
      else readCell(place, cell, params);
    }
  }
}

/** A number in range, as nearly all are, is taken as it is; only the rest needs a place. */
function isFit(value: unknown, { min, max }: ParamRow, whole: boolean): value is number {
  return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function readCell(module: Place, cell: Cell, params: Params): void {
  const { name, inner, row } = cell;
  const holder = inner === undefined ? module : module.get(name);
  const place = holder?.get(inner ?? name);
  if (place) params.set(cell.path, readValue(place, row));
  else if (!cell.keeps) params.set(cell.path, cell.default);
}

/** Puts the parameters the original format lacks into `params`; unknown ones are left out, with a warning. */
export function readOwnParams(own: Place, params: Params): void {
  const values = own.object();
  for (const path of own.keys()) {
    const row = findParam(path);
    const given = values[path];
    if (row && row.unit !== 'target' && isFit(given, row, isWhole(row))) {
      params.set(path, given);
      continue;
    }
    const place = own.get(path);
    if (!place) continue;
    const value = row && (row.unit === 'target' ? readTarget(place) : readValue(place, row));
    if (value === undefined) own.warnings.push(`${place.path}: not known to this engine; ignored`);
    else params.set(path, value);
  }
}

function readValue(place: Place, row: ParamRow): number {
  const word = typeof place.value === 'string' ? (row.words?.indexOf(place.value) ?? -1) : -1;
  if (word >= 0) return row.min + word;
  const value = place.within(row);
  return isWhole(row) ? Math.trunc(value) : value;
}

/** A parameter that can be modulated, or none; undefined for what this engine does not know. */
function readTarget(place: Place): string | undefined {
  const target = place.text();
  return target === NO_TARGET || findParam(target)?.modulation ? target : undefined;
}
