import { readNotes } from '../sequence/notes.js';
import { checkPattern } from '../sequence/pattern.js';
import { readTrackArgs } from '../sequence/track-args.js';
import { voiceId } from '../sequence/voice-id.js';
import { NOW, type When } from '../shared/command.js';
import { nearest } from '../shared/nearest.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import type { Track } from '../shared/track.js';
import type { Arg } from './decode.js';
import type { Answer, Call, Handler, SequenceAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import type { By, Session } from './session.js';
import { plain } from './value.js';

export function sequenceHandlers({ session, engine }: ControlPorts): Record<SequenceAddress, Handler> {
  return {
    '/seq/add': (call) => edit(call, (_, by) => add(session, call.args, by)),
    '/seq/remove': (call) => edit(call, (args, by) => session.removeTrack(idOf(args), by)),
    '/seq/clear': (call) => edit(call, (_, by) => session.clearTracks(by), 0),
    '/seq/start': ({ by }) => session.transport(true, by),
    '/seq/stop': ({ by }) => session.transport(false, by),
    '/seq/bpm': (call) => edit(call, (_, by) => session.tempo(Number(call.values[0]), timed(call, by))),
    '/seq/swing': (call) => edit(call, (_, by) => session.swing(Number(call.values[0]), timed(call, by))),
    '/seq/update/pattern': (call) =>
      edit(call, (args, by) => {
        const pattern = checkPattern(args[1]?.value);
        return pattern.ok
          ? update(session, args, pattern, (id) => session.updatePattern(id, pattern.value, by))
          : pattern;
      }),
    '/seq/update/notes': (call) =>
      edit(call, (args, by) => {
        const notes = readNotes(args.slice(1));
        return notes.ok
          ? update(session, args, notes, (id) => session.updateNotes(id, notes.value, by))
          : notes;
      }),
    '/seq/status': () => succeed(status(session, engine.sequencerPosition().step)),
  };
}

/**
 * Edits carry content, so a time tag cannot move them; `at=bar` can. The arguments come without it. The first `named`
 * arguments are never it: a track may be called so.
 */
function edit(call: Call, act: (args: readonly Arg[], by: By) => Answer, named = 1): Answer {
  const at = readAt(call.args.slice(named));
  if (!at.ok) return at;
  const args = call.args.filter((arg, i) => i < named || !isAt(arg));
  return act(args, { source: call.by.source, when: at.value });
}

/** Tempo and swing have no content: without `at=bar` their time tag counts. */
function timed(call: Call, by: By): By {
  return by.when?.at === 'bar' ? by : call.by;
}

function isAt(arg: Arg): boolean {
  return typeof arg.value === 'string' && /^\s*at\s*=/.test(arg.value);
}

function readAt(args: readonly Arg[]): Outcome<When> {
  const word = String(args.findLast(isAt)?.value ?? 'at=now')
    .split('=')[1]
    ?.trim()
    .toLowerCase();
  // What is edited now is heard from the next step on.
  if (word === 'now' || word === 'step') return succeed(NOW);
  if (word === 'bar') return succeed({ at: 'bar' });
  const mend = 'Nothing was changed. Send at=bar, or leave it out.';
  return fail({ code: 'E_WORD', where: 'at', got: show(word), allowed: 'now, step, bar', mend });
}

function add(session: Session, args: readonly Arg[], by: By): Answer {
  const track = readTrackArgs(args);
  if (!track.ok) return track;
  const done = session.addTrack(track.value, by);
  if (!done.ok) return done;
  const { voice } = track.value;
  const mute = `${voiceId(voice)} is none of the ${session.voices} voices of this engine: the track is mute`;
  return succeed(undefined, voice > session.voices ? [...track.warnings, mute] : track.warnings);
}

function idOf(args: readonly Arg[]): string {
  return String(args[0]?.value);
}

/** An unknown id is no error, but worth a word. */
function update(
  session: Session,
  args: readonly Arg[],
  read: { readonly warnings: readonly string[] },
  act: (id: string) => Outcome<Track | undefined>,
): Answer {
  const id = idOf(args);
  const done = act(id);
  if (!done.ok) return done;
  if (done.value) return succeed(undefined, read.warnings);
  const near = nearest(
    id,
    session.snapshot().sequencer.tracks.map((track) => track.id),
  );
  const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return succeed(undefined, [`E_TRACK: no track ${show(id)}, nothing was changed.${meant}`]);
}

function status(session: Session, step: number): object {
  const { bpm, swing, running, tracks } = session.snapshot().sequencer;
  const shown = { bpm: plain(bpm), swing: plain(swing), running, step, load_pending: session.loadPending };
  return { ...shown, tracks: tracks.map(describeTrack) };
}

function describeTrack(track: Track): object {
  const number = (value: number | undefined): number | null => (value === undefined ? null : plain(value));
  return {
    id: track.id,
    voice: voiceId(track.voice),
    pattern: track.pattern,
    notes: track.notesHz.map(plain),
    base_freq: number(track.baseFreqHz),
    base_amp: number(track.baseAmp),
    filter_freq: number(track.filterFreqHz),
    reverb_send: number(track.reverbSend),
    delay_send: number(track.delaySend),
    accent_boost: plain(track.accentBoostHz),
    gate_frac: plain(track.gateFrac),
    note_index: track.noteIndex,
  };
}
