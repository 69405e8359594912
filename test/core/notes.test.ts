/** Single notes: their end in beats, which voice they take; and that stop and panic silence everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitOf } from '../../engine/registry/units.js';
import type { Command } from '../../engine/shared/command.js';
import { LOCK_TARGETS } from '../../engine/shared/track.js';
import {
  at,
  differsAt,
  gate,
  openRig,
  peakOf,
  putLoad,
  putTrack,
  RATE,
  set,
  side,
  tempo,
  transport,
  type Event,
  type Rig,
} from '../helpers/core.js';

const QUIET = [set('lfo1/target', 'none'), set('lfo2/target', 'none')];
/** A beat at 120 BPM. */
const BEAT = 24000;
/** `voice` from 1; 0: any. */
const note = (voice: number, hz: number, beats: number, velocity = 0.6): Command => ({
  kind: 'note',
  voice: voice - 1,
  hz,
  velocity,
  beats,
});
const rig = (voices = 4): Rig => openRig({ voices }).now(...QUIET);

test('a note is a pitch and a gate of its length at the tempo, with the sequencer standing or running', () => {
  for (const running of [false, true]) {
    const first = at(0, [tempo(120), transport(running)]);
    const played = rig().render(2 * BEAT, [...first, ...at(500, [note(1, 330, 0.75)])]);
    const by = [
      ...first,
      ...at(500, [set('voice1/freq', 330), gate(1, true, 0.6)]),
      ...at(500 + 0.75 * BEAT, [gate(1, false)]),
    ];
    assert.ok(peakOf(played) > 0.01);
    assert.equal(differsAt(played, rig().render(2 * BEAT, by)), -1);
  }
});

test('its length stays music time when the tempo changes', () => {
  const end = [...at(0, [set('voice1/freq', 330), gate(1, true, 0.6)]), ...at(3 * BEAT, [gate(1, false)])];
  const longer = 4 * BEAT;
  const whole = rig().render(longer, [...at(0, [note(1, 330, 2)]), ...at(BEAT, [tempo(60)])]);
  assert.equal(differsAt(whole, rig().render(longer, end)), -1);
});

test('without a length it sounds until its gate is closed; a later note takes its end away', () => {
  const held = rig().render(BEAT, at(0, [note(1, 330, 0)]));
  assert.equal(differsAt(held, rig().render(BEAT, at(0, [set('voice1/freq', 330), gate(1, true, 0.6)]))), -1);
  const again = rig().render(2 * BEAT, [
    ...at(0, [note(1, 330, 0.5)]),
    ...at(0.25 * BEAT, [note(1, 330, 1)]),
  ]);
  const by = [
    ...at(0, [set('voice1/freq', 330), gate(1, true, 0.6)]),
    ...at(0.25 * BEAT, [gate(1, true, 0.6)]),
    ...at(1.25 * BEAT, [gate(1, false)]),
  ];
  assert.equal(differsAt(again, rig().render(2 * BEAT, by)), -1);
});

/** The pitches of the voices. */
const pitches = (engine: Rig): number[] =>
  Array.from({ length: engine.voices }, (_, i) => engine.cell(`voice${i + 1}/freq`).target);

test('poly takes free voices, those of tracks and of the acid filter last', () => {
  const engine = rig(6).now(set('acid1/voice', 2), ...putTrack(0, { voice: 3, pattern: '.' }));
  engine.now(...[100, 101, 102, 103].map((hz) => note(0, hz, 0))).render(16);
  assert.deepEqual(pitches(engine), [100, 440, 440, 101, 102, 103]);
  engine.now(note(0, 104, 0)).render(16);
  assert.deepEqual(pitches(engine), [104, 440, 440, 101, 102, 103], 'the oldest of the others gives way');
  engine.now(gate(5, false), note(0, 105, 0)).render(16);
  assert.deepEqual(pitches(engine), [104, 440, 440, 101, 105, 103]);
});

test('velocity 0 ends a note: that of the voice, or the oldest of that pitch', () => {
  const open = (...ends: Command[]): Float32Array =>
    rig().render(BEAT, [
      ...at(0, [note(0, 330, 0), note(0, 440, 0)]),
      ...at(100, [note(0, 330, 0)]),
      ...at(5000, ends),
    ]);
  // The acid filter's voice is taken last: the notes are on voices 1, 3 and 4.
  assert.equal(differsAt(open(note(0, 330, 0, 0)), open(gate(1, false))), -1);
  assert.equal(differsAt(open(note(0, 440, 0, 0)), open(gate(3, false))), -1);
  assert.equal(differsAt(open(note(4, 1, 0, 0)), open(gate(4, false))), -1);
  assert.equal(differsAt(open(note(0, 441, 0, 0)), open()), -1, 'no such note');
});

test('poly passes by voices that are bypassed', () => {
  const engine = rig(8).now({ kind: 'bypass', unit: unitOf('voice1', 8) ?? -1, on: true, strike: false });
  engine.now(note(0, 222, 0)).render(16);
  assert.deepEqual(pitches(engine), [440, 440, 440, 440, 222, 440, 440, 440]);
});

test('poly with nothing but tracks plays on their voices', () => {
  const engine = rig(1).now(...putTrack(0, { voice: 1, pattern: '.' }), note(0, 222, 1));
  engine.render(16);
  assert.deepEqual(pitches(engine), [222]);
});

/** The last frame that is louder than 60 dB below full. */
function lastSound(x: Float32Array): number {
  return x.findLastIndex((sample) => Math.abs(sample) > 0.001) >> 1;
}
const MS = RATE / 1000;

test('stop and panic silence every voice within 5 ms, from any state; panic the effects too', () => {
  const slow = [1, 2, 3, 4].flatMap((v) => [
    set(`voice${v}/adsr/release`, 3),
    set(`voice${v}/osc/type`, 'saw'),
  ]);
  const wet = [
    set('voice1/send/reverb', 0.9),
    set('voice1/send/delay', 0.9),
    set('delay1/feedback', 0.7),
    set('reverb1/mix', 1),
    set('delay1/mix', 1),
  ];
  const ways: Record<string, Command[]> = {
    'a gate, standing': [gate(1, true), gate(3, true)],
    'in its release': [note(1, 220, 0.05)],
    'a held note': [note(2, 220, 0)],
    'a long note': [note(2, 220, 400)],
    'tracks, running': [
      ...putTrack(0, {
        pattern: 'x*4_',
        gateFrac: 40,
        locks: [{ step: 0, address: LOCK_TARGETS.velocity, value: 1 }],
      }),
      transport(true),
    ],
    'behind a load': [...putTrack(0, { pattern: 'x', gateFrac: 64 }), transport(true)],
  };
  for (const [name, commands] of Object.entries(ways)) {
    for (const end of [[transport(false)], [{ kind: 'panic' }]] as Command[][]) {
      const dry = rig().now(...slow, ...commands);
      if (name === 'behind a load') dry.render(64, at(63, putLoad({ tracks: [] })));
      assert.ok(peakOf(dry.render(4800)) > 0.01, name);
      const last = lastSound(dry.now(...end).render(RATE / 2));
      assert.ok(last <= 5 * MS + 200, `${name}, ${end[0]?.kind}: ${last / MS} ms`);
    }
    const drowned = rig().now(...slow, ...wet, gate(1, true), ...commands);
    drowned.render(24000);
    const last = lastSound(drowned.now({ kind: 'panic' }).render(RATE));
    assert.ok(last <= 11 * MS, `${name}, panic with effects: ${last / MS} ms`);
    drowned.now(gate(1, true));
    assert.ok(peakOf(drowned.render(9600)) > 0.01, `${name}: it sounds again`);
  }
});

test('a panic takes away what would sound at a later frame', () => {
  const waiting = rig().now(...putTrack(0, { pattern: 'x' }));
  const note: Command = { kind: 'note', voice: -1, hz: 220, velocity: 1, beats: 0 };
  waiting.ahead([9600, 19200].flatMap((frame) => at(frame, [gate(2, true), note, transport(true)])));
  waiting.now({ kind: 'panic' });
  assert.equal(peakOf(waiting.render(RATE)), 0);
  assert.equal(waiting.host.read('running'), 0);
});

test('a load lets what sounds go on to its end', () => {
  const long: Event[] = at(0, [
    ...putTrack(0, { pattern: 'x...............', gateFrac: 20 }),
    transport(true),
  ]);
  const load = (tracks: Parameters<typeof putLoad>[0]): Event[] => at(100, putLoad({ ...tracks }), 'bar');
  const frames = 24 * 6000;
  const played = rig().render(frames, [...long, ...load({ tracks: [] })]);
  const by = [...at(0, [gate(1, true, 0.6)]), ...at(20 * 6000, [gate(1, false)])];
  assert.equal(differsAt(played, rig().render(frames, by)), -1, 'the note of step 0 ends at step 20');
  assert.ok(peakOf(side(played).subarray(17 * 6000, 19 * 6000)) > 0.01);
});
