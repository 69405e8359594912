/** `/note`: single notes, on a voice or on one that is free. */
import { readNotes } from '../sequence/notes.js';
import { voiceId } from '../sequence/voice-id.js';
import { fail, succeed } from '../shared/outcome.js';
import type { Answer, Call } from './handlers.js';
import type { Session } from './session.js';
import { came, numberOf } from './value.js';

/** The core chooses. */
const ANY_VOICE = -1;
const HIGHEST_MIDI_VELOCITY = 127;
/** 0 means without an end, so a number out of range is refused and not moved there. */
const MAX_BEATS = 4096;

export function note(session: Session, call: Call): Answer {
  const [voiceArg, noteArg] = call.args;
  const voice = readVoice(String(voiceArg?.value).trim().toLowerCase());
  if (voice === undefined || voice >= session.voices) {
    return fail({
      code: 'E_VOICE',
      got: `'${String(voiceArg?.value)}'`,
      allowed: `poly, ${voiceId(1)} to ${voiceId(session.voices)}`,
      mend: 'Nothing was played. Send poly for any free voice.',
    });
  }
  const notes = readNotes(noteArg ? [noteArg] : []);
  if (!notes.ok) return notes;
  const [hz] = notes.value;
  if (hz === undefined || notes.value.length > 1) {
    return fail({
      code: 'E_NOTES',
      got: `${notes.value.length} notes`,
      allowed: 'one note: C4, 60, 440, 49hz',
      mend: 'Nothing was played. Send one message for each note of a chord.',
    });
  }
  const beats = numberOf(call.args[3] ?? { type: 'i', value: 1 });
  if (beats === undefined || !(beats >= 0 && beats <= MAX_BEATS)) {
    return fail({
      code: beats === undefined || Number.isNaN(beats) ? 'E_NUMBER' : 'E_RANGE',
      where: 'beats',
      got: call.args[3] ? came(call.args[3]) : '',
      allowed: `0..${MAX_BEATS}; 0: until its gate is closed`,
      mend: 'Nothing was played. Send the length in beats.',
    });
  }
  const sent = Number(call.values[2]);
  const velocity = sent > 1 ? sent / HIGHEST_MIDI_VELOCITY : sent;
  const done = session.note(voice, hz, velocity, beats, call.by);
  return done.ok ? succeed(undefined, notes.warnings) : done;
}

/** Number of a voice from 0; `poly` is any. */
function readVoice(word: string): number | undefined {
  if (word === 'poly') return ANY_VOICE;
  const number = /^(?:voice)?([1-9]\d{0,2})$/.exec(word)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}
