/** Everything that is measured of a take while its samples go by. Numbers for people: they never reach a sample. */
import { Levels } from './levels.js';
import { LoudnessMeter, type Loudness } from './loudness/loudness-meter.js';
import { SecondHashes, type SecondHashesList } from './second-hashes.js';

export interface Measured extends Loudness {
  /** dB of full scale, before clipping; null: digital silence. As rmsDb. */
  readonly peakDb: number | null;
  readonly rmsDb: number | null;
  /** Samples beyond full scale. */
  readonly clippedSamples: number;
  /** Of the hashes of all seconds. */
  readonly hash: string;
  readonly hashes: SecondHashesList;
}

export class Measures {
  readonly #channels: number;
  readonly #levels = new Levels();
  readonly #loudness: LoudnessMeter;
  readonly #hashes: SecondHashes;

  constructor(sampleRate: number, channels: number) {
    this.#channels = channels;
    this.#loudness = new LoudnessMeter(sampleRate, channels);
    this.#hashes = new SecondHashes(sampleRate, channels);
  }

  /** Runs on: a writer's thread, every block. */
  add(interleaved: Float32Array, frames: number): void {
    this.#levels.add(interleaved, frames * this.#channels);
    this.#loudness.add(interleaved, frames);
    this.#hashes.add(interleaved, frames);
  }

  /** Of everything added; nothing can be added afterwards. Levels to a hundredth of a dB. */
  end(): Measured {
    const loudness = this.#loudness.result();
    return {
      peakDb: this.#levels.peakDb,
      rmsDb: this.#levels.rmsDb,
      truePeakDbtp: hundredth(loudness.truePeakDbtp),
      integratedLufs: hundredth(loudness.integratedLufs),
      rangeLu: hundredth(loudness.rangeLu),
      maxMomentaryLufs: hundredth(loudness.maxMomentaryLufs),
      maxShortTermLufs: hundredth(loudness.maxShortTermLufs),
      clippedSamples: this.#levels.clipped,
      ...this.#hashes.end(),
    };
  }
}

function hundredth(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(2));
}
