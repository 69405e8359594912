/**
 * The peak of each voice since it was last taken, from the meters of the core. Those fall by 20 dB in 300 ms: what is only
 * the tail of a peak that was taken before is no new one. Runs on: main thread.
 */

/** exp(-FALL * seconds) */
const FALL = Math.LN10 / 0.3;
/** A reading this much above the fall of the last one is a new peak. */
const NEW = 1.05;

export class PeakHold {
  readonly #held: Float64Array;
  readonly #last: Float64Array;
  #seconds = 0;

  constructor(voices: number) {
    this.#held = new Float64Array(voices);
    this.#last = new Float64Array(voices);
  }

  /** `seconds`: how much has been played; `peak`: the meter of a voice, from 0. To be called several times between takes. */
  look(seconds: number, peak: (voice: number) => number): void {
    const fall = Math.exp(-FALL * Math.max(0, seconds - this.#seconds)) * NEW;
    this.#seconds = seconds;
    for (let voice = 0; voice < this.#held.length; voice++) {
      const now = peak(voice);
      if (now > (this.#last[voice] as number) * fall)
        this.#held[voice] = Math.max(this.#held[voice] as number, now);
      this.#last[voice] = now;
    }
  }

  /** 0..1, voice 1 first. Where nothing new came, what the meter shows. What is no number is 0. */
  take(): number[] {
    const peaks = Array.from(this.#held, (held, voice) => level(Math.max(held, this.#last[voice] as number)));
    this.#held.fill(0);
    return peaks;
  }
}

function level(x: number): number {
  return Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : 0;
}
