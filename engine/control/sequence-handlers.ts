/** Tracks, tempo, start and stop. */
import { readNotes } from '../sequence/notes.js';
import { checkPattern } from '../sequence/pattern.js';
import { BPM } from '../sequence/range.js';
import { changeTrack, readTrackArgs } from '../sequence/track-args.js';
import { voiceId } from '../sequence/voice-id.js';
import { succeed, type Outcome } from '../shared/outcome.js';
import type { Track } from '../shared/track.js';
import type { Answer, Call, Handler, SequenceAddress } from './handlers.js';
import { note } from './note-handlers.js';
import { oldSequenceHandlers } from './old-sequence-handlers.js';
import type { ControlPorts } from './ports.js';
import type { Session } from './session.js';
import { TapTempo } from './tap-tempo.js';
import { findTrack, idOf, onTrack, when } from './track-edit.js';
import { namesTrack, trackHandlers, trackTempo } from './track-handlers.js';
import { describeTrack } from './track-view.js';
import { plain } from './value.js';

export function sequenceHandlers(ports: ControlPorts): Record<SequenceAddress, Handler> {
  const { session, engine } = ports;
  const taps = new TapTempo();
  return {
    '/seq/add': (call) => add(session, call),
    '/seq/set': (call) => onTrack(session, call, (track) => changeTrack(track, call.args.slice(1))),
    '/seq/remove': (call) => session.removeTrack(idOf(call), when(call)),
    '/seq/clear': (call) => session.clearTracks(when(call)),
    '/seq/start': (call) => start(session, call),
    '/seq/stop': (call) =>
      namesTrack(session, call)
        ? onTrack(session, call, (track) => succeed({ ...track, muted: true }))
        : session.transport(false, call.by),
    '/seq/bpm': (call) => {
      if (call.form === 1) return trackTempo(session, call, Number(call.values[1]));
      if (call.args.length === 0) return succeed(plain(session.capture().sequencer.bpm));
      return session.tempo(Number(call.values[0]), when(call));
    },
    '/seq/ramp': (call) => session.tempo(Number(call.values[0]), when(call), Number(call.values[1])),
    '/seq/tap': ({ by }) => {
      const bpm = taps.tap(ports.now().getTime());
      return bpm === undefined ? succeed(null) : session.tempo(Math.min(BPM.max, Math.max(BPM.min, bpm)), by);
    },
    '/seq/nudge': ({ values, by }) => session.nudge(Number(values[0]) / 1000, by),
    '/seq/swing': (call) =>
      call.args.length === 0
        ? succeed(plain(session.capture().sequencer.swing))
        : session.swing(Number(call.values[0]), when(call)),
    '/seq/seed': (call) => session.seed(Number(call.values[0]), when(call)),
    '/seq/update/pattern': (call) => {
      const pattern = checkPattern(call.args[1]?.value);
      if (!pattern.ok) return pattern;
      const edit = (track: Track): Outcome<Track> =>
        succeed({ ...track, pattern: pattern.value }, pattern.warnings);
      return onTrack(session, call, edit);
    },
    '/seq/update/notes': (call) => {
      const notes = readNotes(call.args.slice(1));
      if (!notes.ok) return notes;
      const edit = (track: Track): Outcome<Track> =>
        succeed({ ...track, notesHz: notes.value, noteIndex: 0 }, notes.warnings);
      return onTrack(session, call, edit, { noteIndex: 0 });
    },
    '/seq/status': () => succeed(status(session, engine.sequencerPosition())),
    '/note': (call) => note(session, call),
    ...trackHandlers(session),
    ...oldSequenceHandlers(session),
  };
}

/** With the name of a track: it is heard, and the sequencer runs. */
function start(session: Session, call: Call): Answer {
  if (!namesTrack(session, call)) return session.transport(true, call.by);
  const heard = onTrack(session, call, (track) => succeed({ ...track, muted: false }));
  if (!heard.ok || !findTrack(session, idOf(call))) return heard;
  return session.transport(true, call.by);
}

function add(session: Session, call: Call): Answer {
  const track = readTrackArgs(call.args);
  if (!track.ok) return track;
  const done = session.addTrack(track.value, when(call));
  if (!done.ok) return done;
  const { voice } = track.value;
  const mute = `${voiceId(voice)} is none of the ${session.voices} voices of this engine: the track is mute`;
  return succeed(undefined, voice > session.voices ? [...track.warnings, mute] : track.warnings);
}

function status(session: Session, position: { readonly step: number; readonly bpm: number }): object {
  const { bpm, swing, running, tracks } = session.capture().sequencer;
  return {
    bpm: plain(bpm),
    bpm_now: position.bpm,
    swing: plain(swing),
    running,
    step: position.step,
    load_pending: session.loadPending,
    tracks: tracks.map(describeTrack),
  };
}
