/**
 * Parameter addresses: moduleType << 16 | instance (from 0) << 8 | parameter, and back to 'voice1/filter/freq'.
 * The value of a parameter with unit 'target' is 1 + the address it moves, 0 = none (whole in f32 up to 2^24).
 */
import type { ParamRow } from '../shared/table.js';
import { ADDRESS_ALIASES, resolveAlias, type Meant, type Scale } from './aliases.js';
import { findInstance, instancesOf, MODULES } from './modules.js';

export interface Parameter {
  readonly address: number;
  /** Module type number, instance from 0, place in the table. */
  readonly type: number;
  readonly instance: number;
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** '<id>/<name>', what follows '/mod/'. */
  readonly path: string;
  readonly row: ParamRow;
}

/** The names of a module's parameters in their fixed order. */
export const PARAM_NAMES: readonly (readonly string[])[] = MODULES.map((table) => Object.keys(table.params));

export function addressOf(type: number, instance: number, index: number): number {
  return (type << 16) | (instance << 8) | index;
}

/** A parameter as somebody names it. */
export interface Named {
  readonly parameter: Parameter;
  /** Absent: numbers come in the parameter's own unit. */
  readonly scale?: Scale;
  /** Numbers of a choice come in another order: at each place what that number means. */
  readonly order?: readonly number[];
  /** For a sender whose number is out of range. */
  readonly hint?: string;
}

/** By id and name, aliases included. The instance may lie beyond those an engine has: see `exists`. */
export function findNamed(id: string, name: string): Named | undefined {
  const meant: Meant = resolveAlias(id, name, hasParameter);
  const instance = findInstance(meant.id);
  if (!instance || instance.index > 255) return undefined;
  const index = PARAM_NAMES[instance.type]?.indexOf(meant.param) ?? -1;
  const parameter = index < 0 ? undefined : parameterAt(addressOf(instance.type, instance.index, index));
  if (!parameter) return undefined;
  const { scale, order, hint } = meant;
  return { parameter, ...(scale && { scale }), ...(order && { order }), ...(hint !== undefined && { hint }) };
}

/** By a whole address that is an old name of one parameter. */
export function findAddress(address: string): Named | undefined {
  const path = Object.hasOwn(ADDRESS_ALIASES, address) ? ADDRESS_ALIASES[address] : undefined;
  const parameter = path === undefined ? undefined : findPath(path);
  return parameter && { parameter };
}

/** As findNamed, for what has the numbers of the parameter: names with another unit or order are none. */
export function findParameter(id: string, name: string): Parameter | undefined {
  const named = findNamed(id, name);
  return named?.scale || named?.order ? undefined : named?.parameter;
}

/** By '<id>/<name>'. */
export function findPath(path: string): Parameter | undefined {
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : findParameter(path.slice(0, slash), path.slice(slash + 1));
}

/** By address; undefined when no table has such a parameter. */
export function parameterAt(address: number): Parameter | undefined {
  const known = KNOWN.get(address);
  if (known) return known;
  const made = makeParameter(address);
  if (made) KNOWN.set(address, made);
  return made;
}

/** Those asked for so far; at most as many as there are. A snapshot of all voices asks for thousands. */
const KNOWN = new Map<number, Parameter>();

function makeParameter(address: number): Parameter | undefined {
  const type = address >>> 16;
  const instance = (address >>> 8) & 255;
  const index = address & 255;
  const table = MODULES[type];
  const name = PARAM_NAMES[type]?.[index];
  if (!table || name === undefined) return undefined;
  if (address !== ((type << 16) | (instance << 8) | index)) return undefined;
  const id = `${table.idPrefix}${instance + 1}`;
  return {
    address,
    type,
    instance,
    index,
    id,
    name,
    path: `${id}/${name}`,
    row: table.params[name] as ParamRow,
  };
}

/** True when an engine with that many voices has this instance. */
export function exists(parameter: Parameter, voices: number): boolean {
  return parameter.instance < instancesOf(MODULES[parameter.type] as (typeof MODULES)[number], voices);
}

/** Every parameter of an engine with that many voices, in the order of the tables. */
export function* parameters(voices: number): Generator<Parameter> {
  for (const [type, table] of MODULES.entries()) {
    for (let instance = 0; instance < instancesOf(table, voices); instance++) {
      for (let index = 0; index < (PARAM_NAMES[type]?.length ?? 0); index++) {
        yield parameterAt(addressOf(type, instance, index)) as Parameter;
      }
    }
  }
}

/** True when the core renders it; false for what a service beside the audio does (rec1). */
export function inCore(parameter: Parameter): boolean {
  return MODULES[parameter.type]?.level !== 'service';
}

function hasParameter(id: string, name: string): boolean {
  const instance = findInstance(id);
  return instance !== undefined && Object.hasOwn(instance.table.params, name);
}
