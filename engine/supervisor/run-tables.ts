/**
 * The tables a run went with, kept beside its journal, so that its numbers can be read when the engine's own tables have
 * long been others: what the kinds of commands are, and which parameter an address is.
 */
import { MODULES } from '../registry/modules.js';
import { ROUTES } from '../registry/routes.js';
import { COMMAND_KINDS, WHENS } from '../shared/command.js';
import type { ModuleTable, RouteRow } from '../shared/table.js';

export interface RunTables {
  /** Place in the list = number of the kind (bits 0-7 of word 0 of an entry), of the time (bits 8-15). */
  readonly commandKinds: readonly string[];
  readonly whens: readonly string[];
  /** Place in the list = bits 16 and up of a parameter address; bits 8-15 the instance from 0; 0-7 the place in `params`. */
  readonly modules: readonly ModuleTable[];
  readonly routes: readonly RouteRow[];
}

/** Those of this engine, as tables.json holds them. */
export function tablesText(): string {
  const tables: RunTables = { commandKinds: COMMAND_KINDS, whens: WHENS, modules: MODULES, routes: ROUTES };
  return `${JSON.stringify(tables)}\n`;
}

/** 'voice1/filter/freq', by the tables of the run; the number where they have no such parameter. */
export function parameterName(tables: RunTables | undefined, address: number): string {
  const table = tables?.modules[address >>> 16];
  const name = table && Object.keys(table.params)[address & 255];
  return name === undefined ? String(address) : `${table?.idPrefix}${((address >>> 8) & 255) + 1}/${name}`;
}
