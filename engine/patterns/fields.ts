/**
 * Module parameters in slot files. One table, read by the reader and by the writer: which field of the file is which
 * parameter of ours, in the order in which they are written. Ranges and defaults are those of the module tables.
 * Parameters without a field here go under the key `chronus` (document.ts).
 */
import { acidTable } from '../../modules/acid/table.js';
import { delayTable } from '../../modules/delay/table.js';
import { distortionTable } from '../../modules/distortion/table.js';
import { lfoTable } from '../../modules/lfo/table.js';
import { limiterTable } from '../../modules/limiter/table.js';
import { reverbTable } from '../../modules/reverb/table.js';
import { voiceTable } from '../../modules/voice/table.js';
import { LAST_VOICE } from '../sequence/voice-id.js';
import { isWhole, type ModuleTable, type ParamRow } from '../shared/table.js';

export interface FieldRow {
  /** Name in the file; a dot leads into an object: `adsr.attack`. */
  readonly field: string;
  readonly param: string;
  /** True: a file without the field leaves the parameter as it is; else it goes to its default. */
  readonly keeps?: boolean;
}

export interface ModuleRow {
  readonly table: ModuleTable;
  readonly fields: readonly FieldRow[];
  /** The field that repeats the module's id, where the file has one. */
  readonly idField?: 'voice_id' | 'module_id';
  /** Written because the original does; never read. */
  readonly fixed?: Readonly<Record<string, boolean>>;
}

const same = (...names: readonly string[]): FieldRow[] => names.map((name) => ({ field: name, param: name }));

export const MODULE_ROWS: readonly ModuleRow[] = [
  {
    table: voiceTable,
    idField: 'voice_id',
    fields: [
      ...same('freq', 'amp'),
      { field: 'filter_freq', param: 'filter/freq' },
      { field: 'filter_q', param: 'filter/q' },
      { field: 'reverb_send', param: 'send/reverb' },
      { field: 'delay_send', param: 'send/delay' },
      { field: 'adsr.attack', param: 'adsr/attack' },
      { field: 'adsr.decay', param: 'adsr/decay' },
      { field: 'adsr.sustain', param: 'adsr/sustain' },
      { field: 'adsr.release', param: 'adsr/release' },
      // The original came to write these two late and never restored them: older files do not have them.
      { field: 'waveform', param: 'osc/type', keeps: true },
      { field: 'slide_time', param: 'slide_time', keeps: true },
    ],
  },
  { table: distortionTable, idField: 'module_id', fields: same('drive', 'mix', 'tone') },
  { table: reverbTable, fields: same('mix', 'room', 'damp') },
  { table: delayTable, fields: same('time', 'feedback', 'mix', 'lowcut', 'highcut') },
  { table: lfoTable, idField: 'module_id', fields: same('rate', 'depth') },
  {
    table: acidTable,
    idField: 'voice_id',
    fields: same('cutoff', 'res', 'env_amount', 'decay', 'drive', 'mix', 'vol_comp'),
    fixed: { accent_disabled: true },
  },
  { table: limiterTable, fields: [] },
];

/** A parameter of one module and where its field is. */
export interface Cell {
  readonly path: string;
  /** Name of the member, or of the object it is in. */
  readonly name: string;
  readonly inner?: string;
  readonly row: ParamRow;
  readonly whole: boolean;
  readonly default: number | string;
  readonly keeps: boolean;
}

interface Module {
  readonly row: ModuleRow;
  readonly cells: readonly Cell[];
}

/** Every id and every path a file may hold, made when the first is asked for: a large file asks for thousands. */
let found:
  | { readonly modules: ReadonlyMap<string, Module>; readonly params: ReadonlyMap<string, ParamRow> }
  | undefined;

function index(): NonNullable<typeof found> {
  const modules = new Map<string, Module>();
  const params = new Map<string, ParamRow>();
  for (const row of MODULE_ROWS) {
    for (const id of moduleIds(row.table)) {
      modules.set(id, { row, cells: row.fields.map((field) => makeCell(row.table, id, field)) });
      for (const [name, param] of Object.entries(row.table.params)) params.set(`${id}/${name}`, param);
    }
  }
  return { modules, params };
}

function makeCell(table: ModuleTable, id: string, { field, param, keeps = false }: FieldRow): Cell {
  const row = table.params[param];
  if (!row) throw new Error(`table '${table.type}' has no parameter '${param}'`);
  const [name = '', inner] = field.split('.');
  const cell = {
    path: `${id}/${param}`,
    name,
    row,
    whole: isWhole(row),
    default: defaultOf(table, id, param),
    keeps,
  };
  return inner === undefined ? cell : { ...cell, inner };
}

/** `lfo2` -> the row of lfo and the parameters of this one; undefined for what no engine has (`lfo3`, `voice0`, `rec1`). */
export function findModule(id: string): Module | undefined {
  return (found ??= index()).modules.get(id);
}

/** `voice1/filter/freq` -> its row in the table. */
export function findParam(path: string): ParamRow | undefined {
  return (found ??= index()).params.get(path);
}

/** What a parameter of this instance starts with; a target is a text. */
export function defaultOf(table: ModuleTable, id: string, param: string): number | string {
  const row = table.params[param];
  if (!row) throw new Error(`table '${table.type}' has no parameter '${param}'`);
  return table.instanceDefaults?.[id]?.[param] ?? row.default;
}

/** All ids a file may hold of that module. */
export function moduleIds(table: ModuleTable): string[] {
  return Array.from({ length: instances(table) }, (_, i) => `${table.idPrefix}${i + 1}`);
}

function instances(table: ModuleTable): number {
  return table.instances === 'voices' ? LAST_VOICE : table.instances;
}
