/** A whole song of datagrams through the control plane into a core, in virtual time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { SONG, SONG_PATH, songText, type Timed } from '../../scripts/fixtures-song.js';
import { onsets } from '../helpers/audio.js';
import { differsAt, LATENCY, openRig, peakOf, RATE, side } from '../helpers/core.js';
import { ROOT } from '../helpers/root.js';
import { createDesk } from './desk.js';

const BLOCK = 256;
const FRAMES_PER_MS = RATE / 1000;
/** The rise of the kick to a hundredth of its peak. */
const RISE_FRAMES = 24;

const text = readFileSync(join(ROOT, SONG_PATH), 'utf8');
const song = JSON.parse(text) as Timed[];

interface Played {
  readonly out: Float32Array;
  /** Commands in the log. */
  readonly commands: number;
  /** Answers, by address and code. */
  readonly answers: ReadonlyMap<string, number>;
}

/** The whole song, played once for each number of voices. */
const whole = new Map<number, Promise<Played>>();

function playSong(voices: number): Promise<Played> {
  const played = whole.get(voices) ?? play(song, voices);
  whole.set(voices, played);
  return played;
}

/** What was sent before a block begins acts at its edge, as live. */
async function play(messages: readonly Timed[], voices: number): Promise<Played> {
  const desk = createDesk(voices);
  const rig = openRig({ voices });
  const blocks = Math.ceil((SONG.end * FRAMES_PER_MS) / BLOCK);
  const out = new Float32Array(2 * blocks * BLOCK);
  let next = 0;
  for (let block = 0; block < blocks; block++) {
    const from = desk.sink.position();
    while (next < messages.length && firstBlock(messages[next]?.[0] as number) <= block)
      desk.sendBytes(Buffer.from(messages[next++]?.[1] as string, 'base64'));
    const entries = desk.sink.entries.slice(from);
    assert.ok(entries.every(({ when }) => when.at === 'now'));
    if (entries.length > 0) rig.now(...entries.map(({ command }) => command));
    out.set(rig.render(BLOCK), 2 * block * BLOCK);
  }
  const answers = new Map<string, number>();
  for (const line of await desk.answers()) {
    const key = line.split(' | ').slice(0, 2).join(' ');
    answers.set(key, (answers.get(key) ?? 0) + 1);
  }
  desk.close();
  return { out, commands: desk.sink.position(), answers };
}

function firstBlock(ms: number): number {
  return Math.ceil((ms * FRAMES_PER_MS) / BLOCK);
}

/** Frames at which the kick begins between two times, every four steps from the start on. */
function kicks(startMs: number, bpm: number, fromMs: number, toMs: number): number[] {
  const start = firstBlock(startMs) * BLOCK;
  const all: number[] = [];
  for (let beat = 0; ; beat++) {
    const frame = start + Math.ceil((beat * 60 * RATE) / bpm);
    if (frame >= toMs * FRAMES_PER_MS) return all;
    if (frame >= fromMs * FRAMES_PER_MS) all.push(frame + LATENCY);
  }
}

function heard({ out }: Played, fromMs: number, toMs: number): number[] {
  const from = fromMs * FRAMES_PER_MS;
  const part = side(out).subarray(from, toMs * FRAMES_PER_MS);
  return onsets(part, 0.01, RATE / 20).map((frame) => frame + from);
}

function assertOnsets(found: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(
    found.length,
    expected.length,
    `${what}: ${found.length} onsets instead of ${expected.length}`,
  );
  for (const [i, frame] of expected.entries()) {
    const late = (found[i] as number) - frame;
    assert.ok(late >= 0 && late <= RISE_FRAMES, `${what}: onset ${i} is ${late} frames behind ${frame}`);
  }
}

test('the committed song is the one of the script', () => assert.equal(text, songText()));

test('a song on eight voices and on four: every kick at its frame, through updates, sweeps, a restart and the death of its client', async () => {
  assert.ok(song.length > 800, `${song.length} messages`);
  for (const voices of [8, 4]) {
    const played = await playSong(voices);
    const what = `${voices} voices`;
    assert.ok(Number.isFinite(peakOf(played.out)));
    assertOnsets(heard(played, 0, SONG.full), kicks(SONG.start, 128, 0, SONG.full), `${what}, opening`);
    // The tails of what was removed are over after a second.
    const bare = SONG.bare + 1000;
    assertOnsets(heard(played, bare, SONG.rest), kicks(SONG.start, 128, bare, SONG.rest), `${what}, bare`);
    assertOnsets(
      heard(played, SONG.again, SONG.end),
      kicks(SONG.again, 140, SONG.again, SONG.end),
      `${what}, again`,
    );
    const loud = side(played.out).subarray(12_000 * FRAMES_PER_MS, 20_000 * FRAMES_PER_MS);
    assert.ok(peakOf(loud) > 0.3, 'all of them together');
    assert.ok((played.answers.get('/warn /mod/acid1/cutoff') ?? 0) > 20, 'sweeps beyond the range are told');
    assert.equal(played.answers.get('/error E_ROUTE'), 1, '/mod/voice1/wave');
    const lacking = [...played.answers].filter(([key]) => key === '/error E_VOICE');
    assert.deepEqual(lacking, voices === 8 ? [] : [['/error E_VOICE', 16]]);
  }
});

test('what is sent to voices the engine lacks changes no sample', async () => {
  const extra = /voice[5-8]|extra/;
  const without = song.filter(([, base64]) => !extra.test(Buffer.from(base64, 'base64').toString('latin1')));
  assert.ok(song.length - without.length > 20);
  const [all, four] = [await playSong(4), await play(without, 4)];
  assert.equal(differsAt(all.out, four.out), -1);
  assert.notEqual(differsAt((await playSong(8)).out, all.out), -1, 'an engine with eight voices plays them');
});
