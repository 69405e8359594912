/**
 * Notes in the journal which frame was out at which time: the wall clock of a run, and how far the clock that paced it
 * drifted from the system's. Runs on: main thread.
 */
import type { FrameClock } from './frame-clock.js';
import type { JournalNote } from './journal-format.js';

export const CLOCK_NOTE_MS = 60_000;

export class ClockNotes {
  readonly #clock: FrameClock;
  readonly #note: (note: JournalNote) => void;
  #last = -Infinity;

  constructor(clock: FrameClock, note: (note: JournalNote) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  /** To be called at least once a minute. The first one comes as soon as a frame has a time. */
  look(unixMs: number): void {
    // Also after the system's clock was put back.
    if (Math.abs(unixMs - this.#last) >= CLOCK_NOTE_MS) this.tell(unixMs);
  }

  /** One more, for the end of the run. */
  tell(unixMs: number): void {
    if (!this.#clock.started) return;
    this.#last = unixMs;
    this.#note({ kind: 'clock', frame: Math.round(this.#clock.at(unixMs)), unixMs });
  }
}

/** How much faster (above 0) frames came than the sample rate says, in parts per million; undefined: too short to say. */
export function driftPpm(notes: readonly JournalNote[], sampleRate: number): number | undefined {
  const clocks = notes.filter((note) => note.kind === 'clock');
  const [first, last] = [clocks[0], clocks.at(-1)];
  if (!first || !last || last.unixMs - first.unixMs < CLOCK_NOTE_MS / 2) return undefined;
  const frames = ((last.unixMs - first.unixMs) * sampleRate) / 1000;
  return ((last.frame - first.frame) / frames - 1) * 1e6;
}
