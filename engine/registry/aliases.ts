/**
 * Old names that still work. Whoever sends them gets what the new name does; replies name the address as it came.
 */

/** Module id -> the voice it acts on and the names it had there. ADSR times are seconds. */
export const MODULE_ALIASES: Readonly<
  Record<string, { readonly id: string; readonly params: Readonly<Record<string, string>> }>
> = {
  sine1: { id: 'voice1', params: { freq: 'freq', gain: 'amp' } },
  filter1: { id: 'voice1', params: { freq: 'filter/freq', cutoff: 'filter/freq', q: 'filter/q' } },
  adsr1: {
    id: 'voice1',
    params: { attack: 'adsr/attack', decay: 'adsr/decay', sustain: 'adsr/sustain', release: 'adsr/release' },
  },
};

/** Last part of a parameter name -> the names it may stand for; the first that the module has is meant. */
export const PARAM_ALIASES: Readonly<Record<string, readonly string[]>> = {
  frequency: ['freq', 'cutoff'],
  resonance: ['q', 'res'],
};

/** `/gate/<name>` -> module id. */
export const GATE_ALIASES: Readonly<Record<string, string>> = { adsr1: 'voice1', '1': 'voice1' };

/** The module id and parameter that are meant; what is no alias comes back as it is. */
export function resolveAlias(
  id: string,
  param: string,
  has: (id: string, param: string) => boolean,
): [string, string] {
  const slash = param.lastIndexOf('/') + 1;
  const names = [param, ...others(param.slice(slash)).map((name) => param.slice(0, slash) + name)];
  const module = Object.hasOwn(MODULE_ALIASES, id) ? MODULE_ALIASES[id] : undefined;
  if (module) {
    const found = names.find((name) => Object.hasOwn(module.params, name));
    return found === undefined ? [id, param] : [module.id, module.params[found] as string];
  }
  return [id, names.find((name) => has(id, name)) ?? param];
}

function others(name: string): readonly string[] {
  return Object.hasOwn(PARAM_ALIASES, name) ? (PARAM_ALIASES[name] ?? []) : [];
}
