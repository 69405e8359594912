/**
 * One stage of an envelope as an exponential that ends in finite time: it heads for a point beyond its end and is set
 * exactly to the end when its frames are over.
 *
 *      y(t) = start + (end - start) (1 - e^(-bend t/T)) / (1 - e^-bend)
 *
 * `bend` 0 would be a straight line; 5 sounds like a discharging capacitor. As a recursion: y += rate (target - y).
 */

/** 1 - exp(-x) for x > 0. Halved until small, then its series; relative error below 1e-12. */
export function decayed(x: f64): f64 {
  let halvings = 0;
  while (x > 0.25) {
    x *= 0.5;
    halvings++;
  }
  let e: f64 =
    x *
    (1.0 -
      (x / 2.0) *
        (1.0 -
          (x / 3.0) *
            (1.0 - (x / 4.0) * (1.0 - (x / 5.0) * (1.0 - (x / 6.0) * (1.0 - (x / 7.0) * (1.0 - x / 8.0)))))));
  while (halvings-- > 0) e = e * (2.0 - e);
  return e;
}

/** Share of the way to `target` gone in one frame, for a stage of `frames` frames (>= 1). */
export function stageRate(bend: f64, frames: f32): f32 {
  return <f32>decayed(bend / <f64>frames);
}

/** Where the exponential heads for, so that it passes `end` after all its frames. */
export function stageTarget(bend: f64, start: f32, end: f32): f32 {
  return <f32>(<f64>start + (<f64>end - <f64>start) / decayed(bend));
}
