/**
 * Writes a slot file that the original loads as well: its fields, its types, its order. What it lacks goes under
 * `chronus` (see document.ts). Where there is nothing of ours to say, the key is left out.
 */
import { CHRONUS_VERSION, FORMAT, SCHEMA_VERSION } from './document.js';
import { jsonParts, type Json } from './json.js';
import type { SlotDocument, SlotSequencer } from './slot-document.js';
import { joinText, type SlotText } from './slot-text.js';
import { valuesOf, writeModules, writeOwnParams, type Values } from './write-modules.js';
import { writeTrack, type WrittenTrack } from './write-tracks.js';

export interface SlotInput extends SlotDocument {
  /** When it is saved, in Unix seconds. */
  readonly timestamp: number;
}

/** As a document without its name, with the values of the parameters by address. */
export interface SlotState {
  readonly values: Values;
  readonly sequencer?: SlotSequencer;
  readonly timestamp: number;
  /** True: the values are in the order of a file; else in that of the tables. */
  readonly inOrderOfValues?: boolean;
}

type Members = Map<string, Json>;

/** The text of the file. Throws a RangeError when a number in it is not finite; checked values never are. */
export function formatSlot({ name, params, ...state }: SlotInput): string {
  return joinText(captureSlot({ ...state, values: valuesOf(params), inOrderOfValues: true })(name));
}

/**
 * As formatSlot, for a state that will have changed by the time its name is known: all of it is put into words now, and
 * the name is filled in later. Gives the text in parts that follow one another: most of them are those of the last file,
 * and a text of this size is large garbage.
 */
export function captureSlot({
  timestamp,
  sequencer,
  values,
  inOrderOfValues = false,
}: SlotState): (name?: string) => SlotText {
  const tracks = (sequencer?.tracks ?? []).map((track) => writeTrack(track, values));
  const document: Members = new Map<string, Json>([
    ['chronus_version', CHRONUS_VERSION],
    ['schema_version', SCHEMA_VERSION],
    ['timestamp', float(timestamp)],
    ['sequencer', sequencer ? formatSequencer(sequencer, tracks) : new Map()],
    ['modules', writeModules(values)],
  ]);
  const own = formatOwn(sequencer, writeOwnParams(values, inOrderOfValues), tracks);
  return (name) => {
    const titled: Members = name === undefined ? own : new Map<string, Json>([['name', name], ...own]);
    if (titled.size === 0) return jsonParts(document);
    const format: Members = new Map<string, Json>([['format', FORMAT], ...titled]);
    return jsonParts(new Map<string, Json>([...document, ['chronus', format]]));
  };
}

const float = (value: number): Json => ({ float: value });

function formatSequencer(sequencer: SlotSequencer, tracks: readonly WrittenTrack[]): Members {
  return new Map<string, Json>([
    ['bpm', float(sequencer.bpm)],
    ['swing', float(sequencer.swing)],
    ['running', sequencer.running],
    ['global_step', sequencer.globalStep],
    ['tracks', byId(sequencer, (i) => tracks[i]?.original)],
  ]);
}

function formatOwn(
  sequencer: SlotSequencer | undefined,
  extra: Json | undefined,
  tracks: readonly WrittenTrack[],
): Members {
  const own: Members = new Map();
  if (extra) own.set('params', extra);
  const more = sequencer ? byId(sequencer, (i) => tracks[i]?.own) : own;
  if (sequencer && more.size > 0) own.set('tracks', more);
  return own;
}

function byId({ tracks }: SlotSequencer, written: (i: number) => Json | undefined): Members {
  return new Map(
    tracks.flatMap(({ id }, i): [string, Json][] => {
      const text = written(i);
      return text === undefined ? [] : [[id, text]];
    }),
  );
}
