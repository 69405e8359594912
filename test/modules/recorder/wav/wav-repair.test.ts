import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesPerFrame } from '../../../../modules/recorder/wav/format.js';
import { repairWav } from '../../../../modules/recorder/wav/wav-repair.js';
import { errorOf, valueOf } from '../../../helpers/outcome.js';
import { holds } from '../../../helpers/property.js';
import { wavChunks } from '../../../helpers/wav.js';
import { HEAD_BYTES } from '../fixtures.js';
import {
  allBytes,
  bytesOf,
  CODEC,
  create,
  decoded,
  FORMATS,
  formatOf,
  made,
  noFfmpeg,
  noise,
  noiseBytes,
  noSox,
  opened,
  patched,
  probed,
  ran,
  written,
} from './files.js';

const INT24 = formatOf('int24');
const FRAMES = 5_000;
const CUES = [{ frame: 50, label: 'drop' }];
const RIFF_SIZE = 4;
const DATA_SIZE = HEAD_BYTES - 4;

/** Repairs, and fails unless a second call finds nothing to do. */
function repaired(path: string): readonly string[] {
  const { changed, frames } = valueOf(repairWav(path, { dryRun: false }));
  assert.deepEqual(valueOf(repairWav(path, { dryRun: false })), { frames, changed: [] });
  opened(path, (file) => assert.deepEqual([file.frames, file.headerFrames], [frames, frames]));
  return changed;
}

test('R128 a file that is right is not touched', (t) => {
  for (const sample of FORMATS)
    for (const end of [{}, { cues: CUES }])
      assert.deepEqual(repaired(made(t, formatOf(sample), FRAMES, end)), []);
});

test('R128 cut off anywhere: all whole frames that are there, each as it was', (t) => {
  for (const sample of FORMATS) {
    const format = formatOf(sample, 1);
    const whole = bytesOf(made(t, format, 500));
    const expected = noiseBytes(format, 500);
    holds(
      t,
      fc.integer({ min: HEAD_BYTES, max: whole.length - 1 }),
      (length) => {
        const path = written(t, whole.subarray(0, length));
        assert.equal(repaired(path).length >= 2, true);
        const frames = Math.floor((length - HEAD_BYTES) / bytesPerFrame(format));
        assert.ok(allBytes(path).equals(expected.subarray(0, frames * bytesPerFrame(format))));
      },
      20,
    );
  }
});

test('R128 no sizes, sizes too large, sizes of a file that grew on: what is there counts, and places stay', (t) => {
  const expected = noiseBytes(INT24, FRAMES);
  for (const cues of [[], CUES]) {
    const whole = bytesOf(made(t, INT24, FRAMES, { cues }));
    for (const data of [0, 0xffff_ffff, 0x7fff_fff0, expected.length + 6, whole.length]) {
      for (const riff of [0, 36, 0xffff_ffff, whole.length - 8]) {
        const path = written(t, patched(whole, [RIFF_SIZE, riff], [DATA_SIZE, data]));
        assert.ok(repaired(path).length > 0);
        assert.ok(bytesOf(path).equals(whole), `sizes ${riff} and ${data}`);
        opened(path, (file) => assert.deepEqual(file.cues, cues));
      }
    }
  }
  const grown = bytesOf(made(t, INT24, FRAMES));
  const path = written(t, patched(grown, [RIFF_SIZE, HEAD_BYTES - 8 + 600], [DATA_SIZE, 600]));
  assert.equal(repaired(path).length, 2);
  assert.ok(bytesOf(path).equals(grown));
});

test('R128 killed while the places were written: the samples are whole, the torn chunk is left out', (t) => {
  const whole = bytesOf(made(t, INT24, FRAMES, { cues: CUES }));
  const end = HEAD_BYTES + FRAMES * 6;
  for (let length = end; length <= whole.length; length++) {
    const path = written(t, patched(whole.subarray(0, length), [RIFF_SIZE, end - 8]));
    repaired(path);
    assert.ok(allBytes(path).equals(noiseBytes(INT24, FRAMES)), `${length - end} bytes of chunks`);
    assert.equal(bytesOf(path).readUInt32LE(DATA_SIZE), FRAMES * 6);
  }
});

test('R128 a dry run says the same and writes nothing; the frames of a float file are mended too', (t) => {
  const whole = bytesOf(made(t, formatOf('float32'), FRAMES));
  const cut = whole.subarray(0, whole.length - 8_001);
  const path = written(t, cut);
  const dry = valueOf(repairWav(path, { dryRun: true }));
  assert.ok(bytesOf(path).equals(cut));
  assert.deepEqual(valueOf(repairWav(path, { dryRun: false })), dry);
  assert.equal(dry.frames, FRAMES - 1_001);
  assert.match(dry.changed.join('\n'), /samples are 31992 bytes \(3999 frames\), not 40000/);
  const fact = wavChunks(bytesOf(path).subarray(0, HEAD_BYTES + 31_992)).get('fact');
  assert.equal(bytesOf(path).readUInt32LE(fact?.at ?? 0), 3_999);
});

test('R128 a file of another program: what stands behind its end is not taken for samples', (t) => {
  const plain = Buffer.concat([bytesOf(made(t, INT24, 100)).subarray(0, 12), Buffer.alloc(0)]);
  const head = bytesOf(made(t, INT24, 100));
  const fmtAt = HEAD_BYTES - 8 - 24;
  const foreign = Buffer.concat([plain, head.subarray(fmtAt), Buffer.from('TAGjunk that is no chunk, 1')]);
  foreign.writeUInt32LE(12 + 24 + 8 + 600 - 8, RIFF_SIZE);
  const path = written(t, foreign);
  assert.deepEqual(repaired(path), []);
  opened(path, ({ frames, dataOffset }) => assert.deepEqual([frames, dataOffset], [100, 44]));
});

test('a compressed file is mended as a container, though its samples are not read here', (t) => {
  const bytes = bytesOf(made(t, INT24, FRAMES));
  bytes.writeUInt16LE(17, HEAD_BYTES - 8 - 16);
  const path = written(t, bytes.subarray(0, bytes.length - 600));
  assert.equal(valueOf(repairWav(path, { dryRun: false })).changed.length, 2);
  assert.deepEqual(valueOf(repairWav(path, { dryRun: false })).changed, []);
});

test('what is no WAV is refused, and stays as it is', (t) => {
  for (const text of ['', 'RIFF', 'not a wav at all, but long enough', 'RIFF\x04\0\0\0WAVE']) {
    const path = written(t, Buffer.from(text, 'latin1'));
    errorOf(repairWav(path, { dryRun: false }), 'E_WAV');
    assert.equal(readFileSync(path, 'latin1'), text);
  }
});

/** What a kill leaves: a head that counts `counted` frames, and samples behind them. */
const TAILS = {
  noise: (frames: number) => noise(0, frames),
  silence: (frames: number) => new Float32Array(frames * 2),
  'full scale': (frames: number) => new Float32Array(frames * 2).fill(1),
};

test(
  'R127 R170 a killed file opens as it is in sox and ffprobe, and repaired has all of it',
  { skip: noSox || noFfmpeg },
  (t) => {
    for (const [name, tail] of Object.entries(TAILS)) {
      for (const sample of name === 'noise' ? FORMATS : (['int16'] as const)) {
        const format = formatOf(sample);
        const { path, writer } = create(t, format);
        writer.append(noise(0, 9_000), 9_000);
        writer.flush();
        writer.append(tail(40_000), 40_000);
        // Nothing is closed: the file is now what a kill would leave.
        assert.equal(ran('soxi', ['-s', path]).stdout.toString().trim(), '9000', name);
        const [{ codec_name, duration_ts }] = probed(path).streams;
        assert.deepEqual([codec_name, duration_ts], [CODEC[sample], 9_000], name);
        if (sample === 'int24') assert.ok(decoded(path, sample).equals(noiseBytes(format, 9_000)));
        const there = Math.floor((bytesOf(path).length - HEAD_BYTES) / bytesPerFrame(format));
        assert.ok(there > 15_000, `${there} frames have reached the file`);
        assert.equal(valueOf(repairWav(path, { dryRun: false })).frames, there, name);
        assert.equal(probed(path).streams[0].duration_ts, there, name);
        writer.close();
      }
    }
  },
);

test('the descriptors are closed again', { skip: !existsSync('/proc/self/fd') && 'no /proc' }, (t) => {
  const cut = bytesOf(made(t, INT24, FRAMES)).subarray(0, 20_000);
  const paths = [written(t, cut), written(t, Buffer.from('no wav, but long enough'))];
  const before = readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 20; i++)
    for (const path of paths) for (const dryRun of [true, false]) repairWav(path, { dryRun });
  assert.equal(readdirSync('/proc/self/fd').length, before);
});
