// Elementary functions on lanes. Polynomials of our own: every build and machine gives the same bits.

import {
  addWords,
  asLane,
  least,
  magnitude,
  most,
  nearestWhole,
  select,
  shiftLeft,
  splatWord,
  toLane,
  toWord,
} from '../../engine/core/lane.lane';

/**
 * 2^x for x in -126..126 (clamped). Relative error below 2e-7.
 * Minimax polynomial of degree 6 on -0.5..0.5, the whole part put into the exponent.
 */
export function exp2Lane(x: lane): lane {
  const bounded = least(126.0, most(-126.0, x));
  const whole = nearestWhole(bounded);
  const f = bounded - whole;
  const fraction =
    1.0 +
    f *
      (0.69314718 +
        f * (0.24022651 + f * (0.05550411 + f * (0.009618129 + f * (0.0013333558 + f * 0.0001540353)))));
  return fraction * asLane(shiftLeft(addWords(toWord(whole), splatWord(127)), 23));
}

/**
 * tan(pi x) for x in 0..0.45, relative error below 2.5e-5.
 * Continued fraction x(1 - x^2/9 + x^4/945) / (1 - 4x^2/9 + x^4/63).
 */
export function tanPiLane(x: lane): lane {
  const a = x * 3.14159265;
  const a2 = a * a;
  return (a * (1.0 + a2 * (-0.11111111 + a2 * 0.0010582011))) / (1.0 + a2 * (-0.44444444 + a2 * 0.015873016));
}

/**
 * sin(2 pi x) of a 32-bit phase (2^32 = one cycle); error below 2e-7.
 * Folded to a quarter on each side of zero, then Taylor's series to the 11th power.
 */
export function sinePhase(phase: word): lane {
  const p = toLane(phase) * 4.6566129e-10;
  const q = select(magnitude(p) > 0.5, select(p < 0.0, -1.0, 1.0) - p, p);
  const q2 = q * q;
  return (
    q *
    (3.14159265 +
      q2 * (-5.16771278 + q2 * (2.55016404 + q2 * (-0.59926453 + q2 * (0.08214589 + q2 * -0.00737043)))))
  );
}
