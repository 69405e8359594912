import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
  closeSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalPort } from '../../engine/supervisor/journal-port.js';
import { journaled } from '../../engine/supervisor/takes.js';
import { chronus, chronusJson, startEngine } from '../helpers/engine.js';
import { needs } from '../helpers/needs.js';

const HEAD = 1024;

test('R52 R55 R127 R128 R143 R171 R172 a session with promotions, cut off by SIGKILL: verified, repaired, recovered', async (t) => {
  const engine = await startEngine(t, { args: ['--chaos', '--play', 'sunday-house', '--reserve', '0'] });
  const { home } = engine;
  const at = ['--home', home];
  const wide = ['wav16', 'wav24', 'wav32f'];
  for (const format of wide) await engine.request('/record/start', ...texts(format, format, format));
  await slotsReady(engine, 0);
  for (const [i, fault] of ['throw', 'hang'].entries()) {
    engine.send('/chaos/' + fault, ...texts('active'));
    await slotsReady(engine, i + 1);
  }
  for (let i = 0; i < 200; i++) engine.send('/mod/voice1/filter/freq', { type: 'f', value: 200 + i * 20 });
  await engine.request('/record/mark', ...texts('the drop'));
  const ended = (await engine.request('/record/stop', ...texts('all'))) as {
    takes: { path: string; frames: number; startFrame: number }[];
  };
  assert.equal(ended.takes.length, 3);

  // Everything so far, sample by sample, in every format.
  for (const { path, frames } of ended.takes) {
    const verified = await chronusJson(['verify', path, ...at]);
    assert.equal(verified['identical'], true, JSON.stringify(verified));
    assert.equal(verified['comparedFrames'], frames);
  }

  // One sample is damaged: named, and put right.
  const damaged = ended.takes[1]?.path as string;
  const good = readFileSync(damaged);
  const fd = openSync(damaged, 'r+');
  const place = HEAD + 1000 * 6 + 3;
  writeSync(fd, Buffer.from([(good[place] as number) ^ 0x55]), 0, 1, place);
  closeSync(fd);
  const differs = await chronusJson(['verify', 'wav24', ...at], 1);
  const first = differs['firstDifference'] as { frame: number; channel: number };
  assert.deepEqual([first.frame, first.channel, differs['differingFrames']], [1000, 1, 1]);
  const dry = await chronusJson(['repair', 'wav24', '--dry-run', ...at]);
  assert.equal(dry['changedFrames'], 1);
  assert.ok(!readFileSync(damaged).equals(good), 'a dry run changes nothing');
  const said = await chronus(['repair', damaged, ...at]);
  assert.match(said.stdout, /1 .*put right|0\.000 s in it were put right/);
  assert.ok(readFileSync(damaged).subarray(HEAD).equals(good.subarray(HEAD)), 'samples and cues as before');

  // What a slow disk lost, silence, is put back as it is when a take ends.
  const lost = ended.takes[2] as { path: string; frames: number; startFrame: number };
  const float = readFileSync(lost.path);
  const silent = Buffer.from(float).fill(0, HEAD + 2048 * 8, HEAD + 4096 * 8);
  writeFileSync(lost.path, silent);
  const journal = { reached: () => Promise.resolve(true) } as unknown as JournalPort;
  const restored = await journaled(journal, home).restore?.(lost.path, lost.startFrame + lost.frames);
  assert.ok(restored?.ok, JSON.stringify(restored));
  assert.deepEqual([restored.value.frames, restored.value.restoredFrames], [lost.frames, 2048]);
  assert.ok(readFileSync(lost.path).subarray(HEAD).equals(float.subarray(HEAD)));

  // A sidecar that was edited is no reason to write over samples, nor to make up more than was played.
  const sidecarFile = `${lost.path}.json`;
  const facts = JSON.parse(readFileSync(sidecarFile, 'utf8')) as Record<string, unknown>;
  const untouched = readFileSync(lost.path);
  writeFileSync(sidecarFile, JSON.stringify({ ...facts, startFrame: lost.startFrame + 256 }));
  const refused = await chronusJson(['repair', lost.path, ...at], 1);
  assert.equal((refused['error'] as { code: string }).code, 'E_TAKE');
  assert.ok(readFileSync(lost.path).equals(untouched));
  writeFileSync(sidecarFile, JSON.stringify({ ...facts, frames: 1e9 }));
  const bounded = await chronusJson(['repair', lost.path, '--dry-run', ...at]);
  assert.ok((bounded['frames'] as number) < 100 * 48_000, 'no more than the journal knows');
  writeFileSync(sidecarFile, JSON.stringify(facts));

  // While it records it is left alone; then the engine is killed.
  const cut = (await engine.request('/record/start', ...texts('cut'))) as { path: string };
  await engine.request('/record/mark', ...texts('before the end'));
  await framesOf(engine, 24_000);
  assert.equal(
    ((await chronusJson(['repair', cut.path, ...at], 1))['error'] as { code: string }).code,
    'E_BUSY',
  );
  await engine.stop('SIGKILL');
  const opened = spawnSync('sox', ['--i', '-s', cut.path], { encoding: 'utf8' });
  if (!needs('sox', 'sox')) assert.ok(Number(opened.stdout) > 20_000, opened.stderr);
  const copy = join(home, 'copy.wav');
  copyFileSync(cut.path, copy);

  // The next engine completes it by itself and says so.
  const next = await startEngine(t, { home, args: ['--reserve', '0'] });
  const list = await whole(next, 'cut.wav');
  assert.equal(list['unfinished'], undefined);
  const verified = await chronusJson(['verify', cut.path, ...at]);
  assert.equal(verified['identical'], true, JSON.stringify(verified));
  const before = readFileSync(copy);
  const after = readFileSync(cut.path);
  const counted = before.readUInt32LE(HEAD - 4);
  assert.ok(after.readUInt32LE(HEAD - 4) >= counted, 'nothing is lost');
  assert.ok(
    after.subarray(HEAD, HEAD + counted).equals(before.subarray(HEAD, HEAD + counted)),
    'a prefix, bit for bit',
  );
  const sidecar = JSON.parse(readFileSync(`${cut.path}.json`, 'utf8')) as {
    marks: { text: string }[];
    recovered: object;
  };
  assert.ok(
    sidecar.marks.some(({ text }) => text === 'before the end'),
    'marks come from the journal',
  );
  assert.ok(sidecar.recovered);

  // Without a journal only the sizes are made right.
  truncateSync(copy, HEAD + 6 * 1000 + 5);
  writeFileSync(join(home, 'none.txt'), '');
  const sizes = await chronusJson(['repair', copy, ...at]);
  assert.deepEqual([sizes['from'], sizes['frames']], ['sizes', 1000]);
});

function texts(...words: string[]): { type: 's'; value: string }[] {
  return words.map((value) => ({ type: 's', value }));
}

type Engine = Awaited<ReturnType<typeof startEngine>>;

async function slotsReady(engine: Engine, promotions: number): Promise<void> {
  for (;;) {
    const status = (await engine.request('/engine/status')) as {
      slots: { state: string }[];
      promotions: { count: number };
    };
    const states = status.slots.map(({ state }) => state);
    const whole = ['active', 'standby', 'spare'].every((state) => states.includes(state));
    if (whole && status.promotions.count >= promotions) return;
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function framesOf(engine: Engine, frames: number): Promise<void> {
  for (;;) {
    const { takes } = (await engine.request('/record/status')) as { takes: { frames: number }[] };
    if ((takes[0]?.frames ?? 0) >= frames) return;
    await pause();
  }
}

async function whole(engine: Engine, file: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { takes } = (await engine.request('/record/list')) as { takes: Record<string, unknown>[] };
    const take = takes.find((each) => each['file'] === file);
    if (take && take['unfinished'] === undefined) return take;
    await pause();
  }
}
