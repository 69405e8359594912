/** Parameter locks of a track: their names, and changing them. */
import {
  addressOf,
  findParameter,
  findPath,
  inCore,
  parameterAt,
  parameters,
  type Parameter,
} from '../registry/address.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { nearest } from '../shared/nearest.js';
import { LOCK_TARGETS, MAX_LOCKS, type Lock, type Track } from '../shared/track.js';
import { GATE_FRAC, VELOCITY, type Range } from './range.js';
import { voiceId } from './voice-id.js';

/** What the hit itself has, with its range. */
const OF_THE_HIT: Readonly<Record<keyof typeof LOCK_TARGETS, Range>> = {
  velocity: VELOCITY,
  gate_frac: GATE_FRAC,
};

export type LockTarget =
  | { readonly address: number; readonly range: Range }
  | { readonly address: number; readonly parameter: Parameter };

/**
 * What `filter/freq` (of the voice of the track), `delay1/mix` or `velocity` stands for. Refuses (E_LOCK) what there is
 * not, and what cannot change from step to step.
 */
export function lockTarget(name: string, voice: number): Outcome<LockTarget> {
  const plain = name.trim().replace(/^\/?mod\//, '');
  if (Object.hasOwn(OF_THE_HIT, plain)) {
    const key = plain as keyof typeof OF_THE_HIT;
    return succeed({ address: LOCK_TARGETS[key], range: OF_THE_HIT[key] });
  }
  const parameter = findParameter(voiceId(voice), plain) ?? findPath(plain);
  const holds = parameter && inCore(parameter) && !['target', 'voice'].includes(parameter.row.unit);
  if (parameter && holds) return succeed({ address: parameter.address, parameter });
  const names = [...Object.keys(OF_THE_HIT), ...voiceParams()];
  return fail({
    code: 'E_LOCK',
    got: show(name),
    allowed: `${names.join(', ')}, or a parameter of a module as delay1/mix`,
    nearest: nearest(plain, [...names, ...modulePaths()]),
    mend: 'Nothing was changed. Use one of these names.',
  });
}

/** Every parameter of one voice and of the modules. */
function modulePaths(): string[] {
  return [...parameters(1)].filter(inCore).map(({ path }) => path);
}

function voiceParams(): string[] {
  const names: string[] = [];
  for (let i = 0; ; i++) {
    const parameter = parameterAt(addressOf(0, 0, i));
    if (!parameter) return names;
    names.push(parameter.name);
  }
}

/** The name a lock of this track has, as `lockTarget` reads it. */
export function lockName(address: number, voice: number): string {
  const ofHit = Object.entries(LOCK_TARGETS).find(([, code]) => code === address);
  if (ofHit) return ofHit[0];
  const parameter = parameterAt(address);
  return parameter?.id === voiceId(voice) ? parameter.name : (parameter?.path ?? '');
}

/** The track with that lock, in place of one of the same step and parameter. Refuses (E_LOCKS) one too many. */
export function withLock(track: Track, lock: Lock): Outcome<Track> {
  const others = track.locks.filter(({ step, address }) => step !== lock.step || address !== lock.address);
  if (others.length < MAX_LOCKS) {
    const locks = [...others, lock].sort((a, b) => a.step - b.step || a.address - b.address);
    return succeed({ ...track, locks });
  }
  return fail({
    code: 'E_LOCKS',
    got: `one more lock of the track ${show(track.id)}`,
    allowed: `${MAX_LOCKS} locks to a track`,
    mend: 'Nothing was changed. Take some away with /seq/unlock, or use a second track on the same voice.',
  });
}

/** Without the locks of that step and parameter; left out: of all. */
export function withoutLocks(track: Track, step?: number, address?: number): Track {
  const stays = (lock: Lock): boolean =>
    (step !== undefined && lock.step !== step) || (address !== undefined && lock.address !== address);
  return { ...track, locks: track.locks.filter(stays) };
}

/** On another voice its locks are those of that voice. */
export function onVoice(track: Track, voice: number): Track {
  const locks = track.locks.map((lock) => {
    const parameter = lock.address < 0 ? undefined : parameterAt(lock.address);
    if (parameter?.id !== voiceId(track.voice)) return lock;
    return { ...lock, address: addressOf(parameter.type, voice - 1, parameter.index) };
  });
  return { ...track, voice, locks };
}
