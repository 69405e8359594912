import assert from 'node:assert/strict';
import test from 'node:test';
import { Session, type By } from '../../engine/control/session.js';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { findPath } from '../../engine/registry/address.js';
import { REGION_LOAD, type Command } from '../../engine/shared/command.js';
import { PLAIN_TRACK, type Track } from '../../engine/shared/track.js';
import { openRig, putLoad, tempo, transport, type Event } from '../helpers/core.js';
import { startEngine } from '../helpers/engine.js';
import { errorOf, valueOf } from '../helpers/outcome.js';
import { createDesk, LogSink } from './desk.js';

const by: By = { source: 3 };
const address = (path: string): number => findPath(path)?.address ?? -1;
const AMP = address('voice1/amp');
const CUTOFF = address('acid1/cutoff');

const track = (id: string, more: Partial<Track> = {}): Track => ({
  ...{ id, voice: 1, pattern: 'X...', notesHz: [], accentBoostHz: 1500, gateFrac: 0.5, noteIndex: 0 },
  ...PLAIN_TRACK,
  ...more,
});

const other: SlotDocument = {
  sequencer: { bpm: 174, swing: 0.25, running: true, globalStep: 0, tracks: [track('x', { baseAmp: 0.5 })] },
  params: new Map<string, number | string>([
    ['voice1/amp', 0.125],
    ['lfo1/target', 'voice2/pan'],
  ]),
};

/** A session with something to lose. */
function busySession(): { sink: LogSink; session: Session } {
  const sink = new LogSink();
  const session = new Session(sink, 4);
  session.addTrack(track('b', { voice: 2, notesHz: [55, 110] }), by);
  session.addTrack(track('a'), by);
  session.tempo(96.5, by);
  session.swing(0.5, by);
  session.setParam(AMP, 0.75, by);
  return { sink, session };
}

test('undo gives back parameters, tracks, tempo, swing and running; undo again takes that back', () => {
  const { session: s } = busySession();
  const before = s.snapshot();
  valueOf(s.load(other, true, by));
  s.setParam(CUTOFF, 700, by);
  s.addTrack(track('late'), by);
  const after = s.snapshot();
  assert.notDeepEqual(after, before);
  assert.deepEqual(valueOf(s.undo(true, by)), { at: 'now' });
  assert.deepEqual(s.snapshot(), before);
  assert.equal(s.running, false);
  valueOf(s.undo(true, by));
  assert.deepEqual(s.snapshot(), after);
  valueOf(s.undo(true, by));
  assert.deepEqual(s.snapshot(), before);
});

test('undo of a load at the bar: what lay before its commit is part of the state, what lay behind it is not', () => {
  const { sink, session: s } = busySession();
  s.transport(true, by);
  valueOf(s.load(other, false, by));
  s.setParam(AMP, 0.5, by);
  s.setParam(CUTOFF, 500, by);
  const before = s.snapshot();
  const logEnd = sink.position();
  s.setParam(AMP, 0.25, by);
  s.removeTrack('a', by);
  s.tempo(60, by);
  sink.commit(1, logEnd);
  assert.equal(s.getParam(AMP), 0.25);
  assert.deepEqual(valueOf(s.undo(false, by)), { at: 'bar' });
  assert.equal(s.loadPending, true, 'an undo is a load, and waits as one');
  sink.commit(2);
  assert.deepEqual(s.snapshot(), before);
});

test('a long wait with many writes keeps the last state before the commit', () => {
  const { sink, session: s } = busySession();
  s.transport(true, by);
  valueOf(s.load(other, false, by));
  for (let i = 0; i < 10_000; i++) s.setParam(AMP, i / 10_000, by);
  const before = s.snapshot();
  const logEnd = sink.position();
  for (let i = 0; i < 1000; i++) s.setParam(AMP, 0.5, by);
  sink.commit(1, logEnd);
  valueOf(s.undo(true, by));
  assert.deepEqual(s.snapshot(), before);
});

test('a load that waits is dropped, and the load before it is then the last one', () => {
  const { sink, session: s } = busySession();
  const first = s.snapshot();
  valueOf(s.load(other, true, by));
  const second = s.snapshot();
  valueOf(s.load({ params: new Map([['voice1/amp', 1]]) }, false, by));
  const from = sink.position();
  assert.deepEqual(valueOf(s.undo(false, by)), { at: 'dropped' });
  const [drop, ...more] = sink.commands().slice(from);
  assert.ok(drop?.kind === 'stage' && drop.region === REGION_LOAD && drop.offset === 0 && more.length === 0);
  assert.equal(s.settleDrop(), true);
  assert.equal(s.loadPending, false);
  assert.deepEqual(s.snapshot(), second);
  valueOf(s.undo(true, by));
  assert.deepEqual(s.snapshot(), first);
});

test('a bar that came before the word of the drop: the load has acted, and is taken back as one', () => {
  const { sink, session: s } = busySession();
  s.transport(true, by);
  const before = s.snapshot();
  valueOf(s.load(other, false, by));
  const logEnd = sink.position();
  valueOf(s.undo(true, by));
  sink.commit(1, logEnd);
  assert.equal(s.settleDrop(), false);
  assert.equal(s.snapshot().sequencer.bpm, 174);
  valueOf(s.undo(true, by));
  assert.deepEqual(s.snapshot(), before);
});

test('a load at once while one that waited has acted unheard: both count', () => {
  const { sink, session: s } = busySession();
  s.transport(true, by);
  valueOf(s.load(other, false, by));
  sink.commit(1);
  valueOf(s.load({ params: new Map([['voice2/amp', 1]]) }, true, by));
  assert.equal(s.snapshot().sequencer.bpm, 174);
});

test('a full log refuses an undo whole', () => {
  const { sink, session: s } = busySession();
  s.load(other, true, by);
  const after = s.snapshot();
  sink.full = true;
  errorOf(s.undo(true, by), 'E_BUSY');
  assert.deepEqual(s.snapshot(), after);
  sink.full = false;
  valueOf(s.undo(true, by));
});

test('over OSC: nothing to undo is an error; drop, undo and what comes behind it act in turn', async () => {
  const desk = createDesk(4);
  assert.match((await desk.send('/pattern/undo'))[0] ?? '', /^\/error \| E_UNDO \| \/pattern\/undo \| /);
  await desk.send('/mod/voice1/amp', 0.5);
  await desk.send('/pattern/save', 3);
  await desk.send('/mod/voice1/amp', 0.25);
  await desk.send('/pattern/load', 3, 'now');
  assert.equal(desk.session.getParam(AMP), 0.5);
  assert.deepEqual(await desk.send('/pattern/undo', 'now'), ['/pattern/undo/reply | {"at":"now"}']);
  assert.equal(desk.session.getParam(AMP), 0.25);
  await desk.send('/seq/start');
  await desk.send('/pattern/load', 3);
  assert.deepEqual(await desk.send('/pattern/undo'), ['/pattern/undo/reply | {"at":"dropped"}']);
  assert.equal(desk.session.loadPending, false);
  desk.close();
});

test('the core: content that begins to arrive is what drops a load that waits for its bar', () => {
  const amp = (dropped: boolean): number => {
    const rig = openRig({ voices: 4 });
    const waiting = putLoad({ hasSequencer: false, params: [[AMP, 0.125]] });
    const drop: Command = { kind: 'stage', region: REGION_LOAD, offset: 0, words: [0] };
    const events: Event[] = [tempo(300), transport(true)].map((command) => ({ frame: 0, command }));
    for (const command of waiting)
      events.push({ frame: 512, command, ...(command.kind === 'commitLoad' && { when: 'bar' }) });
    if (dropped) events.push({ frame: 1024, command: drop });
    rig.render(80_000, events);
    return rig.cell('voice1/amp').value;
  };
  assert.equal(amp(false), 0.125);
  assert.equal(Math.fround(amp(true)), Math.fround(0.3));
});

test('a real engine: a dropped load never plays, an undone one leaves every value as it was', async (t) => {
  const engine = await startEngine(t, { args: ['--voices', '4', '--no-standby'] });
  const ask = (path: string, ...args: string[]): Promise<unknown> =>
    engine.request(path, ...args.map((value) => ({ type: 's' as const, value })));
  const state = async (): Promise<unknown> => {
    const { step: _, bpm_now: __, ...sequencer } = (await ask('/seq/status')) as Record<string, unknown>;
    return [sequencer, await ask('/engine/list')];
  };
  engine.send('/seq/bpm', { type: 'f', value: 300 });
  engine.send('/seq/add', ...['kick', 'voice1', 'X...'].map((value) => ({ type: 's' as const, value })));
  engine.send('/seq/start');
  const before = await state();
  await ask('/pattern/load', '1');
  assert.deepEqual(await ask('/pattern/undo'), { at: 'dropped' });
  // A bar at 300 BPM is 0.8 s: a load that still waited would have acted in it.
  await barOver(ask);
  assert.deepEqual(await state(), before);
  await ask('/pattern/load', '1', 'now');
  assert.notDeepEqual(await state(), before);
  assert.deepEqual(await ask('/pattern/undo', 'now'), { at: 'now' });
  await engine.client.sync();
  assert.deepEqual(await state(), before);
});

async function barOver(ask: (path: string) => Promise<unknown>): Promise<void> {
  const bar = async (): Promise<number> =>
    Math.floor(((await ask('/seq/status')) as { step: number }).step / 16);
  const first = await bar();
  while ((await bar()) < first + 2);
}
