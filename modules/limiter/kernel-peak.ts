/**
 * How high a signal goes between its samples, over 16 frames at a time.
 *
 * Interpolated twice by 2 (a sinc of 64 taps in a Kaiser window of 7.5; then 8 taps, minimax to 0.265 of the doubled rate,
 * 62 dB). Each peak of the fourfold rate is then the top of a parabola through it and its neighbours; a parabola is a
 * little flat for a sine near half the rate, so what it adds is taken 1.06 times. Within 0.01 dB for any sine up to
 * 22 kHz at 48 kHz. True peak as in ITU-R BS.1770-4, annex 2, which asks for 4 times and 12 taps.
 *
 * Most cells need none of that. Between two samples the sinc adds to the straight line a weighted sum of the second
 * differences around; the sizes of these weights sum to 0.56 at most, whatever the phase.
 * Runs on: render thread.
 */
import { halfbandFilter, halfbandUp } from '../dsp/halfband';

/** The halves of weights, as for any half-band filter. */
const SINC_64: usize = memory.data<f32>([
  0.318049941, -0.105296003, 0.0623204733, -0.0436097835, 0.0329996822, -0.0260846906, 0.0211726139,
  -0.0174753978, 0.0145769947, -0.0122372935, 0.0103080771, -0.00869282575, 0.00732581689, -0.00616052402,
  0.00516282874, -0.00430687741, 0.00357246334, -0.002943327, 0.00240602839, -0.00194918703, 0.00156296423,
  -0.00123870824, 0.000968710527, -0.000746038751, 0.000564422572, -0.000418175903, 0.000302143774,
  -0.000211665378, 0.000142547182, -0.0000910417188, 0.0000538289021, -0.0000279977162,
]);
const SHORT_8: usize = memory.data<f32>([0.30610841, -0.0739497804, 0.0219581198, -0.00431916656]);

/** The doubled rate: 20 frames, of which 16 are looked at, from the fifth point on. */
const DOUBLED: usize = 0;
const FIRST: usize = DOUBLED + 4 * 4;
const QUARTERS: usize = DOUBLED + 4 * 40;
const SCRATCH: usize = QUARTERS + 4 * 36;
/** Bytes of scratch. */
export const PEAK_BYTES: usize = SCRATCH + 4 * 20;

/** 1.06 / 8 */
const CURVE: f32 = 0.1325;
/** What lies between points of the doubled rate is at most so many times as large. */
const BETWEEN: f32 = 1.8;

/** What lies between samples of at most `size` whose second differences are at most `bend`, at most. */
export function peakBound(size: f32, bend: f32): f32 {
  return <f32>1.01 * size + <f32>0.62 * bend;
}

/** Largest size of 16 f32, as far as they are numbers. */
export function largest16(at: usize): f32 {
  return largest(at, 16);
}

function largest(at: usize, count: i32): f32 {
  const stop = at + ((<usize>count) << 2);
  let peak: f32 = 0.0;
  if (ASC_FEATURE_SIMD) {
    let peaks = f32x4.splat(0.0);
    for (; at < stop; at += 16) peaks = f32x4.pmax(peaks, f32x4.abs(v128.load(at)));
    return across(peaks);
  }
  for (; at < stop; at += 4) peak = larger(peak, abs<f32>(load<f32>(at)));
  return peak;
}

/** Largest second difference x[i] - 2 x[i-1] + x[i-2] of 16 frames. */
export function bend16(at: usize): f32 {
  const stop = at + 64;
  let peak: f32 = 0.0;
  if (ASC_FEATURE_SIMD) {
    let peaks = f32x4.splat(0.0);
    for (; at < stop; at += 16) {
      const middle = v128.load(at - 4);
      const ends = f32x4.add(v128.load(at), v128.load(at - 8));
      peaks = f32x4.pmax(peaks, f32x4.abs(f32x4.sub(ends, f32x4.add(middle, middle))));
    }
    return across(peaks);
  }
  for (; at < stop; at += 4) {
    const middle = load<f32>(at - 4);
    const ends: f32 = load<f32>(at) + load<f32>(at - 8);
    peak = larger(peak, abs<f32>(ends - (middle + middle)));
  }
  return peak;
}

/**
 * True peak of the 16 frames that end 33.5 frames before `end`, the address behind the last of 87 frames. Where it is below
 * `enough`, any number between the two may come instead. About 1500 operations of four lanes, 1000 below.
 */
export function truePeak(end: usize, scratch: usize, enough: f32): f32 {
  const doubled = scratch + DOUBLED;
  const quarters = scratch + QUARTERS;
  halfbandUp(end - 4 * 20, doubled, 20, SINC_64, 63, scratch + SCRATCH);
  const first = scratch + FIRST;
  const rough: f32 = largest(first, 32) * BETWEEN;
  if (rough <= enough) return rough;
  // From the point before the first one to the one behind the last.
  halfbandFilter(first + 12, quarters, 33, SHORT_8, 7, 2.0);
  return larger(summit(first, quarters, quarters + 4), summit(quarters + 4, first, first + 4));
}

/** The highest of 32 points that are above both neighbours, as a parabola through the three. */
function summit(at: usize, before: usize, after: usize): f32 {
  let peak: f32 = 0.0;
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    let peaks = f32x4.splat(0.0);
    for (; i < 128; i += 16) {
      const x = v128.load(at + i);
      const a = v128.load(before + i);
      const b = v128.load(after + i);
      const size = f32x4.abs(x);
      const rise = f32x4.sub(b, a);
      const bend = f32x4.abs(f32x4.sub(f32x4.add(x, x), f32x4.add(a, b)));
      const more = f32x4.div(f32x4.mul(f32x4.splat(CURVE), f32x4.mul(rise, rise)), bend);
      const highest = v128.and(
        f32x4.gt(bend, f32x4.splat(0.0)),
        v128.and(f32x4.ge(size, f32x4.abs(a)), f32x4.ge(size, f32x4.abs(b))),
      );
      peaks = f32x4.pmax(peaks, f32x4.add(size, v128.and(more, highest)));
    }
    return across(peaks);
  }
  for (; i < 128; i += 4) {
    const x = load<f32>(at + i);
    const a = load<f32>(before + i);
    const b = load<f32>(after + i);
    const size = abs<f32>(x);
    const rise: f32 = b - a;
    const bend = abs<f32>(x + x - (a + b));
    const highest = bend > 0.0 && size >= abs<f32>(a) && size >= abs<f32>(b);
    peak = larger(peak, highest ? size + (CURVE * (rise * rise)) / bend : size);
  }
  return peak;
}

function across(x: v128): f32 {
  'inline';
  return larger(
    larger(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    larger(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** b when it is larger; a when one of them is NaN. */
export function larger(a: f32, b: f32): f32 {
  'inline';
  return a < b ? b : a;
}
