/** Measurements of rendered sound, for tests. */

/** A level in dB relative to full scale; -Infinity for 0. */
export function decibels(level: number): number {
  return 20 * Math.log10(Math.abs(level));
}

export interface Levels {
  /** The highest absolute value; NaN when any sample is not finite. */
  readonly peak: number;
  readonly rms: number;
  /** Mean of all samples: what there is of DC. */
  readonly mean: number;
}

export function levelsOf(x: Float32Array): Levels {
  let [peak, sum, squares] = [0, 0, 0];
  for (const sample of x) {
    const size = Math.abs(sample);
    if (!(size <= peak)) peak = size;
    sum += sample;
    squares += sample * sample;
  }
  const finite = Number.isFinite(squares);
  return { peak: finite ? peak : NaN, rms: Math.sqrt(squares / x.length), mean: sum / x.length };
}

/**
 * The frames at which x rises above `share` of its peak after it has been below for `quietFrames`. Frames before the
 * first sample count as quiet.
 */
export function onsets(x: Float32Array, share: number, quietFrames: number): number[] {
  const threshold = share * levelsOf(x).peak;
  const found: number[] = [];
  let last = -Infinity;
  for (let i = 0; i < x.length; i++) {
    if (!(Math.abs(x[i]!) > threshold)) continue;
    if (i - last > quietFrames) found.push(i);
    last = i;
  }
  return found;
}

/** The first frame that is not exactly 0; the length of x when there is none. */
export function firstSound(x: Float32Array): number {
  const at = x.findIndex((sample) => sample !== 0);
  return at < 0 ? x.length : at;
}
