import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { chronus, chronusJson, startEngine } from '../helpers/engine.js';
import { readWholeWav } from '../helpers/wav.js';

test('record start and stop leave a whole WAV file', async (t) => {
  const engine = await startEngine(t);
  const at = ['--home', engine.home];
  await chronusJson(['gate', 'voice1', ...at]);
  const started = await chronusJson(['record', 'start', '007', ...at]);
  assert.equal(started['path'], join(engine.home, 'recordings', '007.wav'));
  assert.equal((await chronusJson(['record', 'status', ...at]))['recording'], true);
  const second = await chronusJson(['record', 'start', ...at], 1);
  assert.equal((second['error'] as { code: string }).code, 'E_BUSY');

  const stopped = await chronusJson(['record', 'stop', ...at]);
  const wav = readWholeWav(String(started['path']));
  assert.equal(wav.frames, stopped['frames']);
  assert.equal(wav.sampleRate, 48000);
  assert.ok(wav.frames > 0 && !wav.silent);
  assert.equal(stopped['lostBlocks'], 0);

  const again = await chronusJson(['record', 'stop', ...at], 1);
  assert.equal((again['error'] as { code: string }).code, 'E_IDLE');
  const preroll = await chronusJson(['record', 'start', 'take', 'preroll=60', ...at]);
  assert.match(String(preroll['warnings']), /shortened/);
  const human = await chronus(['record', 'stop', ...at]);
  assert.match(human.stdout, /take\.wav\n {2}[\d.]+ s, peak -?[\d.]+ dBFS/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the engine with code 0, its recordings whole and its home free`, async (t) => {
    const engine = await startEngine(t);
    const started = await chronusJson(['record', 'start', 'cut', '--home', engine.home]);
    // On a busy machine the first block may not have been played yet.
    for (let seconds = 0; seconds === 0;) {
      const status = (await engine.request('/record/status')) as { takes: { seconds: number }[] };
      seconds = status.takes[0]?.seconds ?? 0;
    }
    const ran = await engine.stop(signal);
    assert.deepEqual([ran.code, ran.signal], [0, null], ran.stderr);
    const path = String(started['path']);
    const wav = readWholeWav(path);
    const { frames } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { frames: number };
    assert.ok(wav.frames > 0);
    assert.equal(frames, wav.frames);
    assert.equal(existsSync(join(engine.home, '.chronus', 'engine.json')), false);
  });
}
