/** Changes of one track: mute, solo, length, division, locks, a new beginning. */
import { exists } from '../registry/address.js';
import { divisionOfTempo, readDivision } from '../sequence/division.js';
import { lockTarget, withLock, withoutLocks } from '../sequence/locks.js';
import { clampTo, describeRange, type Range } from '../sequence/range.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { trackLength, type Track } from '../shared/track.js';
import { checkParam } from './check.js';
import type { Arg } from './decode.js';
import type { Answer, Call, Handler, SequenceAddress } from './handlers.js';
import type { Session } from './session.js';
import { findTrack, onTrack } from './track-edit.js';
import { came, numberOf } from './value.js';

type Changes =
  | '/seq/mute'
  | '/seq/solo'
  | '/seq/length'
  | '/seq/division'
  | '/seq/lock'
  | '/seq/unlock'
  | '/seq/reset'
  | '/seq/gate_len';

export function trackHandlers(session: Session): Pick<Record<SequenceAddress, Handler>, Changes> {
  return {
    '/seq/mute': (call) => onTrack(session, call, (track) => succeed({ ...track, muted: isOn(call) })),
    '/seq/solo': (call) => onTrack(session, call, (track) => succeed({ ...track, solo: isOn(call) })),
    '/seq/length': (call) => {
      const steps = Number(call.values[1]);
      return onTrack(session, call, (track) =>
        succeed({ ...track, length: steps === 0 ? undefined : steps }),
      );
    },
    '/seq/division': (call) => {
      const division = readDivision(call.values[1]);
      if (!division.ok) return division;
      return onTrack(session, call, (track) => succeed({ ...track, division: division.value }));
    },
    '/seq/lock': (call) =>
      onTrack(session, call, (track) =>
        lock(track, Number(call.values[1]), String(call.values[2]), call.args[3] as Arg, session.voices),
      ),
    '/seq/unlock': (call) => onTrack(session, call, (track) => unlock(track, call)),
    '/seq/reset': (call) => {
      if (call.args.length > 0) return reset(session, call);
      const { tracks } = session.capture().sequencer;
      const first = tracks
        .map(({ id }) => reset(session, { ...call, args: [{ type: 's', value: id }] }))
        .find((done) => !done.ok);
      return first ?? succeed(undefined);
    },
    '/seq/gate_len': (call) =>
      onTrack(session, call, (track) => succeed({ ...track, gateFrac: Number(call.values[1]) })),
  };
}

/** The track goes at a tempo of its own, told as a division of the present one. */
export function trackTempo(session: Session, call: Call, bpm: number, perBeat?: number): Answer {
  const { bpm: whole } = session.capture().sequencer;
  const division = divisionOfTempo(Math.round(whole * 1000), bpm, perBeat);
  return onTrack(session, call, (track) => succeed({ ...track, division }));
}

/** From the first step on, with the first note. */
function reset(session: Session, call: Call): Answer {
  return onTrack(session, call, succeed, { noteIndex: 0, restart: true });
}

function isOn({ values }: Call): boolean {
  return values[1] !== false;
}

/** The track with one lock more. `arg`: the value as it came. */
export function lock(track: Track, step: number, name: string, arg: Arg, voices: number): Outcome<Track> {
  const target = lockTarget(name, track.voice);
  if (!target.ok) return target;
  const { address } = target.value;
  const value =
    'parameter' in target.value
      ? checkParam({ parameter: target.value.parameter }, arg, voices)
      : inRange(target.value.range, name, arg);
  if (!value.ok) return value;
  const locked = withLock(track, { step, address, value: value.value });
  if (!locked.ok) return locked;
  const missing =
    'parameter' in target.value && !exists(target.value.parameter, voices)
      ? [`this engine has ${voices} voices: the lock of ${target.value.parameter.path} is mute`]
      : [];
  const length = trackLength(track);
  const late = `step ${step} lies behind the ${length} steps of the track: the lock waits until it is longer`;
  const warnings = [...value.warnings, ...missing, ...(step < length ? [] : [late])];
  return succeed(locked.value, warnings);
}

function inRange(range: Range, name: string, arg: Arg): Outcome<number> {
  const number = numberOf(arg);
  if (number === undefined || !Number.isFinite(number)) {
    const mend = 'Nothing was changed. Send a finite number.';
    return fail({ code: 'E_NUMBER', where: name, got: came(arg), allowed: describeRange(range), mend });
  }
  const warnings: string[] = [];
  return succeed(clampTo(range, number, name, warnings), warnings);
}

function unlock(track: Track, { values }: Call): Outcome<Track> {
  const [, step, name] = values;
  const target = name === undefined ? undefined : lockTarget(String(name), track.voice);
  if (target && !target.ok) return target;
  const left = withoutLocks(track, step === undefined ? undefined : Number(step), target?.value.address);
  const gone = track.locks.length - left.locks.length;
  return succeed(left, gone === 0 ? ['there was no such lock'] : []);
}

/** The id of a track that is there, from the first argument; numbers are dummies that old clients send. */
export function namesTrack(session: Session, { args }: Call): boolean {
  const { value } = args[0] ?? {};
  if (typeof value === 'string') return true;
  return typeof value === 'number' && findTrack(session, String(value)) !== undefined;
}
