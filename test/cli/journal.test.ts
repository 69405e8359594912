/** chronus journal and chronus render of a part, with the journal of a real engine. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRun, segmentFile } from '../../engine/supervisor/journal-file.js';
import { renderProgram } from '../../engine/supervisor/offline.js';
import { runProgram } from '../../engine/supervisor/run-program.js';
import { chronus, chronusJson, startEngine, tempHome } from '../helpers/engine.js';
import { mark, runFolder } from '../helpers/journal.js';

interface CommandLine {
  readonly frame: number;
  readonly by: string;
  readonly text: string;
}

test('R56 R130 a run of a real engine: who played what when, status, and any part rendered faster than real time', async (t) => {
  const engine = await startEngine(t, { args: ['--voices', '8', '--play', 'first-light'] });
  engine.send('/mod/voice1/filter/freq', { type: 'f', value: 1234.5 });
  engine.send('/gate/voice2', { type: 'i', value: 1 });
  await engine.client.sync();
  interface Status {
    frame: number;
    journal_status: { segment: number; bytes: number; state: string };
  }
  let status = (await engine.request('/engine/status')) as Status;
  while (status.frame < 72_000) status = (await engine.request('/engine/status')) as Status;
  assert.equal(status.journal_status.state, 'ok');
  assert.equal(status.journal_status.segment, 1);
  assert.ok(status.journal_status.bytes > 1000);
  // While it plays.
  const live = await chronusJson(['journal', '--home', engine.home]);
  assert.equal((live['runs'] as { problems: number }[])[0]?.problems, 0);
  await engine.stop();

  const [name = ''] = readdirSync(join(engine.home, 'journal'));
  const folder = join(engine.home, 'journal', name);
  const about = await chronusJson(['journal', name, '--home', engine.home]);
  assert.deepEqual(about['problems'], []);
  assert.equal((about['info'] as { seed: number }).seed, 0);
  const notes = (about['notes'] as { note: Record<string, unknown> }[]).map(({ note }) => note);
  const players = notes.filter(({ kind }) => kind === 'player');
  assert.ok(players.length >= 1);
  assert.ok(notes.filter(({ kind }) => kind === 'clock').length >= 2, 'at the start and at the end');
  const all = await chronusJson(['journal', name, '--home', engine.home, '--commands']);
  const lines = all['commands'] as CommandLine[];
  const set = lines.find(({ text }) => text === 'voice1/filter/freq 1234.5');
  assert.ok(set && set.by === players[0]?.['name'] && set.frame % 256 === 0, JSON.stringify(set));
  assert.ok(lines.some(({ text }) => text.startsWith('gate voice2 on')));
  assert.ok(lines.some(({ by, text }) => by === 'engine' && text.startsWith('load ')));
  const said = await chronus(['journal', name, '--home', engine.home, '--commands']);
  assert.ok(said.stdout.includes(`${set.frame}  ${set.by}  voice1/filter/freq 1234.5\n`));

  // Any part is the same samples as in the whole.
  const run = readRun(folder);
  const whole: Float32Array[] = [];
  renderProgram(runProgram(run), (samples) => void whole.push(samples.slice()));
  const samples = new Float32Array(whole.reduce((sum, { length }) => sum + length, 0));
  whole.reduce((at, block) => (samples.set(block, at), at + block.length), 0);
  for (const [startFrame, frames] of [
    [0, 1],
    [300, 5000],
    [24_001, 20_000],
    [run.blocks * 256 - 777, 777],
  ] as const) {
    let at = 2 * startFrame;
    renderProgram(runProgram(run, { startFrame, frames }), (part) => {
      assert.deepEqual(part, samples.slice(at, at + part.length));
      at += part.length;
    });
    assert.equal(at, 2 * (startFrame + frames));
  }
  const out = join(engine.home, 'part.wav');
  const part = await chronusJson(['render', folder, '--from', '0.5', '--to', '1.25', '-o', out]);
  assert.equal(part['frames'], 36_000);
  assert.ok((part['realTimeFactor'] as number) > 1, `${part['realTimeFactor'] as number} times real time`);
  for (const [from, to] of [
    ['1', '1'],
    ['2', '1'],
    ['0', '99999'],
    ['-1', '1'],
    ['x', '1'],
  ] as const) {
    const refused = await chronusJson(['render', folder, '--from', from, '--to', to, '-o', out], 2);
    assert.equal((refused['error'] as { code: string }).code, 'E_OPTION', `${from} to ${to}`);
  }
});

test('chronus journal: no run, no such run, another format, damage', async (t) => {
  const home = await tempHome(t);
  assert.deepEqual((await chronusJson(['journal', '--home', home]))['runs'], []);
  const none = await chronusJson(['journal', 'run_x', '--home', home], 1);
  assert.equal((none['error'] as { code: string }).code, 'E_RUN');
  const damaged = await runFolder(t, [mark(5)]);
  writeFileSync(join(damaged, segmentFile(1)), Buffer.from('no journal at all, but long enough for a head'));
  const told = await chronus(['journal', damaged]);
  assert.equal(told.code, 0);
  assert.match(told.stdout, /can be rendered: nothing/);
  assert.match(told.stdout, /E_JOURNAL: commands_0001\.bin is damaged at byte 0/);
  writeFileSync(join(damaged, 'run.json'), readFileSync(join(damaged, 'run.json'), 'utf8').replace('2', '3'));
  const other = await chronusJson(['journal', damaged], 1);
  assert.equal((other['error'] as { code: string }).code, 'E_JOURNAL_FORMAT');
});
