import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Arg } from '../../engine/control/decode.js';
import { chronusJson, startEngine } from '../helpers/engine.js';
import { ROOT } from '../helpers/root.js';
import { wavSamples } from '../helpers/wav.js';

/** Numbers between 0 and 1, the same for the same seed (Lehmer). */
function random(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const float = (value: number): Arg => ({ type: 'f', value });
const int = (value: number): Arg => ({ type: 'i', value });
const text = (value: string): Arg => ({ type: 's', value });

test('R161, R166, R167, R171, R172: a live take over UDP equals the render of its commands at the frames where they acted, sample for sample', async (t) => {
  const seed = Number(process.env.CHRONUS_SEED ?? Date.now() % 1e6);
  t.diagnostic(`CHRONUS_SEED=${seed}`);
  const next = random(seed);
  const engine = await startEngine(t, { args: ['--voices', '8'] });
  const slot = join(ROOT, 'patterns', 'library', 'original', 'slot_001.json');
  const started = (await engine.request('/record/start', text('live'))) as { path: string };
  engine.send(
    '/seq/add',
    text('bass'),
    text('voice2'),
    text('X.x.x.X.'),
    text('notes=A1 C2 E2'),
    text('gate_frac=0.8'),
  );
  engine.send('/seq/add', text('hat'), text('voice4'), text('x.xx'), float(440), float(6000));
  engine.send('/mod/voice4/osc/type', int(3));
  engine.send('/seq/bpm', float(150));
  engine.send('/seq/start');
  for (let i = 0; i < 300; i++) {
    const voice = 1 + Math.floor(next() * 8);
    const kind = next();
    if (kind < 0.4) engine.send(`/mod/voice${voice}/freq`, float(50 + 900 * next()));
    else if (kind < 0.6) engine.send(`/gate/voice${voice}`, int(next() < 0.5 ? 1 : 0));
    else if (kind < 0.7) engine.send(`/mod/voice${voice}/osc/type`, int(Math.floor(next() * 6)));
    else if (kind < 0.8) engine.send(`/mod/voice${voice}/send/reverb`, float(next()));
    else if (kind < 0.85) engine.send('/mod/dist1/mix', float(next()));
    else if (kind < 0.9) engine.send('/seq/bpm', float(60 + 200 * next()));
    else if (kind < 0.95) engine.send('/mod/acid1/cutoff', float(100 + 4000 * next()));
    else engine.send('/seq/swing', float(0.6 * next()));
    if (i % 10 === 9) await engine.client.sync();
  }
  const copied = join(engine.home, 'patterns', 'slots', 'slot_099.json');
  writeFileSync(copied, readFileSync(slot));
  await engine.request('/pattern/load', int(99), text('now'));
  for (let i = 0; i < 40; i++) {
    engine.send('/mod/voice*/filter/freq', float(100 + 5000 * next()));
    await engine.client.sync();
  }
  const stopped = (await engine.request('/record/stop')) as {
    frames: number;
    lostBlocks: number;
    rmsDb: number;
  };
  assert.equal(stopped.lostBlocks, 0);
  assert.ok(stopped.frames > 4800, `${stopped.frames} frames`);
  assert.ok(stopped.rmsDb > -60, `the take is nearly silent: ${stopped.rmsDb} dB`);
  assert.equal((await engine.stop('SIGINT')).code, 0);

  const again = join(engine.home, 'again.wav');
  const rendered = await chronusJson(['render', started.path, '-o', again, '--home', engine.home]);
  assert.equal(rendered.frames, stopped.frames);
  const [live, offline] = [started.path, again].map(wavSamples) as [Buffer, Buffer];
  assert.equal(live.length, offline.length);
  let first = -1;
  for (let i = 0; i < live.length && first < 0; i++) if (live[i] !== offline[i]) first = i;
  assert.equal(first, -1, `first differing frame ${Math.floor(first / 6)} of ${stopped.frames}`);
});

test('two renders of one slot file are equal bit for bit', async (t) => {
  const engine = await startEngine(t);
  await engine.stop();
  const source = join(ROOT, 'patterns', 'library', 'original', 'slot_002.json');
  const files = ['a.wav', 'b.wav'].map((name) => join(engine.home, name));
  for (const file of files) await chronusJson(['render', source, '--bars', '2', '-o', file]);
  const [a, b] = files.map((file) => readFileSync(file));
  assert.ok(a && b && a.equals(b));
});
