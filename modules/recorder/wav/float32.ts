/** The bits of a sample; shared by all calls of this thread. */
const sample = new Float32Array(1);
const bits = new Int32Array(sample.buffer);

/**
 * Writes `count` samples as little-endian 32-bit floats at `into[at...]`: the bits as they are, beyond full scale too.
 * NaN is written as 0. Runs on: a writer's thread, every block; no allocation.
 */
export function encodeFloat32(samples: Float32Array, count: number, into: Uint8Array, at: number): void {
  let to = at;
  for (let i = 0; i < count; i++) {
    const x = samples[i] as number;
    sample[0] = x === x ? x : 0;
    const value = bits[0] as number;
    into[to] = value;
    into[to + 1] = value >> 8;
    into[to + 2] = value >> 16;
    into[to + 3] = value >> 24;
    to += 4;
  }
}
