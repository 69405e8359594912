/** The bytes of a WAV file back to samples. For measuring what nobody can render again; not for comparing. */
import { bytesPerSample, type WavFormat } from './format.js';
import { INT16_MAX } from './int16.js';
import { INT24_MAX } from './int24.js';

/** Interleaved samples, -1..1 for whole numbers. `bytes`: whole frames. Runs on: any thread; allocates. */
export function decodeFrames({ sample }: Pick<WavFormat, 'sample'>, bytes: Buffer): Float32Array {
  const size = bytesPerSample(sample);
  const samples = new Float32Array(Math.floor(bytes.length / size));
  const scale = 1 / (sample === 'int16' ? INT16_MAX : INT24_MAX);
  for (let i = 0; i < samples.length; i++)
    samples[i] = size === 4 ? bytes.readFloatLE(i * 4) : bytes.readIntLE(i * size, size) * scale;
  return samples;
}
