/**
 * Loudness and true peak of a recording: ITU-R BS.1770-5, EBU R 128 with Tech 3341 (EBU mode) and Tech 3342 (range), in
 * constant memory for any length. Numbers for people and for metadata: JavaScript Math is allowed here, nothing of this ever
 * reaches a sample.
 */
import { RATES } from '../../../engine/shared/core-layout.js';
import { KFilter } from './k-weighting.js';
import { HISTORY, TruePeak } from './true-peak.js';
import { LoudnessWindows } from './windows.js';

/** All null for silence. Not rounded. */
export interface Loudness {
  /** Of all that was added, gated, in LUFS. null: no 400 ms louder than -70 LUFS, or shorter than 400 ms. */
  readonly integratedLufs: number | null;
  /** In LU. null: no 3 s louder than -70 LUFS, or shorter than 3 s. Tech 3342 trusts it from a minute on. */
  readonly rangeLu: number | null;
  /** The loudest 400 ms. null: shorter than that, or silence (below -140 LUFS). */
  readonly maxMomentaryLufs: number | null;
  /** The loudest 3 s. null: shorter than that, or silence (below -140 LUFS). */
  readonly maxShortTermLufs: number | null;
  /** Highest true peak of all channels, in dB of full scale. null: digital silence. Never below the sample peak. */
  readonly truePeakDbtp: number | null;
}

/** Frames worked on at once. */
const SLICE = 512;

/**
 * Add blocks of any size, ask at any time. The result depends on the samples alone, bit for bit, not on how they were split.
 * NaN and infinite samples count as silence.
 */
export class LoudnessMeter {
  readonly #channels: number;
  readonly #weights: Float64Array;
  readonly #filters: readonly KFilter[];
  /** Per channel: the samples before the slice, then the slice. */
  readonly #slices: readonly Float64Array[];
  readonly #windows: LoudnessWindows;
  readonly #truePeak: TruePeak;
  #frames = 0;

  /**
   * @param sampleRate Hz, 44100..192000; else a RangeError.
   * @param weights one per channel, 1 where absent. BS.1770: 1 for L, R and C, 1.41 for Ls and Rs, 0 for LFE.
   */
  constructor(sampleRate: number, channels = 2, weights: readonly number[] = []) {
    if (!(sampleRate >= RATES.min && sampleRate <= RATES.max))
      throw new RangeError(`a loudness meter at ${sampleRate} Hz; allowed: ${RATES.min}..${RATES.max}`);
    if (!Number.isInteger(channels) || channels < 1)
      throw new RangeError(`a loudness meter for ${channels} channels; allowed: 1 or more`);
    if (weights.length > channels || weights.some((weight) => !(weight >= 0 && weight < Infinity)))
      throw new RangeError(
        `channel weights ${weights.join(' ')}; allowed: at most ${channels}, each 0 or more`,
      );
    this.#channels = channels;
    this.#weights = Float64Array.from({ length: channels }, (_, c) => weights[c] ?? 1);
    this.#filters = Array.from({ length: channels }, () => new KFilter(sampleRate));
    this.#slices = Array.from({ length: channels }, () => new Float64Array(HISTORY + SLICE));
    this.#windows = new LoudnessWindows(sampleRate);
    this.#truePeak = new TruePeak(channels);
  }

  /** Runs on: a writer's thread, every block; no allocation. `frames` from the start of `interleaved`. */
  add(interleaved: Float32Array, frames: number): void {
    for (let at = 0; at < frames;) {
      const count = Math.min(SLICE, frames - at, this.#windows.stepEnd - this.#frames);
      for (let channel = 0; channel < this.#channels; channel++)
        this.#measure(interleaved, at, channel, count);
      at += count;
      this.#frames += count;
      if (this.#frames === this.#windows.stepEnd) this.#endStep();
    }
  }

  #measure(interleaved: Float32Array, at: number, channel: number, count: number): void {
    const slice = this.#slices[channel]!;
    const channels = this.#channels;
    let from = at * channels + channel;
    for (let i = HISTORY; i < HISTORY + count; i++, from += channels) {
      const x = interleaved[from]!;
      // Only NaN and the infinities are not 0 less themselves.
      slice[i] = x - x === 0 ? x : 0;
    }
    this.#filters[channel]!.add(slice, HISTORY, count);
    this.#truePeak.add(channel, slice, HISTORY, count);
    slice.copyWithin(0, count, count + HISTORY);
  }

  #endStep(): void {
    let energy = 0;
    for (let channel = 0; channel < this.#channels; channel++)
      energy += this.#weights[channel]! * this.#filters[channel]!.take();
    this.#windows.add(energy);
  }

  /** Of the last 400 ms, in LUFS, moving every 10 ms; null: not so long yet, or silence. */
  get momentaryLufs(): number | null {
    return this.#windows.momentary;
  }

  /** Of the last 3 s, in LUFS, moving every 10 ms; null: not so long yet, or silence. */
  get shortTermLufs(): number | null {
    return this.#windows.shortTerm;
  }

  /** As in the result, but without its cost: for live meters. */
  get truePeakDbtp(): number | null {
    const { peak } = this.#truePeak;
    return peak > 0 ? 20 * Math.log10(peak) : null;
  }

  /** So far; adding may go on afterwards. Costs some 0.1 ms: not for every block. */
  result(): Loudness {
    return {
      integratedLufs: this.#windows.integrated,
      rangeLu: this.#windows.range,
      maxMomentaryLufs: this.#windows.maxMomentary,
      maxShortTermLufs: this.#windows.maxShortTerm,
      truePeakDbtp: this.truePeakDbtp,
    };
  }
}
