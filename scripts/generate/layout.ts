/**
 * Writes the part of the core that follows from the tables: parameter structs, ranges, numbers of modules, commands,
 * tracks and status words. `npm run generate` calls it; a test compares what is committed with what comes out.
 */
import { inCore, parameters } from '../../engine/registry/address.js';
import { defaultOf } from '../../engine/registry/defaults.js';
import { MODULES } from '../../engine/registry/modules.js';
import { UNIT_BASE } from '../../engine/registry/units.js';
import {
  CHAOS_FAULTS,
  COMMAND_KINDS,
  ENTRY_BYTES,
  ENTRY_WORDS,
  REGION_LOAD,
  STAGE_WORDS,
  TRANSPORTS,
  WHENS,
} from '../../engine/shared/command.js';
import {
  CELL_FRAMES,
  CRUMB_COMMANDS,
  CRUMB_SEQUENCER,
  MAX_BLOCK_ENTRIES,
  MAX_BLOCK_FRAMES,
  MAX_STRIKES,
  MAX_UNITS,
  MAX_VOICES,
  QUEUE_ENTRIES,
  STATUS_FIELDS,
  STATUS_WORDS,
  statusOffset,
  UNIT_BYPASSED,
  UNIT_STRIKES_SHIFT,
  UNIT_VOICES,
  WAITING_EDITS,
} from '../../engine/shared/core-layout.js';
import type { ModuleTable, ParamRow } from '../../engine/shared/table.js';
import { MAX_STEPS, STEP_KINDS } from '../../engine/shared/steps.js';
import { TAP_BASE, TAP_LEAD_FRAMES, TAPS } from '../../engine/shared/tap-names.js';
import {
  ACCENT_VELOCITY,
  LOAD_HEADER,
  LOCK_TARGETS,
  LOCK_WORDS,
  MAX_DIVISION_PART,
  MAX_LOCKS,
  MAX_NOTES,
  NORMAL_VELOCITY,
  TRACK_FIELDS,
  TRACK_FLAGS,
  TRACK_HEADER,
  TRACKS,
} from '../../engine/shared/track.js';
import { voiceTable } from '../../modules/voice/table.js';

const HEAD = '// Generated from the tables by `npm run generate`. Do not edit.\n';
const PARAM_CELLS = ['', 'Target', 'Left', 'Mod'];

const camel = (name: string): string =>
  name.replace(/[/_](\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const constant = (...names: string[]): string =>
  names
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\//g, '_')
    .toUpperCase();
const float = (x: number): string => (Number.isInteger(x) && Math.abs(x) < 1e15 ? `${x}.0` : String(x));

const synths = (): readonly ModuleTable[] => MODULES.filter((table) => table.level !== 'service');
const rows = (table: ModuleTable): [string, ParamRow][] => Object.entries<ParamRow>(table.params);

/** Parameter structs of lane modules, with one function per parameter that can be modulated. */
export function laneLayout(): string {
  const lanes = synths().filter((table) => table.level === 'lane');
  const parts = lanes.flatMap((table) => [
    paramClass(table, 'lane'),
    ...rows(table).flatMap(([name, row]) => effective(table, name, row)),
  ]);
  return `${HEAD}import { least, most } from '../lane.lane';\nimport { exp2Lane } from '../../../modules/dsp/math.lane';\n\n${parts.join('\n')}`;
}

function paramClass(table: ModuleTable, type: 'lane' | 'f32'): string {
  const fields = rows(table).flatMap(([name]) =>
    PARAM_CELLS.map((cell) => `  ${camel(name)}${cell}: ${type};`),
  );
  return `@unmanaged\nexport class ${capital(table.type)}Params {\n${fields.join('\n')}\n}\n`;
}

function effective(table: ModuleTable, name: string, row: ParamRow): string[] {
  if (!row.modulation) return [];
  const field = camel(name);
  const moved = {
    add: `p.${field} + p.${field}Mod`,
    scale: `p.${field} * (1.0 + p.${field}Mod)`,
    octaves: `p.${field} * exp2Lane(p.${field}Mod)`,
  }[row.modulation.by];
  return [
    `/** ${name} with its modulation, inside its range. */\n` +
      `export function ${table.type}${capital(field)}(p: ${capital(table.type)}Params): lane {\n` +
      `  return least(${float(row.max)}, most(${float(row.min)}, ${moved}));\n}\n`,
  ];
}

/** Everything else: numbers, ranges and the structs of bus modules. */
export function coreLayout(): string {
  const out: string[] = [HEAD];
  const say = (name: string, value: number, type = 'i32'): void =>
    void out.push(`export const ${name}: ${type} = ${value};`);
  const data = (name: string, values: readonly number[], type: 'f32' | 'i32'): void =>
    void out.push(
      `export const ${name}: usize = memory.data<${type}>([${values.map(type === 'f32' ? float : String).join(', ')}], 16);`,
    );

  COMMAND_KINDS.forEach((kind, i) => say(constant('COMMAND', kind), i));
  WHENS.forEach((when, i) => say(constant('WHEN', when), i));
  TRANSPORTS.forEach((how, i) => say(constant('TRANSPORT', how), i));
  CHAOS_FAULTS.forEach((fault, i) => say(constant('CHAOS', fault), i));
  say('ENTRY_BYTES', ENTRY_BYTES);
  say('ENTRY_WORDS', ENTRY_WORDS);
  say('STAGE_WORDS', STAGE_WORDS);
  say('REGION_LOAD', REGION_LOAD);
  say('MAX_VOICES', MAX_VOICES);
  say('MAX_BLOCK_FRAMES', MAX_BLOCK_FRAMES);
  say('MAX_BLOCK_ENTRIES', MAX_BLOCK_ENTRIES);
  say('QUEUE_ENTRIES', QUEUE_ENTRIES);
  say('CELL_FRAMES', CELL_FRAMES);
  say('MAX_UNITS', MAX_UNITS);
  say('UNIT_VOICES', UNIT_VOICES);
  say('MAX_STRIKES', MAX_STRIKES);
  say('UNIT_BYPASSED', UNIT_BYPASSED);
  say('UNIT_STRIKES_SHIFT', UNIT_STRIKES_SHIFT);
  say('CRUMB_COMMANDS', CRUMB_COMMANDS);
  say('CRUMB_SEQUENCER', CRUMB_SEQUENCER);
  say('TRACKS', TRACKS);
  say('MAX_STEPS', MAX_STEPS);
  say('MAX_NOTES', MAX_NOTES);
  say('MAX_LOCKS', MAX_LOCKS);
  say('LOCK_WORDS', LOCK_WORDS);
  say('MAX_DIVISION_PART', MAX_DIVISION_PART);
  say('WAITING_EDITS', WAITING_EDITS);
  STEP_KINDS.forEach((kind, i) => say(constant('STEP', kind), i));
  say('ACCENT_VELOCITY', ACCENT_VELOCITY, 'f32');
  say('NORMAL_VELOCITY', NORMAL_VELOCITY, 'f32');
  Object.entries(LOCK_TARGETS).forEach(([name, code]) => say(constant('LOCK', name), code));
  Object.entries(TRACK_FLAGS).forEach(([name, bit]) => say(constant('TRACK_FLAG', name), bit));
  TRACK_HEADER.forEach((name, i) => say(constant('TRACK', name), i));
  say('TRACK_HEADER_WORDS', TRACK_HEADER.length);
  say('TRACK_FIELD_COUNT', TRACK_FIELDS.length);
  const voiceNames = Object.keys(voiceTable.params);
  data(
    'TRACK_FIELD_PARAMS',
    TRACK_FIELDS.map(({ param }) => voiceNames.indexOf(param)),
    'i32',
  );
  LOAD_HEADER.forEach((name, i) => say(constant('LOAD', name), i));
  say('LOAD_HEADER_WORDS', LOAD_HEADER.length);
  STATUS_FIELDS.forEach(({ name }) => say(constant('STATUS', name), statusOffset(name)));
  say('STATUS_WORDS', STATUS_WORDS);

  const tables = synths();
  say('MODULE_TYPES', tables.length);
  tables.forEach((table, type) => {
    say(constant('MODULE', table.type), type);
    say(constant(table.type, 'UNIT'), UNIT_BASE[type] as number);
    say(constant(table.type, 'PARAMS'), rows(table).length);
    rows(table).forEach(([name], i) => say(constant(table.type, name), i));
    if (table.instances !== 'voices') say(constant(table.type, 'INSTANCES'), table.instances);
    if (table.latencyFrames % CELL_FRAMES !== 0) {
      throw new Error(`table '${table.type}': latencyFrames must be a multiple of ${CELL_FRAMES}`);
    }
    if (table.latencyFrames > 0) say(constant(table.type, 'LATENCY'), table.latencyFrames);
  });
  TAPS.forEach(({ name }, i) => say(constant('TAP', name), TAP_BASE + i));
  say('TAP_CODES', TAP_BASE + TAPS.length);
  out.push('\n// By how much each tap is earlier than the master, in frames.');
  data('TAP_LATENCIES', TAPS.map(tapLatency), 'i32');
  data(
    'UNIT_BASES',
    tables.map((_, type) => UNIT_BASE[type] as number),
    'i32',
  );
  const special = [...parameters(MAX_VOICES)]
    .filter(inCore)
    .filter((it) => defaultOf(it, MAX_VOICES) !== it.row.default);
  out.push('\n// Instances that start differently: parameter addresses and their values.');
  say('INSTANCE_DEFAULTS', special.length);
  data(
    'INSTANCE_DEFAULT_ADDRESSES',
    special.map((it) => it.address),
    'i32',
  );
  data(
    'INSTANCE_DEFAULT_VALUES',
    special.map((it) => defaultOf(it, MAX_VOICES)),
    'f32',
  );
  say('PARAM_TABLE_WIDTH', Math.max(...tables.map((table) => rows(table).length)));
  const width = Math.max(...tables.map((table) => rows(table).length));
  const flat = (pick: (row: ParamRow) => number): number[] =>
    tables.flatMap((table) =>
      Array.from({ length: width }, (_, i) => {
        const row = rows(table)[i]?.[1];
        return row ? pick(row) : 0;
      }),
    );
  out.push('\n// One row per module type, PARAM_TABLE_WIDTH wide.');
  data(
    'PARAM_MIN',
    flat((row) => row.min),
    'f32',
  );
  data(
    'PARAM_MAX',
    flat((row) => row.max),
    'f32',
  );
  data(
    'PARAM_DEFAULT',
    flat((row) => row.default),
    'f32',
  );
  data(
    'PARAM_SMOOTH_MS',
    flat((row) => row.smoothMs),
    'f32',
  );
  data(
    'PARAM_MOD_SPAN',
    flat((row) => row.modulation?.span ?? 0),
    'f32',
  );
  data(
    'PARAM_MOD_SCALES',
    flat((row) => (row.modulation?.by === 'scale' ? 1 : 0)),
    'i32',
  );
  out.push('');
  out.push(
    ...tables
      .filter((table) => table.level !== 'lane' && rows(table).length > 0)
      .map((table) => paramClass(table, 'f32')),
  );
  return out.join('\n');
}

function tapLatency({ name, before }: (typeof TAPS)[number]): number {
  const frames = before.reduce((sum: number, type: string) => {
    const table = MODULES.find((it) => it.type === type);
    if (!table) throw new Error(`tap '${name}': no module '${type}'`);
    return sum + table.latencyFrames;
  }, 0);
  if (frames > TAP_LEAD_FRAMES) throw new Error(`tap '${name}' is ${frames} frames early; TAP_LEAD_FRAMES`);
  return frames;
}
