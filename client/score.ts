/**
 * A piece in bars of 16 steps. The time of each bar is known beforehand, from the tempo and its ramps; what is to happen
 * there is sent ahead of it, so that a late datagram is early enough:
 *
 *      edits of tracks, tempo, ramps        with at: 'bar' they act with the bar, to the frame
 *      a slot file                          loads at the bar by itself
 *      parameters, notes, gates             carry the time of the bar (or of a step in it), see `at`
 *
 * The same program plays live and, faster, on a clock that is rendered (offline): the commands are the same.
 */
import type { Synth } from './synth.js';

export interface ScoreOptions {
  /** Tempo of the first bar. */
  readonly bpm: number;
  /** How long before a bar its messages are sent, milliseconds; shorter than a bar. Default 400. */
  readonly aheadMs?: number;
}

/** From a point on: a tempo that stays, or rises in a straight line in time over so many beats. */
interface Section {
  readonly beat: number;
  readonly seconds: number;
  readonly bpm: number;
  readonly to: number;
  readonly beats: number;
}

const BEATS = 4;
/** Before the first bar, for what is set before it. */
const START_MS = 500;
const DEFAULT_AHEAD_MS = 400;

export class Score {
  readonly #synth: Synth;
  readonly #aheadMs: number;
  readonly #sections: Section[];
  #startMs: number | undefined;
  #bar = 0;

  constructor(synth: Synth, { bpm, aheadMs = DEFAULT_AHEAD_MS }: ScoreOptions) {
    this.#synth = synth;
    this.#aheadMs = aheadMs;
    this.#sections = [{ beat: 0, seconds: 0, bpm, to: bpm, beats: 0 }];
  }

  /** The bar that is being prepared; 0 before the start. */
  get bar(): number {
    return this.#bar;
  }

  /** Sets the tempo and starts the sequencer, at bar 0. Resolves at once; what follows is bar 0. */
  async start(): Promise<void> {
    this.#synth.seq.bpm(this.#sections[0]?.bpm ?? 120);
    await this.#synth.sync();
    const start = this.#synth.clock.now() + START_MS;
    this.#startMs = start;
    this.#synth.at(start, () => this.#synth.seq.start());
    this.#synth.flush();
  }

  /** Resolves a little before that bar (from 0): what is sent then belongs to it. */
  async until(bar: number): Promise<void> {
    this.#synth.flush();
    await this.#synth.clock.until(this.timeOf(bar) - this.#aheadMs);
    this.#bar = bar;
  }

  /** What is sent in `play` acts at that bar, or so many steps (sixteenths) into it. */
  at<T>(bar: number, step: number, play: () => T): T {
    return this.#synth.at(this.timeOf(bar, step), play);
  }

  /** From the bar that is being prepared: another tempo, at once or over so many beats. */
  tempo(bpm: number, beats = 0): void {
    const beat = this.#bar * BEATS;
    const from = this.#bpmAt(beat);
    this.#sections.push({
      beat,
      seconds: this.#secondsOf(beat),
      bpm: beats > 0 ? from : bpm,
      to: bpm,
      beats,
    });
    if (beats > 0) this.#synth.seq.ramp(bpm, beats, { at: 'bar' });
    else this.#synth.seq.bpm(bpm, { at: 'bar' });
  }

  /** Unix milliseconds of a bar, or of a step in it. Throws before the start. */
  timeOf(bar: number, step = 0): number {
    if (this.#startMs === undefined) throw new Error('the score has not been started: await score.start()');
    return this.#startMs + 1000 * this.secondsOf(bar, step);
  }

  /** Seconds from the start to a bar, by the tempi known so far. */
  secondsOf(bar: number, step = 0): number {
    return this.#secondsOf(bar * BEATS + step / 4);
  }

  #secondsOf(beat: number): number {
    const { beat: from, seconds, bpm, to, beats } = this.#sectionAt(beat);
    const ahead = beat - from;
    // A ramp lasts as long as its beats take on it: its tempo is the mean of both ends.
    const lasts = beats > 0 ? (120 * beats) / (bpm + to) : 0;
    if (ahead >= beats) return seconds + lasts + (60 * (ahead - beats)) / to;
    const rise = (to - bpm) / lasts;
    if (Math.abs(rise) < 1e-12) return seconds + (60 * ahead) / bpm;
    // bpm t + rise t^2 / 2 = 60 ahead
    return seconds + (Math.sqrt(bpm * bpm + 120 * rise * ahead) - bpm) / rise;
  }

  #bpmAt(beat: number): number {
    const { beat: from, seconds, bpm, to, beats } = this.#sectionAt(beat);
    if (beat - from >= beats) return to;
    return bpm + ((to - bpm) * (this.#secondsOf(beat) - seconds) * (bpm + to)) / (120 * beats);
  }

  #sectionAt(beat: number): Section {
    return this.#sections.findLast((section) => section.beat <= beat) as Section;
  }
}
