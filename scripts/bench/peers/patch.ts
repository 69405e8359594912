/**
 * The patch that all of them play: N saws, each through a resonant low-pass and an envelope, summed; a send to a reverb and
 * one to a delay; a limiter. All voices play together, 1.6 s of every 2 s.
 */
export const RATE = 48_000;
/** Seconds from one note to the next, and how long each is held. */
export const PERIOD = 2;
export const HELD = 1.6;
export const ENVELOPE = { attack: 0.01, decay: 0.1, sustain: 0.7, release: 0.3 };
export const FILTER = { hz: 1200, q: 2 };
export const SENDS = { reverb: 0.2, delay: 0.2 };
export const REVERB = { room: 0.5, damp: 0.5 };
export const DELAY = { seconds: 0.25, feedback: 0.4 };
export const CEILING = 0.89;

export interface Patch {
  readonly voices: number;
  readonly seconds: number;
}

/** Scattered over four octaves from 55 Hz by the golden section: no two are in tune, so that sums are alike everywhere. */
export function pitchOf(voice: number): number {
  return 55 * 2 ** (4 * ((voice * 0.618034) % 1));
}

/** Of one voice: the sum is as loud for any number of them. */
export function ampOf(voices: number): number {
  return Math.min(0.5, 1 / Math.sqrt(voices) / 3);
}

/** How one of them renders it. Files go to `folder`. */
export interface Peer {
  readonly name: string;
  /** How it does what could be done otherwise. */
  readonly doc: string;
  /** Why it cannot be measured here; undefined: it can. */
  missing(): string | undefined;
  /** The command that renders to `out`, a WAV file; what it needs has been written, and compiled, before. */
  prepare(patch: Patch, folder: string, out: string): readonly string[];
}
