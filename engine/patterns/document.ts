/**
 * Slot files: text -> SlotDocument, or the first thing that is wrong with it. Pure; reads no file.
 *
 * The format is that of Music Chronus. What it lacks lies under one key of our own, which its reader ignores:
 *
 *      "chronus": {
 *        "format": 1,
 *        "name": "first light",
 *        "params": { "voice1/pan": 0.2, "lfo1/target": "voice2/filter/freq" },
 *        "tracks": { "kick": { "given": ["baseFreqHz"] } }         see own-tracks.ts
 *      }
 *
 * A module that is absent keeps its values. A field that is absent in a module that is there goes to its default, as
 * in the original, except waveform and slide_time, which stay. A track without an entry under `chronus.tracks` was
 * given all its fields. Numbers out of range are moved into it, with a warning; a tempo of 0 or less is refused.
 */
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { endOfJson } from './json-place.js';
import { outline, type Outline } from './outline.js';
import { Place, Refused } from './place.js';
import { readModules, readOwnParams, type Params } from './read-modules.js';
import { readSequencer } from './read-sequencer.js';
import type { SlotDocument } from './slot-document.js';
import { readTitle } from './slot-title.js';

/** A real file has 5 KB; 256 voices and 128 full tracks have 1 MB. */
export const MAX_BYTES = 4 * 1024 * 1024;
/** A real file is 5 deep. */
const MAX_DEPTH = 32;
/** Of `chronus.format`. */
export const FORMAT = 1;
/** The versions of the original format that are written, and read without a warning. */
export const CHRONUS_VERSION = '1.0.0';
export const SCHEMA_VERSION = '1.0';

/** As parseSlot, from the bytes of a file. Refuses what is not UTF-8 (E_SLOT_TEXT); a byte order mark is skipped. */
export function parseSlotBytes(bytes: Uint8Array): Outcome<SlotDocument> {
  if (bytes.byteLength > MAX_BYTES) return tooLarge(bytes.byteLength);
  const text = decode(bytes);
  if (text !== undefined) return parseSlot(text);
  return fail({
    code: 'E_SLOT_TEXT',
    where: 'the document',
    got: 'bytes that are not UTF-8',
    allowed: 'JSON in UTF-8',
    mend: 'Nothing was loaded. Save the file as UTF-8.',
  });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Refuses a text that is too large (E_SLOT_SIZE), no JSON (E_SLOT_JSON), too deep (E_SLOT_DEPTH), of a newer engine
 * (E_SLOT_VERSION), or that holds a value of the wrong kind (E_SLOT_FIELD, E_PATTERN or E_TRACK). Always with `where`.
 * Never throws.
 */
export function parseSlot(text: string): Outcome<SlotDocument> {
  const params: SlotDocument['params'] & Params = new Map<string, number | string>();
  const read = readText(text, params);
  return read.ok ? succeed({ ...read.value, params }, read.warnings) : read;
}

/** Refuses what parseSlot refuses, and tells nothing else. For a text that is about to be written. */
export function checkSlot(text: string): Outcome<undefined> {
  const read = readText(text, { set: () => undefined });
  return read.ok ? succeed(undefined, read.warnings) : read;
}

function readText(text: string, params: Params): Outcome<Omit<SlotDocument, 'params'>> {
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) return tooLarge(size);
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const warnings: string[] = [];
  try {
    return succeed(
      readDocument(new Place(parsed.value, warnings), params, () => keysOfTracks(text)),
      warnings,
    );
  } catch (error) {
    if (error instanceof Refused) return fail(error.problem);
    throw error;
  }
}

function parseJson(text: string): Outcome<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, MAX_DEPTH) ? tooDeep(outlineOf(text).depth) : succeed(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { depth } = outlineOf(text);
    return depth > MAX_DEPTH ? tooDeep(depth) : noJson(text, error.message);
  }
}

/** Follows a value no deeper than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (!isObject(value)) return false;
  if (levels === 0) return true;
  // A list by number: `in` would make a text of each.
  if (Array.isArray(value)) return value.some((item) => isObject(item) && isDeeper(item, levels - 1));
  for (const key in value) {
    const member = value[key];
    if (isObject(member) && isDeeper(member, levels - 1)) return true;
  }
  return false;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const outlineOf = (text: string): Outline => outline(text, ['sequencer', 'tracks']);

function keysOfTracks(text: string): string[] {
  return outlineOf(text).keys.map((key) => JSON.parse(key) as string);
}

function readDocument(root: Place, params: Params, order: () => string[]): Omit<SlotDocument, 'params'> {
  checkVersions(root);
  root.get('timestamp')?.number();
  const own = root.get('chronus');
  const sequencer = root.get('sequencer');
  const modules = root.get('modules');
  if (modules) readModules(modules, params);
  const ownParams = own?.get('params');
  if (ownParams) readOwnParams(ownParams, params);
  const name = readName(own?.get('name'));
  const holdsSequencer = sequencer && sequencer.keys().length > 0;
  return {
    ...(name === undefined ? {} : { name }),
    ...(holdsSequencer
      ? { sequencer: readSequencer(sequencer, orderOf(sequencer, order), own?.get('tracks')) }
      : {}),
  };
}

/** Mended where it is no line of up to 128 characters. */
function readName(place: Place | undefined): string | undefined {
  if (!place) return undefined;
  const { name, warnings } = readTitle(place.text(), place.path);
  place.warnings.push(...warnings);
  return name;
}

/** A parsed object keeps the order of its keys but for those that are whole numbers; only then the text must tell it. */
function orderOf(sequencer: Place, order: () => string[]): string[] {
  const keys = sequencer.get('tracks')?.keys() ?? [];
  return keys.some((key) => /^\d+$/.test(key)) ? order() : keys;
}

/**
 * A file of a later major version may mean something else by the same words: it is refused (E_SLOT_VERSION). One of a
 * later minor version has more to say: that is left out, with a warning.
 */
function checkVersions(root: Place): void {
  checkVersion(root.get('chronus_version'), CHRONUS_VERSION);
  checkVersion(root.get('schema_version'), SCHEMA_VERSION);
  const format = root.get('chronus')?.get('format');
  if (format && format.number() > FORMAT) throw newer(format, String(FORMAT));
}

function checkVersion(place: Place | undefined, known: string): void {
  if (!place) return;
  const { value } = place;
  if (typeof value !== 'string' && typeof value !== 'number') throw place.refusal('a text');
  const [came, have] = [parts(String(value)), parts(known)];
  if ((came[0] ?? 0) > (have[0] ?? 0)) throw newer(place, known);
  const i = came.findIndex((part, at) => part !== (have[at] ?? 0));
  if (i >= 0 && (came[i] ?? 0) > (have[i] ?? 0))
    place.warnings.push(`${place.path}: ${show(value)} is newer than ${known}; what is new is ignored`);
}

/** The numbers between the dots; what is no number counts as 0. */
function parts(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

function newer(place: Place, known: string): Refused {
  const mend = 'Nothing was loaded. The file is of a newer engine: use that one.';
  return new Refused({
    ...{ code: 'E_SLOT_VERSION', where: place.path, got: show(place.value) },
    ...{ allowed: `up to ${known}`, mend },
  });
}

function tooLarge(bytes: number): Outcome<never> {
  const mend = 'Nothing was loaded. Check that this is a slot file.';
  return fail({
    code: 'E_SLOT_SIZE',
    where: 'the document',
    got: `${bytes} bytes`,
    allowed: `at most ${MAX_BYTES} bytes`,
    mend,
  });
}

function tooDeep(depth: number): Outcome<never> {
  const mend = 'Nothing was loaded. Check that this is a slot file.';
  return fail({
    code: 'E_SLOT_DEPTH',
    where: 'the document',
    got: `${depth} levels`,
    allowed: `at most ${MAX_DEPTH} levels`,
    mend,
  });
}

function noJson(text: string, message: string): Outcome<never> {
  const mend = 'Nothing was loaded. Correct the file, or load a backup of it.';
  const where = placeIn(text);
  return fail({
    code: 'E_SLOT_JSON',
    where,
    got: `no JSON (${printable(message)})`,
    allowed: 'one JSON object',
    mend,
  });
}

/** The parser quotes what it met. */
function printable(text: string): string {
  const escape = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, escape);
}

/** Line and column, from 1, of the first character that cannot be; the end of a text that only ends too early. */
function placeIn(text: string): string {
  const lines = text.slice(0, endOfJson(text)).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
