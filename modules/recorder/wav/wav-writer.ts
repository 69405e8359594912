/**
 * A WAV file that grows, in constant memory. After every `flush` the sizes in the head are those of the file, so a
 * process that is killed leaves a file that opens as it is and holds all but what came after the last flush. Samples
 * are always written before the head that counts them; what a power cut leaves beyond the head is found by repair.
 * From 4 GiB on the file is RF64 by itself.
 *
 * Blocking file calls; runs on: a writer's own thread. Write errors are thrown as they come; `close` after one
 * leaves a whole, valid file of what reached the disk.
 */
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import type { WavLoudness, WavOrigin } from './bext.js';
import { encodeCues, type Cue } from './cues.js';
import { encodeFrames } from './encode.js';
import { bytesPerFrame, type WavFormat } from './format.js';
import { encodeWavHead, putWavSizes, WAV_HEAD_BYTES, wavFileBytes } from './wav-header.js';

/** Room for converted samples; at 48 kHz, 24 bits and stereo about a quarter of a second. */
const BUFFER_BYTES = 1 << 16;

export interface WavStart {
  /** Session frame of the first frame in the file, whole: where the dither of 16-bit files begins. */
  readonly startFrame: number;
  readonly origin?: WavOrigin;
  /** Most frames the file takes; absent: no limit, the disk ends first. */
  readonly limitFrames?: number;
  /** Frames that are in the file already, behind the head: it is gone on with. Absent: the file is empty. */
  readonly resumeFrames?: number;
  /** Sees the bytes of samples as they have reached the file. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

/** What is known only when the last sample is written. */
export interface WavEnd {
  readonly loudness?: WavLoudness;
  /** The first MAX_CUES of them are taken (cues.ts). */
  readonly cues?: readonly Cue[];
}

export class WavWriter {
  readonly #fd: number;
  readonly #format: WavFormat;
  readonly #frameBytes: number;
  readonly #start: WavStart;
  readonly #head = new Uint8Array(WAV_HEAD_BYTES);
  readonly #headView = new DataView(this.#head.buffer);
  readonly #buffer: Uint8Array;
  #filled = 0;
  /** Bytes of samples that are in the file. */
  #written: number;
  /** Frames the head speaks of. */
  #counted = -1;
  /** Bytes of chunks behind the samples. */
  #trailer = 0;

  /** Takes over `fd`. Throws what the disk throws. */
  constructor(fd: number, format: WavFormat, start: WavStart) {
    this.#fd = fd;
    this.#format = format;
    this.#start = start;
    this.#frameBytes = bytesPerFrame(format);
    this.#written = (start.resumeFrames ?? 0) * this.#frameBytes;
    this.#buffer = new Uint8Array(
      Math.max(1, Math.floor(BUFFER_BYTES / this.#frameBytes)) * this.#frameBytes,
    );
    encodeWavHead(this.#head, format, start.origin);
    this.flush();
  }

  /** Whole frames in the file or about to be, with those it was gone on with. */
  get frames(): number {
    return Math.floor((this.#written + this.#filled) / this.#frameBytes);
  }

  /** Size of the file with what has been taken so far. */
  get bytes(): number {
    return wavFileBytes(this.#format, { frames: this.frames, trailerBytes: this.#trailer });
  }

  /** Appends interleaved frames; gives back how many fitted: less than `frames` only at `limitFrames`. */
  append(interleaved: Float32Array, frames: number): number {
    const { limitFrames = Infinity, startFrame } = this.#start;
    const fitting = Math.max(0, Math.min(frames, limitFrames - this.frames));
    const { channels } = this.#format;
    let done = 0;
    while (done < fitting) {
      if (this.#filled === this.#buffer.length) this.#drain();
      const room = Math.floor((this.#buffer.length - this.#filled) / this.#frameBytes);
      const now = Math.min(room, fitting - done);
      const part = done === 0 ? interleaved : interleaved.subarray(done * channels);
      encodeFrames(this.#format, part, now, startFrame + this.frames, this.#buffer, this.#filled);
      this.#filled += now * this.#frameBytes;
      done += now;
    }
    return fitting;
  }

  /** Hands everything to the system: samples, then the head that counts them. */
  flush(): void {
    this.#drain();
    if (this.frames === this.#counted) return;
    this.#pad();
    this.#writeHead();
  }

  /**
   * As `flush`, and waits for the disk twice: the samples are on it before the head that counts them, and both when
   * this returns.
   */
  sync(): void {
    this.#drain();
    fdatasyncSync(this.#fd);
    if (this.frames === this.#counted) return;
    this.flush();
    fdatasyncSync(this.#fd);
  }

  /**
   * The file is whole and on the disk when this returns; also after an error, then without what did not get there.
   * Throws when the places in `end` found no room: the file is whole without them.
   */
  close(end: WavEnd = {}): void {
    try {
      this.#drain();
    } catch {
      // Told before, by the call that met it first; what is in the file stays.
    }
    this.#filled = 0;
    try {
      // First the final size of the samples: a kill between here and the end leaves chunks that are found behind it.
      this.#written = this.frames * this.#frameBytes;
      encodeWavHead(this.#head, this.#format, this.#start.origin, end.loudness);
      ftruncateSync(this.#fd, this.bytes);
      this.#writeHead();
      this.#writeTrailer(encodeCues(end.cues ?? []));
      fsyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }

  #writeTrailer(chunks: Buffer): void {
    if (chunks.length === 0) return;
    const at = this.bytes;
    try {
      this.#write(chunks, chunks.length, at);
    } catch (error) {
      ftruncateSync(this.#fd, at);
      fsyncSync(this.#fd);
      throw error;
    }
    this.#trailer = chunks.length;
    this.#writeHead();
  }

  #drain(): void {
    let from = 0;
    try {
      while (from < this.#filled) {
        const at = WAV_HEAD_BYTES + this.#written;
        const count = writeSync(this.#fd, this.#buffer, from, this.#filled - from, at);
        this.#start.onBytes?.(this.#buffer.subarray(from, from + count));
        from += count;
        this.#written += count;
      }
    } finally {
      this.#buffer.copyWithin(0, from, this.#filled);
      this.#filled -= from;
    }
  }

  /** The pad byte of an odd number of bytes: the file gets one longer, by a 0. The next samples take its place. */
  #pad(): void {
    if (this.#written % 2 === 1) ftruncateSync(this.#fd, WAV_HEAD_BYTES + this.#written + 1);
  }

  /** In one piece; what is counted is what has been drained. */
  #writeHead(): void {
    const { frames } = this;
    putWavSizes(this.#headView, this.#format, { frames, trailerBytes: this.#trailer });
    this.#write(this.#head, WAV_HEAD_BYTES, 0);
    this.#counted = frames;
  }

  #write(bytes: Uint8Array, length: number, at: number): void {
    for (let from = 0; from < length;) from += writeSync(this.#fd, bytes, from, length - from, at + from);
  }
}
