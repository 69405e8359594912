import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, type Synth } from '../../client/index.js';
import { offline } from '../../client/offline.js';
import { COMMAND_KINDS, ENTRY_WORDS, WHENS } from '../../engine/shared/command.js';
import { readRun } from '../../engine/supervisor/journal-file.js';
import { readTake, type Sound } from '../../scripts/pieces/measure.js';
import type { Piece } from '../../scripts/pieces/piece.js';
import { playPiece } from '../../scripts/pieces/piece.js';
import { startEngine } from '../helpers/engine.js';

const RATE = 48000;
const BLOCK = 256;
/** How far a time tag may miss its frame against the start of the piece: the clock of the engine is a filter over system time. */
const JITTER_MS = 20;

/** Everything at once: tracks, locks, a ramp, notes and parameters at their times, a slot saved and loaded at its bar. */
const SHORT: Piece = {
  name: 'short',
  doc: 'for tests',
  bpm: 280,
  bars: 3,
  hits: { bars: [], steps: [] },
  async prepare(synth) {
    synth.acid.set({ voice: 0 });
    synth.seq.seed(7);
    await synth.seq.add('kick', 'voice1', 'X?80.x*3.X(3,8)', { base_freq: 55 });
    await synth.seq.lock('kick', 2, 'filter/freq', 3000);
  },
  async play(stage) {
    const { synth } = stage;
    await stage.bar(1);
    stage.tempo(300, 4);
    await synth.pattern.save(100, 'short');
    stage.at(0, () => synth.note('poly', 'C4', { beats: 2 }));
    stage.at(6, () => synth.voice(3).set({ pan: 0.5, freq: 330 }));
    await stage.bar(2);
    synth.seq.mute('kick', true, { at: 'bar' });
    stage.at(9, () => synth.note(5, 'E4', { velocity: 1 }));
    await synth.pattern.load(100);
    stage.at(12, () => synth.note('poly', 'G4', { beats: 1 }));
  },
};

interface Command {
  readonly what: string;
  readonly when: string;
  /** Frame at which it acts, or at which it began to wait for its step or bar. */
  readonly frame: number;
}

function commandsOf(words: Int32Array, block: number): Command[] {
  return Array.from({ length: words.length / ENTRY_WORDS }, (_, i) => {
    const entry = words.slice(i * ENTRY_WORDS, (i + 1) * ENTRY_WORDS);
    const kind = COMMAND_KINDS[(entry[0] ?? 0) & 255] ?? '';
    const when = kind === 'stage' ? 'now' : (WHENS[((entry[0] ?? 0) >> 8) & 255] ?? '');
    const frame = when === 'frame' ? new Float64Array(entry.buffer, 16, 1)[0] : block * BLOCK;
    if (when === 'frame') entry.fill(0, 4, 6);
    // Whoever sent it: players are numbered as they come.
    return { what: `${kind} ${entry.slice(1).join(' ')}`, when, frame: frame ?? NaN };
  });
}

/** From the start of the sequencer on; frames count from there. */
function sinceStart(commands: readonly Command[]): Command[] {
  const start = commands.findIndex(({ what, when }) => what.startsWith('transport') && when === 'frame');
  assert.ok(start >= 0);
  const from = commands[start]?.frame ?? NaN;
  return commands.slice(start).map((command) => ({ ...command, frame: command.frame - from }));
}

/** From the first sample that is not silent. */
function fromFirst({ left, right }: Sound): Sound {
  const at = left.findIndex((x, i) => x !== 0 || right[i] !== 0);
  return { sampleRate: RATE, left: left.subarray(at), right: right.subarray(at) };
}

/** Tracks, locks, chance, ratchets, a ramp; begun at once, at the edge of a block, as the grid of coefficients is. */
async function sequenced(synth: Synth, seconds: number): Promise<Sound> {
  synth.acid.set({ voice: 0 });
  synth.lfo('*').set({ depth: 0 });
  synth.seq.seed(3);
  await synth.seq.add('kick', 'voice1', 'X.x?50.X*3.x', { base_freq: 55, length: 12 });
  await synth.seq.add('lead', 'voice2', 'x_.x(5,8)', { notes: 'A3 C4 E4', division: '4/3' });
  await synth.seq.lock('lead', 3, 'filter/freq', 4000);
  await synth.seq.bpm(200);
  await synth.record.start('seq');
  await synth.clock.until(synth.clock.now() + 100);
  await synth.seq.start();
  synth.seq.ramp(240, 8, { at: 'bar' });
  await synth.clock.until(synth.clock.now() + 1000 * seconds);
  const take = await synth.record.stop<{ path: string }>();
  return readTake(take.path);
}

test('live over UDP and offline: sequenced music to the sample, a piece by the same commands at the same times', async (t) => {
  const engine = await startEngine(t);
  const live = await connect({ home: engine.home });
  t.after(() => live.close());
  const rendered: Command[] = [];
  const still = await offline({ onCommands: (words, block) => rendered.push(...commandsOf(words, block)) });
  t.after(() => still.close());
  const problems: string[] = [];
  for (const synth of [live, still]) {
    synth.on('error', ({ message }) => problems.push(message));
    synth.on('warning', (address, sentence) => problems.push(`${address} ${sentence}`));
  }

  const a = fromFirst(await sequenced(live, 1.3));
  const b = fromFirst(await sequenced(still, 2));
  const frames = Math.min(a.left.length, b.left.length);
  assert.ok(frames > RATE, `${frames} frames`);
  const first = a.left.findIndex((x, i) => i < frames && (x !== b.left[i] || a.right[i] !== b.right[i]));
  assert.equal(first, -1, `first difference at frame ${first} of ${frames}`);

  for (const synth of [live, still]) await playPiece(synth, SHORT, { tailSeconds: 0.1 });
  live.close();
  await engine.stop();
  const [run = ''] = readdirSync(join(engine.home, 'journal'));
  const blocks = [...readRun(join(engine.home, 'journal', run)).commands].sort(([x], [y]) => x - y);
  sameCommands(
    t,
    sinceStart(blocks.flatMap(([block, words]) => commandsOf(words, block))),
    sinceStart(rendered),
  );
  assert.deepEqual(problems, []);
});

function sameCommands(t: TestContext, live: readonly Command[], still: readonly Command[]): void {
  const said = ({ what, when }: Command): string => `${what} ${when}`;
  assert.deepEqual(live.map(said), still.map(said));
  const off = (i: number): number => Math.abs((live[i]?.frame ?? NaN) - (still[i]?.frame ?? NaN));
  const places = (kind: string): number[] => live.flatMap(({ when }, i) => (when === kind ? [i] : []));
  const timed = places('frame');
  assert.ok(timed.length >= 6, `${timed.length} with a time`);
  const worst = Math.max(...timed.map(off));
  t.diagnostic(`${timed.length} commands with a time, the worst ${worst} frames off`);
  assert.ok(worst <= (JITTER_MS * RATE) / 1000, `${worst} frames`);
  // What waits for its bar came within the same one, and so acted at the same frame; a bar has 0.8 s.
  const waiting = places('bar');
  assert.ok(waiting.length >= 3, `${waiting.length} for the bar`);
  for (const i of waiting) assert.ok(off(i) < 0.35 * RATE, `${live[i]?.what ?? ''}: ${off(i)} frames`);
}
