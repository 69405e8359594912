/** Tempo from taps: the mean distance of the last ones. */

const MOST_TAPS = 8;
/** A longer pause begins anew: half of the slowest tempo. */
const PAUSE_MS = 2000;
const MINUTE_MS = 60_000;

export class TapTempo {
  #taps: number[] = [];

  /** `ms`: when it came. Undefined after the first tap; else beats per minute, above 0. */
  tap(ms: number): number | undefined {
    const last = this.#taps.at(-1);
    if (last !== undefined && (ms - last > PAUSE_MS || ms <= last)) this.#taps = [];
    this.#taps = [...this.#taps, ms].slice(-MOST_TAPS);
    const first = this.#taps[0] as number;
    return this.#taps.length < 2 ? undefined : (MINUTE_MS * (this.#taps.length - 1)) / (ms - first);
  }
}
