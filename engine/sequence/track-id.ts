/** Names of tracks. */
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';

/** Long enough for every name in use, short enough for replies. */
export const TRACK_ID_LENGTH = 128;

/** A text of 1 to 128 characters; a number is taken as its text. Refuses (E_TRACK) everything else. */
export function readTrackId(value: unknown): Outcome<string> {
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id === 'string' && id.length > 0 && id.length <= TRACK_ID_LENGTH) return succeed(id);
  const allowed = `a name of 1 to ${TRACK_ID_LENGTH} characters`;
  return fail({
    code: 'E_TRACK',
    got: show(value),
    allowed,
    mend: 'Give the track a short name, as kick or bass.',
  });
}
