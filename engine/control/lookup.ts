/**
 * Second step: address -> what it stands for in the tables. An address pattern stands for every parameter or gate it
 * fits; patterns are for /mod and /gate only, as `/seq/*` would start, stop and clear in one stroke.
 */
import {
  exists,
  findParameter,
  inCore,
  PARAM_NAMES,
  parameters,
  type Parameter,
} from '../registry/address.js';
import { GATE_ALIASES, MODULE_ALIASES } from '../registry/aliases.js';
import { findInstance, instanceIds, instancesOf, MODULES } from '../registry/modules.js';
import { ROUTE_BY_ADDRESS } from '../registry/routes.js';
import { nearest } from '../shared/nearest.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import type { RouteRow } from '../shared/table.js';
import { compilePattern, isPattern } from './pattern.js';

export type Found =
  | { readonly kind: 'param'; readonly address: string; readonly parameter: Parameter }
  /** `index` counts from 0. */
  | { readonly kind: 'gate'; readonly address: string; readonly module: string; readonly index: number }
  | { readonly kind: 'route'; readonly address: string; readonly row: RouteRow };

/** At least one thing, or why there is none. */
export function lookup(address: string, voices: number): Outcome<Found[]> {
  if (isPattern(address)) return fanOut(address, voices);
  const row = ROUTE_BY_ADDRESS.get(address);
  if (row) return succeed([{ kind: 'route', address, row }]);
  const [, root, id = '', ...rest] = address.split('/');
  if (root === 'mod') return one(findParam(address, id, rest.join('/'), voices));
  if (root === 'gate') return one(findGate(address, [id, ...rest].join('/'), voices));
  return fail(noRoute(address, 'an address of the schema', nearest(address, ROUTE_BY_ADDRESS.keys())));
}

function one(found: Found | Problem): Outcome<Found[]> {
  return 'kind' in found ? succeed([found]) : fail(found);
}

function findParam(address: string, id: string, name: string, voices: number): Found | Problem {
  const parameter = findParameter(id, name);
  if (parameter)
    return exists(parameter, voices) ? { kind: 'param', address, parameter } : noInstance(id, voices);
  const instance = findInstance(id);
  const names = PARAM_NAMES[instance?.type ?? -1] ?? Object.keys(aliasParams(id));
  if (instance && instance.index >= instancesOf(instance.table, voices)) return noInstance(id, voices);
  if (names.length > 0) {
    const near = nearest(name, names).map((other) => `/mod/${id}/${other}`);
    return noRoute(address, `/mod/${id}/ and one of ${names.join(', ')}`, near);
  }
  const ids = moduleIds(id, voices);
  return noRoute(
    address,
    `/mod/<module>/<parameter>, module one of ${ids.join(', ')}`,
    nearModules(id, ids, name),
  );
}

function aliasParams(id: string): Readonly<Record<string, string>> {
  return Object.hasOwn(MODULE_ALIASES, id) ? (MODULE_ALIASES[id]?.params ?? {}) : {};
}

function nearModules(id: string, ids: readonly string[], name: string): string[] {
  return nearest(id, ids).map((other) => `/mod/${other}/${name}`);
}

function findGate(address: string, sent: string, voices: number): Found | Problem {
  const id = Object.hasOwn(GATE_ALIASES, sent) ? (GATE_ALIASES[sent] as string) : sent;
  const instance = findInstance(id);
  if (instance?.table.gate !== undefined) {
    if (instance.index >= instancesOf(instance.table, voices)) return noInstance(id, voices);
    return { kind: 'gate', address, module: instance.table.type, index: instance.index };
  }
  const ids = MODULES.filter((table) => table.gate !== undefined).flatMap((table) =>
    instanceIds(table, voices),
  );
  const near = nearest(sent, ids).map((other) => `/gate/${other}`);
  return noRoute(address, '/gate/voice1, /gate/voice2, ... and /gate/acid1', near);
}

/** One id of each module, of voices also the one with the number that was sent. */
function moduleIds(id: string, voices: number): string[] {
  const number = Number(/[1-9]\d{0,2}$/.exec(id)?.[0] ?? 1);
  const ids = MODULES.filter((table) => Object.keys(table.params).length > 0).map(
    (table) => `${table.idPrefix}${number <= instancesOf(table, voices) ? number : 1}`,
  );
  return [...ids, ...Object.keys(MODULE_ALIASES)];
}

function fanOut(address: string, voices: number): Outcome<Found[]> {
  if (!/^\/(mod|gate)\//.test(address)) {
    const mend = 'Nothing was done. Send each address by itself.';
    return fail({
      code: 'E_WILDCARD',
      got: show(address),
      allowed: '* ? [] {} after /mod/ and /gate/ only',
      mend,
    });
  }
  const fits = compilePattern(address);
  if (!fits) {
    const mend = 'Nothing was done. Close every bracket and brace; between slashes only.';
    return fail({ code: 'E_WILDCARD', got: show(address), allowed: '*, ?, [1-4], [!a], {a,b}', mend });
  }
  const found = candidates(voices).filter((candidate) => fits(candidate.address));
  if (found.length > 0) return succeed(found);
  return fail(noRoute(address, 'a pattern that fits at least one parameter or gate', []));
}

const known = new Map<number, readonly Found[]>();

/** Every parameter of the core and every gate; a few thousand at most, which bounds what one pattern can do. */
function candidates(voices: number): readonly Found[] {
  const before = known.get(voices);
  if (before) return before;
  const params = [...parameters(voices)]
    .filter(inCore)
    .map((parameter): Found => ({ kind: 'param', address: `/mod/${parameter.path}`, parameter }));
  const gates = MODULES.filter((table) => table.gate !== undefined).flatMap((table) =>
    instanceIds(table, voices).map((id, index): Found => ({
      kind: 'gate',
      address: `/gate/${id}`,
      module: table.type,
      index,
    })),
  );
  const all = [...params, ...gates];
  known.set(voices, all);
  return all;
}

function noInstance(id: string, voices: number): Problem {
  const instance = findInstance(id);
  const last = instance ? instancesOf(instance.table, voices) : 0;
  const ofVoices = instance?.table.instances === 'voices';
  const prefix = instance?.table.idPrefix ?? '';
  return {
    code: ofVoices ? 'E_VOICE' : 'E_ROUTE',
    got: show(id),
    allowed: `${prefix}1${last > 1 ? ` to ${prefix}${last}` : ''}`,
    mend: ofVoices
      ? `Nothing was changed. Start the engine with --voices ${(instance?.index ?? 0) + 1} or more to have it.`
      : 'Nothing was changed. Use one of these.',
  };
}

function noRoute(address: string, allowed: string, near: string[]): Problem {
  const mend = 'Nothing was changed. /engine/schema answers every address there is.';
  return { code: 'E_ROUTE', got: show(address), allowed, mend, nearest: near };
}
