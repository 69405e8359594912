import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEngine, tempHome } from '../helpers/engine.js';
import { readWholeWav } from '../helpers/wav.js';
import { ROOT } from '../helpers/root.js';
import { clientDocs } from '../../scripts/generate/client-docs.js';

/** Lines that are right, and lines that must not be. */
const TYPES = `
import { connect, ChronusError, type Synth, type Command } from 'music-chronus';
import { offline } from 'music-chronus/offline';
export async function right(): Promise<void> {
  const synth: Synth = await connect({ host: '127.0.0.1', port: 5005, transport: 'tcp' });
  const command: Command = synth.seq.mute('bass', false, { at: 'bar' });
  const warnings: readonly string[] = await command;
  const bpm: number = await synth.seq.bpm();
  const type: string | number = await synth.voice(1).get('osc/type');
  const end: () => void = synth.on('/seq/step', ([step]) => console.log(step, warnings, bpm, type));
  synth.on('error', (error: ChronusError) => console.log(error.code, error.nearest));
  synth.note('poly', 60, { velocity: 1, beats: 2 });
  await synth.record.start('a', { preroll: 2 });
  synth.lfo(1).set({ target: 'voice1/pan', shape: 'square' });
  synth.acid.gate();
  end();
  await offline({ voices: 4 });
}
export async function wrong(synth: Synth): Promise<void> {
  // @ts-expect-error no such waveform
  synth.voice(1).set({ 'osc/type': 'sawtooth' });
  // @ts-expect-error no such parameter
  synth.voice(1).set({ cutoff: 800 });
  // @ts-expect-error a number
  synth.reverb.set({ mix: 'wet' });
  // @ts-expect-error no such time
  synth.seq.add('a', 'voice1', 'x', { at: 'beat' });
  // @ts-expect-error no such key
  synth.seq.add('a', 'voice1', 'x', { tone: 3 });
  // @ts-expect-error a pattern is missing
  synth.seq.add('a', 'voice1');
  // @ts-expect-error no such route
  synth.seq.begin();
  // @ts-expect-error no such event
  synth.on('step', () => {});
  // @ts-expect-error a reverb has no gate
  synth.reverb.gate();
}
`;

test('another package: the types hold in strict mode, and the example of docs/client.md plays', async (t) => {
  const folder = await tempHome(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', 'music-chronus'));
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(clientDocs()) ?? [];
  assert.equal(
    readFileSync(join(ROOT, 'docs/client.md'), 'utf8'),
    clientDocs(),
    'out of date: npm run generate',
  );
  writeFileSync(join(folder, 'types.mts'), TYPES);
  writeFileSync(join(folder, 'example.mts'), example);
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = [
    '--strict',
    '--module',
    'node16',
    '--moduleResolution',
    'node16',
    '--target',
    'es2022',
    '--lib',
    'es2023',
  ];
  const types = ['--typeRoots', join(ROOT, 'node_modules', '@types'), '--types', 'node'];
  const checked = spawnSync(process.execPath, [tsc, ...flags, ...types, 'types.mts', 'example.mts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(checked.status, 0, checked.stdout);

  const engine = await startEngine(t);
  const ran = spawnSync(process.execPath, ['example.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CHRONUS_HOME: engine.home },
  });
  assert.equal(ran.status, 0, ran.stderr);
  assert.equal(ran.stderr, '');
  const take = readWholeWav(ran.stdout);
  assert.ok(take.frames > 12_000 && !take.silent, `${take.frames} frames`);
});
