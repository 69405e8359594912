/**
 * Elementary functions in f32, from polynomials of their own, so that every machine and every build gives the same
 * bits. None of them branches on the size of an error, traps or allocates; a NaN comes out as a finite number.
 * Coefficients: weighted least squares on Chebyshev nodes over the reduced range; stated errors include f32 rounding.
 * Runs on: render thread.
 */

/** log2(10) / 20: decibels to octaves of amplitude. */
const OCTAVES_PER_DB: f32 = 0.16609640474436813;

/** The larger of x and low, then the smaller of that and high; a NaN becomes low. */
export function clamp(x: f32, low: f32, high: f32): f32 {
  const above: f32 = x > low ? x : low;
  return above < high ? above : high;
}

/**
 * 2^x. Relative error below 1.5e-7; exact at whole numbers. x is held inside -126..127, so the result is always a
 * normal number. Degree 6 on -0.5..0.5.
 */
export function exp2(x: f32): f32 {
  const held = clamp(x, -126.0, 127.0);
  const whole = nearest<f32>(held);
  const f: f32 = held - whole;
  const p: f32 =
    1.0 +
    f *
      (<f32>0.6931472055771 +
        f *
          (<f32>0.24022648462281196 +
            f *
              (<f32>0.05550329035153625 +
                f *
                  (<f32>0.009618373251354038 +
                    f * (<f32>0.001339984829069831 + f * <f32>0.00015370704816125498)))));
  return p * reinterpret<f32>((<i32>whole + 127) << 23);
}

/**
 * Logarithm to base 2. Absolute error below 1.1e-7 for x in 0.5..2, else half a unit in the last place more; exact at powers of two. x below the
 * smallest normal number (also negative, NaN) counts as that number: -126. Odd series in (m - 1)/(m + 1).
 */
export function log2(x: f32): f32 {
  const smallest = reinterpret<f32>(0x00800000);
  const bits = reinterpret<i32>(x > smallest ? x : smallest);
  // Exponent such that the mantissa lies in 0.7071..1.4142.
  const exponent = (bits - 0x3f3504f3) >> 23;
  const m = reinterpret<f32>(bits - (exponent << 23));
  const t: f32 = (m - 1.0) / (m + 1.0);
  const u: f32 = t * t;
  const p: f32 =
    t *
    (<f32>2.8853900727951767 +
      u * (<f32>0.9618007475206555 + u * (<f32>0.5765853356893664 + u * <f32>0.43424052222142306)));
  return <f32>exponent + p;
}

/**
 * sin(2 pi x), x in turns. Absolute error below 2.5e-7 for |x| < 1; exactly 0, 1, 0, -1 at quarter turns is not
 * promised (1 is met to 1.2e-7), |result| <= 1 is. Degree 9 on a quarter turn.
 */
export function sinTurns(x: f32): f32 {
  const turn: f32 = x - nearest<f32>(x); // -0.5..0.5
  const mirrored: f32 = copysign<f32>(0.5, turn) - turn;
  const q: f32 = abs<f32>(turn) > 0.25 ? mirrored : turn; // -0.25..0.25
  const u: f32 = q * q;
  const p: f32 =
    q *
    (<f32>6.2831851596112 +
      u *
        (<f32>-41.34165492934884 +
          u * (<f32>81.60099819286636 + u * (<f32>-76.54965682538268 + u * <f32>39.535813742363366))));
  return clamp(p, -1.0, 1.0);
}

/** cos(2 pi x), x in turns: sinTurns a quarter turn on. Absolute error below 4e-7 for |x| < 1. */
export function cosTurns(x: f32): f32 {
  return sinTurns(x + 0.25);
}

/**
 * tan(pi x) for x = frequency / sample rate, held inside 0..0.49. Relative error below 2.5e-5 up to 0.45 and below
 * 3e-4 up to 0.49. Rational of degree 5 over 4 (continued fraction of the tangent); one division.
 */
export function tanPi(x: f32): f32 {
  const a: f32 = clamp(x, 0.0, 0.49) * <f32>3.141592653589793;
  const u: f32 = a * a;
  const numerator: f32 = a * (<f32>1.0 - u * (<f32>(1.0 / 9.0) - u * <f32>(1.0 / 945.0)));
  const denominator: f32 = <f32>1.0 - u * (<f32>(4.0 / 9.0) - u * <f32>(1.0 / 63.0));
  return numerator / denominator;
}

/** Amplitude of a level in decibels: 10^(db / 20). Relative error below 1e-6 for |db| < 100; exactly 1 at 0 dB. */
export function dbToGain(db: f32): f32 {
  return exp2(db * OCTAVES_PER_DB);
}

/** Level in decibels of an amplitude; 0 and below give -758 dB. Absolute error below 1e-5 dB around 0 dB. */
export function gainToDb(gain: f32): f32 {
  return log2(gain) / OCTAVES_PER_DB;
}
