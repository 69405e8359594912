/**
 * Hadamard matrix of order 8 over eight columns of samples, and copies of short runs.
 * A vector holds four successive frames of one column, so every number is made by the same operations in the same order
 * with and without SIMD. Runs on: render thread.
 */

/**
 * n (1..16) frames of eight runs, from anywhere, times the unscaled matrix: y = H x, energy times 8. The runs of y lie
 * `apart` bytes from each other, the first at `to`; y may be x. 24 additions per frame.
 */
export function mix8(
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  r4: usize,
  r5: usize,
  r6: usize,
  r7: usize,
  to: usize,
  apart: usize,
  n: i32,
): void {
  const to4 = to + 4 * apart;
  let at: usize = 0;
  let f = 0;
  if (ASC_FEATURE_SIMD) {
    for (; f + 4 <= n; f += 4, at += 16) {
      const x0 = v128.load(r0 + at);
      const x1 = v128.load(r1 + at);
      const x2 = v128.load(r2 + at);
      const x3 = v128.load(r3 + at);
      const x4 = v128.load(r4 + at);
      const x5 = v128.load(r5 + at);
      const x6 = v128.load(r6 + at);
      const x7 = v128.load(r7 + at);
      const a0 = f32x4.add(x0, x1);
      const a1 = f32x4.sub(x0, x1);
      const a2 = f32x4.add(x2, x3);
      const a3 = f32x4.sub(x2, x3);
      const a4 = f32x4.add(x4, x5);
      const a5 = f32x4.sub(x4, x5);
      const a6 = f32x4.add(x6, x7);
      const a7 = f32x4.sub(x6, x7);
      const b0 = f32x4.add(a0, a2);
      const b1 = f32x4.add(a1, a3);
      const b2 = f32x4.sub(a0, a2);
      const b3 = f32x4.sub(a1, a3);
      const b4 = f32x4.add(a4, a6);
      const b5 = f32x4.add(a5, a7);
      const b6 = f32x4.sub(a4, a6);
      const b7 = f32x4.sub(a5, a7);
      v128.store(to + at, f32x4.add(b0, b4));
      v128.store(to + apart + at, f32x4.add(b1, b5));
      v128.store(to + 2 * apart + at, f32x4.add(b2, b6));
      v128.store(to + 3 * apart + at, f32x4.add(b3, b7));
      v128.store(to4 + at, f32x4.sub(b0, b4));
      v128.store(to4 + apart + at, f32x4.sub(b1, b5));
      v128.store(to4 + 2 * apart + at, f32x4.sub(b2, b6));
      v128.store(to4 + 3 * apart + at, f32x4.sub(b3, b7));
    }
  }
  for (; f < n; f++, at += 4) {
    const x0 = load<f32>(r0 + at);
    const x1 = load<f32>(r1 + at);
    const x2 = load<f32>(r2 + at);
    const x3 = load<f32>(r3 + at);
    const x4 = load<f32>(r4 + at);
    const x5 = load<f32>(r5 + at);
    const x6 = load<f32>(r6 + at);
    const x7 = load<f32>(r7 + at);
    const a0: f32 = x0 + x1;
    const a1: f32 = x0 - x1;
    const a2: f32 = x2 + x3;
    const a3: f32 = x2 - x3;
    const a4: f32 = x4 + x5;
    const a5: f32 = x4 - x5;
    const a6: f32 = x6 + x7;
    const a7: f32 = x6 - x7;
    const b0: f32 = a0 + a2;
    const b1: f32 = a1 + a3;
    const b2: f32 = a0 - a2;
    const b3: f32 = a1 - a3;
    const b4: f32 = a4 + a6;
    const b5: f32 = a5 + a7;
    const b6: f32 = a4 - a6;
    const b7: f32 = a5 - a7;
    store<f32>(to + at, b0 + b4);
    store<f32>(to + apart + at, b1 + b5);
    store<f32>(to + 2 * apart + at, b2 + b6);
    store<f32>(to + 3 * apart + at, b3 + b7);
    store<f32>(to4 + at, b0 - b4);
    store<f32>(to4 + apart + at, b1 - b5);
    store<f32>(to4 + 2 * apart + at, b2 - b6);
    store<f32>(to4 + 3 * apart + at, b3 - b7);
  }
}

/** Copies n (1..16) f32. Cheapest for 16; `memory.copy` costs more than so few samples are worth. */
export function copyRun(to: usize, from: usize, n: i32): void {
  if (n == 16) {
    if (ASC_FEATURE_SIMD) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
      v128.store(to, v128.load(from, 48), 48);
    } else {
      for (let i: usize = 0; i < 64; i += 8) store<u64>(to + i, load<u64>(from + i));
    }
    return;
  }
  for (let i: usize = 0, stop = (<usize>n) << 2; i < stop; i += 4) store<u32>(to + i, load<u32>(from + i));
}

/** Adds n f32 to n others. */
export function addRun(to: usize, from: usize, n: i32): void {
  let i: usize = 0;
  const stop = (<usize>n) << 2;
  if (ASC_FEATURE_SIMD) {
    for (; i + 16 <= stop; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
  }
  for (; i < stop; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
}
