/** Peak and RMS of everything added, over all channels together. Numbers for people: they never reach a sample. */
export class Levels {
  #peak = 0;
  #sum = 0;
  #count = 0;
  /** Samples beyond full scale. */
  clipped = 0;

  /** Runs on: a writer's thread, every block; no allocation. NaN counts as silence. */
  add(samples: Float32Array, count: number): void {
    let peak = this.#peak;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const x = Math.abs(samples[i] as number);
      if (x > peak) peak = x;
      if (x > 1) this.clipped++;
      if (x === x) sum += x * x;
    }
    this.#peak = peak;
    this.#sum += sum;
    this.#count += count;
  }

  /** Highest absolute sample in dB of full scale, before clipping; null: digital silence. */
  get peakDb(): number | null {
    return decibels(this.#peak);
  }

  /** Square root of the mean square in dB of full scale (a full-scale sine: -3.01); null: digital silence. */
  get rmsDb(): number | null {
    return this.#count === 0 ? null : decibels(Math.sqrt(this.#sum / this.#count));
  }
}

function decibels(amp: number): number | null {
  return amp > 0 ? Number((20 * Math.log10(amp)).toFixed(2)) : null;
}
