import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkPiece } from '../../scripts/pieces/check.js';
import { PIECES } from '../../scripts/pieces/index.js';
import { toneDb } from '../../scripts/pieces/measure.js';
import { tempHome } from '../helpers/engine.js';
import { ROOT } from '../helpers/root.js';
import { readWholeWav } from '../helpers/wav.js';

const HZ = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);
/** In the first chord, and right beside it in no key of the piece: MIDI numbers. Of acid the pitch of its line later. */
const TONES: Readonly<Record<string, { readonly in: readonly number[]; readonly out: readonly number[] }>> = {
  breaks: { in: [53, 56, 60, 63], out: [54, 57, 59, 61.5] },
  tides: { in: [50, 57, 60, 65], out: [51, 56, 61, 66] },
};
const BARS = 8;

for (const piece of PIECES) {
  test(`${piece.name}: its first ${BARS} bars are in time and in key, in level, and end in silence`, async () => {
    const { take, sound, sectionsDb, onsetErrorsMs, tempo, endDb, problems, left } = await checkPiece(
      piece,
      BARS,
      9,
    );
    assert.deepEqual(problems, []);
    const seconds = take.barSeconds.at(-1) ?? 0;
    assert.ok(Math.abs(seconds - (BARS * 240) / piece.bpm) < 1e-6);
    assert.ok(Math.abs(take.seconds - (take.startSeconds + seconds + 9)) < 0.02, `${take.seconds} s`);
    assert.ok((take.peakDb ?? 0) <= -0.99, `peak ${take.peakDb}`);
    assert.ok(Math.min(...sectionsDb) > -26 && Math.max(...sectionsDb) < -12, sectionsDb.join(' '));
    assert.ok(endDb < -90, `the last second has ${endDb} dB`);
    assert.deepEqual([left.running, left.tracks], [false, []]);
    if (onsetErrorsMs.length > 0) {
      assert.equal(onsetErrorsMs.length, 32);
      assert.ok(Math.abs(onsetErrorsMs.at(-1) ?? NaN) < 1.5, `a hit ${onsetErrorsMs.at(-1)} ms off`);
      assert.ok(Math.abs(tempo.measured - piece.bpm) < 0.2, `${tempo.measured} BPM`);
    }
    const tones = TONES[piece.name];
    if (!tones) return;
    const [from, to] = [take.startSeconds + 0.8, take.startSeconds + 2.6].map((s) =>
      Math.round(s * sound.sampleRate),
    );
    const size = (midi: number): number => toneDb(sound, HZ(midi), from ?? 0, to ?? 0);
    const weakest = Math.min(...tones.in.map(size));
    const strongest = Math.max(...tones.out.map(size));
    assert.ok(
      weakest - strongest > 12,
      `chord ${tones.in.map(size).join(' ')}, beside ${tones.out.map(size).join(' ')}`,
    );
  });
}

test('npm run piece: renders the same file twice, overwrites nothing, says what is wrong', async (t) => {
  const home = await tempHome(t);
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'dist/scripts/piece.js'), ...args], {
      cwd: home,
      encoding: 'utf8',
    });
  for (const name of ['a.wav', 'b.wav']) {
    const ran = run('tides', '--bars', '1', '--render', name);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /\.wav\n[\d.]+ s, peak -[\d.]+ dBFS, RMS -[\d.]+ dBFS; \d+ times real time\n$/);
    assert.ok(!readWholeWav(join(home, name)).silent);
  }
  assert.ok(readFileSync(join(home, 'a.wav')).equals(readFileSync(join(home, 'b.wav'))));
  const wrong = [['wave'], ['tides', '--bars', '1', '--render', 'a.wav']];
  for (const args of wrong) assert.equal(run(...args).status, 2, args.join(' '));
  const nobody = run('acid', '--home', home);
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /E_NO_ENGINE/);
  assert.match(run('--help').stdout, /npm run piece -- breaks/);
  assert.ok(!existsSync(join(home, 'recordings')));
});
