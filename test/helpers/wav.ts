/** What a WAV file says, held against the file itself. Knows the format on its own: none of the reader is used. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export interface WholeWav {
  readonly frames: number;
  readonly sampleRate: number;
  /** True when every sample is 0. */
  readonly silent: boolean;
}

interface Content {
  readonly at: number;
  readonly size: number;
}

/** The chunks of a RIFF file below 4 GiB; fails unless they fill it from the first byte to the last. */
export function wavChunks(bytes: Buffer): ReadonlyMap<string, Content> {
  assert.equal(bytes.toString('latin1', 0, 4), 'RIFF');
  assert.equal(bytes.readUInt32LE(4), bytes.length - 8, 'RIFF size');
  assert.equal(bytes.toString('latin1', 8, 12), 'WAVE');
  const chunks = new Map<string, Content>();
  let at = 12;
  while (at < bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    assert.ok(!chunks.has(id), `two chunks ${id}`);
    chunks.set(id, { at: at + 8, size });
    at += 8 + size + (size % 2);
  }
  assert.equal(at, bytes.length, 'chunks fill the file');
  return chunks;
}

function contentOf(chunks: ReadonlyMap<string, Content>, id: string): Content {
  const content = chunks.get(id);
  assert.ok(content, `no ${id} among ${[...chunks.keys()].join()}`);
  return content;
}

/** Fails unless the file is a 24-bit stereo WAV whose header counts every byte there is. */
export function readWholeWav(path: string): WholeWav {
  const bytes = readFileSync(path);
  const chunks = wavChunks(bytes);
  const fmt = contentOf(chunks, 'fmt ').at;
  const data = contentOf(chunks, 'data');
  assert.equal(bytes.readUInt16LE(fmt + 2), 2, 'channels');
  assert.equal(bytes.readUInt16LE(fmt + 14), 24, 'bits');
  assert.equal(data.size % 6, 0, 'whole frames');
  return {
    frames: data.size / 6,
    sampleRate: bytes.readUInt32LE(fmt + 4),
    silent: bytes.subarray(data.at, data.at + data.size).every((byte) => byte === 0),
  };
}

/** The bytes of the samples of a whole file. */
export function wavSamples(path: string): Buffer {
  const bytes = readFileSync(path);
  const { at, size } = contentOf(wavChunks(bytes), 'data');
  return bytes.subarray(at, at + size);
}
