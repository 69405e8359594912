/**
 * Writes a slot file that the original loads as well: its fields, its types, its order. What it lacks goes under
 * `chronus` (see document.ts). Where there is nothing of ours to say, the key is left out.
 */
import { TRACK_NUMBERS } from '../sequence/track-fields.js';
import { voiceId } from '../sequence/voice-id.js';
import { isWhole } from '../shared/table.js';
import { TRACK_FIELDS, type Track } from '../shared/track.js';
import { CHRONUS_VERSION, FORMAT, SCHEMA_VERSION } from './document.js';
import { defaultOf, findModule, findParam, MODULE_ROWS, moduleIds, type ModuleRow } from './fields.js';
import { writeJson, type Json } from './json.js';
import type { SlotDocument, SlotSequencer } from './slot-document.js';

export interface SlotInput extends SlotDocument {
  /** When it is saved, in Unix seconds. */
  readonly timestamp: number;
}

type Params = SlotDocument['params'];
type Members = Map<string, Json>;

/** The text of the file. Throws a RangeError when a number in it is not finite; checked values never are. */
export function formatSlot(input: SlotInput): string {
  const document: Members = new Map<string, Json>([
    ['chronus_version', CHRONUS_VERSION],
    ['schema_version', SCHEMA_VERSION],
    ['timestamp', float(input.timestamp)],
    ['sequencer', input.sequencer ? formatSequencer(input.sequencer, input.params) : new Map()],
    ['modules', formatModules(input.params)],
  ]);
  const own = formatOwn(input);
  if (own.size > 0) document.set('chronus', new Map<string, Json>([['format', FORMAT], ...own]));
  return writeJson(document);
}

const float = (value: number): Json => ({ float: value });

function formatSequencer(sequencer: SlotSequencer, params: Params): Members {
  return new Map<string, Json>([
    ['bpm', float(sequencer.bpm)],
    ['swing', float(sequencer.swing)],
    ['running', sequencer.running],
    ['global_step', sequencer.globalStep],
    ['tracks', new Map(sequencer.tracks.map((track) => [track.id, formatTrack(track, params)]))],
  ]);
}

function formatTrack(track: Track, params: Params): Members {
  const numbers = TRACK_NUMBERS.map(({ key, field, range }): [string, Json] => [
    key,
    float(track[field] ?? valueOfVoice(track, field, params) ?? range.default),
  ]);
  return new Map<string, Json>([
    ['name', track.id],
    ['voice_id', voiceId(track.voice)],
    ['pattern', track.pattern],
    ['notes', track.notesHz.map(float)],
    ...numbers,
    ['note_index', track.noteIndex],
  ]);
}

/** The original knows no field that was not given; it gets what the voice has, which sounds the same. */
function valueOfVoice(track: Track, field: string, params: Params): number | undefined {
  const param = TRACK_FIELDS.find((row) => row.field === field)?.param;
  const value = params.get(`${voiceId(track.voice)}/${param ?? ''}`);
  return typeof value === 'number' ? value : undefined;
}

/** Modules of which any field is there. Their other fields get the default: the original needs them. */
function formatModules(params: Params): Members {
  const present = new Set(
    [...params.keys()].filter(hasField).map((path) => path.slice(0, path.indexOf('/'))),
  );
  const modules: Members = new Map();
  for (const row of MODULE_ROWS) {
    if (row.fields.length === 0) continue;
    for (const id of moduleIds(row.table)) {
      if (present.has(id)) modules.set(id, formatModule(row, id, params));
    }
  }
  return modules;
}

function formatModule(row: ModuleRow, id: string, params: Params): Members {
  const module: Members = new Map();
  if (row.idField) module.set(row.idField, id);
  for (const { field, param, keeps } of row.fields) {
    const path = `${id}/${param}`;
    const value = params.get(path) ?? (keeps ? undefined : defaultOf(row.table, id, param));
    if (value !== undefined) setField(module, field, writeValue(path, value));
  }
  for (const [field, value] of Object.entries(row.fixed ?? {})) module.set(field, value);
  return module;
}

/** `adsr.attack` goes into an object `adsr`, which is made at its first field. */
function setField(module: Members, field: string, value: Json): void {
  const [name = '', inner] = field.split('.');
  if (inner === undefined) {
    module.set(name, value);
    return;
  }
  const object = module.get(name);
  const members: Members = object instanceof Map ? object : new Map();
  module.set(name, members.set(inner, value));
}

function formatOwn({ name, params, sequencer }: SlotDocument): Members {
  const own: Members = new Map();
  if (name !== undefined) own.set('name', name);
  const extra = [...params].filter(([path]) => findParam(path) && !hasField(path));
  if (extra.length > 0)
    own.set('params', new Map(extra.map(([path, value]) => [path, writeValue(path, value)])));
  const tracks = (sequencer?.tracks ?? []).map((track) => ({ track, given: givenFields(track) }));
  const partly = tracks.filter(({ given }) => given.length < TRACK_FIELDS.length);
  if (partly.length > 0) {
    own.set('tracks', new Map(partly.map(({ track, given }) => [track.id, new Map([['given', given]])])));
  }
  return own;
}

function hasField(path: string): boolean {
  const slash = path.indexOf('/');
  const fields = findModule(path.slice(0, slash))?.fields ?? [];
  return fields.some(({ param }) => param === path.slice(slash + 1));
}

function givenFields(track: Track): string[] {
  return TRACK_FIELDS.flatMap(({ field }) => (track[field] === undefined ? [] : [field]));
}

function writeValue(path: string, value: number | string): Json {
  const row = findParam(path);
  if (typeof value === 'string') return value;
  return row && isWhole(row) ? Math.trunc(value) : float(value);
}
