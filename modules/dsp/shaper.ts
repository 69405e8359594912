/**
 * Soft clipper f(x) = (1 + k) x / (1 + k |x|), k >= 0, with second-order antiderivative antialiasing: the signal between
 * samples is taken as straight lines, and f of it is weighted by a triangle over two of them (Parker, Zavalishin and Le
 * Bivic, "Reducing the aliasing of nonlinear waveshaping using continuous-time convolution", DAFx 2016; Bilbao et al.,
 * "Antiderivative antialiasing for memoryless nonlinearities", IEEE SPL 2017). An output is the rising share of the line
 * before a sample and the falling share of the line behind it; it is a sample late.
 *
 * The textbook quotients of antiderivatives lose all their digits when samples are close. Here nothing cancels. For a
 * line between sizes of one sign with the middle c and half the way d, A = 1 + k lo, C = 1 + k c, t = k |d| / C:
 *
 *   mean            (1 + k) (c - t |d| phi / A) / C          phi(t) = (1 - t) (atanh(t) / t - 1) / t^2
 *   mean of f * s   (1 + k) d phi / (A C), s = -1..1         (its first moment: rising share = half the sum of both)
 *
 * A line across 0 is parted there. phi is a rational fit of degree 2 over 2: to 2e-5 for t < 0.3, 1.7e-4 for t < 0.75.
 * Runs on: render thread.
 */

const P0: f32 = 0.33332254210963874;
const P1: f32 = -0.35179481572584437;
const P2: f32 = 0.02881136336389027;
const Q1: f32 = -0.057730519730981464;
const Q2: f32 = -0.5463769464126065;
/** Keeps the parting of a line between two zeros of different sign from being 0 / 0. */
const LEAST: f32 = 1e-30;

/** Stores the rising and the falling share of the line from x0 to x1. */
function shares(x0: f32, x1: f32, k: f32, rising: usize, falling: usize): void {
  const a = abs<f32>(x0);
  const b = abs<f32>(x1);
  const steep: f32 = <f32>1.0 + k;
  let rise: f32;
  let fall: f32;
  if ((reinterpret<i32>(x0) ^ reinterpret<i32>(x1)) < 0) {
    // Halves of the means and of the moments of the lines from 0 to a and from 0 to b.
    const ca: f32 = a * <f32>0.5;
    const cb: f32 = b * <f32>0.5;
    const middleA: f32 = <f32>1.0 + k * ca;
    const middleB: f32 = <f32>1.0 + k * cb;
    const ta: f32 = (k * ca) / middleA;
    const tb: f32 = (k * cb) / middleB;
    const overA: f32 = P0 + ta * (P1 + ta * P2);
    const overB: f32 = P0 + tb * (P1 + tb * P2);
    const underA: f32 = <f32>1.0 + ta * (Q1 + ta * Q2);
    const underB: f32 = <f32>1.0 + tb * (Q1 + tb * Q2);
    const halfA: f32 = (steep * ca * <f32>0.5) / (middleA * underA);
    const halfB: f32 = (steep * cb * <f32>0.5) / (middleB * underB);
    const meanA: f32 = (underA - ta * overA) * halfA;
    const meanB: f32 = (underB - tb * overB) * halfB;
    const share: f32 = a / max<f32>(a + b, LEAST);
    const rest: f32 = <f32>1.0 - share;
    const near: f32 = share * (meanA - overA * halfA);
    const far: f32 = rest * (meanB + overB * halfB);
    rise = rest * (share * (meanB + meanB) + far) - share * near;
    fall = rest * (rest * (meanB + meanB) - far) - share * (meanA + meanA - near);
  } else {
    const c: f32 = (a + b) * <f32>0.5;
    const d: f32 = (b - a) * <f32>0.5;
    const e = abs<f32>(d);
    const low: f32 = <f32>1.0 + k * min<f32>(a, b);
    const middle: f32 = <f32>1.0 + k * c;
    const t: f32 = (k * e) / middle;
    const over: f32 = P0 + t * (P1 + t * P2);
    const under: f32 = <f32>1.0 + t * (Q1 + t * Q2);
    const half: f32 = (steep * <f32>0.5) / (low * middle * under);
    const mean: f32 = (c * low * under - t * e * over) * half;
    const moment: f32 = d * over * half;
    rise = mean + moment;
    fall = mean - moment;
  }
  const sign = reinterpret<i32>(x1) & 0x80000000;
  store<i32>(rising, reinterpret<i32>(rise) ^ sign);
  store<i32>(falling, reinterpret<i32>(fall) ^ sign);
}

/** Four values of the numerator and of the denominator of phi. */
function over4(t: v128): v128 {
  'inline';
  const sum = f32x4.add(f32x4.splat(P1), f32x4.mul(t, f32x4.splat(P2)));
  return f32x4.add(f32x4.splat(P0), f32x4.mul(t, sum));
}
function under4(t: v128): v128 {
  'inline';
  const sum = f32x4.add(f32x4.splat(Q1), f32x4.mul(t, f32x4.splat(Q2)));
  return f32x4.add(f32x4.splat(1.0), f32x4.mul(t, sum));
}

/** Four times `shares`, equal to it to the bit. */
function shares4(x0: v128, x1: v128, k: v128, rising: usize, falling: usize): void {
  const one = f32x4.splat(1.0);
  const half = f32x4.splat(0.5);
  const steep = f32x4.add(one, k);
  const sign = i32x4.splat(0x80000000);
  const signs = v128.and(x1, sign);
  const a = f32x4.abs(x0);
  const b = f32x4.abs(x1);
  const c = f32x4.mul(f32x4.add(a, b), half);
  const d = f32x4.mul(f32x4.sub(b, a), half);
  const e = f32x4.abs(d);
  const low = f32x4.add(one, f32x4.mul(k, f32x4.pmin(a, b)));
  const middle = f32x4.add(one, f32x4.mul(k, c));
  const t = f32x4.div(f32x4.mul(k, e), middle);
  const over = over4(t);
  const under = under4(t);
  const scale = f32x4.div(f32x4.mul(steep, half), f32x4.mul(f32x4.mul(low, middle), under));
  const high = f32x4.mul(f32x4.mul(c, low), under);
  const mean = f32x4.mul(f32x4.sub(high, f32x4.mul(f32x4.mul(t, e), over)), scale);
  const moment = f32x4.mul(f32x4.mul(d, over), scale);
  const rise = f32x4.add(mean, moment);
  const fall = f32x4.sub(mean, moment);
  const crossing = i32x4.shr_s(v128.xor(x0, x1), 31);
  if (!v128.any_true(crossing)) {
    v128.store(rising, v128.xor(rise, signs));
    v128.store(falling, v128.xor(fall, signs));
    return;
  }
  const ca = f32x4.mul(a, half);
  const cb = f32x4.mul(b, half);
  const middleA = f32x4.add(one, f32x4.mul(k, ca));
  const middleB = f32x4.add(one, f32x4.mul(k, cb));
  const ta = f32x4.div(f32x4.mul(k, ca), middleA);
  const tb = f32x4.div(f32x4.mul(k, cb), middleB);
  const overA = over4(ta);
  const overB = over4(tb);
  const underA = under4(ta);
  const underB = under4(tb);
  const halfA = f32x4.div(f32x4.mul(f32x4.mul(steep, ca), half), f32x4.mul(middleA, underA));
  const halfB = f32x4.div(f32x4.mul(f32x4.mul(steep, cb), half), f32x4.mul(middleB, underB));
  const meanA = f32x4.mul(f32x4.sub(underA, f32x4.mul(ta, overA)), halfA);
  const meanB = f32x4.mul(f32x4.sub(underB, f32x4.mul(tb, overB)), halfB);
  const share = f32x4.div(a, f32x4.pmax(f32x4.add(a, b), f32x4.splat(LEAST)));
  const rest = f32x4.sub(one, share);
  const near = f32x4.mul(share, f32x4.sub(meanA, f32x4.mul(overA, halfA)));
  const far = f32x4.mul(rest, f32x4.add(meanB, f32x4.mul(overB, halfB)));
  const twiceA = f32x4.add(meanA, meanA);
  const twiceB = f32x4.add(meanB, meanB);
  const riseAcross = f32x4.sub(
    f32x4.mul(rest, f32x4.add(f32x4.mul(share, twiceB), far)),
    f32x4.mul(share, near),
  );
  const fallAcross = f32x4.sub(
    f32x4.mul(rest, f32x4.sub(f32x4.mul(rest, twiceB), far)),
    f32x4.mul(share, f32x4.sub(twiceA, near)),
  );
  v128.store(rising, v128.xor(v128.bitselect(riseAcross, rise, crossing), signs));
  v128.store(falling, v128.xor(v128.bitselect(fallAcross, fall, crossing), signs));
}

/**
 * The rising and falling shares of four lines, from each of four f32 at x0 to the one at x1; k is one for all. An output
 * is the sum of a rising share and of the next falling one. 2 divisions and 30 operations for four; 7 and 85 across 0.
 */
export function softClipShares(x0: usize, x1: usize, k: f32, rising: usize, falling: usize): void {
  'inline';
  if (ASC_FEATURE_SIMD) {
    shares4(v128.load(x0), v128.load(x1), f32x4.splat(k), rising, falling);
  } else {
    for (let i: usize = 0; i < 16; i += 4) {
      shares(load<f32>(x0 + i), load<f32>(x1 + i), k, rising + i, falling + i);
    }
  }
}
