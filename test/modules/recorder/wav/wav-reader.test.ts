import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesPerFrame } from '../../../../modules/recorder/wav/format.js';
import { openWav } from '../../../../modules/recorder/wav/wav-reader.js';
import { repairWav } from '../../../../modules/recorder/wav/wav-repair.js';
import { errorOf, valueOf, warningsOf } from '../../../helpers/outcome.js';
import { holds } from '../../../helpers/property.js';
import { HEAD_BYTES, RATE, temporaryFolder } from '../fixtures.js';
import {
  bytesOf,
  create,
  FORMATS,
  formatOf,
  made,
  noFfmpeg,
  noise,
  noiseBytes,
  noSox,
  opened,
  patched,
  ran,
  written,
} from './files.js';

const INT24 = formatOf('int24');
const CUES = [{ frame: 5, label: 'five' }];

test('any stretch is read, as far as there is one', (t) => {
  const path = made(t, INT24, 1_000);
  const all = noiseBytes(INT24, 1_000);
  opened(path, (file) => {
    assert.deepEqual([file.frames, file.headerFrames, file.dataOffset], [1_000, 1_000, HEAD_BYTES]);
    assert.deepEqual(file.format, INT24);
    const stretches: [number, number][] = [
      ...([
        [0, 1_000],
        [10, 20],
        [990, 100],
        [1_000, 1],
        [5_000, 5],
        [-5, 10],
        [3.7, 2],
      ] as const),
      ...([
        [0, Infinity],
        [NaN, 4],
        [7, NaN],
        [7, -1],
      ] as const),
    ] as [number, number][];
    for (const [from, count] of stretches) {
      const start = from > 0 ? Math.min(1_000, Math.floor(from)) : 0;
      const end = count > 0 ? Math.min(1_000, start + count) : start;
      assert.ok(file.readBytes(from, count).equals(all.subarray(start * 6, end * 6)), `${from}, ${count}`);
    }
  });
});

test('a file that grows opens: what is there is read, and where the sizes lag that is said', (t) => {
  const { path, writer } = create(t, INT24);
  writer.append(noise(0, 100_000), 100_000);
  const outcome = openWav(path);
  const file = valueOf(outcome);
  assert.match(warningsOf(outcome), /speak of 0 frames, it holds \d+: chronus repair/);
  assert.ok(file.frames > 50_000 && file.headerFrames === 0);
  assert.ok(file.readBytes(0, file.frames).equals(noiseBytes(INT24, file.frames)));
  file.close();
  writer.close();
});

test('R170 what sox writes is read: each format, and the extensible one', { skip: noSox }, (t) => {
  const folder = temporaryFolder(t);
  const kinds = [
    ['int16', '-b', '16', '-e', 'signed-integer'],
    ['int24', '-b', '24', '-e', 'signed-integer'],
    ['float32', '-b', '32', '-e', 'floating-point'],
  ] as const;
  for (const [sample, ...flags] of kinds) {
    for (const channels of [1, 2, 4]) {
      const path = join(folder, `${sample}${channels}.wav`);
      const tone = ['synth', '0.1', 'sine', '440', 'gain', '-6'];
      ran('sox', ['-D', '-n', '-r', '44100', '-c', String(channels), ...flags, path, ...tone]);
      opened(path, ({ format, frames, headerFrames, readBytes }) => {
        assert.deepEqual(format, { sampleRate: 44_100, channels, sample });
        assert.deepEqual([frames, headerFrames], [4_410, 4_410]);
        assert.equal(readBytes(0, frames).length, 4_410 * bytesPerFrame(format));
      });
      assert.deepEqual(valueOf(repairWav(path, { dryRun: true })).changed, [], `${sample} ${channels}`);
    }
  }
});

test('R170 what ffmpeg writes is read: RF64, into a pipe, with texts', { skip: noFfmpeg }, (t) => {
  const folder = temporaryFolder(t);
  const tone = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=0.1'];
  const title = ['-metadata', 'title=x', '-write_bext', '1', '-metadata', 'originator=somebody'];
  const path = join(folder, 'rf64.wav');
  ran('ffmpeg', [...tone, '-rf64', 'always', ...title, '-c:a', 'pcm_s24le', path]);
  assert.equal(bytesOf(path).toString('latin1', 0, 4), 'RF64');
  opened(path, ({ format, frames, headerFrames, origin }) => {
    assert.deepEqual([format.sample, frames, headerFrames], ['int24', 4_800, 4_800]);
    assert.equal(origin?.originator, 'somebody');
  });
  assert.deepEqual(valueOf(repairWav(path, { dryRun: true })).changed, []);
  const piped = written(t, ran('ffmpeg', [...tone, '-c:a', 'pcm_s16le', '-f', 'wav', '-']).stdout);
  opened(piped, ({ frames }) => assert.equal(frames, 4_800));
  assert.equal(valueOf(repairWav(piped, { dryRun: false })).frames, 4_800);
  assert.deepEqual(valueOf(repairWav(piped, { dryRun: true })).changed, []);
  opened(piped, ({ headerFrames }) => assert.equal(headerFrames, 4_800));
});

/** A WAV of another program: fmt and data at 44. */
function plain(tag: number, channels: number, bits: number, frameBytes: number): Buffer {
  const bytes = Buffer.alloc(44 + 64);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(tag, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * frameBytes, 28);
  bytes.writeUInt16LE(frameBytes, 32);
  bytes.writeUInt16LE(bits, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(64, 40);
  return bytes;
}

test('R33 what is no WAV, or none of ours to read: what is wrong, and the mend', (t) => {
  const good = plain(1, 2, 16, 4);
  opened(written(t, good), ({ frames }) => assert.equal(frames, 16));
  const says = (bytes: Buffer, text: RegExp): void => {
    assert.match(errorOf(openWav(written(t, bytes)), 'E_WAV').got, text);
  };
  says(Buffer.alloc(0), /0 bytes/);
  says(Buffer.from('RIFF'), /4 bytes/);
  says(Buffer.from('OggS and more than twelve bytes'), /Ogg/);
  says(Buffer.from('FORM....AIFF and more'), /AIFF/);
  says(Buffer.from('hello world, this is no wav'), /'hell'/);
  says(Buffer.from('RIFF....AVI LIST'), /'AVI '/);
  says(good.subarray(0, 30), /no samples .* chunk at byte 12|no samples .* in 30 bytes/);
  says(patched(good, [16, 0xffff_ffff]), /chunk at byte 12 says it has 4294967295 bytes, the file has 108/);
  says(patched(good, [16, 4]), /no samples|fmt/);
  says(plain(2, 2, 4, 1024), /format 2 with 4 bits/);
  says(plain(1, 2, 8, 2), /format 1 with 8 bits/);
  says(plain(3, 2, 64, 16), /format 3 with 64 bits/);
  says(plain(1, 2, 16, 6), /frames of 6 bytes/);
  says(plain(1, 0, 16, 4), /0 channels/);
  says(plain(1, 2, 16, 0), /without a frame size/);
});

test('what cannot be opened is said: missing, a directory, a pipe, NUL', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'dir'));
  const pipe = join(folder, 'pipe');
  const paths = ['none.wav', 'dir', 'a\0b'].map((name) => join(folder, name));
  if (spawnSync('mkfifo', [pipe]).status === 0) paths.push(pipe);
  for (const path of paths) {
    errorOf(openWav(path), 'E_WAV');
    errorOf(repairWav(path, { dryRun: false }), 'E_WAV');
  }
});

const WORDS = ['RIFF', 'RF64', 'WAVE', 'fmt ', 'data', 'ds64', 'JUNK', 'bext', 'cue ', 'LIST', 'adtllabl'];

test('R33 hostile bytes: never a throw, never a loop, an answer with a mend', (t) => {
  const seeds = FORMATS.map((sample) => readFileSync(made(t, formatOf(sample), 40, { cues: CUES })));
  const size = fc.constantFrom(0, 1, 3, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff);
  const spot = fc.oneof(fc.constantFrom(4, 16, 20, 28, 32, 52, 988, 992, 1_004, 1_020), fc.nat(1_400));
  const patch = fc.tuple(spot, fc.oneof(size, fc.nat({ max: 0xffff_ffff })));
  const damaged = fc
    .tuple(fc.constantFrom(...seeds), fc.array(patch, { maxLength: 4 }), fc.nat(1_700))
    .map(([seed, patches, length]) => {
      const fits = patches.filter(([at]) => at + 4 <= seed.length);
      return patched(seed, ...fits).subarray(0, length > 1_600 ? seed.length : length);
    });
  const word = fc.constantFrom(...WORDS).map((text) => Buffer.from(text, 'latin1'));
  const four = fc.oneof(size, fc.nat(40)).map((value) => patched(Buffer.alloc(4), [0, value]));
  const random = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes));
  const stew = fc
    .array(fc.oneof(word, four, random), { maxLength: 60 })
    .map((parts) => Buffer.concat([Buffer.from('RIFF\x10\x00\x00\x00WAVE', 'latin1'), ...parts]));
  const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const path = written(t, Buffer.alloc(0));
  let read = 0;
  const check = (bytes: Buffer): void => {
    writeFileSync(path, bytes);
    const outcome = openWav(path);
    if (outcome.ok) {
      const { frames, format, dataOffset, readBytes, close } = outcome.value;
      assert.ok(dataOffset + frames * bytesPerFrame(format) <= bytes.length);
      assert.equal(readBytes(0, frames).length, frames * bytesPerFrame(format));
      close();
      read++;
    } else errorOf(outcome, 'E_WAV');
    repairsOnce(path, bytes);
  };
  holds(t, damaged, check, 300);
  assert.ok(read > 25, `${read} of 300 damaged files are read`);
  holds(t, stew, check, 200);
  holds(t, anything, check, 100);
});

/** Whatever comes: repair writes nothing when it is asked not to, leaves the length, and does all there is at once. */
function repairsOnce(path: string, bytes: Buffer): void {
  const dry = repairWav(path, { dryRun: true });
  assert.ok(readFileSync(path).equals(bytes));
  const wet = repairWav(path, { dryRun: false });
  assert.deepEqual(wet, dry);
  const after = readFileSync(path);
  assert.equal(after.length, bytes.length);
  if (!wet.ok) return void assert.ok(after.equals(bytes));
  assert.deepEqual(valueOf(repairWav(path, { dryRun: false })), { frames: wet.value.frames, changed: [] });
}

test('R33 a file full of chunks, and chunks that seem to be some, end quickly', (t) => {
  const head = bytesOf(made(t, INT24, 0));
  const chunks = Buffer.alloc(3 << 20);
  for (let at = 0; at < chunks.length; at += 8) chunks.write('cue ', at, 'latin1');
  for (const tail of [chunks, chunks.subarray(1), Buffer.concat([chunks, Buffer.from('xx')])]) {
    for (const size of [0, 0xffff_ffff]) {
      const path = written(t, Buffer.concat([patched(head, [HEAD_BYTES - 4, size]), tail]));
      opened(path, ({ frames }) => assert.ok(frames >= 0));
      valueOf(repairWav(path, { dryRun: true }));
    }
    errorOf(openWav(written(t, Buffer.concat([head.subarray(0, 48), tail]))), 'E_WAV');
  }
});
