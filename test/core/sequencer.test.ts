/** The clip player: where its events fall, and that a hit is a note and a gate at that frame. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../engine/shared/command.js';
import type { Track } from '../../engine/shared/track.js';
import {
  at,
  differsAt,
  firstSound,
  gate,
  LATENCY,
  makeTrack,
  openRig,
  peakOf,
  putLoad,
  putTrack,
  RATE,
  set,
  swing,
  tempo,
  transport,
  type Event,
  type Rig,
} from '../helpers/core.js';

/** One frame at b thousandths of a BPM is b units; a step is this many. */
const STEP_UNITS = 15000 * RATE;
const SILENT_LFOS = [set('lfo1/target', 'none'), set('lfo2/target', 'none')];

interface Clock {
  readonly milliBpm: number;
  readonly swing?: number;
  /** Frame and position that belong together. */
  readonly frame?: number;
  readonly position?: number;
}

function positionOf(step: number, amount = 0): number {
  return step * STEP_UNITS + (step % 2 ? Math.trunc(0.5 * Math.fround(amount) * STEP_UNITS) : 0);
}
function frameOf(position: number, { milliBpm, frame = 0, position: start = 0 }: Clock): number {
  return frame + Math.max(0, Math.ceil((position - start) / milliBpm));
}
function stepFrame(step: number, clock: Clock): number {
  return frameOf(positionOf(step, clock.swing), clock);
}

/** A bar of 16 steps at 120 BPM. */
const BPM_120 = { milliBpm: 120000 };
const STEP = 6000;
const BAR = 16 * STEP;

/** A voice that can be told from others and sounds from the first frame to the last of its gate. */
function voice(number: number): Command[] {
  const id = `voice${number}`;
  return [
    set(`${id}/freq`, 100 * number),
    set(`${id}/osc/type`, 'square'),
    set(`${id}/adsr/attack`, 0.001),
    set(`${id}/adsr/sustain`, 1),
    set(`${id}/adsr/release`, 0.01),
  ];
}

/** What a hit of a track is made of: what it gives, its pitch, and a gate for a part of a step. */
function hits(track: Partial<Track>, clock: Clock, steps: number): Event[] {
  const { pattern, notesHz, gateFrac, noteIndex, voice: number } = makeTrack(track);
  const events: Event[] = [];
  let note = noteIndex;
  for (let step = 0; step < steps; step++) {
    const char = pattern[step % pattern.length];
    if (char !== 'X' && char !== 'x') continue;
    const on = stepFrame(step, clock);
    const length = Math.trunc(Math.fround(gateFrac) * STEP_UNITS);
    const hz = notesHz.length > 0 ? notesHz[note++ % notesHz.length] : undefined;
    // A silent voice takes a new pitch at once, as a hit does.
    if (hz !== undefined) events.push(...at(on, [set(`voice${number}/freq`, hz)]));
    events.push(...at(on, [gate(number, true, char === 'X' ? 1 : 0.6, char === 'X' ? 1 : 0)]));
    events.push(...at(frameOf(positionOf(step, clock.swing) + length, clock), [gate(number, false)]));
  }
  return events.sort((a, b) => a.frame - b.frame);
}

function play(
  frames: number,
  events: readonly Event[],
  setUp: readonly Command[] = [...voice(1), ...voice(2)],
): Float32Array {
  return openRig({ voices: 4 })
    .now(...SILENT_LFOS, ...setUp)
    .render(frames, events);
}
const same = (a: Float32Array, b: Float32Array): void => {
  assert.ok(peakOf(a) > 0.01);
  assert.equal(differsAt(a, b), -1, 'first differing frame');
};

test('every step of ten minutes at 174 BPM falls on its frame, with swing and through changes of tempo', () => {
  const rig = openRig({ voices: 1 });
  let clock: Required<Clock> = { milliBpm: 174000, swing: 0.33, frame: 0, position: 0 };
  rig.now(...SILENT_LFOS, tempo(174), swing(0.33), transport(true));
  const bpm = [174, 173.999, 61.234, 174, 174];
  let steps = 0;
  while (rig.frame < 600 * RATE) {
    const due = stepFrame(steps, clock);
    while (rig.frame < due) rig.render(Math.min(2048, due - rig.frame), [], () => 2048);
    assert.equal(rig.host.read('step'), steps, `step ${steps} not before frame ${due}`);
    if (steps % 97 === 50) {
      // In the middle of nowhere, and the position goes on from there.
      const frame = rig.render(1 + (steps % 13)) && rig.frame;
      const position = clock.position + (frame - clock.frame) * clock.milliBpm;
      const milliBpm = 1000 * bpm[steps % bpm.length]!;
      clock = { ...clock, milliBpm, frame, position };
      rig.now(tempo(milliBpm / 1000));
    } else rig.render(1);
    assert.equal(rig.host.read('step'), ++steps, `step ${steps - 1} at frame ${due}`);
  }
  assert.ok(steps > 5000, `${steps} steps`);
});

test('a hit is a pitch and a gate at its frame, and its end another, to the bit', () => {
  for (const [bpm, amount, gateFrac] of [
    [174, 0, 0.5],
    [133.337, 0.41, 0.123],
    [90, 1, 0.4],
  ] as const) {
    const track = { pattern: 'x..X.x', gateFrac, notesHz: [110, 220.5, 331.7] };
    const clock = { milliBpm: Math.round(1000 * bpm), swing: amount };
    const start = [...putTrack(0, track), tempo(bpm), swing(amount), transport(true)];
    const frames = stepFrame(31, clock);
    same(
      play(frames, at(0, start)),
      play(
        frames,
        hits(track, clock, 31).filter((e) => e.frame < frames),
      ),
    );
  }
});

test('a gate longer than a step is held over the next hit, one as long as a step ends before it', () => {
  for (const gateFrac of [0.9, 1, 1.7]) {
    const track = { pattern: 'xx..', gateFrac };
    const ons = [0, 1, 4, 5];
    const offs = gateFrac > 1 ? [1, 5] : ons;
    const by = [
      ...offs.flatMap((step) =>
        at(frameOf(positionOf(step) + Math.trunc(Math.fround(gateFrac) * STEP_UNITS), BPM_120), [
          gate(1, false),
        ]),
      ),
      ...ons.flatMap((step) => at(step * STEP, [gate(1, true, 0.6)])),
    ];
    by.sort((a, b) => a.frame - b.frame);
    same(play(7 * STEP, at(0, [...putTrack(0, track), transport(true)])), play(7 * STEP, by));
  }
});

test('swing moves the off-beats only', () => {
  const onset = (amount: number, pattern: string): number => {
    const x = play(2 * BAR, at(0, [...putTrack(0, { pattern }), swing(amount), transport(true)]));
    return firstSound(x) - LATENCY;
  };
  for (const amount of [0, 0.5, 1]) {
    for (const step of [0, 2, 8, 14]) {
      const late = onset(amount, '.'.repeat(step) + 'X' + '.'.repeat(15 - step));
      assert.ok(late === step * STEP, `step ${step}, swing ${amount}: frame ${late}`);
    }
    for (const step of [1, 7, 15]) {
      const late = onset(amount, '.'.repeat(step) + 'X' + '.'.repeat(15 - step));
      assert.ok(late === step * STEP + 0.5 * amount * STEP, `step ${step}, swing ${amount}: frame ${late}`);
    }
  }
});

test('tracks of 3, 5 and 16 steps run against each other, each by its own length', () => {
  const tracks = ['x..', 'x.x..', 'x.......x.......'].map((pattern, i) => ({
    pattern,
    voice: i + 1,
    gateFrac: 0.3,
  }));
  const start = [...tracks.flatMap((track, place) => putTrack(place, track)), transport(true)];
  const setUp = [1, 2, 3].flatMap(voice);
  const by = tracks.flatMap((track) => hits(track, BPM_120, 48)).sort((a, b) => a.frame - b.frame);
  same(play(48 * STEP, at(0, start), setUp), play(48 * STEP, by, setUp));
});

test('note lists go round in order from their index, and say where they are', () => {
  const track = { pattern: 'xx.', notesHz: [110, 220, 330], noteIndex: 2, gateFrac: 0.3 };
  const rig = openRig({ voices: 4 }).now(...SILENT_LFOS, ...voice(1));
  const start = [...putTrack(7, track), transport(true)];
  const heard = rig.render(9 * STEP, at(0, start));
  assert.equal(rig.host.read('noteIndex', 7), (2 + 6) % 3);
  same(heard, play(9 * STEP, hits(track, BPM_120, 9), voice(1)));
  // -1 goes on where the list is; a shorter list begins within itself.
  rig.now(...putTrack(7, { ...track, noteIndex: -1 }));
  assert.equal(rig.host.read('noteIndex', 7), 2);
  rig.now(...putTrack(7, { ...track, notesHz: [50, 60], noteIndex: -1 }));
  assert.equal(rig.host.read('noteIndex', 7), 0);
});

test('two tracks on one voice do not cut each other off', () => {
  const long = { pattern: 'x...', gateFrac: 1.5 };
  const short = { pattern: '.x..', gateFrac: 2 };
  const start = [...putTrack(0, long), ...putTrack(1, short), transport(true)];
  // The long note of the first ends at step 1.5; by then the voice plays the second.
  const by = [0, 4].flatMap((bar) => [
    ...at(bar * STEP, [gate(1, true, 0.6)]),
    ...at((bar + 1) * STEP, [gate(1, true, 0.6)]),
    ...at((bar + 3) * STEP, [gate(1, false)]),
  ]);
  same(play(8 * STEP, at(0, start)), play(8 * STEP, by));
});

test('a note held by a player is not ended by a track, and moving a track ends what it holds', () => {
  const start = at(0, [...putTrack(0, { pattern: 'x...............', gateFrac: 4 }), transport(true)]);
  const held = play(8 * STEP, [...start, ...at(STEP, [gate(1, true)])]);
  same(held, play(8 * STEP, [...at(0, [gate(1, true, 0.6)]), ...at(STEP, [gate(1, true)])]));
  const moved = play(8 * STEP, [...start, ...at(STEP, putTrack(0, { voice: 2, pattern: '.', gateFrac: 4 }))]);
  same(moved, play(8 * STEP, [...at(0, [gate(1, true, 0.6)]), ...at(STEP, [gate(1, false)])]));
});

test('what a track gives is set at each hit, until somebody else sets it', () => {
  const track = {
    pattern: 'x...',
    baseFreqHz: 150,
    baseAmp: 0.7,
    filterFreqHz: 3000,
    reverbSend: 0.2,
    delaySend: 0.1,
  };
  const rig = openRig({ voices: 4 });
  const value = (name: string): number => rig.cell(`voice1/${name}`).target;
  rig.now(...putTrack(0, track), transport(true)).render(16);
  const expected = { freq: 150, amp: 0.7, 'filter/freq': 3000, 'send/reverb': 0.2, 'send/delay': 0.1 };
  for (const [name, x] of Object.entries(expected)) assert.equal(value(name), Math.fround(x), name);
  const ampAndFilter = 0b110;
  rig.now(set('voice1/amp', 0.25), set('voice1/filter/freq', 500), set('voice1/send/delay', 0.5));
  rig.now({ kind: 'forget', track: 0, fields: ampAndFilter }).render(4 * STEP);
  assert.deepEqual([value('amp'), value('filter/freq')], [0.25, 500], 'forgotten');
  assert.equal(value('send/delay'), Math.fround(0.1), 'given again by the next hit');
});

test('velocity and accent raise the cutoff for one hit and leave the parameter alone', () => {
  const track = (accentBoostHz: number): Partial<Track> => ({ pattern: 'X.......', accentBoostHz });
  const heard = (boost: number, cutoff: number): Float32Array =>
    play(8 * STEP, at(0, [set('voice1/filter/freq', cutoff), ...putTrack(0, track(boost)), transport(true)]));
  same(heard(1000, 800), heard(0, 1300));
  assert.notEqual(differsAt(heard(1000, 800), heard(0, 800)), -1);
});

test('edits for the bar act at its first step, whatever comes before', () => {
  const first = { pattern: 'x.x.', gateFrac: 0.3 };
  const second = { pattern: 'X', gateFrac: 0.2 };
  const start = at(0, [...putTrack(0, first), transport(true)]);
  const waiting = [
    ...at(2 * STEP, putTrack(0, second), 'bar'),
    ...at(3 * STEP, [tempo(240), set('voice1/pan', -1)], 'bar'),
  ];
  const bar = play(2 * BAR, [...start, ...waiting]);
  same(
    bar,
    play(2 * BAR, [...start, ...at(BAR, [...putTrack(0, second), tempo(240), set('voice1/pan', -1)])]),
  );
  assert.notEqual(differsAt(bar, play(2 * BAR, start)), -1);
});

function loaded(rig: Rig): { serial: number; running: boolean; step: number } {
  const { host } = rig;
  return { serial: host.read('loadSerial'), running: host.read('running') === 1, step: host.read('step') };
}

test('a load acts whole at the bar and begins with step 0', () => {
  const old = { pattern: 'xxxxx', gateFrac: 0.3 };
  const fresh = makeTrack({ voice: 2, pattern: 'X......', gateFrac: 0.3 });
  const start = at(0, [...putTrack(0, old), ...putTrack(1, old), transport(true)]);
  const rig = openRig({ voices: 4 }).now(...SILENT_LFOS, ...voice(1), ...voice(2));
  const pan = set('voice2/pan', 0.5);
  const params = pan.kind === 'set' ? ([[pan.address, pan.value]] as const) : [];
  const load = putLoad({ tracks: [fresh], params, milliBpm: 90000, swing: 0.2 }, 7);
  const before = rig.render(BAR, [...start, ...at(100, load, 'bar')]);
  assert.deepEqual(loaded(rig), { serial: 0, running: true, step: 16 });
  const after = rig.render(BAR);
  assert.equal(loaded(rig).serial, 7);
  same(before, play(BAR, start));

  const cut = openRig({ voices: 4 }).now(...SILENT_LFOS, ...voice(1), ...voice(2));
  cut.render(BAR, start);
  const now = [
    pan,
    { kind: 'clearTracks' } as const,
    ...putTrack(0, fresh),
    transport(false),
    tempo(90),
    swing(0.2),
    transport(true),
  ];
  same(after, cut.render(BAR, at(BAR, now)));
});

test('a load takes the place of one that waits; without a sequencer part it leaves tempo and tracks', () => {
  const rig = openRig({ voices: 4 }).now(
    ...putTrack(0, { pattern: 'x', notesHz: [100, 200] }),
    transport(true),
  );
  const pan = (x: number): [number, number][] => {
    const command = set('voice1/pan', x);
    return command.kind === 'set' ? [[command.address, command.value]] : [];
  };
  rig.render(BAR + 1, [
    ...at(100, putLoad({ params: pan(-1), tracks: [] }, 1), 'bar'),
    ...at(200, putLoad({ params: pan(1), hasSequencer: false }, 2), 'bar'),
  ]);
  assert.equal(rig.cell('voice1/pan').target, 1);
  assert.deepEqual(loaded(rig), { serial: 2, running: true, step: 17 });
  assert.equal(rig.host.read('noteIndex', 0), 1);
});

test('a load that stands, handed over while nothing runs, acts at once and plays nothing', () => {
  const rig = openRig({ voices: 4 });
  rig.now(...putLoad({ running: false, tracks: [makeTrack({ pattern: 'X' })] }, 3));
  assert.deepEqual(loaded(rig), { serial: 3, running: false, step: 0 });
  assert.equal(peakOf(rig.render(BAR)), 0);
});

test('stop makes real what waits for the bar, closes every gate and stays stopped', () => {
  const start = at(0, [...putTrack(0, { pattern: 'x', gateFrac: 0.9 }), transport(true), gate(2, true)]);
  const rig = openRig({ voices: 4 }).now(...SILENT_LFOS, ...voice(1), ...voice(2));
  const load = putLoad({ tracks: [makeTrack({ voice: 3, pattern: 'X' })], milliBpm: 60000 }, 5);
  rig.render(BAR, [...start, ...at(100, load, 'bar'), ...at(200, [transport(false)])]);
  assert.deepEqual({ ...loaded(rig), step: 0 }, { serial: 5, running: false, step: 0 });
  assert.equal(peakOf(rig.render(BAR).subarray(BAR)), 0);
});

test('panic is silent within 5 ms of falling envelopes, whatever the release', () => {
  const loud = [1, 2, 3, 4].flatMap((v) => [...voice(v), set(`voice${v}/adsr/release`, 3), gate(v, true)]);
  const rig = openRig({ voices: 4 }).now(
    ...SILENT_LFOS,
    ...loud,
    ...putTrack(0, { pattern: 'x' }),
    transport(true),
  );
  const at24000 = 24000;
  const x = rig.render(48000, at(at24000, [{ kind: 'panic' }]));
  const fallen = at24000 + LATENCY + 0.005 * RATE;
  assert.ok(peakOf(x.subarray(2 * 20000, 2 * at24000)) > 0.1);
  // What rings on is the filters: 2 / (pi 1000 Hz) per factor e at q 2.
  assert.ok(peakOf(x.subarray(2 * fallen)) < 0.005, `${peakOf(x.subarray(2 * fallen))} after 5 ms`);
  assert.ok(peakOf(x.subarray(2 * (fallen + 480))) < 1e-6, '10 ms later');
  assert.equal(peakOf(x.subarray(2 * (fallen + 2400))), 0, '50 ms later');
  assert.equal(rig.host.read('running'), 0);
});

test('what stops the sequencer at the bar leaves no step played and no note hanging', () => {
  const stops: Record<string, readonly Command[]> = {
    load: putLoad({ running: false, tracks: [makeTrack({ voice: 3, pattern: 'X' })] }),
    transport: [transport(false)],
    panic: [{ kind: 'panic' }],
  };
  for (const [what, commands] of Object.entries(stops)) {
    const rig = openRig();
    rig.render(96000, [
      ...at(0, [...putTrack(0, { pattern: 'x...' }), transport(true)]),
      ...at(100, commands, 'bar'),
    ]);
    const later = rig.render(480000);
    assert.equal(rig.host.read('running'), 0, what);
    assert.equal(rig.host.read('step'), 16, what);
    assert.equal(peakOf(later.subarray(2 * 432000)), 0, `${what}: still sounding ten seconds later`);
  }
});
