/**
 * The description of an engine that programs read (`/engine/schema`). A superset of the original's: modules by id,
 * each with type, params {min, max, default, unit, smoothing_ms}, gates, notes and routes.
 */
import {
  isWhole,
  type ArgRow,
  type ModuleTable,
  type ParamRow,
  type RouteForm,
  type RouteRow,
} from '../shared/table.js';
import { MAX_STEPS } from '../shared/steps.js';
import { MAX_LOCKS, MAX_NOTES, TRACKS } from '../shared/track.js';
import { ADDRESS_ALIASES, GATE_ALIASES, MODULE_ALIASES, PARAM_ALIASES, type Scale } from './aliases.js';
import { parameters } from './address.js';
import { defaultOf } from './defaults.js';
import { instanceIds, MODULES } from './modules.js';
import { ROUTES } from './routes.js';
import { targetText } from './target.js';

export interface ParamSchema {
  readonly address: string;
  readonly doc: string;
  readonly unit: string;
  readonly type: 'float' | 'int' | 'text';
  readonly min: number;
  readonly max: number;
  readonly default: number | string;
  readonly curve: string;
  readonly smoothing_ms: number;
  readonly modulatable: boolean;
  readonly words?: readonly string[];
}

export interface ModuleSchema {
  readonly type: string;
  readonly doc: string;
  readonly level: string;
  readonly latency_frames: number;
  readonly params: Readonly<Record<string, ParamSchema>>;
  readonly gates: readonly string[];
  readonly notes: string;
  /** Addresses of the parameters, gates and routes of this module. */
  readonly routes: readonly string[];
}

export interface RouteSchema {
  readonly doc: string;
  readonly args: readonly ArgRow[];
  readonly example: readonly (string | number)[];
  readonly reply?: string;
  readonly query?: string;
  readonly forms?: readonly RouteForm[];
  readonly aliases?: readonly string[];
}

export interface Schema {
  readonly schema_version: string;
  readonly voices: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly modules: Readonly<Record<string, ModuleSchema>>;
  /** Old address -> the address it stands for. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Old addresses whose numbers come in another unit: times factor they are those of the parameter. */
  readonly alias_units: Readonly<Record<string, Scale>>;
  /** Old addresses of choices whose numbers had another order: at each place what that number means now. */
  readonly alias_orders: Readonly<Record<string, readonly number[]>>;
  /** Last part of a parameter name -> what it may stand for, the first that the module has. */
  readonly param_aliases: Readonly<Record<string, readonly string[]>>;
  readonly routes: Readonly<Record<string, RouteSchema>>;
}

export function schema(voices: number): Schema {
  const params = paramsById(voices);
  const modules = MODULES.flatMap((table) =>
    instanceIds(table, voices).map((id) => [id, moduleSchema(table, id, params.get(id) ?? {})] as const),
  );
  return {
    schema_version: '2.0',
    voices,
    limits: { tracks: TRACKS, steps: MAX_STEPS, notes: MAX_NOTES, locks: MAX_LOCKS },
    modules: Object.fromEntries(modules),
    aliases: aliases(),
    alias_units: aliasUnits(),
    alias_orders: aliasOrders(),
    param_aliases: PARAM_ALIASES,
    routes: Object.fromEntries(ROUTES.map((row) => [row.address, routeSchema(row)])),
  };
}

function paramsById(voices: number): Map<string, Record<string, ParamSchema>> {
  const found = new Map<string, Record<string, ParamSchema>>();
  for (const parameter of parameters(voices)) {
    const start = defaultOf(parameter, voices);
    const of = found.get(parameter.id) ?? {};
    of[parameter.name] = paramSchema(parameter.path, parameter.row, start);
    found.set(parameter.id, of);
  }
  return found;
}

function paramSchema(path: string, row: ParamRow, start: number): ParamSchema {
  const target = row.unit === 'target';
  return {
    address: `/mod/${path}`,
    doc: row.doc,
    unit: row.unit,
    type: target ? 'text' : isWhole(row) ? 'int' : 'float',
    min: row.min,
    max: row.max,
    default: target ? targetText(start) : start,
    curve: row.curve ?? 'linear',
    smoothing_ms: row.smoothMs,
    modulatable: row.modulation !== undefined,
    ...(row.words && { words: row.words }),
  };
}

function moduleSchema(table: ModuleTable, id: string, params: Record<string, ParamSchema>): ModuleSchema {
  const gates = table.gate === undefined ? [] : [`/gate/${id}`];
  const addresses = Object.values(params).map((param) => param.address);
  return {
    type: table.type,
    doc: table.doc,
    level: table.level,
    latency_frames: table.latencyFrames,
    params,
    gates,
    notes: table.notes ?? '',
    routes: [...addresses, ...gates, ...(table.routes ?? []).map((row) => row.address)],
  };
}

function routeSchema(row: RouteRow): RouteSchema {
  return {
    doc: row.doc,
    args: row.args,
    example: row.example,
    ...(row.reply !== undefined && { reply: row.reply }),
    ...(row.query !== undefined && { query: row.query }),
    ...(row.forms && { forms: row.forms }),
    ...(row.aliases && { aliases: row.aliases }),
  };
}

function aliases(): Record<string, string> {
  const params = Object.entries(MODULE_ALIASES).flatMap(([id, alias]) =>
    Object.entries(alias.params).map(([from, to]) => [`/mod/${id}/${from}`, `/mod/${alias.id}/${to}`]),
  );
  const whole = Object.entries(ADDRESS_ALIASES).map(([from, path]) => [from, `/mod/${path}`]);
  const gates = Object.entries(GATE_ALIASES).map(([from, to]) => [`/gate/${from}`, `/gate/${to}`]);
  const routes = ROUTES.flatMap((row) => (row.aliases ?? []).map((alias) => [alias, row.address]));
  return Object.fromEntries([...params, ...whole, ...gates, ...routes]);
}

function aliasUnits(): Record<string, Scale> {
  return Object.fromEntries(
    Object.entries(MODULE_ALIASES).flatMap(([id, { scales = {} }]) =>
      Object.entries(scales).map(([name, scale]) => [`/mod/${id}/${name}`, scale]),
    ),
  );
}

function aliasOrders(): Record<string, readonly number[]> {
  return Object.fromEntries(
    Object.entries(MODULE_ALIASES).flatMap(([id, { orders = {} }]) =>
      Object.entries(orders).map(([name, order]) => [`/mod/${id}/${name}`, order]),
    ),
  );
}
