import assert from 'node:assert/strict';
import test from 'node:test';
import { findPath } from '../../engine/registry/address.js';
import { Session, type By } from '../../engine/control/session.js';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { floatBits, STAGE_WORDS, type Command } from '../../engine/shared/command.js';
import { encodeTrack, PLAIN_TRACK, TRACK_HEADER, TRACKS, type Track } from '../../engine/shared/track.js';
import { succeed } from '../../engine/shared/outcome.js';
import { errorOf, valueOf } from '../helpers/outcome.js';
import { LogSink } from './desk.js';

const by: By = { source: 3 };
const address = (path: string): number => findPath(path)?.address ?? -1;
const track = (id: string, voice = 1, more: Partial<Track> = {}): Track => ({
  ...{ id, voice, pattern: 'X...', notesHz: [], accentBoostHz: 1500, gateFrac: 0.5, noteIndex: 0 },
  ...PLAIN_TRACK,
  ...more,
});

function session(voices = 4): { sink: LogSink; session: Session } {
  const sink = new LogSink();
  return { sink, session: new Session(sink, voices) };
}

/** The words of the last edit, from its stage entries. */
function staged(commands: readonly Command[]): number[] {
  const words: number[] = [];
  for (const command of commands) {
    if (command.kind === 'stage') command.words.forEach((word, i) => (words[command.offset + i] = word));
  }
  return words;
}

test('last writer wins: a value set by hand is no longer given by the tracks of that voice', () => {
  const { sink, session: s } = session();
  s.addTrack(track('a', 1, { baseAmp: 0.5, filterFreqHz: 800 }), by);
  s.addTrack(track('b', 1, { baseAmp: 0.7 }), by);
  s.addTrack(track('c', 2, { baseAmp: 0.9 }), by);
  const from = sink.position();
  s.setParam(address('voice1/amp'), 0.25, by);
  assert.deepEqual(sink.commands().slice(from), [
    { kind: 'forget', track: 0, fields: 2 },
    { kind: 'forget', track: 1, fields: 2 },
    { kind: 'set', address: address('voice1/amp'), value: 0.25 },
  ]);
  const [a, b, c] = s.snapshot().sequencer.tracks;
  assert.equal(a?.baseAmp, undefined);
  assert.equal(a?.filterFreqHz, 800);
  assert.equal(b?.baseAmp, undefined);
  assert.equal(c?.baseAmp, 0.9);
  s.setParam(address('voice1/amp'), 0.5, by);
  assert.equal(sink.position(), from + 4, 'nothing is left to forget');
  s.setParam(address('acid1/cutoff'), 900, by);
  assert.equal(sink.position(), from + 5, 'acid1/cutoff belongs to no track');
});

test('last writer wins, the other way round: a track that plays writes what it was given into its voice', () => {
  const { session: s } = session();
  s.setParam(address('voice1/amp'), 0.25, by);
  s.addTrack(track('a', 1, { baseAmp: 0.5, baseFreqHz: 110 }), by);
  assert.equal(s.getParam(address('voice1/amp')), 0.25, 'it has not played yet');
  s.transport(true, by);
  assert.equal(s.getParam(address('voice1/amp')), 0.5);
  assert.equal(s.getParam(address('voice1/freq')), 440, 'the pitch belongs to the note');
  s.setParam(address('voice1/amp'), 0.75, by);
  s.addTrack(track('a', 1, { baseAmp: 0.125 }), by);
  assert.equal(s.getParam(address('voice1/amp')), 0.125);
});

test('a track edit is one append: its words, then the commit', () => {
  const { sink, session: s } = session();
  const kick = track('kick', 1, { pattern: 'X...x...X...x...', notesHz: [55, 110], baseFreqHz: 55 });
  s.addTrack(kick, by);
  const words = encodeTrack(kick);
  const commands = sink.commands();
  assert.equal(commands.length, Math.ceil(words.length / STAGE_WORDS) + 1);
  assert.deepEqual(staged(commands), words);
  assert.deepEqual(commands.at(-1), { kind: 'commitTrack', track: 0, words: words.length });
  assert.ok(sink.entries.every(({ source, when }) => source === 3 && when.at === 'now'));
});

test('a replaced track keeps its place and its turn; a removed one frees its place', () => {
  const { sink, session: s } = session();
  for (const id of ['a', 'b', 'c']) s.addTrack(track(id), by);
  s.removeTrack('a', by);
  s.addTrack(track('b', 2), by);
  s.addTrack(track('d'), by);
  const places = sink
    .commands()
    .flatMap((command) => (command.kind === 'commitTrack' ? [command.track] : []));
  assert.deepEqual(places, [0, 1, 2, 1, 0]);
  assert.deepEqual(
    s.snapshot().sequencer.tracks.map(({ id }) => id),
    ['b', 'c', 'd'],
  );
  assert.equal(valueOf(s.removeTrack('nobody', by)), false);
});

test('the 129th track is refused', () => {
  const { session: s } = session();
  for (let i = 0; i < TRACKS; i++) valueOf(s.addTrack(track(`t${i}`), by));
  errorOf(s.addTrack(track('more'), by), 'E_TRACKS');
  valueOf(s.addTrack(track('t5', 2), by));
});

test('a new pattern goes on in the note list, new notes begin it again', () => {
  const { sink, session: s } = session();
  s.addTrack(track('a', 1, { notesHz: [55, 110, 220], noteIndex: 1 }), by);
  const index = TRACK_HEADER.indexOf('noteIndex');
  let from = sink.position();
  s.editTrack('a', by, (a) => succeed({ ...a, pattern: 'xx' }));
  assert.equal(staged(sink.commands().slice(from))[index], -1);
  from = sink.position();
  s.editTrack('a', by, (a) => succeed({ ...a, notesHz: [330], noteIndex: 0 }), {});
  assert.equal(staged(sink.commands().slice(from))[index], 0);
  const [a] = s.snapshot().sequencer.tracks;
  assert.deepEqual([a?.pattern, a?.notesHz, a?.noteIndex], ['xx', [330], 0]);
  assert.equal(valueOf(s.editTrack('nobody', by, succeed)), undefined);
});

test('tempo is kept to a thousandth; start while it runs is nothing, stop is always something', () => {
  const { sink, session: s } = session();
  assert.equal(valueOf(s.tempo(123.4567, by)), 123.457);
  s.transport(false, by);
  s.transport(true, by);
  s.transport(true, by);
  s.panic(by);
  s.transport(false, by);
  assert.deepEqual(sink.commands(), [
    { kind: 'tempo', milliBpm: 123457 },
    { kind: 'transport', running: false },
    { kind: 'transport', running: true },
    { kind: 'panic' },
    { kind: 'transport', running: false },
  ]);
});

const document = (more: Partial<SlotDocument> = {}): SlotDocument => ({
  sequencer: {
    bpm: 174,
    swing: 0.05,
    running: true,
    globalStep: 19,
    tracks: [track('x', 9), track('y', 2, { baseAmp: 0.5 })],
  },
  params: new Map<string, number | string>([
    ['voice1/amp', 0.5],
    ['voice9/amp', 0.9],
    ['lfo1/target', 'voice3/pan'],
    ['lfo2/target', 'voice9/pan'],
  ]),
  ...more,
});

test('a load while the sequencer stands acts now: parameters of missing voices are left out, their tracks stay', () => {
  const { sink, session: s } = session(4);
  assert.deepEqual(valueOf(s.load(document(), false, by)), { at: 'now' });
  assert.deepEqual(sink.entries.at(-1)?.when, { at: 'now' });
  const words = staged(sink.commands());
  assert.deepEqual(words.slice(0, 6), [1, 174000, floatBits(0.05), 1, 2, 3]);
  const { params, sequencer } = s.snapshot();
  assert.equal(params.get('voice1/amp'), 0.5);
  assert.equal(params.has('voice9/amp'), false);
  assert.equal(params.get('lfo1/target'), 'voice3/pan');
  assert.equal(params.get('lfo2/target'), 'none');
  assert.equal(params.get('voice2/amp'), 0.5, 'track y plays and gives it');
  assert.deepEqual(
    sequencer.tracks.map(({ id }) => id),
    ['x', 'y'],
  );
  assert.equal(sequencer.bpm, 174);
  assert.equal(s.running, true);
});

test('a load waits for the bar; until then the mirror is as before, then later writes stand', () => {
  const { sink, session: s } = session(4);
  s.addTrack(track('old', 1), by);
  s.transport(true, by);
  assert.deepEqual(valueOf(s.load(document(), false, by)), { at: 'bar' });
  assert.deepEqual(sink.entries.at(-1)?.when, { at: 'bar' });
  assert.equal(s.loadPending, true);
  assert.equal(s.snapshot().sequencer.tracks[0]?.id, 'old');

  s.setParam(address('voice1/amp'), 0.125, by);
  s.tempo(90, by);
  const logEnd = sink.position();
  s.setParam(address('voice3/amp'), 0.75, by);
  s.setParam(address('voice2/filter/q'), 5, by);
  s.swing(0.5, by);
  assert.equal(s.getParam(address('voice1/amp')), 0.125, 'heard before the bar');

  sink.commit(1, logEnd);
  assert.equal(s.getParam(address('voice1/amp')), 0.5, 'the load came after it');
  assert.equal(s.getParam(address('voice3/amp')), 0.75);
  assert.equal(s.getParam(address('voice2/filter/q')), 5);
  const { sequencer } = s.snapshot();
  assert.equal(sequencer.bpm, 174);
  assert.equal(sequencer.swing, 0.5, 'written behind the commit');
  assert.deepEqual(
    sequencer.tracks.map(({ id }) => id),
    ['x', 'y'],
  );
  assert.equal(s.loadPending, false);
});

test('a track added behind the commit joins the loaded ones, in a place of its own', () => {
  const { sink, session: s } = session(4);
  s.transport(true, by);
  s.load(document(), false, by);
  const logEnd = sink.position();
  s.addTrack(track('new', 3), by);
  const commit = sink.commands().at(-1);
  assert.equal(commit?.kind === 'commitTrack' && commit.track, 2, 'places 0 and 1 belong to the load');
  sink.commit(1, logEnd);
  assert.deepEqual(
    s.snapshot().sequencer.tracks.map(({ id }) => id),
    ['x', 'y', 'new'],
  );
});

test('of many writes to one place only the last is kept while a load waits', () => {
  const { sink, session: s } = session(4);
  s.transport(true, by);
  s.load(document(), false, by);
  const logEnd = sink.position();
  for (let i = 0; i < 1000; i++) s.setParam(address('voice1/amp'), i / 1024, by);
  sink.commit(1, logEnd);
  assert.equal(s.getParam(address('voice1/amp')), 999 / 1024);
});

test('a new load takes the place of one that waits; immediate acts now', () => {
  const { sink, session: s } = session(4);
  s.transport(true, by);
  s.load(document({ params: new Map([['voice1/amp', 0.1]]) }), false, by);
  s.load(document({ params: new Map([['voice1/amp', 0.25]]) }), false, by);
  sink.commit(1);
  assert.equal(s.loadPending, true, 'the first is not what is waited for');
  sink.commit(2);
  assert.equal(s.getParam(address('voice1/amp')), 0.25);
  assert.deepEqual(valueOf(s.load(document({ params: new Map([['voice1/amp', 1]]) }), true, by)), {
    at: 'now',
  });
  assert.equal(s.getParam(address('voice1/amp')), 1);
  const serials = sink
    .commands()
    .flatMap((command) => (command.kind === 'commitLoad' ? [command.serial] : []));
  assert.deepEqual(serials, [1, 2, 3]);
});

test('a file without sequencer leaves tempo and tracks; stop is sent while a load that starts waits', () => {
  const { sink, session: s } = session(4);
  s.addTrack(track('a'), by);
  const { params } = document();
  s.load({ params }, false, by);
  assert.equal(s.snapshot().sequencer.tracks.length, 1);
  assert.equal(s.snapshot().sequencer.bpm, 120);
  s.transport(true, by);
  s.load(document(), false, by);
  s.transport(false, by);
  assert.equal(sink.commands().at(-1)?.kind, 'transport');
});

test('a full log refuses a load whole', () => {
  const { sink, session: s } = session(4);
  sink.full = true;
  errorOf(s.load(document(), true, by), 'E_BUSY');
  sink.full = false;
  assert.equal(s.getParam(address('voice1/amp')), 0.3);
  s.load(document(), true, by);
  const commit = sink.commands().at(-1);
  assert.equal(commit?.kind === 'commitLoad' && commit.serial, 1);
});
