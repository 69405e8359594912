/**
 * Gated statistics of block loudness in constant memory. Bins are 0.005 LU wide and keep the sum of their energies, so means
 * are exact; what the bins cost is the place of a relative gate (0.005 LU) and each percentile (0.005 LU): a loudness range
 * is off by less than 0.01 LU. Numbers for people: JavaScript Math is good enough, nothing of this reaches a sample.
 */

/** The absolute gate in LUFS: what is not above it counts nowhere. */
const GATE = -70;
/** Louder blocks share the last bin; 24 dB above anything that is not clipped. */
const TOP = 30;
const PER_LU = 200;
const BINS = (TOP - GATE) * PER_LU;

/** Loudness of a weighted mean square, in LUFS. */
export function loudnessOf(energy: number): number {
  return -0.691 + 10 * Math.log10(energy);
}

/** 240 kB, whatever the length. */
export class LoudnessHistogram {
  readonly #counts = new Uint32Array(BINS);
  readonly #energies = new Float64Array(BINS);

  /** Runs on: any thread; no allocation. */
  add(energy: number): void {
    const loudness = loudnessOf(energy);
    if (!(loudness > GATE)) return;
    const bin = Math.min(BINS - 1, Math.floor((loudness - GATE) * PER_LU));
    this.#counts[bin]! += 1;
    this.#energies[bin]! += energy;
  }

  /** Loudness of the mean of what lies within `relative` LU below the ungated mean; null: nothing above -70 LUFS. */
  mean(relative: number): number | null {
    const { energy, count } = this.#total(this.#firstBin(relative));
    return count > 0 ? loudnessOf(energy / count) : null;
  }

  /** Distance of two shares (0..1) of what lies above the gates, in LU; null: nothing above -70 LUFS. */
  spread(relative: number, low: number, high: number): number | null {
    const from = this.#firstBin(relative);
    const { count } = this.#total(from);
    if (count === 0) return null;
    return (
      this.#ranked(from, Math.round((count - 1) * high)) - this.#ranked(from, Math.round((count - 1) * low))
    );
  }

  #total(from: number): { energy: number; count: number } {
    let [energy, count] = [0, 0];
    for (let bin = from; bin < BINS; bin++) {
      energy += this.#energies[bin]!;
      count += this.#counts[bin]!;
    }
    return { energy, count };
  }

  /** The first bin whose mean lies above the relative gate. */
  #firstBin(relative: number): number {
    const { energy, count } = this.#total(0);
    if (count === 0) return 0;
    const gate = loudnessOf(energy / count) + relative;
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor((gate - GATE) * PER_LU)));
    return this.#counts[bin]! > 0 && this.#mean(bin) <= gate ? bin + 1 : bin;
  }

  #ranked(from: number, rank: number): number {
    let bin = from;
    for (let below = this.#counts[bin]!; below <= rank; below += this.#counts[bin]!) bin++;
    return this.#mean(bin);
  }

  #mean(bin: number): number {
    return loudnessOf(this.#energies[bin]! / this.#counts[bin]!);
  }
}
