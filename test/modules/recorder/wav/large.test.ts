import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeFrames } from '../../../../modules/recorder/wav/encode.js';
import { bytesPerFrame } from '../../../../modules/recorder/wav/format.js';
import { repairWav } from '../../../../modules/recorder/wav/wav-repair.js';
import { WavWriter } from '../../../../modules/recorder/wav/wav-writer.js';
import { needs } from '../../../helpers/needs.js';
import { errorOf, valueOf } from '../../../helpers/outcome.js';
import { HEAD_BYTES, temporaryFolder } from '../fixtures.js';
import { FORMATS, formatOf, noise, opened, probed, ran, type Growing } from './files.js';

const noFfmpeg = needs('ffprobe', 'ffmpeg') || needs('ffmpeg', 'ffmpeg');
const FOUR_GIB = 2 ** 32;
const INT24 = formatOf('int24');
const CUES = [{ frame: 7e8, label: 'late' }];

/** Goes on with a file of holes that ends `short` frames before 4 GiB; it takes no room on the disk. */
function nearlyFull(t: TestContext, sample: (typeof FORMATS)[number], short: number): Growing {
  const format = formatOf(sample);
  const frameBytes = bytesPerFrame(format);
  const resumeFrames = Math.floor((FOUR_GIB - HEAD_BYTES) / frameBytes) - short;
  const path = join(temporaryFolder(t), 'large.wav');
  const fd = openSync(path, 'wx+');
  ftruncateSync(fd, HEAD_BYTES + resumeFrames * frameBytes);
  return { path, writer: new WavWriter(fd, format, { startFrame: 1_000, resumeFrames }) };
}

function onDisk(path: string): number {
  return statSync(path).blocks * 512;
}

test('R91 a file that crosses 4 GiB becomes RF64 by itself; what was and what comes is read', (t) => {
  for (const sample of FORMATS) {
    const format = formatOf(sample);
    const { path, writer } = nearlyFull(t, sample, 1_000);
    const before = writer.frames;
    const form = (): string =>
      opened(path, (file) => {
        assert.deepEqual([file.frames, file.headerFrames], [writer.frames, writer.frames]);
        return file.fileBytes - 8 >= FOUR_GIB - 1 ? 'RF64' : 'RIFF';
      });
    for (let taken = 0; taken < 3_000; taken += 100) {
      writer.append(noise(taken, 100), 100);
      writer.flush();
      const id = readText(path, 0);
      assert.equal(id, form(), `${sample}, ${taken + 100} frames on`);
      assert.equal(readText(path, 12), id === 'RF64' ? 'ds64' : 'JUNK');
    }
    writer.close({ cues: CUES });
    const expected = Buffer.alloc(3_000 * bytesPerFrame(format));
    encodeFrames(format, noise(0, 3_000), 3_000, 1_000 + before, expected, 0);
    opened(path, (file) => {
      assert.equal(file.frames, before + 3_000);
      assert.ok(file.readBytes(before, 9_999).equals(expected), sample);
      assert.deepEqual(file.cues, CUES);
    });
    assert.deepEqual(valueOf(repairWav(path, { dryRun: true })).changed, []);
    assert.ok(onDisk(path) < 1_000_000, `${onDisk(path)} bytes on the disk`);
  }
});

test('R170 ffprobe and ffmpeg read what lies beyond 4 GiB', { skip: noFfmpeg }, (t) => {
  const { path, writer } = nearlyFull(t, 'int24', 48_000);
  const before = writer.frames;
  writer.append(noise(0, 96_000), 96_000);
  writer.close({ cues: CUES });
  const [{ codec_name, duration_ts }] = probed(path).streams;
  assert.deepEqual([codec_name, duration_ts], ['pcm_s24le', before + 96_000]);
  const seconds = (before + 90_000) / 48_000;
  const args = [
    '-v',
    'error',
    '-ss',
    seconds.toFixed(6),
    '-i',
    path,
    '-f',
    's24le',
    '-c:a',
    'pcm_s24le',
    '-',
  ];
  const { stdout } = ran('ffmpeg', args);
  const expected = Buffer.alloc(6_000 * 6);
  encodeFrames(INT24, noise(90_000, 6_000), 6_000, 0, expected, 0);
  // The seek may be some frames off; the end is the end.
  const common = Math.min(stdout.length, expected.length);
  assert.ok(common > 5_900 * 6);
  assert.ok(stdout.subarray(-common).equals(expected.subarray(-common)));
});

test('R128 beyond 4 GiB: cut off, without sizes, and cut to less than 4 GiB', (t) => {
  const { path, writer } = nearlyFull(t, 'int24', 100);
  writer.append(noise(0, 5_000), 5_000);
  writer.close();
  const frames = (): number => {
    const result = valueOf(repairWav(path, { dryRun: false }));
    assert.ok(result.changed.length > 0);
    assert.deepEqual(valueOf(repairWav(path, { dryRun: false })).changed, []);
    opened(path, (file) => assert.equal(file.headerFrames, result.frames));
    return result.frames;
  };
  const cut = statSync(path).size - 601;
  truncateSync(path, cut);
  assert.equal(frames(), Math.floor((cut - HEAD_BYTES) / 6));
  // As a power cut leaves it when the head is older than the samples: RIFF, and sizes from before.
  patch(path, 0, 'RIFF');
  patch(path, 12, 'JUNK');
  patch(path, 4, '\0\0\0\0');
  patch(path, HEAD_BYTES - 4, '\0\0\0\x10');
  assert.equal(frames(), Math.floor((cut - HEAD_BYTES) / 6));
  assert.equal(readText(path, 0), 'RF64');
  truncateSync(path, 50_000);
  assert.equal(frames(), Math.floor((50_000 - HEAD_BYTES) / 6));
});

test('beyond 4 GiB without room for the sizes: refused with the mend', (t) => {
  const { path, writer } = nearlyFull(t, 'int16', 0);
  writer.append(noise(0, 100), 100);
  writer.close();
  patch(path, 0, 'RIFF');
  patch(path, 12, 'abcd');
  assert.match(errorOf(repairWav(path, { dryRun: false }), 'E_WAV').mend, /-rf64/);
});

function patch(path: string, at: number, text: string): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.from(text, 'latin1'), 0, text.length, at);
  closeSync(fd);
}

function readText(path: string, at: number): string {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(4);
  readSync(fd, bytes, 0, 4, at);
  closeSync(fd);
  return bytes.toString('latin1');
}
