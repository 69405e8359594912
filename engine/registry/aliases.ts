/**
 * Old names that still work. Whoever sends them gets what the new name does, in the unit the old one had; replies name
 * the address as it came.
 */

/** The unit numbers come in, where it is not that of the parameter: `factor` of it make one of the parameter's. */
export interface Scale {
  readonly unit: string;
  readonly factor: number;
}

/** Times of the first generation. */
export const MILLISECONDS: Scale = { unit: 'ms', factor: 0.001 };

export interface ModuleAlias {
  /** The voice it acts on. */
  readonly id: string;
  /** Old parameter name -> name in the voice. */
  readonly params: Readonly<Record<string, string>>;
  /** Old names whose numbers have another unit. */
  readonly scales?: Readonly<Record<string, Scale>>;
  /** Old names of choices whose numbers had another order: at each place what that number means now. Words are today's. */
  readonly orders?: Readonly<Record<string, readonly number[]>>;
  /** For a sender whose number is out of range. */
  readonly hint?: string;
}

const ENVELOPE = {
  attack: 'adsr/attack',
  decay: 'adsr/decay',
  sustain: 'adsr/sustain',
  release: 'adsr/release',
} as const;
const SINE = { freq: 'freq', gain: 'amp' } as const;
const FILTER = {
  freq: 'filter/freq',
  cutoff: 'filter/freq',
  q: 'filter/q',
  mode: 'filter/type',
  filter_mode: 'filter/type',
} as const;
/** Low-pass, high-pass, band-pass; the notch is new. */
const FILTER_MODES = [0, 2, 1, 3] as const;
const FILTER_ORDERS = { mode: FILTER_MODES, filter_mode: FILTER_MODES } as const;

/** The ids with a number are those of the second generation, those without of the first. */
export const MODULE_ALIASES: Readonly<Record<string, ModuleAlias>> = {
  sine1: { id: 'voice1', params: SINE },
  filter1: { id: 'voice1', params: FILTER, orders: FILTER_ORDERS },
  adsr1: { id: 'voice1', params: ENVELOPE, hint: 'adsr1 takes seconds, adsr milliseconds.' },
  sine: { id: 'voice1', params: SINE },
  filter: { id: 'voice1', params: FILTER, orders: FILTER_ORDERS },
  adsr: {
    id: 'voice1',
    params: ENVELOPE,
    scales: { attack: MILLISECONDS, decay: MILLISECONDS, release: MILLISECONDS },
    hint: 'adsr takes milliseconds, adsr1 seconds.',
  },
};

/** Whole address -> '<module>/<parameter>': the tone of the first engine. */
export const ADDRESS_ALIASES: Readonly<Record<string, string>> = {
  '/engine/freq': 'voice1/freq',
  '/engine/gain': 'voice1/amp',
};

/** Last part of a parameter name -> the names it may stand for; the first that the module has is meant. */
export const PARAM_ALIASES: Readonly<Record<string, readonly string[]>> = {
  frequency: ['freq', 'cutoff'],
  resonance: ['q', 'res'],
};

/** `/gate/<name>` -> module id. */
export const GATE_ALIASES: Readonly<Record<string, string>> = {
  adsr1: 'voice1',
  adsr: 'voice1',
  '1': 'voice1',
};

/** What an old name stands for. */
export interface Meant {
  readonly id: string;
  readonly param: string;
  readonly scale?: Scale;
  readonly order?: readonly number[];
  readonly hint?: string;
}

/** The module id and parameter that are meant; what is no alias comes back as it is. */
export function resolveAlias(id: string, param: string, has: (id: string, param: string) => boolean): Meant {
  const module = Object.hasOwn(MODULE_ALIASES, id) ? MODULE_ALIASES[id] : undefined;
  if (!module && has(id, param)) return { id, param };
  const slash = param.lastIndexOf('/') + 1;
  const names = [param, ...others(param.slice(slash)).map((name) => param.slice(0, slash) + name)];
  if (!module) return { id, param: names.find((name) => has(id, name)) ?? param };
  const found = names.find((name) => Object.hasOwn(module.params, name));
  if (found === undefined) return { id, param };
  const scale = module.scales?.[found];
  const order = module.orders?.[found];
  return {
    id: module.id,
    param: module.params[found] as string,
    ...(scale && { scale }),
    ...(order && { order }),
    ...(module.hint !== undefined && { hint: module.hint }),
  };
}

function others(name: string): readonly string[] {
  return Object.hasOwn(PARAM_ALIASES, name) ? (PARAM_ALIASES[name] ?? []) : [];
}
