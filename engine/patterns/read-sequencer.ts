/** The `sequencer` part of a slot file. */
import { checkPattern } from '../sequence/pattern.js';
import { BPM, describeRange, SWING } from '../sequence/range.js';
import { makeTrack, TRACK_NUMBERS, type OptionalField, type TrackNumbers } from '../sequence/track-fields.js';
import { readTrackId } from '../sequence/track-id.js';
import { MUTE_VOICE, readVoiceId } from '../sequence/voice-id.js';
import { voiceTable } from '../../modules/voice/table.js';
import { MAX_NOTES, TRACK_FIELDS, TRACKS, type Track } from '../shared/track.js';
import { Refused, type Place } from './place.js';
import { fromOriginal, readGiven, readOwnTrack } from './own-tracks.js';
import type { SlotSequencer } from './slot-document.js';

const LAST_STEP = 2 ** 31 - 1;
const RESTS = '.'.repeat(16);
const FREQ = voiceTable.params.freq;
const OPTIONAL = new Set<string>(TRACK_FIELDS.map(({ field }) => field));

/** `order`: the keys of the tracks in the order of the text; `own`: what the original lacks of them. Throws Refused. */
export function readSequencer(place: Place, order: readonly string[], own: Place | undefined): SlotSequencer {
  const step = place.get('global_step')?.whole() ?? 0;
  return {
    bpm: readBpm(place.get('bpm')),
    swing: place.get('swing')?.within(SWING) ?? SWING.default,
    running: place.get('running')?.truth() ?? false,
    globalStep: Math.min(LAST_STEP, Math.max(0, step)),
    tracks: readTracks(place.get('tracks'), order, own),
  };
}

/** Too fast or too slow is moved into range; 0 and below are no tempo at all, and the file is refused. */
function readBpm(place: Place | undefined): number {
  if (!place) return BPM.default;
  if (place.number() <= 0) throw place.refusal(describeRange(BPM));
  return place.within(BPM);
}

function readTracks(place: Place | undefined, order: readonly string[], own: Place | undefined): Track[] {
  if (!place) return [];
  const ids = new Set([...order, ...place.keys()]);
  if (ids.size > TRACKS) {
    const mend = 'Nothing was loaded. Take tracks out of the file.';
    const allowed = `at most ${TRACKS} tracks`;
    throw new Refused({ code: 'E_SLOT_FIELD', where: place.path, got: `${ids.size} tracks`, allowed, mend });
  }
  return [...ids].flatMap((id) => {
    const track = place.get(id);
    return track ? [readTrack(track, id, own?.get(id))] : [];
  });
}

function readTrack(place: Place, key: string, own: Place | undefined): Track {
  const id = readTrackId(key);
  if (!id.ok) throw new Refused({ ...id.error, where: place.path });
  // The key is its name; the field is only looked at.
  place.get('name')?.text();
  const notesHz = readNoteList(place.get('notes'));
  const identity = {
    id: id.value,
    voice: readVoice(place.get('voice_id')),
    pattern: readPattern(place),
    notesHz,
  };
  const numbers = readNumbers(place, readGiven(own));
  return readOwnTrack(own, makeTrack(identity, numbers, place.get('note_index')?.whole() ?? 0));
}

function readNumbers(place: Place, given: ReadonlySet<OptionalField> | undefined): TrackNumbers {
  const numbers: TrackNumbers = {};
  for (const { key, field, range } of TRACK_NUMBERS) {
    const value = place.get(key)?.within(range) ?? range.default;
    if (!given || !OPTIONAL.has(field) || given.has(field as OptionalField)) numbers[field] = value;
  }
  return numbers;
}

function readNoteList(place: Place | undefined): number[] {
  const notes = place?.listWithin(FREQ) ?? [];
  if (place && notes.length > MAX_NOTES) throw place.refusal(`at most ${MAX_NOTES} notes`);
  return notes;
}

function readPattern(track: Place): string {
  const place = track.get('pattern');
  if (!place) return RESTS;
  const text = place.value;
  const pattern = checkPattern(typeof text === 'string' ? fromOriginal(text) : text);
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
