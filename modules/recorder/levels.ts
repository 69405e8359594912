/** Peak and RMS of everything added, over all channels together. Numbers for people: they never reach a sample. */
export class Levels {
  #peak = 0;
  #sum = 0;
  #count = 0;
  /** Samples beyond full scale. */
  clipped = 0;

  /** Runs on: a writer's thread, every block; no allocation. NaN counts as silence. */
  add(samples: Float32Array, count: number): void {
    let high = 0;
    let low = 0;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const x = samples[i] as number;
      if (x > high) high = x;
      if (x < low) low = x;
      sum += x * x;
    }
    const peak = Math.max(high, -low);
    // What is rare is looked at once more: beyond full scale, NaN.
    if (peak > 1) this.#countClipped(samples, count);
    if (Number.isNaN(sum)) sum = sumOfNumbers(samples, count);
    this.#peak = Math.max(this.#peak, peak);
    this.#sum += sum;
    this.#count += count;
  }

  #countClipped(samples: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) if (Math.abs(samples[i] as number) > 1) this.clipped++;
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

function sumOfNumbers(samples: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = samples[i] as number;
    if (!Number.isNaN(x)) sum += x * x;
  }
  return sum;
}

function decibels(amp: number): number | null {
  return amp > 0 ? Number((20 * Math.log10(amp)).toFixed(2)) : null;
}
