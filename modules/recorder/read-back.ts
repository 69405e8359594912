/** Opens a file that has just been closed as another program would, and compares it with what was handed to the disk. */
import { createHash, type Hash } from 'node:crypto';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { bytesPerFrame, type WavFormat } from './wav/format.js';
import { openWav } from './wav/wav-reader.js';

/** Frames read at once. */
const SLICE = 1 << 16;

export interface Expected {
  readonly format: WavFormat;
  readonly frames: number;
  /** SHA-256 of the bytes of the samples, hex. */
  readonly digest: string;
}

/** The bytes of samples as they go to the disk; those of a frame that did not get there whole are left out. */
export class WrittenHash {
  readonly #hash: Hash = createHash('sha256');
  readonly #frameBytes: number;
  readonly #part: Uint8Array;
  #partBytes = 0;

  constructor(format: WavFormat) {
    this.#frameBytes = bytesPerFrame(format);
    this.#part = new Uint8Array(this.#frameBytes);
  }

  /** Runs on: a writer's thread. */
  readonly add = (bytes: Uint8Array): void => {
    let at = 0;
    if (this.#partBytes > 0) at = this.#complete(bytes);
    const whole = at + Math.floor((bytes.length - at) / this.#frameBytes) * this.#frameBytes;
    this.#hash.update(bytes.subarray(at, whole));
    this.#part.set(bytes.subarray(whole), this.#partBytes);
    this.#partBytes += bytes.length - whole;
  };

  /** Takes what completes the frame before; gives how many bytes. */
  #complete(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.#frameBytes - this.#partBytes);
    this.#part.set(bytes.subarray(0, count), this.#partBytes);
    this.#partBytes += count;
    if (this.#partBytes === this.#frameBytes) {
      this.#hash.update(this.#part);
      this.#partBytes = 0;
    }
    return count;
  }

  end(): string {
    return this.#hash.digest('hex');
  }
}

/** Succeeds when the file holds exactly that. Blocking, about 1 s for 500 MB; runs on: a writer's thread. */
export function readBack(path: string, expected: Expected): Outcome<true> {
  const opened = openWav(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    const { frames, headerFrames, format } = file;
    const same = JSON.stringify([format.sampleRate, format.channels, format.sample, frames, headerFrames]);
    const { sampleRate, channels, sample } = expected.format;
    const wanted = JSON.stringify([sampleRate, channels, sample, expected.frames, expected.frames]);
    if (same !== wanted) return fail(differs(path, `its head says ${same}, written was ${wanted}`));
    const hash = createHash('sha256');
    for (let frame = 0; frame < frames; frame += SLICE) {
      hash.update(file.readBytes(frame, Math.min(SLICE, frames - frame)));
    }
    return hash.digest('hex') === expected.digest
      ? succeed(true)
      : fail(differs(path, 'its samples are not those that were written'));
  } catch (error) {
    return fail(differs(path, (error as Error).message));
  } finally {
    file.close();
  }
}

function differs(path: string, how: string) {
  return {
    code: 'E_VERIFY',
    got: `${path} read back: ${how}`,
    allowed: 'the samples that were played',
    mend: 'Look after the disk; chronus verify FILE says where it differs, chronus repair FILE makes it again from the journal.',
  };
}
