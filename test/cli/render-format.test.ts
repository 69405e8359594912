import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import { chronusJson } from '../helpers/engine.js';
import { valueOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

const SLOT = join(ROOT, 'patterns', 'library', 'original', 'slot_001.json');

test('R25 R26 R27 R28 R33 R35 chronus render --format: 16, 24 or 32f of one signal; anything else is refused', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chronus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const read = new Map<string, { bits: unknown; at: (i: number) => number; count: number }>();
  for (const [word, bits] of [
    ['16', 16],
    ['int24', 24],
    ['32f', 32],
  ] as const) {
    const path = join(folder, `${word}.wav`);
    const told = await chronusJson([
      'render',
      SLOT,
      '--bars',
      '1',
      '--rate',
      '44100',
      '--format',
      word,
      '-o',
      path,
    ]);
    assert.equal(told['bits'], bits);
    const file = valueOf(openWav(path));
    assert.equal(file.format.sampleRate, 44_100);
    assert.equal(file.frames, told['frames']);
    assert.equal(readFileSync(path).length, told['bytes']);
    const bytes = file.readBytes(0, file.frames);
    file.close();
    const at = {
      16: (i: number) => bytes.readInt16LE(2 * i) / 32_767,
      24: (i: number) => bytes.readIntLE(3 * i, 3) / 8_388_607,
      32: (i: number) => Math.max(-1, Math.min(1, bytes.readFloatLE(4 * i))),
    }[bits];
    read.set(word, { bits, at, count: file.frames * 2 });
  }
  const [coarse, fine, exact] = [...read.values()];
  assert.ok(coarse && fine && exact);
  let peak = 0;
  for (let i = 0; i < exact.count; i++) {
    peak = Math.max(peak, Math.abs(exact.at(i)));
    assert.ok(Math.abs(fine.at(i) - exact.at(i)) <= 0.51 / 8_388_607, `24 bits, sample ${i}`);
    assert.ok(Math.abs(coarse.at(i) - exact.at(i)) <= 1.51 / 32_767, `16 bits, sample ${i}`);
  }
  assert.ok(peak > 0.01, `the peak is ${peak}`);
  const refused = await chronusJson(['render', SLOT, '--format', 'mp3', '-o', join(folder, 'x.wav')], 2);
  const { code, allowed } = refused['error'] as { code: string; allowed: string };
  assert.equal(code, 'E_OPTION');
  assert.match(allowed, /int16 \(16\), int24 \(24\), float32 \(32f\)/);
});
