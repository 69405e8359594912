/** Voice ids as tracks name them. */
import { nearest } from '../shared/nearest.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';

/** The most voices an engine can have. A track on a voice above those it has is legal and mute. */
export const LAST_VOICE = 256;
/** A voice no engine has: where a slot file names a voice that cannot be, its track stays, without a sound. */
export const MUTE_VOICE = LAST_VOICE + 1;

/** `voice12` -> 12. Refuses (E_VOICE) everything but voice1 to voice256. */
export function readVoiceId(value: unknown): Outcome<number> {
  const match = typeof value === 'string' ? /^voice([1-9]\d{0,2})$/.exec(value.trim()) : null;
  const voice = Number(match?.[1]);
  if (voice >= 1 && voice <= LAST_VOICE) return succeed(voice);
  return fail({
    code: 'E_VOICE',
    got: show(value),
    allowed: `voice1 to voice${LAST_VOICE}`,
    mend: 'Name the voice that plays the track: voice1 is the first.',
    nearest: typeof value === 'string' ? nearest(value, ['voice1', 'voice2', 'voice3', 'voice4'], 1) : [],
  });
}

export function voiceId(voice: number): string {
  return `voice${voice}`;
}
