/**
 * The addresses that may be meant by one that does not exist. Slips of a letter or two, wrong case, a slash or number
 * too few, another word for the same thing, the right parameter of the wrong module. Pure; costs about a millisecond.
 */
import { PARAM_NAMES } from '../registry/address.js';
import { ADDRESS_ALIASES, MODULE_ALIASES, GATE_ALIASES } from '../registry/aliases.js';
import { instancesOf, MODULES } from '../registry/modules.js';
import { ROUTE_BY_ADDRESS } from '../registry/routes.js';
import { distance, nearest } from '../shared/nearest.js';
import { alike, MODULE_WORDS, NAME_WORDS, ROUTE_WORDS, synonyms } from '../shared/synonyms.js';

const MOST = 3;
/** What a word for another is worth in slips of a letter. */
const OTHER_WORD = 0.5;
const OTHER_MODULE = 2;
const OTHER_FAMILY = 1;
/** The address itself, written otherwise: case, slashes. */
const SAME = 0;

interface Guess {
  readonly address: string;
  readonly cost: number;
}

/** Best first, at most three. */
export function suggest(address: string, voices: number): string[] {
  const parts = address
    .slice(0, 64)
    .toLowerCase()
    .split(/[/\\.:\s]+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return [];
  const guesses = [...params(parts, voices), ...gates(parts, voices), ...routes(parts)];
  const best = new Map<string, number>();
  for (const { address: guess, cost } of guesses.sort((a, b) => a.cost - b.cost))
    if (!best.has(guess)) best.set(guess, cost);
  return [...best.keys()].slice(0, MOST);
}

function params(parts: readonly string[], voices: number): Guess[] {
  const [first = '', ...rest] = parts;
  const behindMod = family(first, 'mod') && rest.length > 0;
  const [id = '', ...name] = behindMod ? rest : parts;
  // `/voice1` and `/mod/voice1` say what, but not which parameter.
  if (name.length === 0) return behindMod ? loneName(id, voices) : [];
  const modules = ids(id, voices);
  const elsewhere = behindMod ? SAME : OTHER_FAMILY;
  const guesses = modules.flatMap((module) =>
    names(name.join('/'), module.names).map((found) => ({
      address: `/mod/${module.id}/${found.name}`,
      cost: elsewhere + module.cost + found.cost,
    })),
  );
  if (guesses.length > 0 || !behindMod) return guesses;
  return loneName(name.join('/'), voices);
}

/** The name of a parameter that other modules have. */
function loneName(name: string, voices: number): Guess[] {
  return everyModule(1, voices).flatMap((module) =>
    module.names
      .filter((other) => other === name || synonyms(NAME_WORDS, name).includes(other))
      .map((other) => ({
        address: `/mod/${module.id}/${other}`,
        cost: OTHER_MODULE + (other === name ? 0 : OTHER_WORD),
      })),
  );
}

interface Module {
  readonly id: string;
  readonly names: readonly string[];
  readonly cost: number;
}

/** The modules an id may mean: voise1, voice_1, voice01, voice, osc1. */
function ids(id: string, voices: number): Module[] {
  const alias = Object.hasOwn(MODULE_ALIASES, id) ? MODULE_ALIASES[id] : undefined;
  const own = alias ? [{ id, names: Object.keys(alias.params), cost: SAME }] : [];
  const [, prefix = '', digits = ''] = /^(.*?)[-_ ]?0*(\d{0,3})$/.exec(id) ?? [];
  const number = Number(digits || 1);
  const modules = everyModule(number, voices);
  const words = new Map(modules.map((module) => [module.id.replace(/\d+$/, ''), module]));
  const meant = prefix === '' && digits !== '' ? ['voice'] : synonyms(MODULE_WORDS, prefix);
  const near = nearest(prefix, words.keys());
  const found = [...new Set([...near, ...meant])].flatMap((word) => {
    const module = words.get(word);
    const cost = meant.includes(word) ? Math.min(OTHER_WORD, distance(prefix, word)) : distance(prefix, word);
    return module ? [{ ...module, cost: cost + (number === numberOf(module.id) ? 0 : OTHER_WORD) }] : [];
  });
  return [...own, ...found];
}

function numberOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0]);
}

/** One id of each kind of module: the one with that number, or the first. */
function everyModule(number: number, voices: number): Module[] {
  return MODULES.flatMap((table, type) => {
    const known = PARAM_NAMES[type] ?? [];
    const id = `${table.idPrefix}${number >= 1 && number <= instancesOf(table, voices) ? number : 1}`;
    return known.length > 0 ? [{ id, names: known, cost: SAME }] : [];
  });
}

function names(name: string, all: readonly string[]): { readonly name: string; readonly cost: number }[] {
  return alike(name, all).map((found, place) => {
    const far = distance(name, found);
    const called = [name, name.slice(name.lastIndexOf('/') + 1)].some((word) =>
      synonyms(NAME_WORDS, word).includes(found),
    );
    const ends = found.endsWith(`/${name}`) || found.endsWith(`_${name}`);
    return { name: found, cost: (called || ends ? Math.min(far, OTHER_WORD) : far) + place / 100 };
  });
}

function gates(parts: readonly string[], voices: number): Guess[] {
  const [first = '', ...rest] = parts;
  if (!family(first, 'gate')) return [];
  const id = rest.join('');
  if (id === '') return [{ address: '/gate/voice1', cost: 1 }];
  const known = [...Object.keys(GATE_ALIASES), ...gateIds(id, voices)];
  const near = nearest(id, known).map((found) => ({ address: `/gate/${found}`, cost: distance(id, found) }));
  const modules = ids(id, voices)
    .filter((module) => known.includes(module.id))
    .map((module) => ({ address: `/gate/${module.id}`, cost: module.cost }));
  return [...modules, ...near];
}

function gateIds(id: string, voices: number): string[] {
  const number = Number(/\d{1,3}$/.exec(id)?.[0] ?? 1);
  return MODULES.filter((table) => table.gate !== undefined).map(
    (table) => `${table.idPrefix}${number >= 1 && number <= instancesOf(table, voices) ? number : 1}`,
  );
}

function routes(parts: readonly string[]): Guess[] {
  const address = `/${parts.join('/')}`;
  const all = [...ROUTE_BY_ADDRESS.keys(), ...Object.keys(ADDRESS_ALIASES)];
  const near = nearest(address, all).map((found) => ({ address: found, cost: distance(address, found) }));
  const last = parts.at(-1) ?? '';
  const words = [last, ...synonyms(ROUTE_WORDS, last)];
  const head = parts.slice(0, -1).join('/');
  const same = all.flatMap((found): Guess[] => {
    const word = words.find((each) => found.endsWith(`/${each}`));
    if (word === undefined) return [];
    const before = found.slice(1, -1 - word.length);
    const cost = (word === last ? SAME : OTHER_WORD) + (head === before ? 0 : distance(head, before) / 2);
    return ['', 'mod', before].includes(head) || distance(head, before) <= 2
      ? [{ address: found, cost }]
      : [];
  });
  return [...same, ...near];
}

function family(word: string, wanted: string): boolean {
  return distance(word, wanted) <= 1;
}
