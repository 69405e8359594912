/**
 * Units: what can be bypassed by itself, because it is one kernel call. Four voices are one unit, every other instance of
 * a module is one. Their numbers are in breadcrumbs, decisions and journals.
 */
import { MAX_UNITS, MAX_VOICES, UNIT_VOICES } from '../shared/core-layout.js';
import { findInstance, instancesOf, MODULES } from './modules.js';

/** Number of the first unit of each module type; services have none (-1). */
export const UNIT_BASE: readonly number[] = bases();

function bases(): number[] {
  let next = 0;
  return MODULES.map((table) => {
    if (table.level === 'service') return -1;
    const base = next;
    next += table.instances === 'voices' ? MAX_VOICES / UNIT_VOICES : instancesOf(table, MAX_VOICES);
    if (next > MAX_UNITS) throw new Error(`${next} units; engine/shared/core-layout.ts allows ${MAX_UNITS}`);
    return base;
  });
}

/** The unit of a module instance, and what it is called; undefined: there is none of that id in such an engine. */
export function unitOf(id: string, voices: number): number | undefined {
  const instance = findInstance(id);
  if (!instance || instance.index >= instancesOf(instance.table, voices)) return undefined;
  const base = UNIT_BASE[instance.type] ?? -1;
  if (base < 0) return undefined;
  return (
    base + (instance.table.instances === 'voices' ? Math.floor(instance.index / UNIT_VOICES) : instance.index)
  );
}

/** 'reverb1', or 'voice5-8' for four voices at once; undefined: no such unit in such an engine. */
export function unitName(unit: number, voices: number): string | undefined {
  const type = UNIT_BASE.findLastIndex((base) => base >= 0 && base <= unit);
  const table = MODULES[type];
  if (!table) return undefined;
  const index = unit - (UNIT_BASE[type] as number);
  if (table.instances !== 'voices')
    return index < table.instances ? `${table.idPrefix}${index + 1}` : undefined;
  const first = index * UNIT_VOICES + 1;
  const last = Math.min(first + UNIT_VOICES - 1, voices);
  if (first > voices) return undefined;
  return first === last ? `${table.idPrefix}${first}` : `${table.idPrefix}${first}-${last}`;
}

/** Every unit of an engine with that many voices, by number. */
export function units(voices: number): { readonly unit: number; readonly name: string }[] {
  return Array.from({ length: MAX_UNITS }, (_, unit) => ({ unit, name: unitName(unit, voices) })).flatMap(
    ({ unit, name }) => (name === undefined ? [] : [{ unit, name }]),
  );
}
