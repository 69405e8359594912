/** The `sequencer` part of a slot file. */
import { checkPattern } from '../sequence/pattern.js';
import { BPM, describeRange, SWING } from '../sequence/range.js';
import { makeTrack, TRACK_NUMBERS, type OptionalField, type TrackNumbers } from '../sequence/track-fields.js';
import { readTrackId } from '../sequence/track-id.js';
import { MUTE_VOICE, readVoiceId } from '../sequence/voice-id.js';
import { voiceTable } from '../../modules/voice/table.js';
import { MAX_NOTES, TRACK_FIELDS, TRACKS, type Track } from '../shared/track.js';
import { Refused, type Place } from './place.js';
import type { SlotSequencer } from './slot-document.js';

const LAST_STEP = 2 ** 31 - 1;
const RESTS = '.'.repeat(16);
const FREQ = voiceTable.params.freq;

/** Which optional fields of a track were given; undefined: all of them. */
export type GivenOf = (trackId: string) => ReadonlySet<OptionalField> | undefined;

/** `order`: the keys of the tracks in the order of the text. Throws Refused. */
export function readSequencer(place: Place, order: readonly string[], givenOf: GivenOf): SlotSequencer {
  const step = place.get('global_step')?.whole() ?? 0;
  return {
    bpm: readBpm(place.get('bpm')),
    swing: place.get('swing')?.within(SWING) ?? SWING.default,
    running: place.get('running')?.truth() ?? false,
    globalStep: Math.min(LAST_STEP, Math.max(0, step)),
    tracks: readTracks(place.get('tracks'), order, givenOf),
  };
}

/** Too fast or too slow is moved into range; 0 and below are no tempo at all, and the file is refused. */
function readBpm(place: Place | undefined): number {
  if (!place) return BPM.default;
  if (place.number() <= 0) throw place.refusal(describeRange(BPM));
  return place.within(BPM);
}

function readTracks(place: Place | undefined, order: readonly string[], givenOf: GivenOf): Track[] {
  if (!place) return [];
  const ids = new Set([...order, ...place.keys()]);
  if (ids.size > TRACKS) {
    const mend = 'Nothing was loaded. Take tracks out of the file.';
    const allowed = `at most ${TRACKS} tracks`;
    throw new Refused({ code: 'E_SLOT_FIELD', where: place.path, got: `${ids.size} tracks`, allowed, mend });
  }
  return [...ids].flatMap((id) => {
    const track = place.get(id);
    return track ? [readTrack(track, id, givenOf(id))] : [];
  });
}

function readTrack(place: Place, key: string, given: ReadonlySet<OptionalField> | undefined): Track {
  const id = readTrackId(key);
  if (!id.ok) throw new Refused({ ...id.error, where: place.path });
  const notesHz = readNoteList(place.get('notes'));
  const identity = {
    id: id.value,
    voice: readVoice(place.get('voice_id')),
    pattern: readPattern(place),
    notesHz,
  };
  return makeTrack(identity, readNumbers(place, given), place.get('note_index')?.whole() ?? 0);
}

function readNumbers(place: Place, given: ReadonlySet<OptionalField> | undefined): TrackNumbers {
  const numbers: TrackNumbers = {};
  const optional = new Set<string>(TRACK_FIELDS.map(({ field }) => field));
  for (const { key, field, range } of TRACK_NUMBERS) {
    const value = place.get(key)?.within(range) ?? range.default;
    if (!given || !optional.has(field) || given.has(field as OptionalField)) numbers[field] = value;
  }
  return numbers;
}

function readNoteList(place: Place | undefined): number[] {
  const items = place?.items() ?? [];
  if (place && items.length > MAX_NOTES) throw place.refusal(`at most ${MAX_NOTES} notes`);
  return items.map((item) => item.within(FREQ));
}

function readPattern(track: Place): string {
  const place = track.get('pattern');
  if (!place) return RESTS;
  const pattern = checkPattern(place.value);
  if (!pattern.ok) throw new Refused({ ...pattern.error, where: place.path });
  place.warnings.push(...pattern.warnings.map((warning) => `${track.path}.${warning}`));
  return pattern.value;
}

/** A voice that cannot be leaves the track without a sound, as in the original. */
function readVoice(place: Place | undefined): number {
  if (!place) return 1;
  const voice = readVoiceId(place.text());
  if (voice.ok) return voice.value;
  place.warnings.push(`${place.path}: no engine has the voice ${voice.error.got}; the track is mute`);
  return MUTE_VOICE;
}
