/**
 * Address patterns: every parameter of the core and every gate they fit; a few thousand at most, which bounds what one
 * message can do. What fits never changes, so it is looked for once: clients send the same pattern again and again.
 */
import { inCore, parameters } from '../registry/address.js';
import { instanceIds, MODULES } from '../registry/modules.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import type { Found } from './lookup.js';
import { compilePattern } from './pattern.js';

/** Patterns whose matches are kept; a hostile client sends others every time, which costs what it cost before. */
const KEPT = 128;

/** Undefined inside: it fits nothing. */
export function fanOut(address: string, voices: number): Outcome<readonly Found[]> {
  if (!/^\/(mod|gate)\//.test(address)) {
    return fail({
      code: 'E_WILDCARD',
      got: show(address),
      allowed: '* ? [] {} after /mod/ and /gate/ only',
      mend: 'Nothing was done. Send each address by itself.',
    });
  }
  const { all, matches } = known(voices);
  const before = matches.get(address);
  if (before) return succeed(before);
  const fits = compilePattern(address);
  if (!fits) {
    const mend = 'Nothing was done. Close every bracket and brace; between slashes only.';
    return fail({ code: 'E_WILDCARD', got: show(address), allowed: '*, ?, [1-4], [!a], {a,b}', mend });
  }
  const found = all.filter((candidate) => fits(candidate.address));
  if (matches.size >= KEPT) matches.delete(matches.keys().next().value as string);
  matches.set(address, found);
  return succeed(found);
}

interface Known {
  readonly all: readonly Found[];
  readonly matches: Map<string, readonly Found[]>;
}

const byVoices = new Map<number, Known>();

function known(voices: number): Known {
  const before = byVoices.get(voices);
  if (before) return before;
  const made = { all: candidates(voices), matches: new Map<string, readonly Found[]>() };
  byVoices.set(voices, made);
  return made;
}

function candidates(voices: number): Found[] {
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
  return [...params, ...gates];
}
