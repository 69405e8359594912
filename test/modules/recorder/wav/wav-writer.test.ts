import assert from 'node:assert/strict';
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codingHistory, type WavOrigin } from '../../../../modules/recorder/wav/bext.js';
import { MAX_CUES } from '../../../../modules/recorder/wav/cues.js';
import { bytesPerFrame } from '../../../../modules/recorder/wav/format.js';
import { WavWriter } from '../../../../modules/recorder/wav/wav-writer.js';
import { wavChunks } from '../../../helpers/wav.js';
import { firstDifference, HEAD_BYTES, parseWav, RATE, readWav, temporaryFolder } from '../fixtures.js';
import {
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
  probed,
  ran,
} from './files.js';

const INT24 = formatOf('int24');
const ORIGIN: WavOrigin = {
  originator: 'Music Chronus',
  originatorReference: 'run_20260101_200000_1234',
  description: 'Café, take 3 ♪',
  originationDate: '2026-01-01',
  originationTime: '23:59:59',
  timeReference: 86_399 * RATE + 123 + 2 ** 33,
  codingHistory: codingHistory(INT24, 'live'),
};
const LOUDNESS = {
  integratedLufs: -23.04,
  rangeLu: 7.5,
  truePeakDbtp: -1.02,
  maxMomentaryLufs: null,
  maxShortTermLufs: -120,
};

test('R26 R27 R28 the head is right from the first byte on and after every flush', (t) => {
  for (const sample of FORMATS) {
    const format = formatOf(sample);
    const { path, writer } = create(t, format);
    assert.equal(wavChunks(bytesOf(path)).get('data')?.size, 0);
    let taken = 0;
    for (const count of [1, 7, 256, 10_922, 10_923, 30_000]) {
      assert.equal(writer.append(noise(taken, count), count), count);
      taken += count;
      writer.flush();
      const bytes = bytesOf(path);
      const data = wavChunks(bytes).get('data');
      assert.deepEqual(data, { at: HEAD_BYTES, size: taken * bytesPerFrame(format) });
      assert.equal(writer.bytes, bytes.length);
    }
    writer.close();
    const expected = noiseBytes(format, taken);
    assert.ok(bytesOf(path).subarray(HEAD_BYTES).equals(expected), sample);
  }
});

test('between two flushes the head speaks of less than there is, never of more', (t) => {
  const { path, writer } = create(t, INT24);
  for (let taken = 0; taken < 60_000; taken += 1_000) {
    writer.append(noise(taken, 1_000), 1_000);
    const wav = parseWav(readFileSync(path));
    assert.equal(firstDifference(wav, 0), undefined);
    if (taken % 7_000 === 0) writer.sync();
  }
  writer.close();
  assert.equal(readWav(path).frames, 60_000);
});

test('R34 mono and five channels, odd sizes: padded, growing and closed', (t) => {
  for (const channels of [1, 3, 5]) {
    const format = formatOf('int24', channels);
    const { path, writer } = create(t, format);
    for (let taken = 0; taken < 7; taken++) {
      writer.append(noise(taken, 1, channels), 1);
      writer.flush();
      assert.equal(wavChunks(bytesOf(path)).get('data')?.size, (taken + 1) * 3 * channels);
    }
    writer.close({ cues: [{ frame: 2, label: 'here' }] });
    const chunks = wavChunks(bytesOf(path));
    assert.deepEqual([...chunks.keys()], ['JUNK', 'bext', 'fmt ', 'data', 'cue ', 'LIST']);
    opened(path, (file) => {
      assert.ok(file.readBytes(0, 7).equals(noiseBytes(format, 7)));
      assert.deepEqual(file.cues, [{ frame: 2, label: 'here' }]);
    });
  }
});

test('close takes along what was not flushed; a limit takes what fits and says how much', (t) => {
  const { path, writer } = create(t, INT24, { limitFrames: 100 });
  assert.equal(writer.append(noise(0, 64), 64), 64);
  assert.equal(writer.append(noise(64, 64), 64), 36);
  assert.equal(writer.append(noise(100, 64), 64), 0);
  writer.close();
  assert.equal(readWav(path).frames, 100);
  assert.equal(firstDifference(readWav(path), 0), undefined);
});

test('R36 bext says where the file comes from and how loud it is; what is unknown stays unknown', (t) => {
  const { path, writer } = create(t, INT24, { origin: ORIGIN });
  writer.append(noise(0, 100), 100);
  writer.flush();
  opened(path, ({ origin, loudness }) => {
    assert.deepEqual(origin, { ...ORIGIN, description: 'Cafe, take 3 _' });
    assert.equal(loudness, undefined);
  });
  const bext = wavChunks(bytesOf(path)).get('bext');
  assert.ok(bext);
  const raw = bytesOf(path).subarray(bext.at);
  assert.deepEqual([raw.readUInt16LE(346), raw.toString('hex', 412, 422)], [2, 'ff7f'.repeat(5)]);
  writer.close({ loudness: LOUDNESS });
  opened(path, ({ origin, loudness }) => {
    assert.equal(origin?.timeReference, ORIGIN.timeReference);
    assert.deepEqual(loudness, { ...LOUDNESS, maxShortTermLufs: null });
  });
});

test('R36 texts that are too long are cut, and nothing beside them changes', (t) => {
  const long = 'x'.repeat(5_000);
  const origin = {
    ...ORIGIN,
    originator: long,
    description: long,
    codingHistory: long,
    originationDate: long,
  };
  const { path, writer } = create(t, INT24, { origin });
  writer.append(noise(0, 10), 10);
  writer.close();
  assert.equal(firstDifference(readWav(path), 0), undefined);
  opened(path, (file) => {
    assert.deepEqual(
      [file.origin?.originator.length, file.origin?.description.length, file.origin?.originatorReference],
      [32, 256, ORIGIN.originatorReference],
    );
    assert.equal(file.origin?.originationTime, ORIGIN.originationTime);
  });
});

test('places have names in UTF-8; too many and too long ones are bounded', (t) => {
  const cues = [
    { frame: 99, label: 'Größe ♪ 終' },
    { frame: 3, label: '' },
    { frame: 2 ** 32, label: 'later than a table of 32 bits can say' },
    { frame: 5, label: '♪'.repeat(200) },
  ];
  opened(made(t, INT24, 100, { cues }), (file) =>
    assert.deepEqual(file.cues, [
      { frame: 3, label: '' },
      { frame: 5, label: '♪'.repeat(85) },
      { frame: 99, label: 'Größe ♪ 終' },
    ]),
  );
  const many = Array.from({ length: MAX_CUES + 500 }, (_, frame) => ({ frame, label: 'x'.repeat(300) }));
  const path = made(t, INT24, 5_000, { cues: many });
  assert.ok(statSync(path).size < 31_024 + 1_250_000);
  opened(path, (file) => {
    assert.equal(file.cues.length, MAX_CUES);
    assert.deepEqual(file.cues.at(-1), { frame: MAX_CUES - 1, label: 'x'.repeat(255) });
  });
});

test(
  'R34 R36 R170 ffprobe and ffmpeg read each format, its origin, and every sample',
  { skip: noFfmpeg },
  (t) => {
    for (const sample of FORMATS) {
      const format = formatOf(sample);
      const { path, writer } = create(t, format, { origin: ORIGIN });
      writer.append(noise(0, 20_000), 20_000);
      writer.close({ loudness: LOUDNESS, cues: [{ frame: 9, label: 'drop' }] });
      const { format: about, streams } = probed(path);
      const [{ codec_name, sample_rate, channels, duration_ts }] = streams;
      assert.deepEqual(
        [codec_name, sample_rate, channels, duration_ts],
        [CODEC[sample], `${RATE}`, 2, 20_000],
      );
      const tags = about.tags ?? {};
      assert.deepEqual(
        [tags['encoded_by'], tags['originator_reference'], tags['date'], tags['creation_time']],
        [ORIGIN.originator, ORIGIN.originatorReference, ORIGIN.originationDate, ORIGIN.originationTime],
      );
      assert.equal(Number(tags['time_reference']), ORIGIN.timeReference);
      assert.match(tags['coding_history'] ?? '', /^A=PCM,F=48000,W=24,M=stereo,T=live/);
      assert.ok(decoded(path, sample).equals(noiseBytes(format, 20_000)), sample);
    }
  },
);

test('R170 sox reads each format and every sample', { skip: noSox }, (t) => {
  const encoding = { int16: 'signed-integer', int24: 'signed-integer', float32: 'floating-point' };
  for (const sample of FORMATS) {
    const format = formatOf(sample);
    const path = made(t, format, 20_000, { cues: [{ frame: 9, label: 'drop' }] });
    const raw = ['-t', 'raw', '-e', encoding[sample], '-b', String((bytesPerFrame(format) / 2) * 8), '-'];
    const { stdout, stderr } = ran('sox', ['-D', path, ...raw]);
    // sox computes in 32 whole bits: a float sample comes back clipped, and says so.
    if (sample === 'float32') assert.equal(stdout.length, 20_000 * 8);
    else assert.ok(stdout.equals(noiseBytes(format, 20_000)) && stderr === '', `${sample} ${stderr}`);
  }
});

const noNull = !existsSync('/dev/null') && 'there is no /dev/null';

test('R91 memory does not grow with the length: no allocation per block', { skip: noNull }, () => {
  const block = noise(0, 256);
  for (const sample of FORMATS) {
    const writer = new WavWriter(openSync('/dev/null', 'r+'), formatOf(sample), { startFrame: 0 });
    const write = (blocks: number): void => {
      for (let i = 0; i < blocks; i++) writer.append(block, 256);
    };
    write(4_000);
    const before = process.memoryUsage();
    write(20_000);
    const after = process.memoryUsage();
    const grown = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    assert.ok(grown < 2_000_000, `${sample}: ${grown} bytes for 20000 blocks`);
  }
});

test('a descriptor that cannot be written throws at once', (t) => {
  const path = join(temporaryFolder(t), 'a.wav');
  writeFileSync(path, '');
  assert.throws(() => new WavWriter(openSync(path, 'r'), INT24, { startFrame: 0 }), /EBADF/);
});
