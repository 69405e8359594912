/**
 * A step track as the control plane holds it, and its form in the core (words of 32 bits).
 * What is `undefined` was not given: the voice keeps its own value.
 */
import { floatBits } from './command.js';

export const TRACKS = 128;
export const MAX_STEPS = 256;
export const MAX_NOTES = 256;

/** Velocity of an accent `X` and of a normal hit `x`. */
export const ACCENT_VELOCITY = 1;
export const NORMAL_VELOCITY = 0.6;

export interface Track {
  readonly id: string;
  /** Number from 1; it may be larger than the number of voices: such a track is mute. */
  readonly voice: number;
  /** The text as it was given: X, x, anything else rests. */
  readonly pattern: string;
  /** Hz; empty: every hit plays baseFreqHz, or the pitch the voice has. */
  readonly notesHz: readonly number[];
  readonly baseFreqHz?: number | undefined;
  readonly baseAmp?: number | undefined;
  readonly filterFreqHz?: number | undefined;
  readonly reverbSend?: number | undefined;
  readonly delaySend?: number | undefined;
  /** Added to the cutoff per hit: accentBoostHz * (velocity - 0.5). Default 1500. */
  readonly accentBoostHz: number;
  /** Length of a note in steps. Default 0.5. */
  readonly gateFrac: number;
  /** Where the note list starts. */
  readonly noteIndex: number;
}

/** The optional fields, in the order of their bits in the core, with the voice parameter each one sets. */
export const TRACK_FIELDS = [
  { field: 'baseFreqHz', param: 'freq' },
  { field: 'baseAmp', param: 'amp' },
  { field: 'filterFreqHz', param: 'filter/freq' },
  { field: 'reverbSend', param: 'send/reverb' },
  { field: 'delaySend', param: 'send/delay' },
] as const;

/** Words before the steps; the core's struct has the same order (generated). */
export const TRACK_HEADER = [
  'voice',
  'given',
  'gateFrac',
  'accentBoost',
  'baseFreq',
  'baseAmp',
  'filterFreq',
  'reverbSend',
  'delaySend',
  'noteIndex',
  'stepCount',
  'noteCount',
] as const;

/** The velocities of a pattern text, one per step. */
export function velocities(pattern: string): number[] {
  return [...pattern].map((step) => (step === 'X' ? ACCENT_VELOCITY : step === 'x' ? NORMAL_VELOCITY : 0));
}

/** Header, then steps, then notes. Control plane. */
export function encodeTrack(track: Track): number[] {
  const steps = velocities(track.pattern);
  const given = TRACK_FIELDS.reduce(
    (set, { field }, bit) => (track[field] === undefined ? set : set | (1 << bit)),
    0,
  );
  const header: Record<(typeof TRACK_HEADER)[number], number> = {
    voice: track.voice - 1,
    given,
    gateFrac: floatBits(track.gateFrac),
    accentBoost: floatBits(track.accentBoostHz),
    baseFreq: floatBits(track.baseFreqHz ?? 0),
    baseAmp: floatBits(track.baseAmp ?? 0),
    filterFreq: floatBits(track.filterFreqHz ?? 0),
    reverbSend: floatBits(track.reverbSend ?? 0),
    delaySend: floatBits(track.delaySend ?? 0),
    noteIndex: track.noteIndex,
    stepCount: steps.length,
    noteCount: track.notesHz.length,
  };
  return [
    ...TRACK_HEADER.map((name) => header[name]),
    ...steps.map(floatBits),
    ...track.notesHz.map(floatBits),
  ];
}

/** A whole load: what a slot file holds, as parameters and tracks. */
export interface Load {
  readonly milliBpm: number;
  readonly swing: number;
  readonly running: boolean;
  /** In play order; the index is the place. */
  readonly tracks: readonly Track[];
  /** Parameter address and value. */
  readonly params: readonly (readonly [address: number, value: number])[];
  /** False: the file has no sequencer part; tempo and tracks stay as they are. */
  readonly hasSequencer: boolean;
}

export const LOAD_HEADER = [
  'hasSequencer',
  'milliBpm',
  'swing',
  'running',
  'trackCount',
  'paramCount',
] as const;

/** Header, then parameters as pairs, then tracks one after the other. */
export function encodeLoad(load: Load): number[] {
  const header: Record<(typeof LOAD_HEADER)[number], number> = {
    hasSequencer: load.hasSequencer ? 1 : 0,
    milliBpm: load.milliBpm,
    swing: floatBits(load.swing),
    running: load.running ? 1 : 0,
    trackCount: load.tracks.length,
    paramCount: load.params.length,
  };
  return [
    ...LOAD_HEADER.map((name) => header[name]),
    ...load.params.flatMap(([address, value]) => [address, floatBits(value)]),
    ...load.tracks.flatMap(encodeTrack),
  ];
}
