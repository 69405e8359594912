import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { TapWriter } from '../../../engine/shared/tap.js';
import { openWav } from '../../../modules/recorder/wav/wav-reader.js';
import { errorOf, valueOf, warningsOf } from '../../helpers/outcome.js';
import { BLOCK, firstDifference, Player, RATE, readWav, smallTap, studio, until } from './fixtures.js';

const perSecond = RATE / BLOCK;

test('R68 keep saves what has just been played and nothing after it, while other takes go on', async (t) => {
  const { player, recorder, folder } = studio(t);
  player.play(300);
  const running = recorder.start(['song']);
  const keeping = recorder.keep(['1', 'that was good']);
  player.play(50);
  const kept = valueOf(await keeping);
  assert.equal(kept.path, join(folder, 'that was good.wav'));
  const blocks = Math.ceil(perSecond);
  assert.deepEqual([kept.startFrame, kept.frames], [(300 - blocks) * BLOCK, blocks * BLOCK]);
  assert.equal(firstDifference(readWav(kept.path), kept.startFrame), undefined);
  await running;
  assert.equal(recorder.status().takes.length, 1);
  valueOf(await recorder.stop([]));
});

test('keep without words saves all there is; what was never played cannot be kept', async (t) => {
  const { player, recorder, folder } = studio(t);
  errorOf(await recorder.keep([]), 'E_EMPTY');
  assert.deepEqual(readdirSync(folder), []);
  player.play(7);
  const all = await recorder.keep([]);
  assert.deepEqual([valueOf(all).frames, warningsOf(all)], [7 * BLOCK, '']);
  assert.match(warningsOf(await recorder.keep([30])), /30 s of look-back shortened to 0\.04 s/);
});

test('ten keeps at once are ten files', async (t) => {
  const { player, recorder, folder } = studio(t);
  player.play(100);
  const kept = await Promise.all(Array.from({ length: 10 }, () => recorder.keep(['0.1', 'same'])));
  const paths = kept.map((outcome) => valueOf(outcome).path);
  assert.equal(new Set(paths).size, 10);
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('.wav')).length, 10);
});

test('the look-back reaches ten minutes where the tap holds them, and leaves the writer its time', async (t) => {
  const blocks = Math.ceil((630 * RATE) / BLOCK);
  // A tap of ten minutes without its memory: only its counters are looked at before the writer comes up.
  const master = { ...smallTap(1), blocks };
  const from: number[] = [];
  const { recorder } = studio(t, {
    taps: { master },
    lookBackSeconds: 600,
    spawnWriter: (job) => {
      from.push(job.fromBlock);
      const none = { ok: false as const, error: { code: 'E_NONE', got: '', allowed: '', mend: '' } };
      return { opened: Promise.resolve(none), ended: Promise.resolve(none), mark: () => undefined };
    },
  });
  new Player(master, 1_000_000);
  await recorder.start(['x', 'preroll=600']);
  await recorder.start(['y', 'preroll=600.1']);
  assert.deepEqual(from, [1_000_000 - 600 * perSecond]);
});

test('R144 marks become cue points at their frame, and stand in the sidecar; other kinds carry their name', async (t) => {
  const { player, recorder } = studio(t);
  player.play(10);
  const starting = recorder.start(['marked']);
  const second = recorder.start(['b', 'other']);
  player.play(5);
  assert.deepEqual(valueOf(recorder.cue(['the', 'drop'])), {
    text: 'the drop',
    frame: 15 * BLOCK,
    takes: [
      { id: 'main', seconds: (5 * BLOCK) / RATE },
      { id: 'b', seconds: (5 * BLOCK) / RATE },
    ],
  });
  recorder.mark({ kind: 'promoted', frame: 12 * BLOCK, text: 'Slot B leads' });
  await Promise.all([starting, second]);
  player.play(5);
  valueOf(recorder.cue(['only b', 'id=b']));
  player.play(5);
  errorOf(recorder.cue(['x', 'id=nobody']), 'E_IDLE');
  const main = valueOf(await recorder.stop([]));
  const b = valueOf(await recorder.stop(['b']));
  assert.ok('path' in main && 'path' in b);
  const cues = [
    { frame: 2 * BLOCK, label: 'promoted: Slot B leads' },
    { frame: 5 * BLOCK, label: 'the drop' },
  ];
  const read = (path: string) => {
    const file = valueOf(openWav(path));
    file.close();
    return file;
  };
  assert.deepEqual(read(main.path).cues, cues);
  assert.deepEqual(read(b.path).cues, [...cues, { frame: 10 * BLOCK, label: 'only b' }]);
  const { marks } = JSON.parse(readFileSync(`${main.path}.json`, 'utf8')) as { marks: { text: string }[] };
  assert.deepEqual(
    marks.map(({ text }) => text),
    ['Slot B leads', 'the drop'],
  );
  errorOf(recorder.cue(['late']), 'E_IDLE');
});

test('R8 R124 R221 a take that has ended was read back; reply and sidecar say the same of it', async (t) => {
  const { player, recorder } = studio(t, { now: () => new Date(2025, 0, 7, 14, 30, 52, 500) });
  for (const format of ['wav16', 'wav24', 'wav32f']) {
    const from = player.next;
    const starting = recorder.start([format, format]);
    player.play(400);
    await starting;
    const { id, ...reply } = valueOf(await recorder.stop([])) as { id: string; path: string };
    const { path } = reply;
    assert.equal(basename(path), `${format}.wav`);
    const sidecar = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Record<string, unknown>;
    assert.equal(sidecar['verified'], true);
    assert.deepEqual({ ...sidecar, ...reply, id }, { ...sidecar, path });
    const { hashes } = sidecar as { hashes: { list: string[]; perFrames: number } };
    assert.equal(hashes.list.length, Math.ceil((400 * BLOCK) / RATE));
    const file = valueOf(openWav(path));
    file.close();
    assert.equal(file.origin?.timeReference, ((14 * 60 + 30) * 60 + 52) * RATE + RATE / 2);
    assert.equal(file.loudness?.truePeakDbtp, sidecar['truePeakDbtp']);
    assert.equal(sidecar['startFrame'], from * BLOCK);
  }
});

test('the hashes are of what was played: takes of every format and of other starts agree second by second', async (t) => {
  const { player, recorder } = studio(t);
  const starts = ['16', '24', '32'].map((bits) => recorder.start([`id=t${bits}`, `bits=${bits}`]));
  player.play(750);
  await Promise.all(starts);
  const ended = valueOf(await recorder.stop(['all'])) as { takes: { hash: string; hashes: object }[] };
  const [first, ...others] = ended.takes.map(({ hash, hashes }) => ({ hash, hashes }));
  assert.equal(others.length, 2);
  for (const other of others) assert.deepEqual(other, first);
});

test('R15 list shows the takes that run and those in the folder, newest first, damaged sidecars too', async (t) => {
  const { player, recorder, folder } = studio(t);
  player.play(20);
  for (const name of ['one', 'two']) valueOf(await recorder.keep([0.05, name]));
  const starting = recorder.start(['three']);
  player.play(1);
  await starting;
  writeFileSync(join(folder, 'broken.wav.json'), '{"id":');
  const list = valueOf(await recorder.list()) as {
    active: { id: string }[];
    takes: { file: string; seconds?: number; verified?: boolean; unfinished?: boolean }[];
    total: number;
  };
  assert.deepEqual(
    list.active.map(({ id }) => id),
    ['main'],
  );
  assert.equal(list.total, 4);
  const byFile = new Map(list.takes.map((take) => [take.file, take]));
  assert.equal(byFile.get('two.wav')?.verified, true);
  assert.equal(byFile.get('three.wav')?.unfinished, true);
  assert.deepEqual(byFile.get('broken.wav'), { file: 'broken.wav' });
  assert.ok(
    list.takes.findIndex(({ file }) => file === 'two.wav') <
      list.takes.findIndex(({ file }) => file === 'one.wav'),
  );
  await until('the take is under way', () => recorder.status().takes.length === 1);
});

test('R109 a folder into which another process records is refused, with who it is; a dead one is not in the way', async (t) => {
  const { player, recorder, folder } = studio(t);
  player.play(2);
  const lock = join(folder, 'recording.lock');
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = once(other, 'exit');
  writeFileSync(lock, JSON.stringify({ pid: other.pid, run: 'run_x' }));
  const refused = errorOf(await recorder.start(['x']), 'E_LOCKED');
  assert.match(refused.got, new RegExp(`process ${other.pid} .*run_x`));
  assert.deepEqual(readdirSync(folder), ['recording.lock']);
  other.stdin.end();
  await gone;
  valueOf(await recorder.keep(['0.01', 'x']));
  assert.ok(!readdirSync(folder).includes('recording.lock'), 'given back after the last take');
  writeFileSync(lock, JSON.stringify({ pid: spawnSync(process.execPath, ['-e', '']).pid }));
  valueOf(await recorder.keep(['0.01', 'x']));
});

test('R211 nothing is recorded by itself, and every start, refusal and end is told', async (t) => {
  const told: string[] = [];
  const { player, recorder, folder } = studio(t, {
    onChange: ({ id, state, problem }) => told.push(`${id} ${state} ${problem?.code ?? ''}`.trim()),
  });
  player.play(50);
  recorder.mark({ kind: 'late', frame: 1, text: 'x' });
  recorder.report();
  assert.deepEqual([readdirSync(folder), told], [[], []]);
  errorOf(await recorder.start(['x\0y']), 'E_NAME');
  errorOf(await recorder.start(['x', 'mp3']), 'E_FORMAT');
  assert.deepEqual(told, [], 'a refused command changes no state');
  valueOf(await recorder.keep([0.01]));
  assert.deepEqual(told, ['keep STARTING', 'keep RECORDING', 'keep STOPPING', 'keep IDLE']);
});

test('R218 a take that holds nothing but silence says so', async (t) => {
  const { tap, recorder } = studio(t);
  const writer = new TapWriter(tap);
  for (let block = 0; block < 10; block++) writer.write(block, new Float32Array(BLOCK * 2));
  assert.match(warningsOf(await recorder.keep(['quiet'])), /quiet\.wav is silent from beginning to end/);
});

test('R114 R134 sixteen takes run side by side; one more is refused and names them', async (t) => {
  const { player, recorder } = studio(t);
  player.play(1);
  const starts = Array.from({ length: 16 }, (_, i) => recorder.start([`id=t${i}`]));
  assert.match(errorOf(await recorder.start(['id=more']), 'E_BUSY').mend, /t0, t1, .*t15/);
  player.play(4);
  for (const outcome of await Promise.all(starts)) valueOf(outcome);
  const { takes } = valueOf(await recorder.stop(['all'])) as { takes: { frames: number }[] };
  assert.deepEqual(
    takes.map(({ frames }) => frames),
    Array<number>(16).fill(4 * BLOCK),
  );
});

test('what a slow disk lost is put back when the take ends, and the answer says so', async (t) => {
  const asked: [string, number][] = [];
  const { player, recorder } = studio(t, {
    blocks: 64,
    restore: (path, endFrame) => {
      asked.push([path, endFrame]);
      return Promise.resolve({ ok: false, error: { code: 'E_NONE', got: '', allowed: '', mend: '' } });
    },
  });
  const { path } = valueOf(await recorder.start(['slow']));
  player.play(500);
  const ended = valueOf(await recorder.stop([]));
  assert.ok('lostBlocks' in ended && ended.lostBlocks > 0);
  assert.deepEqual(asked, [[path, 500 * BLOCK]]);
  const whole = recorder.start(['fine']);
  await whole;
  player.play(5);
  valueOf(await recorder.stop([]));
  assert.equal(asked.length, 1, 'nothing was lost: nothing to restore');
});

test('R126 R155 a file that is removed, and a folder that is taken away, end the take with an error and nothing else', async (t) => {
  const { player, recorder, folder } = studio(t, {
    restore: () => assert.fail('what lies there is not ours to be completed'),
  });
  // With nothing recorded yet, and with something.
  for (const blocks of [0, 10]) {
    const { path: empty } = valueOf(await recorder.start(['gone']));
    player.play(blocks);
    rmSync(empty);
    writeFileSync(empty, 'mine');
    errorOf(await recorder.stop([]), 'E_GONE');
    assert.deepEqual([readFileSync(empty, 'utf8'), readdirSync(folder)], ['mine', ['gone.wav']]);
    rmSync(empty);
  }
  const { path } = valueOf(await recorder.start(['gone']));
  player.play(10);
  rmSync(path);
  writeFileSync(path, 'somebody else');
  assert.match(errorOf(await recorder.stop([]), 'E_GONE').mend, /chronus render journal/);
  assert.equal(readFileSync(path, 'utf8'), 'somebody else');
  valueOf(await recorder.start(['again']));
  player.play(10);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file now');
  errorOf(await recorder.stop([]), 'E_GONE');
  errorOf(await recorder.start(['x']), 'E_FOLDER');
  rmSync(folder);
  const starting = recorder.start(['back']);
  player.play(1);
  valueOf(await starting);
  valueOf(await recorder.stop([]));
});

test('a mark is for takes that go on, not for what has its end already', async (t) => {
  const { player, recorder } = studio(t);
  player.play(20);
  const keeping = recorder.keep(['0.05']);
  errorOf(recorder.cue(['x']), 'E_IDLE');
  valueOf(await keeping);
});
