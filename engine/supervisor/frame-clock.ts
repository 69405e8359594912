/**
 * System time against session frames: a delay-locked loop of second order, so that a time tag meets its frame without
 * the jitter of whole blocks. Source: F. Adriaensen, "Using a DLL to filter time" (2005). Runs on: main thread.
 */
const BANDWIDTH_HZ = 0.5;

export class FrameClock {
  readonly #sampleRate: number;
  #frame = 0;
  #atMs = 0;
  #framesPerMs: number;
  #started = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#framesPerMs = sampleRate / 1000;
  }

  /** There was an observation; before it no time has a frame. */
  get started(): boolean {
    return this.#started;
  }

  /** An observation: `frames` were out at that time (Unix ms). To be called a few times a second. */
  update(nowMs: number, frames: number): void {
    const elapsedMs = nowMs - this.#atMs;
    const predicted = this.at(nowMs);
    const error = frames - predicted;
    // A jump (the machine slept, the device changed) is taken as it is.
    if (!this.#started || elapsedMs <= 0 || Math.abs(error) > this.#sampleRate / 4) {
      this.#started = true;
      this.#frame = frames;
      this.#framesPerMs = this.#sampleRate / 1000;
    } else {
      const omega = Math.min((2 * Math.PI * BANDWIDTH_HZ * elapsedMs) / 1000, 0.5);
      this.#frame = predicted + Math.SQRT2 * omega * error;
      this.#framesPerMs += (omega * omega * error) / elapsedMs;
    }
    this.#atMs = nowMs;
  }

  /** The frame that is out at that time; fractions allowed. */
  at(ms: number): number {
    return this.#frame + (ms - this.#atMs) * this.#framesPerMs;
  }
}
