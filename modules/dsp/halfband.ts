/**
 * Half-band FIR filters for oversampling, linear phase, as polyphase halves: of a filter with 2 d + 1 taps (d odd) one
 * half is a pure delay, the other has d + 1 taps in pairs of equal weight. One of 2 d + 1 taps delays by d frames of the
 * higher rate. Weights: minimax fit of the stop band (linear programme); the pass band mirrors its error.
 *
 *   27  pass to 0.202, stop from 0.298 of the higher rate, 89 dB     (19.4 kHz and 28.6 kHz at 96 kHz)
 *   7   pass to 0.109, stop from 0.391, 83 dB                        (21 kHz and 75 kHz at 192 kHz)
 *   5   pass to 0.068, stop from 0.432, 90 dB                        (26 kHz and 166 kHz at 384 kHz)
 *
 * A vector holds four successive outputs, so every sum is made in the same order with and without SIMD.
 * Runs on: render thread.
 */

/** Weights from the middle outwards, (d + 1) / 2 of them, for d = 27, 7 and 5. */
export const HALFBAND_27: usize = memory.data<f32>([
  0.3167706939117451, -0.101564096535214, 0.05635007844693145, -0.035742084241477415, 0.023664672423510794,
  -0.01576028188486647, 0.010342520786546976, -0.006590675065112853, 0.004025397354742555,
  -0.002323163846086082, 0.001243704036776658, -0.0006005127842772835, 0.00024851502327461427,
  -0.00008147729240059604,
]);
export const HALFBAND_7: usize = memory.data<f32>([
  0.30394634298347245, -0.06928176143148171, 0.01815178049774476, -0.002853309569946389,
]);
export const HALFBAND_5: usize = memory.data<f32>([
  0.2955870788795333, -0.0529357905802602, 0.0073645826499177895,
]);

/**
 * The filtering half: y[i] = scale * sum over q of weight[q] (x[i - (d-1)/2 + q] + x[i - (d+1)/2 - q]), i = 0..count-1.
 * x needs d frames of history before it. count any; (d + 1) / 2 * 3 operations per output.
 */
export function halfbandFilter(x: usize, y: usize, count: i32, weights: usize, d: i32, scale: f32): void {
  const pairs = (<usize>(d + 1)) << 1; // bytes of weights
  let newer = x - ((<usize>(d - 1)) << 1);
  let older = x - ((<usize>(d + 1)) << 1);
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const scales = f32x4.splat(scale);
    for (; i + 16 <= count; i += 16, y += 64, newer += 64, older += 64) {
      let s0 = f32x4.splat(0.0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let q: usize = 0; q < pairs; q += 4) {
        const weight = v128.load32_splat(weights + q);
        const a = newer + q;
        const b = older - q;
        s0 = f32x4.add(s0, f32x4.mul(weight, f32x4.add(v128.load(a), v128.load(b))));
        s1 = f32x4.add(s1, f32x4.mul(weight, f32x4.add(v128.load(a, 16), v128.load(b, 16))));
        s2 = f32x4.add(s2, f32x4.mul(weight, f32x4.add(v128.load(a, 32), v128.load(b, 32))));
        s3 = f32x4.add(s3, f32x4.mul(weight, f32x4.add(v128.load(a, 48), v128.load(b, 48))));
      }
      v128.store(y, f32x4.mul(s0, scales));
      v128.store(y, f32x4.mul(s1, scales), 16);
      v128.store(y, f32x4.mul(s2, scales), 32);
      v128.store(y, f32x4.mul(s3, scales), 48);
    }
    for (; i + 4 <= count; i += 4, y += 16, newer += 16, older += 16) {
      let sum = f32x4.splat(0.0);
      for (let q: usize = 0; q < pairs; q += 4) {
        const pair = f32x4.add(v128.load(newer + q), v128.load(older - q));
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + q), pair));
      }
      v128.store(y, f32x4.mul(sum, scales));
    }
  }
  for (; i < count; i++, y += 4, newer += 4, older += 4) {
    let sum: f32 = 0.0;
    for (let q: usize = 0; q < pairs; q += 4) {
      sum += load<f32>(weights + q) * (load<f32>(newer + q) + load<f32>(older - q));
    }
    store<f32>(y, sum * scale);
  }
}

/**
 * Twice the rate: count frames of x become 2 count of y, both contiguous; `even` is scratch for count frames.
 * x needs d frames of history before it. In y the filtered half is the even one, the delayed half the odd one.
 */
export function halfbandUp(x: usize, y: usize, count: i32, weights: usize, d: i32, even: usize): void {
  halfbandFilter(x, even, count, weights, d, 2.0);
  const odd = x - ((<usize>(d - 1)) << 1);
  const stop = (<usize>count) << 2;
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 16 <= stop; i += 16) {
      const a = v128.load(even + i);
      const b = v128.load(odd + i);
      v128.store(y + 2 * i, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
      v128.store(y + 2 * i, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    }
  }
  for (; i < stop; i += 4) {
    store<f32>(y + 2 * i, load<f32>(even + i));
    store<f32>(y + 2 * i, load<f32>(odd + i), 4);
  }
}

/**
 * Half the rate: count frames of each half become count of y. even needs d frames of history before it, odd (d + 1) / 2.
 */
export function halfbandDown(even: usize, odd: usize, y: usize, count: i32, weights: usize, d: i32): void {
  halfbandFilter(even, y, count, weights, d, 1.0);
  const middle = odd - ((<usize>(d + 1)) << 1);
  const stop = (<usize>count) << 2;
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    const half = f32x4.splat(0.5);
    for (; i + 16 <= stop; i += 16) {
      v128.store(y + i, f32x4.add(v128.load(y + i), f32x4.mul(half, v128.load(middle + i))));
    }
  }
  for (; i < stop; i += 4) {
    store<f32>(y + i, load<f32>(y + i) + <f32>0.5 * load<f32>(middle + i));
  }
}

/** Parts 2 count frames of x into their even and odd half. */
export function partHalves(x: usize, even: usize, odd: usize, count: i32): void {
  const stop = (<usize>count) << 2;
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 16 <= stop; i += 16) {
      const a = v128.load(x + 2 * i);
      const b = v128.load(x + 2 * i, 16);
      v128.store(even + i, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
      v128.store(odd + i, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
    }
  }
  for (; i < stop; i += 4) {
    store<f32>(even + i, load<f32>(x + 2 * i));
    store<f32>(odd + i, load<f32>(x + 2 * i, 4));
  }
}
