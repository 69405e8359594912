/** Taps as they are asked for: by name, of patterns, runs and takes, and of cores that have none. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { succeed } from '../../engine/shared/outcome.js';
import { findTap, tapNames, TAP_LEAD_FRAMES, type TapName } from '../../engine/shared/tap-names.js';
import { CHANNELS } from '../../engine/shared/tap.js';
import { coreUrl } from '../../engine/slot/core-host.js';
import { TapError } from '../../engine/slot/core-taps.js';
import { readSlotFile } from '../../engine/patterns/read-file.js';
import { renderProgram, renderTaps } from '../../engine/supervisor/offline.js';
import { slotProgram, type Program } from '../../engine/supervisor/program.js';
import { tapProgram } from '../../engine/supervisor/tap-program.js';
import { sidecarPath } from '../../modules/recorder/name.js';
import { differsAt, peakOf } from '../helpers/core.js';
import { chronusJson, forEach, startEngine, tempHome } from '../helpers/engine.js';
import { cleanValueOf, errorOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

const SLOT = join(ROOT, 'patterns', 'library', 'factory', '01_first-light.json');
const FORMAT = { sampleRate: 48000, voices: 16, blockFrames: 256 };

async function pattern(frames: number): Promise<Program> {
  const { document } = cleanValueOf(await readSlotFile(SLOT));
  return slotProgram(document, FORMAT, frames, 0);
}

function samplesOf(program: Program): Float32Array {
  const out = new Float32Array(program.frames * CHANNELS);
  let at = 0;
  renderProgram(program, (samples, frames) => {
    out.set(samples, at);
    at += frames * CHANNELS;
  });
  assert.equal(at, out.length);
  return out;
}

/** The samples of a WAV file as they lie in it. */
/** The bytes of the samples; behind them a take may have its cue points. */
function dataOf(path: string): Buffer {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('data') + 8;
  return bytes.subarray(at, at + bytes.readUInt32LE(at - 4));
}

const tapOf = (program: Program, name: string): Program => cleanValueOf(tapProgram(succeed(program), name));

test('R53 R54 R57 an unknown place is refused with the places there are and the nearest', async () => {
  const program = await pattern(4800);
  for (const [wrong, nearest] of [
    ['voice17', 'voice1'],
    ['voice0', 'voice1'],
    ['voice01', 'voice1'],
    ['Voices', 'voices'],
    ['distorsion', 'distortion'],
    ['reverb1', 'reverb'],
    ['buss', 'bus'],
    ['', undefined],
    ['../bus', undefined],
    ['constructor', undefined],
  ] as const) {
    const error = errorOf(tapProgram(succeed(program), wrong), 'E_TAP');
    assert.match(error.allowed, /^master, voices, distortion, reverb, delay, bus, voice1 to voice16$/);
    assert.equal(error.nearest?.[0], nearest, wrong);
  }
  for (const name of tapNames(16)) assert.equal(cleanValueOf(findTap(name, 16)), name);
});

test('R57 R58 R98 a range begun in the middle has the samples of the whole, in every tap at once', async () => {
  const whole = await pattern(9600);
  const names: readonly TapName[] = ['bus', 'master', 'voice2', 'voices', 'reverb'];
  const parts = names.map(() => [] as number[]);
  renderTaps({ ...whole, startFrame: 1000, frames: 5000 }, names, (samples) =>
    samples.forEach((part, i) => parts[i]?.push(...part)),
  );
  for (const [i, name] of names.entries()) {
    const all = samplesOf(tapOf(whole, name));
    assert.equal(parts[i]?.length, 5000 * CHANNELS);
    assert.ok(peakOf(all) > 0, name);
    const first = differsAt(Float32Array.from(parts[i]!), all.subarray(2000, 12000));
    assert.equal(first, -1, `${name}: first differing frame`);
  }
  assert.equal(differsAt(samplesOf(whole), samplesOf(tapOf(whole, 'master'))), -1);
  assert.ok(TAP_LEAD_FRAMES > 160);
});

test('R53 a run made by a core without taps: its master, and an error that says so for all else', async () => {
  const frames = 2400;
  // The core as it was: the same code without these two exports.
  const bytes = readFileSync(coreUrl()).toString('latin1');
  const core = Buffer.from(bytes.replace('tapLatency', 'oldLatency').replace('tapTo', 'oldTo'), 'latin1');
  const old = { ...(await pattern(frames)), core };
  assert.equal(differsAt(samplesOf(tapOf(old, 'master')), samplesOf(await pattern(frames))), -1);
  const error = errorOf(tapProgram(succeed(old), 'voices'), 'E_TAP');
  assert.equal(error.allowed, 'master');
  assert.match(error.mend, /older engine.*another sound/);
  assert.throws(() => samplesOf({ ...old, tap: 'voices' }), TapError);
  assert.throws(() => samplesOf({ ...old, core: readFileSync(coreUrl()), tap: 'voice99' }), /E_TAP/);
});

test('R53 R57 chronus render --tap: of a pattern, a run and a take; bad names make no file', async (t) => {
  const engine = await startEngine(t, { args: ['--voices', '4'] });
  for (const [address, value] of [
    ['/mod/voice2/amp', 0.1],
    ['/mod/voice2/send/reverb', 0.5],
    ['/mod/acid1/voice', 2],
  ] as const)
    engine.send(address, { type: 'f', value });
  engine.send('/gate/voice2', { type: 'i', value: 1 });
  const { path } = (await engine.request('/record/start', { type: 's', value: 'tapped' })) as {
    path: string;
  };
  const reached = async (): Promise<number> =>
    ((await engine.request('/engine/status')) as { frame: number }).frame;
  for (const from = await reached(); (await reached()) < from + 9600;);
  await engine.request('/record/stop');
  await engine.stop();
  const { run } = JSON.parse(readFileSync(sidecarPath(path), 'utf8')) as { run: string };

  const out = (name: string): string => join(engine.home, `${name}.wav`);
  const render = (source: string, tap: string, name: string, code = 0): Promise<Record<string, unknown>> =>
    chronusJson(['render', source, '--tap', tap, '-o', out(name), '--home', engine.home], code);
  const jobs: readonly (() => Promise<unknown>)[] = [
    () => render(path, 'bus', 'bus'),
    () => render(run, 'voice2', 'run'),
    async () => {
      const { error } = (await render(path, 'voice5', 'wrong', 2)) as { error: { allowed: string } };
      assert.match(error.allowed, /voice1 to voice4$/);
    },
    async () => {
      const home = await tempHome(t);
      const said = await chronusJson(['render', SLOT, '--bars', '0.125', '--tap', 'distortion', '-o', home]);
      assert.equal(said['tap'], 'distortion');
      assert.equal(said['path'], join(home, '01_first-light_distortion.wav'));
    },
  ];
  await forEach(jobs, async (job) => void (await job()));
  assert.ok(!existsSync(out('wrong')));
  const take = dataOf(path);
  assert.ok(take.length > 4800 && take.some((byte) => byte !== 0));
  assert.ok(take.equals(dataOf(out('bus'))), 'below the ceiling the bus is the take');
  const voice = dataOf(out('run'));
  assert.ok(voice.length > take.length && voice.some((byte) => byte !== 0), 'the voice of the run');
});
