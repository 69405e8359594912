/**
 * What the last load took away, so that it can be had again. One step back: the undo of a load is a load itself, so
 * the undo of the undo brings back what was there before it. Plain model; the session says what happens.
 * Runs on: main thread.
 *
 * A load acts in the core, some blocks before this side hears of it. What was written to the log meanwhile lies behind
 * the commit and is not part of the state before it:
 *
 *      log    ... | commitLoad (bar) | set a |<- logEnd of the commit   set b | ...
 *      before                          a                                             not b
 */
import type { Load } from '../shared/track.js';
import type { Mirror } from './mirror.js';

interface Write {
  /** Position in the log behind it. */
  readonly end: number;
  readonly redo: (mirror: Mirror) => void;
}

/** Writes that may lie behind a commit nobody has heard of yet; the oldest of more count as before it. */
const MOST_WRITES = 4096;

export class LoadUndo {
  #before: Mirror | undefined;
  #waiting: { readonly state: Mirror; writes: Write[] } | undefined;

  /** A load has acted on this state. */
  actsOn(state: Mirror): void {
    this.#before = state.clone();
    this.#waiting = undefined;
  }

  /** A load waits for its bar. One that waited will not act. */
  waits(state: Mirror): void {
    this.#waiting = { state: state.clone(), writes: [] };
  }

  wrote(end: number, redo: (mirror: Mirror) => void): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    waiting.writes.push({ end, redo });
    if (waiting.writes.length <= MOST_WRITES) return;
    for (const write of waiting.writes.splice(0, MOST_WRITES / 2)) write.redo(waiting.state);
  }

  /** The load that waited has acted, behind all that lies before `logEnd`. */
  acted(logEnd: number): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    for (const { end, redo } of waiting.writes) if (end <= logEnd) redo(waiting.state);
    this.#before = waiting.state;
    this.#waiting = undefined;
  }

  /** The load that waited will not act. */
  dropped(): void {
    this.#waiting = undefined;
  }

  /** The whole state before the last load that acted; undefined: none has. */
  get before(): Load | undefined {
    return this.#before?.toLoad();
  }
}
