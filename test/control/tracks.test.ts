/** Changing tracks over OSC: what each route makes of a track, and what it refuses. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { parameterAt } from '../../engine/registry/address.js';
import type { Track } from '../../engine/shared/track.js';
import { createDesk, type Desk } from './desk.js';

async function withDesk(run: (desk: Desk, bass: () => Track) => Promise<void>, voices = 8): Promise<void> {
  const desk = createDesk(voices);
  try {
    await desk.send('/seq/add', 'bass', 'voice2', 'x...x...');
    await run(desk, () => desk.session.snapshot().sequencer.tracks.find(({ id }) => id === 'bass')!);
  } finally {
    desk.close();
  }
}
const code = (lines: readonly string[]): string | undefined => /^\/error \| (\w+)/.exec(lines[0] ?? '')?.[1];
const named = ({ locks }: Track): unknown[] =>
  locks.map(({ step, address, value }) => [step, parameterAt(address)?.path ?? address, value]);

test('mute, solo, length and division change the track and nothing else', () =>
  withDesk(async (desk, bass) => {
    const before = bass();
    assert.deepEqual(await desk.send('/seq/mute', 'bass'), []);
    assert.deepEqual(await desk.send('/seq/solo', 'bass', 'on', 'at=bar'), []);
    assert.deepEqual(await desk.send('/seq/length', 'bass', 12, 'at=step'), []);
    assert.equal(desk.sink.entries.at(-1)?.when.at, 'step');
    assert.deepEqual(await desk.send('/seq/division', 'bass', '4/3'), []);
    const division = { up: 4, down: 3 };
    assert.deepEqual(bass(), { ...before, muted: true, solo: true, length: 12, division });
    for (const [address, value] of [
      ['mute', 0],
      ['solo', 'off'],
      ['length', 0],
      ['division', 1],
    ] as const)
      assert.deepEqual(await desk.send(`/seq/${address}`, 'bass', value), []);
    assert.deepEqual({ ...bass(), length: undefined }, { ...before, length: undefined });
  }));

test('divisions are numbers or fractions; what is none is refused', () =>
  withDesk(async (desk, bass) => {
    for (const [sent, up, down] of [
      [2, 2, 1],
      [0.5, 1, 2],
      ['0.5', 1, 2],
      [0.3333, 1, 3],
      [1.3333, 4, 3],
      ['6/4', 3, 2],
      ['1/64', 1, 64],
      [64, 64, 1],
    ] as const) {
      assert.deepEqual(await desk.send('/seq/division', 'bass', sent), []);
      assert.deepEqual(bass().division, { up, down }, String(sent));
    }
    for (const sent of [0, -1, 65, '1/65', '1/0', '0/1', 'half', '1/2/3', NaN])
      assert.equal(code(await desk.send('/seq/division', 'bass', sent)), 'E_DIVISION', String(sent));
  }));

test('locks: of the voice, of a module, of the hit; one per step and parameter', () =>
  withDesk(async (desk, bass) => {
    assert.deepEqual(await desk.send('/seq/lock', 'bass', 4, 'filter/freq', 2400), []);
    assert.deepEqual(await desk.send('/seq/lock', 'bass', 0, '/mod/delay1/mix', '0.5'), []);
    assert.deepEqual(await desk.send('/seq/lock', 'bass', 4, 'osc/type', 'saw'), []);
    assert.deepEqual(await desk.send('/seq/lock', 'bass', 1, 'velocity', 0.25), []);
    assert.deepEqual(await desk.send('/seq/lock', 'bass', 4, 'filter/freq', 2500), []);
    assert.deepEqual(
      new Set(named(bass()).map((lock) => JSON.stringify(lock))),
      new Set([
        '[0,"delay1/mix",0.5]',
        '[1,-1,0.25]',
        '[4,"voice2/osc/type",1]',
        '[4,"voice2/filter/freq",2500]',
      ]),
    );
    assert.equal(bass().locks.length, 4);
    // On another voice they are that voice's.
    assert.deepEqual(await desk.send('/seq/set', 'bass', 'voice=voice5'), []);
    assert.ok(named(bass()).some((lock) => JSON.stringify(lock) === '[4,"voice5/filter/freq",2500]'));
    assert.deepEqual(await desk.send('/seq/unlock', 'bass', 4, 'filter/freq'), []);
    assert.equal(bass().locks.length, 3);
    assert.deepEqual(await desk.send('/seq/unlock', 'bass', 4), []);
    assert.equal(bass().locks.length, 2);
    assert.deepEqual(await desk.send('/seq/unlock', 'bass'), []);
    assert.equal(bass().locks.length, 0);
    assert.match((await desk.send('/seq/unlock', 'bass'))[0] ?? '', /^\/warn .* no such lock/);
  }));

test('what cannot be locked is refused and changes nothing', () =>
  withDesk(async (desk, bass) => {
    const position = desk.sink.position();
    for (const [args, error] of [
      [['bass', 0, 'cutof', 1], 'E_LOCK'],
      [['bass', 0, 'lfo1/target', 'none'], 'E_LOCK'],
      [['bass', 0, 'rec1/recording', 1], 'E_LOCK'],
      [['bass', 0, 'acid1/voice', 1], 'E_LOCK'],
      [['bass', 256, 'pan', 1], 'E_RANGE'],
      [['bass', -1, 'pan', 1], 'E_RANGE'],
      [['bass', 0, 'pan', 'left'], 'E_NUMBER'],
      [['bass', 0, 'pan', NaN], 'E_NUMBER'],
      [['bass', 0, 'velocity', 'soft'], 'E_NUMBER'],
      [['bass', 0, 'pan'], 'E_ARGS'],
    ] as const) {
      assert.equal(code(await desk.send('/seq/lock', ...args)), error, args.join(' '));
    }
    assert.equal(desk.sink.position(), position);
    assert.match((await desk.send('/seq/lock', 'bass', 0, 'pan', 7))[0] ?? '', /^\/warn .* Set 1\./);
    assert.match((await desk.send('/seq/lock', 'bass', 9, 'pan', 0))[0] ?? '', /behind the 8 steps/);
    assert.match((await desk.send('/seq/lock', 'bass', 0, 'voice99/pan', 0))[0] ?? '', /^\/warn .* is mute/);
    assert.match((await desk.send('/seq/lock', 'bass', 0, 'delay1/mx', 0))[0] ?? '', /delay1\/mix/);
    await desk.send('/seq/unlock', 'bass', 0);
    for (let step = 0; step < 64; step++) await desk.send('/seq/lock', 'bass', step, 'amp', 0.5);
    assert.equal(bass().locks.length, 64);
    assert.equal(code(await desk.send('/seq/lock', 'bass', 200, 'amp', 0.5)), 'E_LOCKS');
  }));

test('/seq/set changes what is named, all or nothing', () =>
  withDesk(async (desk, bass) => {
    assert.deepEqual(
      await desk.send('/seq/set', 'bass', 'gate_frac=0.25', 'pattern=X(3,8)', 'notes=A1 C2'),
      [],
    );
    assert.deepEqual([bass().gateFrac, bass().pattern, bass().notesHz.length], [0.25, 'X(3,8)', 2]);
    const before = bass();
    assert.equal(code(await desk.send('/seq/set', 'bass', 'gate_frac=0.5', 'colour=red')), 'E_KEY');
    assert.equal(code(await desk.send('/seq/set', 'bass', 'gate_frac=0.5', 'x...')), 'E_KEY');
    assert.equal(code(await desk.send('/seq/set', 'bass', 'length=900')), 'E_NUMBER');
    assert.deepEqual(bass(), before);
  }));

test('an unknown track is a word with the nearest names, whatever is to be done with it', () =>
  withDesk(async (desk) => {
    const position = desk.sink.position();
    for (const [address, ...args] of [
      ['/seq/mute'],
      ['/seq/solo'],
      ['/seq/length', 4],
      ['/seq/division', 2],
      ['/seq/lock', 0, 'pan', 1],
      ['/seq/unlock'],
      ['/seq/reset'],
      ['/seq/set', 'mute=1'],
      ['/seq/gate_len', 0.5],
      ['/seq/config', 120],
      ['/seq/start'],
      ['/seq/stop'],
      ['/seq/bpm', 90],
      ['/seq/assign', 'gate', 'voice1'],
    ] as const) {
      const [line = ''] = await desk.send(address, 'bas', ...args);
      assert.match(line, /^\/warn \| \S+ \| E_TRACK: no track 'bas'.*Did you mean bass\?/, address);
    }
    assert.equal(desk.sink.position(), position);
  }));

test('an edit that finds no room to wait is refused', () =>
  withDesk(async (desk) => {
    desk.sink.room = 0;
    assert.equal(code(await desk.send('/seq/mute', 'bass', 1, 'at=bar')), 'E_QUEUE');
    assert.deepEqual(await desk.send('/seq/mute', 'bass', 1), []);
  }));

test('tempo: query, ramp, tap, nudge, seed', () =>
  withDesk(async (desk) => {
    assert.deepEqual(await desk.send('/seq/bpm'), ['/seq/bpm/reply | 120']);
    assert.deepEqual(await desk.send('/seq/bpm', 128.5), []);
    assert.deepEqual(await desk.send('/seq/bpm'), ['/seq/bpm/reply | 128.5']);
    assert.deepEqual(await desk.send('/seq/swing'), ['/seq/swing/reply | 0']);
    await desk.send('/seq/ramp', 140, 8);
    assert.deepEqual(desk.sink.commands().at(-1), { kind: 'tempo', milliBpm: 140000, beats: 8 });
    await desk.send('/seq/nudge', -12.5);
    assert.deepEqual(desk.sink.commands().at(-1), { kind: 'nudge', micros: -12500 });
    assert.match((await desk.send('/seq/nudge', 900))[0] ?? '', /^\/warn .* Set 250\./);
    await desk.send('/seq/seed', 42);
    assert.deepEqual(desk.sink.commands().at(-1), { kind: 'seed', seed: 42 });
    assert.deepEqual(await desk.send('/seq/tap'), ['/seq/tap/reply | null']);
  }));

test('notes: on a voice, on any; names, MIDI and Hz; velocity of both kinds', () =>
  withDesk(async (desk) => {
    const last = (): unknown => desk.sink.commands().at(-1);
    const note = { kind: 'note', voice: 2, hz: 440, velocity: 0.8, beats: 1 };
    assert.deepEqual(await desk.send('/note', 'voice3', 'A4'), []);
    assert.deepEqual(last(), note);
    await desk.send('/note', 3, 69);
    assert.deepEqual(last(), note);
    await desk.send('/note', 'poly', 440, 127, 2.5);
    assert.deepEqual(last(), { ...note, voice: -1, velocity: 1, beats: 2.5 });
    await desk.send('/note', 'poly', '49hz', 0.5, 0);
    assert.deepEqual(last(), { ...note, voice: -1, hz: 49, velocity: 0.5, beats: 0 });
    await desk.send('/note', 'voice3', 'A4', 0);
    assert.deepEqual(last(), { ...note, velocity: 0 });
    const position = desk.sink.position();
    for (const [args, error] of [
      [['voice9', 'A4'], 'E_VOICE'],
      [['voice0', 'A4'], 'E_VOICE'],
      [['piano', 'A4'], 'E_VOICE'],
      [['poly', 'H4'], 'E_NOTES'],
      [['poly', 'A4 C5'], 'E_NOTES'],
      [['poly', ''], 'E_NOTES'],
      [['poly'], 'E_ARGS'],
      [['poly', 'A4', 'loud'], 'E_NUMBER'],
      [['poly', 'A4', 1, NaN], 'E_NUMBER'],
      // Moved into the range it would be 0: a note without an end.
      [['poly', 'A4', 1, -1], 'E_RANGE'],
      [['poly', 'A4', 1, 5000], 'E_RANGE'],
    ] as const) {
      assert.equal(code(await desk.send('/note', ...args)), error, args.join(' '));
    }
    assert.equal(desk.sink.position(), position);
  }));

test('the sequencers of the older generation are tracks', () =>
  withDesk(async (desk) => {
    const lead = (): Track => desk.session.snapshot().sequencer.tracks.find(({ id }) => id === 'lead')!;
    assert.deepEqual(await desk.send('/seq/create', 'lead'), []);
    assert.equal(lead().pattern.length, 16);
    await desk.send('/seq/pattern', 'lead', 'x.x.x.x.');
    await desk.send('/seq/config', 'lead', 60, 8, 4);
    assert.deepEqual([lead().length, lead().division], [8, { up: 2, down: 1 }], 'half the tempo of 120');
    await desk.send('/seq/bpm', 'lead', 180);
    assert.deepEqual(lead().division, { up: 2, down: 3 });
    assert.deepEqual(desk.session.snapshot().sequencer.bpm, 120, 'the tempo of all stays');
    await desk.send('/seq/assign', 'lead', 'gate', 'adsr1');
    assert.equal(lead().voice, 1);
    await desk.send('/seq/gate_len', 'lead', 0.25);
    assert.equal(lead().gateFrac, 0.25);
    await desk.send('/seq/param_lane', 'lead', 'sweep', 400, 800);
    assert.deepEqual(await desk.send('/seq/assign', 'lead', 'param', 'sweep', 'filter1', 'cutoff'), []);
    assert.deepEqual(named(lead()).slice(0, 3), [
      [0, 'voice1/filter/freq', 400],
      [1, 'voice1/filter/freq', 800],
      [2, 'voice1/filter/freq', 400],
    ]);
    assert.equal(lead().locks.length, 8);
    assert.equal(
      code(await desk.send('/seq/assign', 'lead', 'param', 'nothing', 'filter1', 'cutoff')),
      'E_LANE',
    );
    await desk.send('/seq/stop', 'lead');
    assert.equal(lead().muted, true);
    assert.equal(desk.session.running, false);
    await desk.send('/seq/start', 'lead');
    assert.deepEqual([lead().muted, desk.session.running], [false, true]);
    await desk.send('/seq/stop', 'lead');
    assert.deepEqual([lead().muted, desk.session.running], [true, true]);
    assert.deepEqual(await desk.send('/seq/reset', 'lead'), []);
    assert.deepEqual(await desk.send('/seq/reset_all'), []);
    // Dummy arguments of old clients are no tracks.
    assert.deepEqual(await desk.send('/seq/stop', 1), []);
    assert.equal(desk.session.running, false);
  }));
