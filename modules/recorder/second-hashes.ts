/**
 * What a take is known by: a hash of the float samples of each of its seconds, and one of all of them. They are of what
 * was played, not of what was written, so takes of different formats can be compared, and a rendering with any of them.
 */
import { createHash, type Hash } from 'node:crypto';

/** Bytes of SHA-256 that are kept of each second. */
const KEPT_BYTES = 8;
const FIRST_SECONDS = 256;

export interface SecondHashesList {
  readonly algorithm: 'sha256/64 of f32 little-endian interleaved';
  /** Frames one hash is of; the last may be of fewer. */
  readonly perFrames: number;
  readonly list: readonly string[];
}

export class SecondHashes {
  readonly #sampleRate: number;
  readonly #channels: number;
  #hash: Hash = createHash('sha256');
  /** Frames in `#hash`. */
  #into = 0;
  #kept = new Uint8Array(FIRST_SECONDS * KEPT_BYTES);
  #seconds = 0;

  constructor(sampleRate: number, channels: number) {
    this.#sampleRate = sampleRate;
    this.#channels = channels;
  }

  /** Runs on: a writer's thread, every block. 8 bytes are kept per second. */
  add(interleaved: Float32Array, frames: number): void {
    for (let at = 0; at < frames;) {
      const count = Math.min(frames - at, this.#sampleRate - this.#into);
      const from = interleaved.byteOffset + at * this.#channels * 4;
      this.#hash.update(new Uint8Array(interleaved.buffer, from, count * this.#channels * 4));
      this.#into += count;
      at += count;
      if (this.#into === this.#sampleRate) this.#next();
    }
  }

  #next(): void {
    const end = (this.#seconds + 1) * KEPT_BYTES;
    if (end > this.#kept.length) {
      const more = new Uint8Array(this.#kept.length * 2);
      more.set(this.#kept);
      this.#kept = more;
    }
    this.#kept.set(this.#hash.digest().subarray(0, KEPT_BYTES), end - KEPT_BYTES);
    this.#seconds++;
    this.#hash = createHash('sha256');
    this.#into = 0;
  }

  /** Of everything added; nothing can be added afterwards. */
  end(): { readonly hash: string; readonly hashes: SecondHashesList } {
    if (this.#into > 0) this.#next();
    const bytes = Buffer.from(this.#kept.buffer, 0, this.#seconds * KEPT_BYTES);
    const list = Array.from({ length: this.#seconds }, (_, second) =>
      bytes.toString('hex', second * KEPT_BYTES, (second + 1) * KEPT_BYTES),
    );
    const hash = createHash('sha256').update(bytes).digest('hex');
    return {
      hash,
      hashes: {
        algorithm: 'sha256/64 of f32 little-endian interleaved',
        perFrames: this.#sampleRate,
        list,
      },
    };
  }
}
