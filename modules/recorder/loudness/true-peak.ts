/**
 * True peak by ITU-R BS.1770 annex 2: the highest value of the signal at four times its rate, at every rate (the
 * Recommendation asks for four times below 96 kHz and twice above). Numbers for people: JavaScript Math is good enough,
 * nothing of this reaches a sample.
 */

/** Taps on either side of the place that is interpolated. Flat to 0.05 dB up to 0.43 of the rate (20.6 kHz at 48 kHz). */
export const HALF = 12;
/** Samples before the newest that an interpolated value needs. */
export const HISTORY = 2 * HALF - 1;
/** Taps on either side that are looked at first. */
const NEAR = 4;
/** Of the Kaiser window. */
const BETA = 5;

/**
 * The interpolator between samples a and b: a windowed sinc, so that a quarter of the places are the samples themselves. Of
 * the other three the middle one is even in (a side, b side), and those at 1/4 and 3/4 are mirror images: `even` on the sums
 * and `odd` on the differences give both, as even + odd and even - odd.
 */
export const TAPS = design();

const { middle, even, odd } = TAPS;

/** No interpolated value exceeds the highest sample in its window by more than this factor (about 7 dB). */
const BOUND = TAPS.bound * (1 + 1e-9);

/** While the near taps give no more than this share of the peak, the far ones cannot lift the value above it. */
const ENOUGH = (1 - TAPS.far) * (1 - 1e-9);

function design() {
  const middle = new Float64Array(HALF);
  const even = new Float64Array(HALF);
  const odd = new Float64Array(HALF);
  const quarter = new Float64Array(2 * HALF);
  // `quarter[HALF - 1 - k]` weighs the sample k before a, `quarter[HALF + k]` the sample k after b.
  const [flat, slope] = [normalized(0.5), normalized(0.25)];
  quarter.set(slope);
  for (let k = 0; k < HALF; k++) {
    middle[k] = flat[HALF + k]!;
    const [before, after] = [slope[HALF - 1 - k]!, slope[HALF + k]!];
    even[k] = (before + after) / 2;
    odd[k] = (before - after) / 2;
  }
  const size = (taps: Float64Array) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0);
  const far = (taps: Float64Array) => size(taps) - size(taps.subarray(HALF - NEAR, HALF + NEAR));
  return {
    middle,
    even,
    odd,
    quarter,
    bound: Math.max(size(flat), size(slope)),
    far: Math.max(far(flat), far(slope)),
  };
}

/** Weights of the 2 HALF samples around a place `shift` behind a; their sum is 1, so that DC keeps its level. */
function normalized(shift: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * HALF }, (_, i) => {
    const t = i - (HALF - 1) - shift;
    return (
      (Math.sin(Math.PI * t) / (Math.PI * t)) * (bessel(BETA * Math.sqrt(1 - (t / HALF) ** 2)) / bessel(BETA))
    );
  });
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

/** The modified Bessel function of order 0. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** The highest true peak of several channels. */
export class TruePeak {
  #peak = 0;
  /** A sample above this can lift an interpolated value above the peak. */
  #threshold = 0;
  readonly #everywhere: boolean;
  /** Per channel: values still to interpolate since the last such sample. */
  readonly #left: Int32Array;

  /** `everywhere`: interpolates also where nothing can come of it. Same result, for tests. */
  constructor(channels: number, everywhere = false) {
    this.#left = new Int32Array(channels);
    this.#everywhere = everywhere;
  }

  /** Linear; 1 is full scale. Of the newest HALF frames only the samples are in it, not what lies between them. */
  get peak(): number {
    return this.#peak;
  }

  /** Runs on: any thread; no allocation. `count` samples from `at` on, all finite; the HISTORY before them lie before `at`. */
  add(channel: number, samples: Float64Array, at: number, count: number): void {
    const everywhere = this.#everywhere;
    let peak = this.#peak;
    let threshold = everywhere ? -1 : this.#threshold;
    let left = this.#left[channel]!;
    const end = at + count;
    for (let i = at; i < end; i++) {
      const x = Math.abs(samples[i]!);
      if (x > threshold) {
        left = HISTORY + 1;
        if (x > peak) {
          peak = x;
          if (threshold >= 0) threshold = peak / BOUND;
        }
      }
      if (left === 0) continue;
      left--;
      const between = highestBetween(samples, i, everywhere ? -1 : peak * ENOUGH);
      if (between > peak) {
        peak = between;
        if (threshold >= 0) threshold = peak / BOUND;
      }
    }
    this.#peak = peak;
    this.#threshold = peak / BOUND;
    this.#left[channel] = left;
  }
}

/**
 * The highest of the three absolute values between the samples HALF and HALF - 1 before the newest one; 0 when the nearest
 * eight samples show that none is above the peak, because they stay within `enough`. Most of the cost of the meter, so four
 * taps a round.
 */
function highestBetween(samples: Float64Array, newest: number, enough: number): number {
  const a = newest - HALF;
  const b = a + 1;
  let half = 0;
  let sum = 0;
  let difference = 0;
  for (let k = 0; k < HALF; k += 4) {
    if (k === NEAR && Math.abs(half) <= enough && Math.abs(sum) + Math.abs(difference) <= enough) return 0;
    const a0 = samples[a - k]!;
    const b0 = samples[b + k]!;
    const a1 = samples[a - k - 1]!;
    const b1 = samples[b + k + 1]!;
    const a2 = samples[a - k - 2]!;
    const b2 = samples[b + k + 2]!;
    const a3 = samples[a - k - 3]!;
    const b3 = samples[b + k + 3]!;
    const s0 = a0 + b0;
    const s1 = a1 + b1;
    const s2 = a2 + b2;
    const s3 = a3 + b3;
    half += middle[k]! * s0 + middle[k + 1]! * s1 + (middle[k + 2]! * s2 + middle[k + 3]! * s3);
    sum += even[k]! * s0 + even[k + 1]! * s1 + (even[k + 2]! * s2 + even[k + 3]! * s3);
    difference +=
      odd[k]! * (a0 - b0) + odd[k + 1]! * (a1 - b1) + (odd[k + 2]! * (a2 - b2) + odd[k + 3]! * (a3 - b3));
  }
  return Math.max(Math.abs(half), Math.abs(sum) + Math.abs(difference));
}
