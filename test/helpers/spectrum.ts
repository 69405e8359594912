/** Measurements in the frequency domain, for tests. */

/** In-place radix-2 transform of re + i im; the length is a power of two. */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const c = Math.cos((-2 * Math.PI * k) / length);
      const s = Math.sin((-2 * Math.PI * k) / length);
      for (let i = k; i < n; i += length) {
        const j = i + half;
        const x = re[j]! * c - im[j]! * s;
        const y = re[j]! * s + im[j]! * c;
        re[j] = re[i]! - x;
        im[j] = im[i]! - y;
        re[i]! += x;
        im[i]! += y;
      }
    }
  }
}

/** Sizes of the bins 0 .. n/2 of the last n samples (a power of two) of x, unscaled, no window. */
export function magnitudes(x: Float32Array, n: number): Float64Array {
  const re = new Float64Array(x.subarray(x.length - n));
  const im = new Float64Array(n);
  fft(re, im);
  return Float64Array.from({ length: n / 2 + 1 }, (_, i) => Math.hypot(re[i]!, im[i]!));
}

/** Size of the response at one frequency of a signal that is an impulse response. */
export function responseAt(x: Float32Array, hz: number, sampleRate: number): number {
  let re = 0;
  let im = 0;
  for (let i = 0; i < x.length; i++) {
    re += x[i]! * Math.cos((2 * Math.PI * hz * i) / sampleRate);
    im -= x[i]! * Math.sin((2 * Math.PI * hz * i) / sampleRate);
  }
  return Math.hypot(re, im);
}

/** The part of x around a frequency: two band-passes of Q 4 (RBJ) in a row. */
export function band(x: Float32Array, hz: number, sampleRate: number): Float32Array {
  const w = (2 * Math.PI * hz) / sampleRate;
  const alpha = Math.sin(w) / 8;
  let y = x;
  for (let pass = 0; pass < 2; pass++) {
    const out = new Float32Array(y.length);
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let i = 0; i < y.length; i++) {
      const v = (alpha * (y[i]! - x2) + 2 * Math.cos(w) * y1 - (1 - alpha) * y2) / (1 + alpha);
      [x2, x1, y2, y1] = [x1, y[i]!, y1, v];
      out[i] = v;
    }
    y = out;
  }
  return y;
}
