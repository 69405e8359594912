import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { Outcome } from '../../../engine/shared/outcome.js';
import type { StartReply, StopReply, TakeChange } from '../../../modules/recorder/recorder.js';
import type { TakeSummary } from '../../../modules/recorder/take.js';
import { needs } from '../../helpers/needs.js';
import { spawnTakeWriter } from '../../../modules/recorder/writer.js';
import {
  BLOCK,
  countedFrames,
  firstDifference,
  Player,
  RATE,
  HEAD_BYTES,
  readWav,
  studio,
  temporaryFolder,
  until,
} from './fixtures.js';

function good<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

function started(outcome: Outcome<StartReply>): StartReply {
  return good(outcome);
}

function stopped(outcome: Outcome<StopReply>): TakeSummary {
  const value = good(outcome);
  assert.ok('path' in value);
  return value;
}

function code(outcome: Outcome<unknown>): string {
  assert.ok(!outcome.ok, JSON.stringify(outcome));
  assert.ok(outcome.error.mend.length > 10);
  return outcome.error.code;
}

test('R2, R3, R8, R25, R27, R34, R67, R84, R171, R172: a take holds exactly the blocks between start and stop, bit for bit', async (t) => {
  const { player, recorder, folder } = studio(t);
  player.play(3);
  const starting = recorder.start(['first take']);
  player.play(500);
  const start = started(await starting);
  const stopping = recorder.stop([]);
  player.play(5);
  const stop = stopped(await stopping);

  assert.equal(start.path, join(folder, 'first take.wav'));
  assert.equal(start.startFrame, 3 * BLOCK);
  const wav = readWav(stop.path);
  assert.deepEqual(
    [wav.frames, wav.sampleRate, wav.channels, wav.bits, wav.extraBytes],
    [500 * BLOCK, RATE, 2, 24, 0],
  );
  assert.equal(firstDifference(wav, start.startFrame), undefined);
  assert.deepEqual(
    [stop.frames, stop.seconds, stop.bytes, stop.lostBlocks],
    [500 * BLOCK, (500 * BLOCK) / RATE, statSync(stop.path).size, 0],
  );
  assert.equal(stop.peakDb, 0.42);
  assert.equal(stop.rmsDb, -4.35);
  assert.ok(stop.clippedSamples > 0);
});

test('R102 R111 R175 the sidecar tells where and when the take comes from', async (t) => {
  const { player, recorder } = studio(t);
  player.play(2);
  const starting = recorder.start(['b', 'song']);
  player.play(10);
  await starting;
  const { path } = stopped(await recorder.stop(['b']));
  const sidecar = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Record<string, unknown>;
  assert.equal(sidecar['id'], 'b');
  assert.equal(sidecar['run'], 'run_001');
  assert.equal(sidecar['engineVersion'], '9.9.9');
  assert.equal(sidecar['pid'], process.pid);
  assert.deepEqual(
    ['sampleRate', 'channels', 'bits', 'startFrame', 'frames', 'lostBlocks'].map((key) => sidecar[key]),
    [RATE, 2, 24, 2 * BLOCK, 10 * BLOCK, 0],
  );
});

test(
  'R27, R40, R170: sox and ffprobe open the file',
  { skip: needs('sox', 'sox') || needs('ffprobe', 'ffmpeg') },
  async (t) => {
    const { player, recorder } = studio(t);
    const starting = recorder.start([]);
    player.play(100);
    await starting;
    const { path, frames } = stopped(await recorder.stop([]));
    assert.equal(basename(path), 'session_20250107_143052.wav');
    const sox = spawnSync('sox', ['--i', path], { encoding: 'utf8' });
    assert.equal(sox.stderr, '');
    assert.match(sox.stdout, new RegExp(`Precision *: 24-bit[\\s\\S]* ${frames} samples`));
    const probe = spawnSync(
      'ffprobe',
      ['-v', 'warning', '-show_entries', 'stream=codec_name,sample_rate,duration_ts', '-of', 'csv=p=0', path],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(probe.stdout.trim(), `pcm_s24le,${RATE},${frames}`);
  },
);

test('the sidecar names what happened in the time of the take, look-back included, and nothing else', async (t) => {
  const { player, recorder } = studio(t);
  const mark = (block: number): void =>
    recorder.mark({ kind: 'late', frame: block * BLOCK, text: `block ${block}` });
  player.play(20);
  for (const block of [2, 15]) mark(block);
  const starting = recorder.start(['marked', `preroll=${(10 * BLOCK) / RATE}`]);
  player.play(20);
  const { path } = started(await starting);
  for (const block of [25, 39, 40]) mark(block);
  stopped(await recorder.stop([]));
  const { marks } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { marks: { text: string }[] };
  assert.deepEqual(
    marks.map(({ text }) => text),
    ['block 15', 'block 25', 'block 39'],
  );
});

test('a copy made while it records opens and holds what was there', async (t) => {
  const { player, recorder, folder } = studio(t);
  const { path } = started(await recorder.start(['growing']));
  let seen = 0;
  for (let round = 1; round <= 5; round++) {
    player.play(60);
    await until('the header counts the new blocks', () => countedFrames(path) === round * 60 * BLOCK);
    const copy = join(folder, `copy${round}.wav`);
    copyFileSync(path, copy);
    const wav = readWav(copy);
    assert.equal(firstDifference(wav, 0), undefined);
    assert.ok(wav.frames > seen);
    seen = wav.frames;
  }
  await recorder.stop([]);
});

test('R13, R102: two takes at once: each has its own place', async (t) => {
  const { player, recorder } = studio(t);
  const first = recorder.start(['a', 'one']);
  player.play(20);
  const second = recorder.start(['b', 'two']);
  player.play(30);
  const starts = [started(await first), started(await second)];
  const a = stopped(await recorder.stop(['a']));
  player.play(10);
  const b = stopped(await recorder.stop(['b']));
  assert.deepEqual([a.frames, b.frames], [50 * BLOCK, 40 * BLOCK]);
  assert.deepEqual(
    starts.map((start) => start.startFrame),
    [0, 20 * BLOCK],
  );
  assert.equal(firstDifference(readWav(a.path), 0), undefined);
  assert.equal(firstDifference(readWav(b.path), 20 * BLOCK), undefined);
});

test('R44: an equal name never overwrites', async (t) => {
  const { player, recorder, folder } = studio(t);
  writeFileSync(join(folder, 'same.wav'), 'mine');
  const starts = [recorder.start(['a', 'same']), recorder.start(['b', 'same'])];
  player.play(4);
  await Promise.all(starts);
  await recorder.stop(['all']);
  const files = readdirSync(folder).filter((name) => name.endsWith('.wav'));
  assert.deepEqual(files.sort(), ['same.wav', 'same_002.wav', 'same_003.wav']);
  assert.equal(readFileSync(join(folder, 'same.wav'), 'utf8'), 'mine');
});

test('R108 R112 R158 R213 a second start of one id is refused, and the take goes on untouched', async (t) => {
  const { player, recorder, folder } = studio(t);
  const burst = Array.from({ length: 10 }, () => recorder.start([]));
  player.play(8);
  const outcomes = await Promise.all(burst);
  assert.equal(outcomes.filter((outcome) => outcome.ok).length, 1);
  assert.deepEqual(new Set(outcomes.slice(1).map(code)), new Set(['E_BUSY']));
  assert.equal(code(await recorder.start(['again'])), 'E_BUSY');
  const { path, frames } = stopped(await recorder.stop([]));
  assert.equal(frames, 8 * BLOCK);
  assert.deepEqual(readdirSync(folder).sort(), [basename(path), `${basename(path)}.json`]);
});

test('R6, R113: stop while idle is refused and makes no file', async (t) => {
  const { recorder, folder } = studio(t);
  for (const args of [[], ['b'], ['all']]) assert.equal(code(await recorder.stop(args)), 'E_IDLE');
  assert.deepEqual(readdirSync(folder), []);
});

test('R7: stop before a block was played: said so, no empty file left', async (t) => {
  const { recorder, folder } = studio(t);
  const starting = recorder.start([]);
  assert.equal(code(await recorder.stop([])), 'E_EMPTY');
  await starting;
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(code(await recorder.stop([])), 'E_IDLE');
});

test('R220: dur= ends the take by itself, exact to the frame', async (t) => {
  const changes: TakeChange[] = [];
  const { player, recorder } = studio(t, { onChange: (change) => changes.push(change) });
  const starting = recorder.start(['short', 'dur=0.1']);
  player.play(40);
  const { path } = started(await starting);
  await until('the take has ended', () => !recorder.status().recording);
  assert.equal(readWav(path).frames, 4_800);
  assert.equal(firstDifference(readWav(path), 0), undefined);
  const stop = await recorder.stop([]);
  assert.equal(code(stop), 'E_IDLE');
  assert.ok(!stop.ok && stop.error.mend.includes(path));
  assert.deepEqual(
    changes.map(({ state }) => state),
    ['STARTING', 'RECORDING', 'STOPPING', 'IDLE'],
  );
});

test('preroll= brings back what was played before; at most what is there', async (t) => {
  const { player, recorder } = studio(t, { run: { runFolder: 'r', startBlock: 0 } });
  player.play(50);
  const starting = recorder.start(['a', 'back', 'preroll=0.1', 'dur=0.05']);
  const all = recorder.start(['b', 'far', 'preroll=60']);
  player.play(20);
  const start = started(await starting);
  assert.deepEqual([start.startFrame, start.prerollSeconds], [31 * BLOCK, (19 * BLOCK) / RATE]);
  const far = await all;
  assert.equal(started(far).startFrame, 0);
  assert.match(far.ok ? (far.warnings[0] ?? '') : '', /60 s of look-back shortened to 0\.27 s/);
  await until('dur= has ended it', () => recorder.status().takes.length === 1);
  const wav = readWav(start.path);
  assert.equal(wav.frames, 19 * BLOCK + 2_400);
  assert.equal(firstDifference(wav, 31 * BLOCK), undefined);
  assert.equal(stopped(await recorder.stop(['b'])).frames, 70 * BLOCK);
});

test('look-back never reaches before the run or over two thirds of the ring', async (t) => {
  const late = studio(t, { run: { runFolder: 'r', startBlock: 90 }, blocks: 128 });
  const player = new Player(late.tap, 90);
  player.play(10);
  const first = late.recorder.start(['a', 'x', 'preroll=10']);
  player.play(1);
  assert.equal(started(await first).startFrame, 90 * BLOCK);
  player.play(200);
  const second = late.recorder.start(['b', 'y', 'preroll=10']);
  player.play(1);
  assert.equal(started(await second).startFrame, (301 - 85) * BLOCK);
});

test('R69: an overrun is counted, silence keeps the time, what was read is right', async (t) => {
  const { player, recorder } = studio(t, { blocks: 64 });
  const { path } = started(await recorder.start(['over']));
  player.play(10);
  await until('ten blocks are in the file', () => countedFrames(path) === 10 * BLOCK);
  player.play(500);
  const stop = stopped(await recorder.stop([]));
  assert.ok(stop.lostBlocks >= 1, 'at least some of 500 blocks in a burst are lost in a ring of 64');
  const wav = readWav(path);
  assert.equal(wav.frames, 510 * BLOCK);
  const sidecar = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as {
    gaps: { frame: number; frames: number }[];
  };
  const lost = sidecar.gaps.reduce((sum, gap) => sum + gap.frames, 0);
  assert.equal(lost, stop.lostBlocks * BLOCK);
  let at = 0;
  for (const gap of [...sidecar.gaps, { frame: wav.frames, frames: 0 }]) {
    const sound = { ...wav, samples: wav.samples.subarray(at * 2, gap.frame * 2) };
    assert.equal(firstDifference(sound, at), undefined);
    assert.ok(
      wav.samples.subarray(gap.frame * 2, (gap.frame + gap.frames) * 2).every((sample) => sample === 0),
    );
    at = gap.frame + gap.frames;
  }
});

test('R45: a missing folder is made', async (t) => {
  const folder = join(temporaryFolder(t), 'deep', 'recordings');
  const { player, recorder } = studio(t, { recordingsFolder: folder });
  const starting = recorder.start(['x']);
  player.play(1);
  assert.equal(started(await starting).path, join(folder, 'x.wav'));
});

test('R123: a folder that is a file is refused', async (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, '');
  const { recorder } = studio(t, { recordingsFolder: path });
  assert.equal(code(await recorder.start(['x'])), 'E_FOLDER');
  assert.equal(recorder.status().recording, false);
});

const ROOT = process.getuid?.() === 0;
const UNWRITABLE = '/sys/kernel';
const noReadOnly =
  ROOT && !existsSync(UNWRITABLE) && 'runs as root, whom no folder refuses, and there is no /sys';

test('R48: a read-only folder is refused, and the id is free again', { skip: noReadOnly }, async (t) => {
  const folder = ROOT ? UNWRITABLE : temporaryFolder(t);
  if (!ROOT) chmodSync(folder, 0o555);
  const { recorder } = studio(t, { recordingsFolder: folder });
  assert.equal(code(await recorder.start(['x'])), 'E_FOLDER');
  assert.equal(code(await recorder.start(['x'])), 'E_FOLDER');
  assert.equal(code(await recorder.stop([])), 'E_IDLE');
});

test('R155 a full file ends the take, whole, and whoever stops it is told', async (t) => {
  const { player, recorder } = studio(t, {
    spawnWriter: (job, closing) => spawnTakeWriter({ ...job, limitFrames: 1_000 }, closing),
  });
  const starting = recorder.start(['big']);
  player.play(10);
  const { path } = started(await starting);
  await until('the take has ended', () => !recorder.status().recording);
  assert.equal(readWav(path).frames, 1_000);
  assert.match(JSON.stringify(recorder.status().ended[0]), /"state":"ERROR".*E_SIZE/);
  assert.equal(code(await recorder.stop([])), 'E_SIZE');
  assert.equal(code(await recorder.stop([])), 'E_IDLE');
});

test('R16 R17 R18 R105 takes tell how they are, how far, and why they failed', async (t) => {
  const told: string[] = [];
  const { player, recorder } = studio(t, {
    spawnWriter: (job, closing) => spawnTakeWriter({ ...job, limitFrames: 1_000 }, closing),
    publish: (address, args) =>
      told.push([address, ...args.map(({ type, value }) => `${type}:${value}`)].join(' ')),
  });
  recorder.report();
  const starting = recorder.start(['big', 'id=a']);
  player.play(2);
  await starting;
  recorder.report();
  player.play(10);
  await until('the take has ended', () => !recorder.status().recording);
  recorder.report();
  const [first, second, progress, closing, failed, error, ...more] = told;
  const at = 's:2025-01-07T';
  assert.ok(first?.startsWith(`/recording/state s:a s:STARTING ${at}`), first);
  assert.ok(second?.startsWith(`/recording/state s:a s:RECORDING ${at}`), second);
  assert.match(progress ?? '', /^\/recording\/progress s:a f:0(\.\d+)? i:\d+$/);
  assert.ok(closing?.startsWith(`/recording/state s:a s:STOPPING ${at}`), closing);
  assert.ok(failed?.startsWith(`/recording/state s:a s:ERROR ${at}`), failed);
  assert.match(error ?? '', /^\/recording\/error s:a s:E_SIZE s:E_SIZE: got/);
  assert.deepEqual(more, []);
});

test('R4 R9 R14 status counts, stop twice answers twice, stopAll finishes everything', async (t) => {
  const { player, recorder } = studio(t);
  const { path } = started(await recorder.start(['x']));
  player.play(30);
  await until('written', () => countedFrames(path) === 30 * BLOCK);
  await until('told', () => JSON.stringify(recorder.status().takes).includes(`"frames":${30 * BLOCK}`));
  const [take] = recorder.status().takes as Record<string, unknown>[];
  assert.deepEqual(
    [take?.['state'], take?.['blocks'], take?.['waitingBlocks'], take?.['bytes']],
    ['RECORDING', 30, 0, HEAD_BYTES + 46_080],
  );
  const [one, two] = await Promise.all([recorder.stop([]), recorder.stop([])]);
  assert.deepEqual(one, two);
  const again = [recorder.start(['a', 'y']), recorder.start(['b', 'z'])];
  player.play(2);
  await recorder.stopAll();
  await Promise.all(again);
  assert.equal(recorder.status().recording, false);
  assert.equal(recorder.status().ended.length, 3);
});
