/**
 * A step track as the control plane holds it, and its form in the core (words of 32 bits).
 * What is `undefined` was not given: the voice keeps its own value.
 */
import { floatBits } from './command.js';
import { readSteps, stepWord } from './steps.js';

export const TRACKS = 128;
export const MAX_NOTES = 256;
/** Parameter locks of one track. */
export const MAX_LOCKS = 64;

/** Velocity of an accent `X` and of a normal hit `x`. */
export const ACCENT_VELOCITY = 1;
export const NORMAL_VELOCITY = 0.6;

/**
 * Length of a step of a track in sixteenths, as a fraction: 2/1 plays eighths, 1/3 triplets of a sixteenth. Both parts
 * are whole, 1..300000 (two tempos in thousandths of a BPM make a fraction too).
 */
export interface Division {
  readonly up: number;
  readonly down: number;
}
export const SIXTEENTH: Division = { up: 1, down: 1 };
export const MAX_DIVISION_PART = 300_000;

/** A value that holds for one step of a track. */
export interface Lock {
  /** From 0, below the length of the track. */
  readonly step: number;
  /** Of the core, with the voice put in already: a parameter address, or one of LOCK_TARGETS. */
  readonly address: number;
  readonly value: number;
}
/** What can be locked besides parameters; their numbers stand where an address would. */
export const LOCK_TARGETS = { velocity: -1, gate_frac: -2 } as const;

export interface Track {
  readonly id: string;
  /** Number from 1; it may be larger than the number of voices: such a track is mute. */
  readonly voice: number;
  /** The text as it was given (steps.ts). */
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
  /** Steps after which it begins again; what the pattern lacks rests, what it has too much is not played. Absent: the pattern. */
  readonly length?: number | undefined;
  readonly division: Division;
  readonly muted: boolean;
  /** While any track is solo, only those that are sound. */
  readonly solo: boolean;
  readonly locks: readonly Lock[];
}

/** What a track is where nothing else is said. */
export const PLAIN_TRACK = { division: SIXTEENTH, muted: false, solo: false, locks: [] } as const;

/** The optional fields, in the order of their bits in the core, with the voice parameter each one sets. */
export const TRACK_FIELDS = [
  { field: 'baseFreqHz', param: 'freq' },
  { field: 'baseAmp', param: 'amp' },
  { field: 'filterFreqHz', param: 'filter/freq' },
  { field: 'reverbSend', param: 'send/reverb' },
  { field: 'delaySend', param: 'send/delay' },
] as const;

/** Bits of the flags word. `restart`: from its first step at the next step of the sequencer. */
export const TRACK_FLAGS = { muted: 1, solo: 2, restart: 4 } as const;

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
  'flags',
  'length',
  'divisionUp',
  'divisionDown',
  'stepCount',
  'noteCount',
  'lockCount',
] as const;
/** Words of one lock: step, address, value. */
export const LOCK_WORDS = 3;

/** What a track does when it has been put into the core. */
export interface PutOptions {
  /** Default: its own; -1: the track goes on where it is in its note list. */
  readonly noteIndex?: number;
  readonly restart?: boolean;
}

/** Steps after which the track begins again. */
export function trackLength(track: Pick<Track, 'pattern' | 'length'>): number {
  return track.length ?? readSteps(track.pattern).steps.length;
}

/** Header, then steps, notes and locks. Control plane. */
export function encodeTrack(track: Track, options: PutOptions = {}): number[] {
  const { steps } = readSteps(track.pattern);
  const length = track.length ?? steps.length;
  const locks = track.locks.filter(({ step }) => step < length);
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
    noteIndex: options.noteIndex ?? track.noteIndex,
    flags:
      (track.muted ? TRACK_FLAGS.muted : 0) |
      (track.solo ? TRACK_FLAGS.solo : 0) |
      (options.restart === true ? TRACK_FLAGS.restart : 0),
    length,
    divisionUp: track.division.up,
    divisionDown: track.division.down,
    stepCount: steps.length,
    noteCount: track.notesHz.length,
    lockCount: locks.length,
  };
  return [
    ...TRACK_HEADER.map((name) => header[name]),
    ...steps.map(stepWord),
    ...track.notesHz.map(floatBits),
    ...locks.flatMap(({ step, address, value }) => [step, address, floatBits(value)]),
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
    ...load.tracks.flatMap((track) => encodeTrack(track)),
  ];
}
