/** The sequencers of the older generation, as tracks. */
import { GATE_ALIASES, MODULE_ALIASES } from '../registry/aliases.js';
import { makeTrack } from '../sequence/track-fields.js';
import { readTrackId } from '../sequence/track-id.js';
import { MUTE_VOICE, readVoiceId } from '../sequence/voice-id.js';
import { onVoice } from '../sequence/locks.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { MAX_LOCKS, trackLength, type Track } from '../shared/track.js';
import type { Arg } from './decode.js';
import type { Answer, Call, Handler, SequenceAddress } from './handlers.js';
import type { Session } from './session.js';
import { findTrack, idOf, onTrack, when } from './track-edit.js';
import { lock, trackTempo } from './track-handlers.js';
import { numberOf } from './value.js';

type Old = '/seq/create' | '/seq/config' | '/seq/param_lane' | '/seq/assign';

const RESTS = '.'.repeat(16);
/** Lanes that wait for their parameter, over all tracks. */
const MOST_LANES = 256;

export function oldSequenceHandlers(session: Session): Pick<Record<SequenceAddress, Handler>, Old> {
  const lanes = new Map<string, readonly number[]>();
  return {
    '/seq/create': (call) => {
      const id = readTrackId(call.args[0]?.value);
      if (!id.ok) return id;
      if (findTrack(session, id.value)) return succeed(undefined);
      const track = makeTrack({ id: id.value, voice: MUTE_VOICE, pattern: RESTS, notesHz: [] }, {}, 0);
      const done = session.addTrack(track, when(call));
      return done.ok ? succeed(undefined) : done;
    },
    '/seq/config': (call) => {
      const [, bpm, steps, perBeat] = call.values;
      const sized = onTrack(session, call, (track) => succeed({ ...track, length: Number(steps) }));
      if (!sized.ok || sized.warnings.length > 0) return sized;
      return trackTempo(session, call, Number(bpm), Number(perBeat));
    },
    '/seq/param_lane': (call) => keepLane(lanes, call),
    '/seq/assign': (call) => {
      const words = call.args.slice(2).map(({ value }) => String(value));
      return onTrack(session, call, (track) =>
        call.values[1] === 'gate' ? giveVoice(track, words) : giveLane(lanes, track, words, session.voices),
      );
    },
  };
}

function keepLane(lanes: Map<string, readonly number[]>, call: Call): Answer {
  const values = call.args.slice(2).flatMap(numbersOf);
  const bad = values.length === 0 || !values.every(Number.isFinite);
  if (bad || (lanes.size >= MOST_LANES && !lanes.has(laneKey(idOf(call), String(call.values[1]))))) {
    const allowed = bad ? 'finite numbers, one a step' : `${MOST_LANES} lanes`;
    const mend = 'Nothing was changed. Send for example /seq/param_lane lead cutoff 400 800.';
    return fail({ code: bad ? 'E_NUMBER' : 'E_BUSY', got: show(call.args.at(-1)?.value), allowed, mend });
  }
  lanes.set(laneKey(idOf(call), String(call.values[1])), values);
  return succeed(undefined);
}

/** A number, or a list of them as text. */
function numbersOf(arg: Arg): number[] {
  const number = numberOf(arg);
  if (number !== undefined) return [number];
  return String(arg.value)
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(Number);
}

function laneKey(track: string, lane: string): string {
  return JSON.stringify([track, lane]);
}

function giveVoice(track: Track, [module = '']: readonly string[]): Outcome<Track> {
  const own = (table: object, key: string): boolean => Object.hasOwn(table, key);
  const id = own(GATE_ALIASES, module)
    ? GATE_ALIASES[module]
    : own(MODULE_ALIASES, module)
      ? MODULE_ALIASES[module]?.id
      : module;
  const voice = readVoiceId(id);
  return voice.ok ? succeed(onVoice(track, voice.value)) : voice;
}

function giveLane(
  lanes: ReadonlyMap<string, readonly number[]>,
  track: Track,
  [lane = '', module = '', param = '']: readonly string[],
  voices: number,
): Outcome<Track> {
  const values = lanes.get(laneKey(track.id, lane));
  const length = trackLength(track);
  if (!values || length > MAX_LOCKS) {
    return fail({
      code: 'E_LANE',
      got: values ? `a track of ${length} steps` : `no lane ${show(lane)} of this track`,
      allowed: values ? `tracks of up to ${MAX_LOCKS} steps` : 'a lane that /seq/param_lane has kept',
      mend: 'Nothing was changed. Send /seq/param_lane first.',
    });
  }
  let changed = track;
  const warnings: string[] = [];
  for (let step = 0; step < length; step++) {
    const arg = { type: 'f', value: values[step % values.length] };
    const done = lock(changed, step, `${module}/${param}`, arg, voices);
    if (!done.ok) return done;
    changed = done.value;
    warnings.push(...done.warnings);
  }
  return succeed(changed, [...new Set(warnings)]);
}
