/**
 * Second step: address -> what it stands for in the tables. An address pattern stands for every parameter or gate it
 * fits; patterns are for /mod and /gate only, as `/seq/*` would start, stop and clear in one stroke.
 */
import { exists, findAddress, findNamed, PARAM_NAMES, type Named } from '../registry/address.js';
import { GATE_ALIASES, MODULE_ALIASES } from '../registry/aliases.js';
import { findInstance, instancesOf, MODULES } from '../registry/modules.js';
import { ROUTE_BY_ADDRESS } from '../registry/routes.js';
import {
  fail,
  show,
  succeed,
  type Failure,
  type Outcome,
  type Problem,
  type Success,
} from '../shared/outcome.js';
import type { RouteRow } from '../shared/table.js';
import { fanOut } from './fan-out.js';
import { isPattern } from './pattern.js';
import { suggest } from './suggest.js';

export type Found =
  | ({ readonly kind: 'param'; readonly address: string } & Named)
  /** `index` counts from 0. */
  | { readonly kind: 'gate'; readonly address: string; readonly module: string; readonly index: number }
  | { readonly kind: 'route'; readonly address: string; readonly row: RouteRow };

/** What exists, by voices and address: a bounded number, as there are only so many names and old names. */
const known = new Map<number, Map<string, Success<readonly Found[]>>>();

/** The last things that do not exist: to look for what resembles them costs more than the rest of a message. */
const refused = new Map<string, Failure>();
const REFUSED_KEPT = 256;

function refuse(key: string, problem: Problem): Failure {
  const failure = fail(problem);
  if (key.length > 256) return failure;
  if (refused.size >= REFUSED_KEPT) refused.delete(refused.keys().next().value as string);
  refused.set(key, failure);
  return failure;
}

/** At least one thing, or why there is none. */
export function lookup(address: string, voices: number): Outcome<readonly Found[]> {
  let here = known.get(voices);
  if (!here) known.set(voices, (here = new Map<string, Success<readonly Found[]>>()));
  const before = here.get(address);
  if (before) return before;
  if (isPattern(address)) {
    const found = fanOut(address, voices);
    if (!found.ok || found.value.length > 0) return found;
    return fail(noRoute(address, 'a pattern that fits at least one parameter or gate', []));
  }
  const unknown = refused.get(`${voices} ${address}`);
  if (unknown) return unknown;
  const found = find(address, voices);
  if (!('kind' in found)) return refuse(`${voices} ${address}`, found);
  const success = succeed([found]);
  here.set(address, success);
  return success;
}

function find(address: string, voices: number): Found | Problem {
  const row = ROUTE_BY_ADDRESS.get(address);
  if (row) return { kind: 'route', address, row };
  const named = findAddress(address);
  if (named) return { kind: 'param', address, ...named };
  const [, root, id = '', ...rest] = address.split('/');
  if (root === 'mod') return findParam(address, id, rest.join('/'), voices);
  if (root === 'gate') return findGate(address, [id, ...rest].join('/'), voices);
  return noRoute(address, 'an address of the schema', suggest(address, voices));
}

function findParam(address: string, id: string, name: string, voices: number): Found | Problem {
  const named = findNamed(id, name);
  if (named)
    return exists(named.parameter, voices) ? { kind: 'param', address, ...named } : noInstance(id, voices);
  const instance = findInstance(id);
  const names = PARAM_NAMES[instance?.type ?? -1] ?? Object.keys(aliasParams(id));
  if (instance && instance.index >= instancesOf(instance.table, voices)) return noInstance(id, voices);
  const allowed =
    names.length > 0
      ? `/mod/${id}/ and one of ${names.join(', ')}`
      : `/mod/<module>/<parameter>, module one of ${moduleIds(id, voices).join(', ')}`;
  return noRoute(address, allowed, suggest(address, voices));
}

function aliasParams(id: string): Readonly<Record<string, string>> {
  return Object.hasOwn(MODULE_ALIASES, id) ? (MODULE_ALIASES[id]?.params ?? {}) : {};
}

function findGate(address: string, sent: string, voices: number): Found | Problem {
  const id = Object.hasOwn(GATE_ALIASES, sent) ? (GATE_ALIASES[sent] as string) : sent;
  const instance = findInstance(id);
  if (instance?.table.gate !== undefined) {
    if (instance.index >= instancesOf(instance.table, voices)) return noInstance(id, voices);
    return { kind: 'gate', address, module: instance.table.type, index: instance.index };
  }
  return noRoute(address, '/gate/voice1, /gate/voice2, ... and /gate/acid1', suggest(address, voices));
}

/** One id of each module, of voices also the one with the number that was sent. */
function moduleIds(id: string, voices: number): string[] {
  const number = Number(/[1-9]\d{0,2}$/.exec(id)?.[0] ?? 1);
  const ids = MODULES.filter((table) => Object.keys(table.params).length > 0).map(
    (table) => `${table.idPrefix}${number <= instancesOf(table, voices) ? number : 1}`,
  );
  return [...ids, ...Object.keys(MODULE_ALIASES)];
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
