/** What the handlers of tracks share: which track is meant, when an edit acts, and a word where there is no such track. */
import { nearest } from '../shared/nearest.js';
import { show, succeed, type Outcome } from '../shared/outcome.js';
import type { PutOptions, Track } from '../shared/track.js';
import type { Answer, Call } from './handlers.js';
import type { By, Session } from './session.js';

export function idOf({ args }: Pick<Call, 'args'>): string {
  return String(args[0]?.value);
}

/** At the step or bar where it says so, else at the time of the message. */
export function when({ named, by }: Call): By {
  const at = named['at'];
  return at === 'bar' || at === 'step' ? { source: by.source, when: { at } } : by;
}

export function findTrack(session: Session, id: string): Track | undefined {
  return session.capture().sequencer.tracks.find((track) => track.id === id);
}

/** Changes the track the first argument names. An unknown one is no error, but worth a word. */
export function onTrack(
  session: Session,
  call: Call,
  edit: (track: Track) => Outcome<Track>,
  options?: PutOptions,
): Answer {
  const id = idOf(call);
  const done = session.editTrack(id, when(call), edit, options);
  if (!done.ok) return done;
  return succeed(undefined, done.value ? done.warnings : [noTrack(session, id)]);
}

export function noTrack(session: Session, id: string): string {
  const near = nearest(
    id,
    session.capture().sequencer.tracks.map((track) => track.id),
  );
  const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return `E_TRACK: no track ${show(id)}, nothing was changed.${meant}`;
}
