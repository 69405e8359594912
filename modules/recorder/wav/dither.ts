/**
 * Dither with a triangular distribution (TPDF) of +-1 LSB, as a pure function of a sample's place: the same session
 * frame and channel give the same value in every take and every render, so 16-bit files can be compared byte by byte.
 * White, mean exactly 0, independent between frames and channels.
 *
 * A place is hashed to 32 bits; the difference of its halves is triangular. The channel and the upper half of the
 * frame enter twice, before and between the multiplications: with one key alone, the sequences of two channels would
 * be the same values in another order.
 */
const TWO_32 = 2 ** 32;

/** The two keys of a channel and an upper half. Pure. */
export function ditherKey(channel: number, high: number, which: 0 | 1): number {
  return mix(mix(Math.imul(channel + 1, 0x9e37_79b9) ^ which) + high);
}

/** Dither in LSB, between -1 and 1 exclusive, in steps of 2^-16. `low`: lower 32 bits of the frame. Pure. */
export function ditherOf(low: number, key0: number, key1: number): number {
  let x = low ^ key0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb_352d);
  x = Math.imul(x ^ (x >>> 15) ^ key1, 0x846c_a68b);
  x = Math.imul(x ^ (x >>> 16), 0xc2b2_ae35);
  x ^= x >>> 15;
  return ((x & 0xffff) - (x >>> 16)) / 0x1_0000;
}

/** The same for a whole session frame (0..2^53-1). Pure. */
export function dither(sessionFrame: number, channel: number): number {
  const high = Math.floor(sessionFrame / TWO_32);
  return ditherOf(sessionFrame | 0, ditherKey(channel, high, 0), ditherKey(channel, high, 1));
}

/** Spreads each bit over all 32. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}
