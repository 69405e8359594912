import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { chronus, chronusJson, startEngine, tempHome } from '../helpers/engine.js';
import { readWholeWav } from '../helpers/wav.js';

test('R3, R5, R6, R125: record start and stop leave a whole WAV file', async (t) => {
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
  const { stderr } = await engine.stop();
  assert.match(
    stderr,
    /Take 'main' records to .*007\.wav\.\n.*Take 'main' has ended: .*007\.wav, \d+\.\d\d s, \d+\.\d\d MB\./s,
  );
  assert.match(
    human.stdout,
    /take\.wav\n {2}[\d.]+ s, [\d.]+ MB, peak -?[\d.]+ dBFS, true peak .* dBTP, loudness .*/,
  );
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`R9: ${signal} ends the engine with code 0, its recordings whole and its home free`, async (t) => {
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

test('R12 R132 /record with the verb as its word; takes on another disk; marks and keep by command', async (t) => {
  const other = await tempHome(t);
  const engine = await startEngine(t, {
    args: ['--recordings', other, '--reserve', '0', '--play', 'first-light'],
  });
  const at = ['--home', engine.home];
  const text = (value: string) => ({ type: 's', value }) as const;
  const { path } = (await engine.request('/record', text('start'), text('on other disk'))) as {
    path: string;
  };
  assert.equal(path, join(other, 'on other disk.wav'));
  const marked = await chronusJson(['record', 'mark', 'the', 'bridge', ...at]);
  assert.equal(marked['text'], 'the bridge');
  assert.match(
    (await chronus(['record', 'list', ...at])).stdout,
    /main: RECORDING, .*\n\n.*: 1 takes\n.*UNFINISHED/,
  );
  await engine.request('/record', text('stop'));
  const kept = await chronusJson(['record', 'keep', '0.5', 'good', 'wav16', ...at]);
  assert.deepEqual([kept['sample'], kept['verified']], ['int16', true]);
  assert.match(
    (await chronus(['record', 'list', ...at])).stdout,
    /: 2 takes\n.*0:00:00 {2}int16 .* LUFS, .* dBTP {2}good\.wav\n.*int24 .*on other disk\.wav\n$/,
  );
  // Verified although neither the take nor its journal lies where the command is given.
  assert.equal((await chronusJson(['verify', path])).identical, true);
  const refused = await chronusJson(['record', 'start', '../../../etc/x\\..\\passwd', ...at]);
  assert.equal(refused['path'], join(other, 'passwd.wav'));
});
