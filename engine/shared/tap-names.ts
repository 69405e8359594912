/**
 * Taps: places of the signal path whose sound offline rendering can give instead of the master, or beside it. The core's
 * numbers and delays are generated from this list. A leaf: imports nothing but leaves.
 *
 *   voice1 .. voiceN -> voices -> (distortion) -> distortion -> bus -> (limiter) -> master
 *                                                 reverb, delay -^
 *
 * Every tap is stereo and as late as the master: a frame of it holds what is heard in that frame of the master.
 */
import { nearest } from './nearest.js';
import { MAX_VOICES } from './core-layout.js';
import { fail, show, succeed, type Outcome, type Problem } from './outcome.js';

interface TapRow {
  readonly name: string;
  readonly doc: string;
  /** Module types between it and the master: by their latency it is delayed. */
  readonly before: readonly string[];
}

/** Places are numbered in this order, for the cores of runs too: add at the end only. */
export const TAPS = [
  { name: 'master', before: [], doc: 'what is heard: behind the limiter' },
  {
    name: 'voices',
    before: ['distortion', 'limiter'],
    doc: 'all voices with their pan, acid1 in place, before the distortion',
  },
  { name: 'distortion', before: ['limiter'], doc: 'behind the distortion, without reverb and delay' },
  { name: 'reverb', before: ['limiter'], doc: 'the return of the reverb alone' },
  { name: 'delay', before: ['limiter'], doc: 'the return of the delay alone' },
  { name: 'bus', before: ['limiter'], doc: 'distortion, reverb and delay together, before the limiter' },
] as const satisfies readonly TapRow[];

/** A single voice as it goes into `voices`, with acid1 where it stands in for that voice's filter. */
export type VoiceTap = `voice${number}`;
export type TapName = (typeof TAPS)[number]['name'] | VoiceTap;

/** The places of the list have these numbers and up; below it is the number of a voice, from 0. */
export const TAP_BASE = MAX_VOICES;
/**
 * Frames a rendering must begin before the first one it gives out, so that no tap still fills. At least the longest
 * delay; checked where the layout is generated.
 */
export const TAP_LEAD_FRAMES = 512;

/** The number the core knows a tap by. */
export function tapCode(name: TapName): number {
  const place = TAPS.findIndex((row) => row.name === name);
  return place < 0 ? Number(name.slice('voice'.length)) - 1 : TAP_BASE + place;
}

/** All names in an engine with that many voices. */
export function tapNames(voices: number): readonly TapName[] {
  return [...TAPS.map(({ name }) => name), ...Array.from({ length: voices }, (_, i) => voiceTap(i + 1))];
}

/** `voice` from 1. */
export function voiceTap(voice: number): VoiceTap {
  return `voice${voice}`;
}

/** The tap of that name. Errors: E_TAP. */
export function findTap(text: string, voices: number): Outcome<TapName> {
  const names = tapNames(voices);
  const found = names.find((name) => name === text);
  if (found) return succeed(found);
  return fail({
    code: 'E_TAP',
    got: show(text),
    allowed: `${TAPS.map(({ name }) => name).join(', ')}, voice1 to voice${voices}`,
    nearest: nearest(text, [...names.slice(TAPS.length), ...names.slice(0, TAPS.length)]),
    mend: 'Nothing was rendered. Choose one of these places.',
  });
}

/** What is wrong with a core that was built before there were taps. */
export function noTaps(name: TapName): Problem {
  return {
    code: 'E_TAP',
    got: `tap '${name}' of a run whose core has no taps`,
    allowed: 'master',
    mend: 'The run was made by an older engine. Leave the tap out and render its master; the core of this engine would give another sound.',
  };
}
