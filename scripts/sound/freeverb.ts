/**
 * Answers of Freeverb (Jezar at Dreampoint, 2000, public domain) to one click on both sides: eight damped combs, then
 * four allpasses, the right side 23 frames longer. The counter-example the room is measured against.
 */
const COMBS = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const ALLPASSES = [556, 441, 341, 225];
const SPREAD = 23;

/** As long as the delays are made for 44.1 kHz; at 48 kHz all is 8 % shorter, which no figure here minds. */
export function freeverbAnswer(
  frames: number,
  room: number,
  damp: number,
): { left: Float32Array; right: Float32Array } {
  return { left: side(frames, room, damp, 0), right: side(frames, room, damp, SPREAD) };
}

function side(frames: number, room: number, damp: number, spread: number): Float32Array {
  const feedback = room * 0.28 + 0.7;
  const pole = damp * 0.4;
  let sum: Float64Array = new Float64Array(frames);
  for (const length of COMBS) {
    const ring = new Float64Array(length + spread);
    for (let i = 0, at = 0, low = 0; i < frames; i++, at = (at + 1) % ring.length) {
      const out = ring[at]!;
      low = out * (1 - pole) + low * pole;
      ring[at] = (i === 0 ? 1 : 0) + low * feedback;
      sum[i]! += out;
    }
  }
  for (const length of ALLPASSES) {
    const ring = new Float64Array(length + spread);
    sum = sum.map((x, i) => {
      const at = i % ring.length;
      const out = ring[at]!;
      ring[at] = x + 0.5 * out;
      return out - x;
    });
  }
  return Float32Array.from(sum);
}
