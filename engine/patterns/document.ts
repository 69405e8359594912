/**
 * Slot files: text -> SlotDocument, or the first thing that is wrong with it. Pure; reads no file.
 *
 * The format is that of Music Chronus. What it lacks lies under one key of our own, which its reader ignores:
 *
 *      "chronus": {
 *        "format": 1,
 *        "name": "first light",
 *        "params": { "voice1/pan": 0.2, "lfo1/target": "voice2/filter/freq" },
 *        "tracks": { "kick": { "given": ["baseFreqHz"] } }         the rest the voice keeps
 *      }
 *
 * A module that is absent keeps its values. A field that is absent in a module that is there goes to its default, as
 * in the original, except waveform and slide_time, which stay. A track without an entry under `chronus.tracks` was
 * given all its fields. Numbers out of range are moved into it, with a warning; a tempo of 0 or less is refused.
 */
import type { OptionalField } from '../sequence/track-fields.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { TRACK_FIELDS } from '../shared/track.js';
import { outline } from './outline.js';
import { Place, Refused } from './place.js';
import { readModules, readOwnParams, type Params } from './read-modules.js';
import { readSequencer, type GivenOf } from './read-sequencer.js';
import type { SlotDocument } from './slot-document.js';

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
 * Refuses a text that is too large (E_SLOT_SIZE), no JSON (E_SLOT_JSON), too deep (E_SLOT_DEPTH), or that holds a
 * value of the wrong kind (E_SLOT_FIELD, E_PATTERN or E_TRACK with `where`). Never throws.
 */
export function parseSlot(text: string): Outcome<SlotDocument> {
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) return tooLarge(size);
  const { depth, keys } = outline(text, ['sequencer', 'tracks']);
  if (depth > MAX_DEPTH) return tooDeep(depth);
  const warnings: string[] = [];
  try {
    const order = () => keys.map((key) => JSON.parse(key) as string);
    return succeed(readDocument(new Place(JSON.parse(text), '', warnings), order), warnings);
  } catch (error) {
    if (error instanceof Refused) return fail(error.problem);
    if (error instanceof SyntaxError) return noJson(error.message);
    throw error;
  }
}

function readDocument(root: Place, order: () => string[]): SlotDocument {
  warnOfVersions(root);
  const own = root.get('chronus');
  const sequencer = root.get('sequencer');
  const params: Params = new Map();
  const modules = root.get('modules');
  if (modules) readModules(modules, params);
  const ownParams = own?.get('params');
  if (ownParams) readOwnParams(ownParams, params);
  const name = own?.get('name')?.text();
  const holdsSequencer = sequencer && sequencer.keys().length > 0;
  return {
    ...(name === undefined ? {} : { name }),
    ...(holdsSequencer ? { sequencer: readSequencer(sequencer, order(), givenIn(own)) } : {}),
    params,
  };
}

function givenIn(own: Place | undefined): GivenOf {
  const tracks = own?.get('tracks');
  return (id) => {
    const given = tracks?.get(id)?.get('given');
    return given && new Set(given.items().flatMap(readField));
  };
}

function readField(place: Place): OptionalField[] {
  const name = place.text();
  const known = TRACK_FIELDS.find(({ field }) => field === name);
  if (!known) place.warnings.push(`${place.path}: '${name}' is no field of a track; ignored`);
  return known ? [known.field] : [];
}

function warnOfVersions(root: Place): void {
  const newest = [
    [root.get('chronus_version'), CHRONUS_VERSION],
    [root.get('schema_version'), SCHEMA_VERSION],
    [root.get('chronus')?.get('format'), String(FORMAT)],
  ] as const;
  for (const [place, known] of newest) {
    if (!place || !isNewer(String(place.value), known)) continue;
    root.warnings.push(
      `${place.path}: ${String(place.value)} is newer than ${known}; what is new is ignored`,
    );
  }
}

/** Compares the parts between the dots; a part that is no number counts as 0. */
function isNewer(version: string, known: string): boolean {
  const parts = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [came, have] = [parts(version), parts(known)];
  const i = came.findIndex((part, at) => part !== (have[at] ?? 0));
  return i >= 0 && (came[i] ?? 0) > (have[i] ?? 0);
}

function tooLarge(bytes: number): Outcome<SlotDocument> {
  const mend = 'Nothing was loaded. Check that this is a slot file.';
  return fail({ code: 'E_SLOT_SIZE', got: `${bytes} bytes`, allowed: `at most ${MAX_BYTES} bytes`, mend });
}

function tooDeep(depth: number): Outcome<SlotDocument> {
  const mend = 'Nothing was loaded. Check that this is a slot file.';
  return fail({ code: 'E_SLOT_DEPTH', got: `${depth} levels`, allowed: `at most ${MAX_DEPTH} levels`, mend });
}

function noJson(message: string): Outcome<SlotDocument> {
  const mend = 'Nothing was loaded. Correct the file, or load a backup of it.';
  return fail({ code: 'E_SLOT_JSON', got: `no JSON (${message})`, allowed: 'one JSON object', mend });
}
