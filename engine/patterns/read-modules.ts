/** The `modules` part of a slot file, and the parameters under `chronus.params`. */
import { isWhole, type ParamRow } from '../shared/table.js';
import { defaultOf, findModule, findParam, type ModuleRow } from './fields.js';
import type { Place } from './place.js';

/** The target that moves nothing. */
const NO_TARGET = 'none';

export type Params = Map<string, number | string>;

/** Puts the fields of all modules we know into `params`; others are ignored. Throws Refused. */
export function readModules(modules: Place, params: Params): void {
  for (const id of modules.keys()) {
    const row = findModule(id);
    const place = modules.get(id);
    if (row && place) readModule(place, id, row, params);
  }
}

function readModule(module: Place, id: string, { table, fields }: ModuleRow, params: Params): void {
  for (const { field, param, keeps } of fields) {
    const place = follow(module, field);
    const row = table.params[param];
    if (row && place) params.set(`${id}/${param}`, readValue(place, row));
    else if (!keeps) params.set(`${id}/${param}`, defaultOf(table, id, param));
  }
}

/** `adsr.attack` -> the place two steps down. */
function follow(place: Place, field: string): Place | undefined {
  return field.split('.').reduce<Place | undefined>((at, key) => at?.get(key), place);
}

/** Puts the parameters the original format lacks into `params`; unknown ones are left out, with a warning. */
export function readOwnParams(own: Place, params: Params): void {
  for (const path of own.keys()) {
    const row = findParam(path);
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
