/**
 * What a module's table may say. A table is the only place where a name, unit, range, default and smoothing is
 * written; routes, checks, schema, documentation, struct offsets and client code are derived from it.
 *
 * This file is a leaf: modules may import it, it imports nothing.
 */

export type Unit =
  | 'Hz'
  | 's'
  | 'lin'
  | 'dB'
  | 'semitones'
  | 'q'
  | 'pan'
  | 'bool'
  | 'enum'
  | 'voice'
  | 'target'
  | 'BPM'
  | 'frames';

/** How the position of a control maps to the value: `exp` needs min > 0. */
export type Curve = 'linear' | 'exp';

/**
 * How a modulator's output m (about -1..1 times depth) changes the parameter's value v:
 * `add` v + m*span, `octaves` v * 2^(m*span), `scale` v * (1 + span*(m - depth)/2), which only ever attenuates.
 */
export interface Modulation {
  readonly by: 'add' | 'octaves' | 'scale';
  readonly span: number;
}

export interface ParamRow {
  readonly doc: string;
  readonly unit: Unit;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly curve?: Curve;
  /** Length of the straight line from the old value to the new one; 0 = acts at once. */
  readonly smoothMs: number;
  /** Absent: cannot be modulated. */
  readonly modulation?: Modulation;
  /** Whole numbers only (enum, voice, target, bool imply it). */
  readonly whole?: boolean;
  /** For `enum`: the words, in the order of their numbers from `min`. */
  readonly words?: readonly string[];
}

export type ArgType = 'number' | 'int' | 'text' | 'bool' | 'any';

export interface ArgRow {
  readonly name: string;
  readonly type: ArgType;
  readonly doc: string;
  readonly optional?: boolean;
  /** Takes this and all further arguments. */
  readonly rest?: boolean;
  /** Given as `name=word` at any place behind the first argument; always optional. */
  readonly named?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly default?: number | string;
  readonly unit?: Unit;
  readonly words?: readonly string[];
}

export interface RouteForm {
  readonly doc: string;
  readonly args: readonly ArgRow[];
  readonly example: readonly (string | number)[];
}

/** A route that is not a parameter or gate. */
export interface RouteRow {
  readonly address: string;
  readonly doc: string;
  readonly args: readonly ArgRow[];
  /** Arguments of a call that works as it stands, for the documentation and the conformance test. */
  readonly example: readonly (string | number)[];
  /** What the reply at `<address>/reply` holds; absent: no reply. */
  readonly reply?: string;
  /** What the reply holds when it comes without arguments; with arguments there is none. */
  readonly query?: string;
  /** Other arguments that work as well; the first form that fits is taken, `args` before these. */
  readonly forms?: readonly RouteForm[];
  /** Other addresses that do the same. */
  readonly aliases?: readonly string[];
}

export interface ModuleTable {
  readonly type: string;
  /** Instance ids are `${idPrefix}1`, `${idPrefix}2`, ... */
  readonly idPrefix: string;
  /** `voices`: as many as the engine has voices; otherwise that many. */
  readonly instances: 'voices' | number;
  /** `lane`: four instances per vector; `bus`: stereo at bus level; `control`: computed once per cell; `service`: beside the audio. */
  readonly level: 'lane' | 'bus' | 'control' | 'service';
  readonly doc: string;
  /** Delay from input to output, the same for all settings. */
  readonly latencyFrames: number;
  readonly params: Readonly<Record<string, ParamRow>>;
  /** Where one instance starts differently: id -> parameter -> default; a target is written as '<module>/<parameter>'. */
  readonly instanceDefaults?: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  /** Present: instances have a gate `/gate/<id>`. */
  readonly gate?: string;
  readonly routes?: readonly RouteRow[];
  /** Free remarks for the schema. */
  readonly notes?: string;
}

/** `track [division] [at=now|step|bar]`: what may be sent, for people. */
export function usageOf(args: readonly ArgRow[]): string {
  return args
    .map(({ name, optional, rest, named, words = [] }) => {
      if (named) return `[${name}=${words.join('|') || '...'}]`;
      return (optional ? `[${name}]` : name) + (rest ? '...' : '');
    })
    .join(' ');
}

const FIELDS = new Set([
  'doc',
  'unit',
  'min',
  'max',
  'default',
  'curve',
  'smoothMs',
  'modulation',
  'whole',
  'words',
]);
const WHOLE_UNITS = new Set<Unit>(['enum', 'voice', 'target', 'bool']);

/** True when only whole numbers make sense for this row. */
export function isWhole(row: ParamRow): boolean {
  return row.whole === true || WHOLE_UNITS.has(row.unit);
}

/**
 * Checks a table when it is loaded and gives it back.
 * Throws an Error that names the module, the parameter and the rule that is broken.
 */
export function defineModule<const T extends ModuleTable>(table: T): T {
  for (const [name, row] of Object.entries<ParamRow>(table.params)) {
    const problem = checkRow(name, row);
    if (problem) throw new Error(`table '${table.type}', parameter '${name}': ${problem}`);
  }
  if (!Number.isInteger(table.latencyFrames) || table.latencyFrames < 0) {
    throw new Error(`table '${table.type}': latencyFrames must be a whole number >= 0`);
  }
  return table;
}

function checkRow(name: string, row: ParamRow): string | undefined {
  if (!/^[a-z][a-z0-9_]*(\/[a-z][a-z0-9_]*)?$/.test(name))
    return 'name must be lower case, at most one slash';
  const unknown = Object.keys(row).find((key) => !FIELDS.has(key));
  if (unknown) return `unknown field '${unknown}'; known: ${[...FIELDS].join(', ')}`;
  for (const value of [row.min, row.max, row.default, row.smoothMs]) {
    if (!Number.isFinite(value)) return 'min, max, default and smoothMs must be finite numbers';
  }
  if (row.min >= row.max) return `min ${row.min} must be below max ${row.max}`;
  if (row.default < row.min || row.default > row.max) {
    return `default ${row.default} lies outside ${row.min}..${row.max}`;
  }
  if (row.curve === 'exp' && row.min <= 0) return "curve 'exp' needs min > 0";
  if (row.smoothMs < 0 || row.smoothMs > 1000) return 'smoothMs must be 0..1000';
  if (isWhole(row) && (row.smoothMs !== 0 || row.modulation))
    return 'whole numbers cannot be smoothed or modulated';
  if (isWhole(row) && ![row.min, row.max, row.default].every(Number.isInteger))
    return 'range and default must be whole';
  if ((row.unit === 'enum') !== (row.words !== undefined)) return 'words go with unit enum, and only with it';
  if (row.words && row.words.length !== row.max - row.min + 1)
    return 'one word for each number from min to max';
  if (row.doc.length < 8) return 'doc is missing';
  return undefined;
}
