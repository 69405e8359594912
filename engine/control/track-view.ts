/** Tracks as `/seq/status` shows them. */
import { divisionText } from '../sequence/division.js';
import { lockName } from '../sequence/locks.js';
import { voiceId } from '../sequence/voice-id.js';
import { trackLength, type Track } from '../shared/track.js';
import { plain } from './value.js';

export function describeTrack(track: Track): object {
  const number = (value: number | undefined): number | null => (value === undefined ? null : plain(value));
  return {
    id: track.id,
    voice: voiceId(track.voice),
    pattern: track.pattern,
    length: trackLength(track),
    division: divisionText(track.division),
    muted: track.muted,
    solo: track.solo,
    notes: track.notesHz.map(plain),
    base_freq: number(track.baseFreqHz),
    base_amp: number(track.baseAmp),
    filter_freq: number(track.filterFreqHz),
    reverb_send: number(track.reverbSend),
    delay_send: number(track.delaySend),
    accent_boost: plain(track.accentBoostHz),
    gate_frac: plain(track.gateFrac),
    note_index: track.noteIndex,
    locks: track.locks.map(({ step, address, value }) => ({
      step,
      param: lockName(address, track.voice),
      value: plain(value),
    })),
  };
}
