/**
 * K weighting of ITU-R BS.1770: a high shelf for the head, then a high pass ("RLB"). The Recommendation gives both biquads at
 * 48 kHz only; here they are made again for any rate from the analogue filters behind that table. Numbers for people:
 * JavaScript Math is good enough, nothing of this reaches a sample.
 */

/** One second-order section, a0 = 1: y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''. */
export interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** The analogue prototypes, solved from the 48 kHz table through the bilinear transform; they give it back to 1e-12. */
const SHELF = {
  hz: 1681.974450955533,
  q: 0.7071752369554196,
  db: 3.999843853973347,
  bend: 0.4996667741545416,
};
const HIGH_PASS = { hz: 38.13547087602444, q: 0.5003270373238773, madeFor: 48_000 };

/** What lies below this after 10 ms is 0 from then on: no denormal numbers, which are slow, in the silence after sound. */
const TINY = 1e-30;

/** The two sections at a rate in Hz (44100..192000). */
export function kWeighting(sampleRate: number): { readonly shelf: Biquad; readonly highPass: Biquad } {
  return { shelf: shelf(sampleRate), highPass: highPass(sampleRate) };
}

function shelf(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * SHELF.hz) / sampleRate);
  const high = 10 ** (SHELF.db / 20);
  const middle = high ** SHELF.bend;
  const a0 = 1 + k / SHELF.q + k * k;
  return {
    b0: (high + (middle * k) / SHELF.q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (middle * k) / SHELF.q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / SHELF.q + k * k) / a0,
  };
}

/**
 * The table's numerator is 1, -2, 1, so its pass band has a gain of 0.04 dB. That gain belongs to the analogue filter: it is
 * kept at every rate, where a plain 1, -2, 1 would make 192 kHz read 0.03 LU less than 48 kHz.
 */
function highPass(sampleRate: number): Biquad {
  const denominator = (rate: number) => {
    const k = Math.tan((Math.PI * HIGH_PASS.hz) / rate);
    return { k, a0: 1 + k / HIGH_PASS.q + k * k };
  };
  const { k, a0 } = denominator(sampleRate);
  const b = denominator(HIGH_PASS.madeFor).a0 / a0;
  return { b0: b, b1: -2 * b, b2: b, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / HIGH_PASS.q + k * k) / a0 };
}

/** The filter of one channel, and the sum of its squared output. */
export class KFilter {
  readonly #shelf: Biquad;
  readonly #highPass: Biquad;
  /** Two memories of the shelf, two of the high pass, the sum. */
  readonly #state = new Float64Array(5);

  constructor(sampleRate: number) {
    const { shelf, highPass } = kWeighting(sampleRate);
    this.#shelf = shelf;
    this.#highPass = highPass;
  }

  /** Runs on: any thread; no allocation. `samples` from `at` on, all finite. */
  add(samples: Float64Array, at: number, count: number): void {
    const { b0, b1, b2, a1, a2 } = this.#shelf;
    const { b0: c0, b1: c1, b2: c2, a1: d1, a2: d2 } = this.#highPass;
    const state = this.#state;
    let [s1, s2, t1, t2, sum] = [state[0]!, state[1]!, state[2]!, state[3]!, state[4]!];
    const end = at + count;
    for (let i = at; i < end; i++) {
      const x = samples[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = c0 * y + t1;
      t1 = c1 * y - d1 * z + t2;
      t2 = c2 * y - d2 * z;
      sum += z * z;
    }
    state[0] = s1;
    state[1] = s2;
    state[2] = t1;
    state[3] = t2;
    state[4] = sum;
  }

  /** The sum of squares since the last call. */
  take(): number {
    const state = this.#state;
    const sum = state[4]!;
    for (let i = 0; i < 4; i++) if (Math.abs(state[i]!) < TINY) state[i] = 0;
    state[4] = 0;
    return sum;
  }
}
