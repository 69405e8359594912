import assert from 'node:assert/strict';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WavWriter } from '../../../modules/recorder/wav-writer.js';
import { encodeWavHeader, maxFrames } from '../../../modules/recorder/wav-header.js';
import { firstDifference, parseWav, RATE, readWav, sampleAt, temporaryFolder } from './fixtures.js';

const FORMAT = { sampleRate: RATE, channels: 2 };

function open(t: TestContext, limitFrames?: number): { path: string; writer: WavWriter } {
  const path = join(temporaryFolder(t), 'a.wav');
  return { path, writer: new WavWriter(openSync(path, 'wx'), FORMAT, limitFrames) };
}

function frames(from: number, count: number): Float32Array {
  return Float32Array.from({ length: count * 2 }, (_, i) => sampleAt(from * 2 + i));
}

test('the header is right from the first byte on and after every flush', (t) => {
  const { path, writer } = open(t);
  assert.equal(readWav(path).frames, 0);
  let taken = 0;
  for (const count of [1, 7, 256, 10_922, 10_923, 30_000]) {
    assert.equal(writer.append(frames(taken, count), count), count);
    taken += count;
    parseWav(readFileSync(path));
    writer.flush();
    const wav = readWav(path);
    assert.deepEqual([wav.frames, wav.extraBytes], [taken, 0]);
  }
  writer.close();
  const wav = readWav(path);
  assert.deepEqual([wav.sampleRate, wav.channels, wav.bits, wav.frames], [RATE, 2, 24, taken]);
  assert.equal(firstDifference(wav, 0), undefined);
});

test('close takes along what was not flushed', (t) => {
  const { path, writer } = open(t);
  writer.append(frames(0, 99), 99);
  writer.close();
  assert.equal(firstDifference(readWav(path), 0), undefined);
  assert.equal(readWav(path).frames, 99);
});

test('a full file takes what fits and says how much', (t) => {
  const { path, writer } = open(t, 100);
  assert.equal(writer.append(frames(0, 64), 64), 64);
  assert.equal(writer.append(frames(64, 64), 64), 36);
  assert.equal(writer.append(frames(100, 64), 64), 0);
  writer.close();
  assert.equal(readWav(path).frames, 100);
});

test('the limit of the format: both sizes still fit into 32 bits', () => {
  const header = Buffer.alloc(44);
  encodeWavHeader(header, FORMAT, maxFrames(FORMAT));
  assert.equal(header.readUInt32LE(40), maxFrames(FORMAT) * 6);
  assert.equal(header.readUInt32LE(4), maxFrames(FORMAT) * 6 + 36);
  assert.ok((maxFrames(FORMAT) + 1) * 6 + 36 > 0xffff_ffff);
});

test('a descriptor that cannot be written throws at once', (t) => {
  const path = join(temporaryFolder(t), 'a.wav');
  writeFileSync(path, '');
  assert.throws(() => new WavWriter(openSync(path, 'r'), FORMAT), /EBADF/);
});
