/**
 * The windows of EBU Tech 3341 over a stream of energies: 400 ms (momentary, and the blocks of BS.1770) and 3 s (short-term).
 * They move in steps of 10 ms, so that a maximum is found wherever it lies; the statistics take one in ten (every 100 ms).
 */
import { LoudnessHistogram, loudnessOf } from './histogram.js';

/** Steps a second. */
const STEPS = 100;
const MOMENTARY = 40;
const SHORT_TERM = 300;
/** Blocks of 400 ms overlap by 75 %; Tech 3342 takes the short-term loudness ten times a second. */
const EVERY = 10;
/** Quieter is silence: less than the last bit of 24. */
const SILENCE_LUFS = -140;

export class LoudnessWindows {
  readonly #sampleRate: number;
  readonly #energies = new Float64Array(SHORT_TERM);
  readonly #blocks = new LoudnessHistogram();
  readonly #shortTerms = new LoudnessHistogram();
  #steps = 0;
  #momentary = 0;
  #shortTerm = 0;
  #maxMomentary = 0;
  #maxShortTerm = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The frame at which the running step ends. Steps are 10 ms in the long run at rates that 100 does not divide, too. */
  get stepEnd(): number {
    return this.#boundary(this.#steps + 1);
  }

  /** Takes the sum of squares of a step, weighted over the channels. Runs on: any thread, every 10 ms; no allocation. */
  add(energy: number): void {
    this.#energies[this.#steps % SHORT_TERM] = energy;
    this.#steps++;
    if (this.#steps < MOMENTARY) return;
    const due = this.#steps % EVERY === 0;
    this.#momentary = this.#mean(MOMENTARY);
    if (this.#momentary > this.#maxMomentary) this.#maxMomentary = this.#momentary;
    if (due) this.#blocks.add(this.#momentary);
    if (this.#steps < SHORT_TERM) return;
    this.#shortTerm = this.#mean(SHORT_TERM);
    if (this.#shortTerm > this.#maxShortTerm) this.#maxShortTerm = this.#shortTerm;
    if (due) this.#shortTerms.add(this.#shortTerm);
  }

  /** In LUFS; null: not 400 ms yet, or silence. */
  get momentary(): number | null {
    return audible(this.#momentary);
  }

  get maxMomentary(): number | null {
    return audible(this.#maxMomentary);
  }

  /** In LUFS; null: not 3 s yet, or silence. */
  get shortTerm(): number | null {
    return audible(this.#shortTerm);
  }

  get maxShortTerm(): number | null {
    return audible(this.#maxShortTerm);
  }

  /** In LUFS, gated at -70 LUFS and 10 LU below the mean; null: no block of 400 ms above -70 LUFS. */
  get integrated(): number | null {
    return this.#blocks.mean(-10);
  }

  /** In LU, Tech 3342: gated at -70 LUFS and 20 LU below the mean; null: no 3 s above -70 LUFS. */
  get range(): number | null {
    return this.#shortTerms.spread(-20, 0.1, 0.95);
  }

  /** Added up again each time: what a running sum would gather in rounding never comes into being. */
  #mean(steps: number): number {
    const from = this.#steps - steps;
    let sum = 0;
    for (let step = from; step < this.#steps; step++) sum += this.#energies[step % SHORT_TERM]!;
    return sum / (this.#boundary(this.#steps) - this.#boundary(from));
  }

  #boundary(step: number): number {
    return Math.floor((step * this.#sampleRate) / STEPS);
  }
}

function audible(energy: number): number | null {
  const loudness = loudnessOf(energy);
  return loudness >= SILENCE_LUFS ? loudness : null;
}
