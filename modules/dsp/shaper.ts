/**
 * Soft clipper f(x) = (1 + k) x / (1 + k |x|), k >= 0, with first-order antiderivative antialiasing: the output for two
 * successive samples is the mean of f on the line between them (Parker, Zavalishin and Le Bivic, "Reducing the aliasing
 * of nonlinear waveshaping using continuous-time convolution", DAFx 2016). It delays by half a sample.
 *
 * The textbook quotient of differences loses all its digits when the samples are close. Here the mean is worked out so
 * that nothing cancels: with lo <= hi the sizes of two samples of one sign, A = 1 + k lo, B = 1 + k hi,
 * t = k (hi - lo) / (A + B) in 0..1,
 *
 *   mean = (1 + k) (lo + (hi - lo) N(t) / (A + B)) / A,   N(t) = 1 - t (1 - t) (atanh(t) / t - 1) / t^2
 *
 * For two signs the integral is parted at 0. N is a rational fit of degree 4 over 3, to 3e-5 for t < 0.99 (k hi < 200),
 * to 3e-3 up to 1. Runs on: render thread.
 */

const N1: f32 = -1.499255283431605;
const N2: f32 = 0.4393381494616466;
const N3: f32 = 0.006042966980245763;
const N4: f32 = 0.06430950476998402;
const D1: f32 = -1.1668596908222468;
const D2: f32 = -0.2706693856448925;
const D3: f32 = 0.4479920735985323;
/** Keeps the mean of two zeros of different sign from being 0 / 0. */
const LEAST: f32 = 1e-30;

/** Numerator and denominator of N(t), t in 0..1. */
function above(t: f32): f32 {
  return <f32>1.0 + t * (N1 + t * (N2 + t * (N3 + t * N4)));
}
function below(t: f32): f32 {
  return <f32>1.0 + t * (D1 + t * (D2 + t * D3));
}

/** Integral of f from 0 to h >= 0. */
function integral(h: f32, k: f32): f32 {
  const both: f32 = <f32>2.0 + k * h;
  const t: f32 = (k * h) / both;
  return ((<f32>1.0 + k) * h * h * above(t)) / (both * below(t));
}

/** Mean of f on the line from x0 to x1. Two divisions and about 25 operations; six divisions across 0. */
function softClipMean(x0: f32, x1: f32, k: f32): f32 {
  const a = abs<f32>(x0);
  const b = abs<f32>(x1);
  if ((reinterpret<i32>(x0) ^ reinterpret<i32>(x1)) < 0) {
    const across: f32 = (integral(b, k) - integral(a, k)) / max<f32>(a + b, LEAST);
    return across * copysign<f32>(1.0, x1);
  }
  const lo = min<f32>(a, b);
  const hi = max<f32>(a, b);
  const span: f32 = hi - lo;
  const low: f32 = <f32>1.0 + k * lo;
  const share: f32 = span / (low + (<f32>1.0 + k * hi));
  const t: f32 = k * share;
  const under = below(t);
  const mean: f32 = ((<f32>1.0 + k) * (lo * under + share * above(t))) / (low * under);
  return copysign<f32>(mean, x1);
}

/** Four values of `above` and of `below`. */
function above4(t: v128): v128 {
  let sum = f32x4.add(f32x4.splat(N3), f32x4.mul(t, f32x4.splat(N4)));
  sum = f32x4.add(f32x4.splat(N2), f32x4.mul(t, sum));
  sum = f32x4.add(f32x4.splat(N1), f32x4.mul(t, sum));
  return f32x4.add(f32x4.splat(1.0), f32x4.mul(t, sum));
}
function below4(t: v128): v128 {
  let sum = f32x4.add(f32x4.splat(D2), f32x4.mul(t, f32x4.splat(D3)));
  sum = f32x4.add(f32x4.splat(D1), f32x4.mul(t, sum));
  return f32x4.add(f32x4.splat(1.0), f32x4.mul(t, sum));
}

/** Four values of `integral`; steep is 1 + k. */
function integral4(h: v128, k: v128, steep: v128): v128 {
  const both = f32x4.add(f32x4.splat(2.0), f32x4.mul(k, h));
  const t = f32x4.div(f32x4.mul(k, h), both);
  const over = f32x4.mul(f32x4.mul(f32x4.mul(steep, h), h), above4(t));
  return f32x4.div(over, f32x4.mul(both, below4(t)));
}

/** Four values of `softClipMean`, equal to it to the bit. */
function softClipMean4(x0: v128, x1: v128, k: v128): v128 {
  const one = f32x4.splat(1.0);
  const steep = f32x4.add(one, k);
  const a = f32x4.abs(x0);
  const b = f32x4.abs(x1);
  const lo = f32x4.pmin(a, b);
  const hi = f32x4.pmax(a, b);
  const span = f32x4.sub(hi, lo);
  const low = f32x4.add(one, f32x4.mul(k, lo));
  const share = f32x4.div(span, f32x4.add(low, f32x4.add(one, f32x4.mul(k, hi))));
  const t = f32x4.mul(k, share);
  const under = below4(t);
  const over = f32x4.mul(steep, f32x4.add(f32x4.mul(lo, under), f32x4.mul(share, above4(t))));
  const mean = f32x4.div(over, f32x4.mul(low, under));
  const sign = i32x4.splat(0x80000000);
  const same = v128.bitselect(x1, mean, sign);

  const crossing = i32x4.shr_s(v128.xor(x0, x1), 31);
  if (!v128.any_true(crossing)) return same;
  const difference = f32x4.sub(integral4(b, k, steep), integral4(a, k, steep));
  const across = f32x4.div(difference, f32x4.pmax(f32x4.add(a, b), f32x4.splat(LEAST)));
  return v128.bitselect(v128.xor(across, v128.and(x1, sign)), same, crossing);
}

/**
 * Four means: from each of four f32 at x0 to the one at x1, into y; k is one for all. The vectors give the same bits as
 * the loop.
 */
export function softClipMeans(x0: usize, x1: usize, y: usize, k: f32): void {
  if (ASC_FEATURE_SIMD) {
    v128.store(y, softClipMean4(v128.load(x0), v128.load(x1), f32x4.splat(k)));
  } else {
    for (let i: usize = 0; i < 16; i += 4) {
      store<f32>(y + i, softClipMean(load<f32>(x0 + i), load<f32>(x1 + i), k));
    }
  }
}
