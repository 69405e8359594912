/** What the header of a WAV file says, held against the file itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const FRAME_BYTES = 6;
const HEADER_BYTES = 44;

export interface WholeWav {
  readonly frames: number;
  readonly sampleRate: number;
  /** True when every sample is 0. */
  readonly silent: boolean;
}

/** Fails unless the file is a 24-bit stereo WAV whose header counts every byte there is. */
export function readWholeWav(path: string): WholeWav {
  const bytes = readFileSync(path);
  assert.equal(bytes.toString('latin1', 0, 4), 'RIFF');
  assert.equal(bytes.readUInt32LE(4), bytes.length - 8, 'RIFF size');
  assert.equal(bytes.toString('latin1', 8, 16), 'WAVEfmt ');
  assert.equal(bytes.readUInt16LE(22), 2, 'channels');
  assert.equal(bytes.readUInt16LE(34), 24, 'bits');
  assert.equal(bytes.toString('latin1', 36, 40), 'data');
  assert.equal(bytes.readUInt32LE(40), bytes.length - HEADER_BYTES, 'data size');
  assert.equal((bytes.length - HEADER_BYTES) % FRAME_BYTES, 0, 'whole frames');
  return {
    frames: (bytes.length - HEADER_BYTES) / FRAME_BYTES,
    sampleRate: bytes.readUInt32LE(24),
    silent: bytes.subarray(HEADER_BYTES).every((byte) => byte === 0),
  };
}
