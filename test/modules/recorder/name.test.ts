import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, win32 } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  automaticName,
  cleanName,
  closeQuietly,
  createNew,
  MAX_NAME_BYTES,
  NAME_STYLES,
  numberedName,
} from '../../../modules/recorder/name.js';
import { temporaryFolder } from './fixtures.js';

test('R40, R165: automatic names sort by time', () => {
  assert.equal(automaticName(new Date(2025, 0, 7, 4, 3, 2)), 'session_20250107_040302.wav');
});

const CLEANED: Readonly<Record<string, string>> = {
  take: 'take.wav',
  'take.wav': 'take.wav',
  'Take.WAV': 'Take.WAV',
  'song v1.2': 'song v1.2.wav',
  '../../etc/passwd': 'passwd.wav',
  '/etc/cron.d/job': 'job.wav',
  '..\\..\\Windows\\system32\\evil': 'evil.wav',
  'C:\\temp\\a': 'a.wav',
  'C:a': 'C_a.wav',
  '\\\\server\\share\\x.wav': 'x.wav',
  'a:b*c?d"e<f>g|h': 'a_b_c_d_e_f_g_h.wav',
  'line\nbreak\ttab\u0007': 'line_break_tab_.wav',
  'right\u202eto\u202cleft': 'right_to_left.wav',
  'file.wav::$DATA': 'file.wav__$DATA.wav',
  '.hidden': '_.hidden.wav',
  '-rf': '_-rf.wav',
  CON: '_CON.wav',
  'nul.wav': '_nul.wav',
  'com1.take.wav': '_com1.take.wav',
  'LPT9 .wav': '_LPT9 .wav',
  CONSOLE: 'CONSOLE.wav',
  'dots...': 'dots.wav',
  ' padded ': 'padded.wav',
  'e\u0301t\u00e9': '\u00e9t\u00e9.wav',
  '\ud800lone': '_lone.wav',
  日本: '日本.wav',
};

test('R47, R50, R165, R214: names: last component, bad characters, device names', () => {
  for (const [wanted, expected] of Object.entries(CLEANED)) {
    assert.deepEqual(cleanName(wanted), { ok: true, value: expected, warnings: [] }, JSON.stringify(wanted));
  }
});

test('R214: refused: empty, dots alone, NUL, too long; and the answer says the mend', () => {
  for (const wanted of [
    '',
    ' ',
    '.',
    '..',
    '../..',
    'folder/',
    'a\0.wav',
    'x'.repeat(MAX_NAME_BYTES),
    'é'.repeat(99),
  ]) {
    const outcome = cleanName(wanted);
    assert.ok(!outcome.ok, JSON.stringify(wanted));
    assert.equal(outcome.error.code, 'E_NAME');
    assert.ok(outcome.error.mend.length > 10);
  }
  assert.ok(cleanName('x'.repeat(MAX_NAME_BYTES - 4)).ok);
});

test('R47, R214: whatever is sent, the name stays one plain component', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (wanted) => {
      const outcome = cleanName(wanted);
      if (!outcome.ok) return;
      assert.equal(basename(outcome.value), outcome.value);
      assert.equal(win32.basename(outcome.value), outcome.value);
      assert.match(outcome.value, /\.wav$/i);
      assert.ok(Buffer.byteLength(outcome.value) <= MAX_NAME_BYTES);
    }),
  );
});

test('numbered names keep their extension', () => {
  assert.equal(numberedName('a.b.wav', 1), 'a.b.wav');
  assert.equal(numberedName('a.b.wav', 2), 'a.b_002.wav');
  assert.equal(numberedName('a.wav', 1234), 'a_1234.wav');
});

test('R44: nothing is overwritten: neither a file, nor a sidecar, nor a folder', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'a.wav'), 'mine');
  writeFileSync(join(folder, 'a_002.wav.json'), '{}');
  mkdirSync(join(folder, 'a_003.wav'));
  const created = createNew(folder, 'a.wav');
  assert.ok(created.ok);
  closeQuietly(created.value.fd);
  assert.equal(basename(created.value.path), 'a_004.wav');
  assert.equal(readFileSync(join(folder, 'a.wav'), 'utf8'), 'mine');
});

test('R47, R214: a link that leads out of the folder is refused; what it points to stays', (t) => {
  const folder = temporaryFolder(t);
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, 'precious'), 'keep');
  symlinkSync(join(outside, 'precious'), join(folder, 'a.wav'));
  symlinkSync(join(outside, 'not there'), join(folder, 'b.wav'));
  for (const name of ['a.wav', 'b.wav']) {
    const created = createNew(folder, name);
    assert.ok(!created.ok);
    assert.equal(created.error.code, 'E_NAME');
  }
  assert.equal(readFileSync(join(outside, 'precious'), 'utf8'), 'keep');
  assert.ok(!existsSync(join(outside, 'not there')));
  assert.deepEqual(readdirSync(folder).sort(), ['a.wav', 'b.wav']);
});

test('R39 R40 R42 an automatic name in every style', () => {
  const at = new Date(2025, 0, 7, 14, 30, 52);
  assert.deepEqual(
    NAME_STYLES.map((style) => automaticName(at, style, 'TOUR', 7)),
    [
      'session_20250107_143052.wav',
      'recording_20250107_143052.wav',
      'chronus_20250107_143052.wav',
      'TOUR_20250107_143052_007_v1.wav',
    ],
  );
});
