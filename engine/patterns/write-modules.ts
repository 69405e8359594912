/**
 * The `modules` part of a slot file as text, and the parameters under `chronus.params`. They are nine tenths of a large
 * file, and it is written while music plays: what is the same in every file (names, order, indent) is made once for
 * each module, and a module whose values are those of the last file is not put into words again. The layout is that of
 * json.ts.
 */
import { findPath } from '../registry/address.js';
import { targetText } from '../registry/target.js';
import { isWhole, type ParamRow } from '../shared/table.js';
import { findModule, MODULE_ROWS, moduleIds, type Cell, type ModuleRow } from './fields.js';
import { writeFloat, type Raw } from './json.js';
import { NO_MEMBER, type Piece, type SlotText } from './slot-text.js';

/** By parameter address. A target is its code (registry/target.ts) or its text. */
export type Values = ReadonlyMap<number, number | string>;

/** The text around the value of a parameter. */
interface Line {
  readonly address: number;
  readonly before: string;
  readonly after: string;
  readonly kind: 'float' | 'whole' | 'target';
  /** Written when the parameter has no value; undefined: the line is left out then. */
  readonly fallback: string | undefined;
}

interface Plan {
  readonly open: string;
  readonly lines: readonly Line[];
  readonly close: string;
  /** What goes around the text to make a document of it. */
  readonly around: readonly [before: string, after: string];
  /** What was written last, by line, and its text; undefined: nothing is there. */
  readonly values: (number | string | undefined)[];
  piece: Piece | undefined;
}

interface Layout {
  readonly modules: readonly Plan[];
  /** Parameters without a field, one plan for each module. */
  readonly own: readonly Plan[];
}

let layout: Layout | undefined;

/** The addresses of what a document holds by path; what no slot file holds is left out. */
export function valuesOf(params: ReadonlyMap<string, number | string>): Values {
  const values = new Map<number, number | string>();
  for (const [path, value] of params) {
    const parameter = findPath(path);
    if (parameter?.path === path) values.set(parameter.address, value);
  }
  return values;
}

/** Modules of which any field is there. Their other fields get the default: the original needs them. */
export function writeModules(values: Values): Raw {
  const parts = write((layout ??= makeLayout()).modules, values);
  return { raw: parts.length === 0 ? ['{}'] : [...parts, '\n  }'] };
}

/**
 * What the original format has no field for; undefined: nothing. In the order of the tables, or the modules in the order
 * of the values, where that may be another one.
 */
export function writeOwnParams(values: Values, inOrderOfValues: boolean): Raw | undefined {
  const { own } = (layout ??= makeLayout());
  const parts = write(inOrderOfValues ? inOrder(own, values) : own, values);
  return parts.length === 0 ? undefined : { raw: [...parts, '\n    }'] };
}

function write(plans: readonly Plan[], values: Values): SlotText {
  const parts: SlotText[number][] = [];
  for (const plan of plans) {
    if (!holdsSame(plan, values)) {
      // Only after the text: a value that cannot be written throws, and must do so again.
      const text = fill(plan, values);
      const [before, after] = plan.around;
      plan.piece =
        text === undefined ? undefined : { text, standIn: NO_MEMBER, alone: before + text + after };
      for (const [i, { address }] of plan.lines.entries()) plan.values[i] = values.get(address);
    }
    if (plan.piece) parts.push(parts.length === 0 ? '{\n' : ',\n', plan.piece);
  }
  return parts;
}

function inOrder(plans: readonly Plan[], values: Values): Plan[] {
  const byModule = new Map(plans.map((plan) => [(plan.lines[0]?.address ?? 0) >>> 8, plan]));
  const modules = new Set([...values.keys()].map((address) => address >>> 8));
  return [...modules].flatMap((module) => byModule.get(module) ?? []);
}

function holdsSame({ lines, values: last }: Plan, values: Values): boolean {
  for (let i = 0; i < lines.length; i++) if (values.get((lines[i] as Line).address) !== last[i]) return false;
  return true;
}

function fill(plan: Plan, values: Values): string | undefined {
  const parts = [plan.open];
  let separator = '';
  let present = false;
  for (const line of plan.lines) {
    const value = values.get(line.address);
    present ||= value !== undefined;
    const shown = value === undefined ? line.fallback : writeValue(value, line.kind);
    if (shown === undefined) continue;
    parts.push(separator, line.before, shown, line.after);
    separator = ',\n';
  }
  parts.push(plan.close);
  // Joined, as it is read at every save: a text that was put together step by step takes long to read.
  return present ? parts.join('') : undefined;
}

function writeValue(value: number | string, kind: Line['kind']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (kind === 'target') return JSON.stringify(targetText(value));
  return kind === 'whole' ? String(Math.trunc(value)) : writeFloat(value);
}

function makeLayout(): Layout {
  const modules: Plan[] = [];
  const own: Plan[] = [];
  for (const row of MODULE_ROWS) {
    const fields = new Set(row.fields.map(({ param }) => param));
    const rest = Object.entries<ParamRow>(row.table.params).filter(([name]) => !fields.has(name));
    for (const id of moduleIds(row.table)) {
      if (fields.size > 0) modules.push(plan(row, id));
      if (rest.length > 0) own.push(ownPlan(id, rest));
    }
  }
  // In the order of an engine's parameters.
  own.sort((a, b) => (a.lines[0]?.address ?? 0) - (b.lines[0]?.address ?? 0));
  return { modules, own };
}

function plan({ idField, fixed }: ModuleRow, id: string): Plan {
  const first = idField ? `      ${JSON.stringify(idField)}: ${JSON.stringify(id)},\n` : '';
  const last = Object.entries(fixed ?? {}).map(([field, value]) => `,\n      "${field}": ${value}`);
  const cells = findModule(id)?.cells ?? [];
  const lines = cells.map(({ path, row, keeps, default: value }, i): Line => {
    const kind = kindOf(row);
    return {
      address: addressAt(path),
      ...around(cells, i),
      kind,
      fallback: keeps ? undefined : writeValue(value, kind),
    };
  });
  return empty({
    ...{ open: `    ${JSON.stringify(id)}: {\n${first}`, lines, close: `${last.join('')}\n    }` },
    around: ['{"modules": {', '}}'],
  });
}

function ownPlan(id: string, params: readonly (readonly [string, ParamRow])[]): Plan {
  const lines = params.map(([name, row]): Line => {
    const path = `${id}/${name}`;
    const before = `      ${JSON.stringify(path)}: `;
    return { address: addressAt(path), before, after: '', kind: kindOf(row), fallback: undefined };
  });
  return empty({ open: '', lines, close: '', around: ['{"chronus": {"params": {', '}}}'] });
}

function empty(plan: Pick<Plan, 'open' | 'lines' | 'close' | 'around'>): Plan {
  return { ...plan, values: plan.lines.map(() => undefined), piece: undefined };
}

function addressAt(path: string): number {
  const parameter = findPath(path);
  if (!parameter) throw new Error(`no table has the parameter '${path}'`);
  return parameter.address;
}

function kindOf(row: ParamRow): Line['kind'] {
  if (row.unit === 'target') return 'target';
  return isWhole(row) ? 'whole' : 'float';
}

/** `adsr.attack` is written inside an object `adsr`, from the first to the last field of it. */
function around(cells: readonly Cell[], i: number): Pick<Line, 'before' | 'after'> {
  const { name, inner } = cells[i] as Cell;
  if (inner === undefined) return { before: `      ${JSON.stringify(name)}: `, after: '' };
  const opens = cells[i - 1]?.name === name ? '' : `      ${JSON.stringify(name)}: {\n`;
  const closes = cells[i + 1]?.name === name ? '' : '\n      }';
  return { before: `${opens}        ${JSON.stringify(inner)}: `, after: closes };
}
