/**
 * The numbers of a track: their names in messages and slot files, their place in a Track, their range. Those that set
 * a voice parameter have that parameter's range.
 */
import { voiceTable } from '../../modules/voice/table.js';
import { PLAIN_TRACK, type TRACK_FIELDS, type Track } from '../shared/track.js';
import { ACCENT_BOOST, GATE_FRAC, type Range } from './range.js';

/** Fields that may be not given: then the voice keeps its own value. */
export type OptionalField = (typeof TRACK_FIELDS)[number]['field'];
export type NumberField = OptionalField | 'accentBoostHz' | 'gateFrac';
export type TrackNumbers = Partial<Record<NumberField, number>>;

export interface TrackNumberRow {
  readonly key: string;
  readonly field: NumberField;
  readonly range: Range;
}

const voice = voiceTable.params;

export const TRACK_NUMBERS: readonly TrackNumberRow[] = [
  { key: 'base_freq', field: 'baseFreqHz', range: voice.freq },
  { key: 'base_amp', field: 'baseAmp', range: voice.amp },
  { key: 'filter_freq', field: 'filterFreqHz', range: voice['filter/freq'] },
  { key: 'accent_boost', field: 'accentBoostHz', range: ACCENT_BOOST },
  { key: 'reverb_send', field: 'reverbSend', range: voice['send/reverb'] },
  { key: 'delay_send', field: 'delaySend', range: voice['send/delay'] },
  { key: 'gate_frac', field: 'gateFrac', range: GATE_FRAC },
];

/** A track of checked parts. `noteIndex` may lie beyond the notes: it goes round. */
export function makeTrack(
  identity: Pick<Track, 'id' | 'voice' | 'pattern' | 'notesHz'>,
  numbers: TrackNumbers,
  noteIndex: number,
): Track {
  // Not by a spread: one with more members behind it takes 5 microseconds, and a slot file has 128 tracks.
  const { length } = identity.notesHz;
  return Object.assign(
    {
      accentBoostHz: ACCENT_BOOST.default,
      gateFrac: GATE_FRAC.default,
      noteIndex: wrap(noteIndex, length),
    },
    PLAIN_TRACK,
    identity,
    numbers,
  );
}

/** With its note index among its notes. */
export function wrapNote(track: Track): Track {
  return { ...track, noteIndex: wrap(track.noteIndex, track.notesHz.length) };
}

/** Euclidean: -1 is the last note. Without notes there is no place but the first. */
function wrap(index: number, length: number): number {
  return length === 0 ? 0 : ((index % length) + length) % length;
}
