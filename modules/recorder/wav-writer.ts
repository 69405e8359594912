/**
 * A WAV file that grows: 24-bit PCM in constant memory. After every `flush` the sizes in the header are those of the
 * file, so a process that is killed leaves a file that opens as it is and holds all but what came after the last
 * flush. Samples are always written before the header that counts them. After a power cut the header may count up to
 * what came since the last `sync`; such a file opens too, programs then say that its end is short.
 *
 * Blocking file calls; runs on: a writer's own thread. Write errors are thrown as they come; `close` after one
 * leaves a whole, valid file of what reached the disk.
 */
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import { encodeInt24 } from './int24.js';
import { bytesPerFrame, encodeWavHeader, maxFrames, WAV_HEADER_BYTES, type WavFormat } from './wav-header.js';

/** Room for converted samples; at 48 kHz about a quarter of a second. */
const BUFFER_BYTES = 1 << 16;

export class WavWriter {
  readonly #fd: number;
  readonly #format: WavFormat;
  readonly #frameBytes: number;
  readonly #header = new Uint8Array(WAV_HEADER_BYTES);
  readonly #buffer: Uint8Array;
  #filled = 0;
  /** Bytes of samples that are in the file. */
  #written = 0;
  /** Frames the header speaks of. */
  #counted = -1;
  /** Frames there is room for below the limit of the format. */
  readonly #limit: number;

  /** Takes over `fd`, an empty file. `limitFrames` is for tests; it only ever lowers the limit of the format. */
  constructor(fd: number, format: WavFormat, limitFrames = Infinity) {
    this.#fd = fd;
    this.#format = format;
    this.#frameBytes = bytesPerFrame(format);
    this.#limit = Math.min(limitFrames, maxFrames(format));
    this.#buffer = new Uint8Array(Math.floor(BUFFER_BYTES / this.#frameBytes) * this.#frameBytes);
    this.flush();
  }

  /** Whole frames taken so far, on disk or about to be. */
  get frames(): number {
    return (
      (this.#written + this.#filled - ((this.#written + this.#filled) % this.#frameBytes)) / this.#frameBytes
    );
  }

  /** Size of the file with what has been taken so far. */
  get bytes(): number {
    return WAV_HEADER_BYTES + this.frames * this.#frameBytes;
  }

  /** Appends interleaved frames; gives back how many fitted: less than `frames` only when the file is full. */
  append(interleaved: Float32Array, frames: number): number {
    const fitting = Math.min(frames, this.#limit - this.frames);
    const { channels } = this.#format;
    let done = 0;
    while (done < fitting) {
      if (this.#filled === this.#buffer.length) this.#drain();
      const room = (this.#buffer.length - this.#filled) / this.#frameBytes;
      const now = Math.min(room, fitting - done);
      const part = done === 0 ? interleaved : interleaved.subarray(done * channels);
      encodeInt24(part, now * channels, this.#buffer, this.#filled);
      this.#filled += now * this.#frameBytes;
      done += now;
    }
    return fitting;
  }

  /** Hands everything to the system: samples, then the header that counts them. */
  flush(): void {
    if (this.#counted < 0) this.#writeHeader(0);
    this.#drain();
    if (this.frames !== this.#counted) this.#writeHeader(this.frames);
  }

  /** As `flush`, and waits until the samples are on the disk before the header says so. */
  sync(): void {
    this.#drain();
    fdatasyncSync(this.#fd);
    this.flush();
  }

  /** The file is whole and on the disk when this returns; also after an error, then without what did not get there. */
  close(): void {
    try {
      this.#drain();
    } catch {
      // Told before, by the call that met it first; what is in the file stays.
    }
    this.#filled = 0;
    try {
      ftruncateSync(this.#fd, this.bytes);
      this.#writeHeader(this.frames);
      fsyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }

  #drain(): void {
    let from = 0;
    try {
      while (from < this.#filled) {
        const at = WAV_HEADER_BYTES + this.#written;
        const count = writeSync(this.#fd, this.#buffer, from, this.#filled - from, at);
        from += count;
        this.#written += count;
      }
    } finally {
      this.#buffer.copyWithin(0, from, this.#filled);
      this.#filled -= from;
    }
  }

  #writeHeader(frames: number): void {
    encodeWavHeader(this.#header, this.#format, frames);
    let from = 0;
    while (from < WAV_HEADER_BYTES)
      from += writeSync(this.#fd, this.#header, from, WAV_HEADER_BYTES - from, from);
    this.#counted = frames;
  }
}
