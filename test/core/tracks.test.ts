/** What steps can do: ties, ratchets, chance, locks, divisions, lengths, mute and solo. Each against plain gates at frames. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Command } from '../../engine/shared/command.js';
import { euclid } from '../../engine/shared/steps.js';
import { LOCK_TARGETS, type Lock, type Track } from '../../engine/shared/track.js';
import {
  at,
  differsAt,
  gate,
  makeTrack,
  openRig,
  parameter,
  peakOf,
  putLoad,
  putTrack,
  RATE,
  set,
  swing,
  tempo,
  transport,
  type Event,
} from '../helpers/core.js';
import { holds } from '../helpers/property.js';

/** A sixteenth at 120 BPM. */
const STEP = 6000;
const QUIET = [set('lfo1/target', 'none'), set('lfo2/target', 'none'), set('acid1/voice', 0)];

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

function play(frames: number, events: readonly Event[], ...first: Command[]): Float32Array {
  return openRig({ voices: 4 })
    .now(...QUIET, ...voice(1), ...voice(2), ...first)
    .render(frames, events);
}
const started = (...tracks: Partial<Track>[]): Event[] =>
  at(0, [...tracks.flatMap((track, place) => putTrack(place, track)), transport(true)]);

interface Hit {
  readonly on: number;
  readonly off: number;
  readonly accent?: boolean;
}
/** Gates of voice1 where they are given; a gate that is opened again before it ends has no end of its own. */
function gates(hits: readonly Hit[], number = 1): Event[] {
  const events = hits.flatMap(({ on, off, accent = false }, i) => {
    const next = hits[i + 1]?.on ?? Infinity;
    return [
      ...at(on, [gate(number, true, accent ? 1 : 0.6, accent ? 1 : 0)]),
      ...(off <= next ? at(off, [gate(number, false)]) : []),
    ];
  });
  return events.sort((a, b) => a.frame - b.frame);
}
function same(a: Float32Array, b: Float32Array): void {
  assert.ok(peakOf(a) > 0.01, 'something sounds');
  assert.equal(differsAt(a, b), -1, 'first differing frame');
}
const steps = (...places: number[]): Hit[] =>
  places.map((place) => ({ on: place * STEP, off: (place + 0.5) * STEP }));

test('a tie holds the note to its part of the tied step, also round the end of the pattern', () => {
  const held = (on: number, ties: number): Hit => ({ on: on * STEP, off: (on + ties + 0.5) * STEP });
  same(play(8 * STEP, started({ pattern: 'x__.x...' })), play(8 * STEP, gates([held(0, 2), ...steps(4)])));
  same(play(9 * STEP, started({ pattern: '_.x_' })), play(9 * STEP, gates([held(2, 2), held(6, 2)])));
  // A tie behind a rest has nothing to hold.
  same(play(8 * STEP, started({ pattern: 'x._.' })), play(8 * STEP, gates(steps(0, 4))));
  same(
    play(8 * STEP, started({ pattern: 'x_X.....' })),
    play(8 * STEP, gates([held(0, 1), { ...held(2, 0), accent: true }])),
  );
});

test('a tie holds the note with swing, and a ratchet before it', () => {
  const late = 0.5 * 0.5 * STEP;
  same(
    play(4 * STEP, started({ pattern: 'x_..' }), swing(0.5)),
    play(4 * STEP, gates([{ on: 0, off: 1.5 * STEP + late }])),
  );
  same(
    play(4 * STEP, started({ pattern: 'x*2_..' })),
    play(
      4 * STEP,
      gates([
        { on: 0, off: STEP / 4 },
        { on: STEP / 2, off: 1.5 * STEP },
      ]),
    ),
  );
});

test('a ratchet divides its step into equal parts, each with its part of the gate', () => {
  for (const count of [2, 3, 4, 7, 16]) {
    const hits = Array.from({ length: count }, (_, i) => {
      const on = Math.ceil(Math.floor((i * STEP * 120000) / count) / 120000);
      return {
        on,
        off: Math.ceil(
          (Math.floor((i * STEP * 120000) / count) + 0.5 * Math.floor((STEP * 120000) / count)) / 120000,
        ),
      };
    });
    same(play(4 * STEP, started({ pattern: `x*${count}...` })), play(4 * STEP, gates(hits)));
  }
});

test('with swing the hits of a ratchet share the time until the next step', () => {
  const late = 0.5 * 0.5 * STEP;
  const [on, left] = [STEP + late, STEP - late];
  const hits = [0, 1, 2, 3].map((i) => ({
    on: Math.ceil(on + (i * left) / 4),
    off: Math.ceil(on + ((i + 0.5) * left) / 4),
  }));
  same(
    play(4 * STEP, started({ pattern: '.x*4x.' }), swing(0.5)),
    play(4 * STEP, gates([...hits, ...steps(2)])),
  );
});

test('Euclid in a pattern is its steps written out', () => {
  const written = euclid(5, 8, 2)
    .map((hit) => (hit ? 'X' : '.'))
    .join('');
  same(play(16 * STEP, started({ pattern: 'X(5,8,2)' })), play(16 * STEP, started({ pattern: written })));
});

test('chance plays its share of the hits, the same ones for the same seed', () => {
  const count = (seed: number, chance: number): number[] => {
    const rig = openRig({ voices: 4 }).now(...QUIET, { kind: 'seed', seed });
    rig.now(
      ...putTrack(0, { pattern: `x?${chance}`, notesHz: Array.from({ length: 256 }, (_, i) => 100 + i) }),
    );
    rig.now(tempo(300), transport(true));
    const played: number[] = [];
    let before = 0;
    for (let step = 0; step < 800; step++) {
      rig.render(RATE / 20);
      const index = rig.host.read('noteIndex', 0);
      if (index !== before) played.push(step);
      before = index;
    }
    return played;
  };
  assert.equal(count(1, 0).length, 0);
  assert.equal(count(1, 100).length, 800);
  for (const chance of [25, 50, 90]) {
    const hits = count(7, chance).length;
    // Four standard deviations of 800 draws.
    const spread = 4 * Math.sqrt(8 * chance * (1 - chance / 100));
    assert.ok(Math.abs(hits - 8 * chance) < spread, `${hits} of 800 at ${chance} %`);
  }
  assert.deepEqual(count(5, 50), count(5, 50));
  assert.notDeepEqual(count(5, 50), count(6, 50));
});

test('steps of any division fall on their own grid, and begin with the sequencer', (t) => {
  const parts = fc.record({ up: fc.integer({ min: 1, max: 9 }), down: fc.integer({ min: 1, max: 9 }) });
  const bpm = fc.integer({ min: 60000, max: 300000 });
  holds(
    t,
    fc.tuple(parts, bpm),
    ([division, milliBpm]) => {
      const length = Math.floor((division.up * 15000 * RATE) / division.down);
      const frame = (units: number): number => Math.ceil(units / milliBpm);
      const hits: Hit[] = [];
      for (let step = 0; ; step += 2) {
        const units = Math.floor((step * division.up * 15000 * RATE) / division.down);
        if (frame(units + length) >= RATE) break;
        hits.push({ on: frame(units), off: frame(units + Math.floor(0.3125 * length)) });
      }
      if (hits.length === 0) return;
      const track = { pattern: 'x.', division, gateFrac: 0.3125 };
      const end = hits.at(-1)!.off + 200;
      same(play(end, started(track), tempo(milliBpm / 1000)), play(end, gates(hits)));
    },
    25,
  );
});

test('a track of another division swings as much as its place between the beats', () => {
  const late = 0.5 * 0.5 * STEP;
  // Thirty-seconds: 0, 1/2, 1, 3/2 of a step are late by none, half, all, half of the swing.
  const hits = [0, 0.5, 1, 1.5].map((place, i) => {
    const on = place * STEP + [0, 0.5, 1, 0.5][i]! * late;
    return { on, off: on + 0.25 * STEP };
  });
  const track = { pattern: 'xxxx....', division: { up: 1, down: 2 } };
  same(play(4 * STEP, started(track), swing(0.5)), play(4 * STEP, gates(hits)));
});

test('a length cuts a pattern or lets it rest; tracks of different lengths run against each other', () => {
  same(
    play(9 * STEP, started({ pattern: 'x.xx', length: 3 })),
    play(9 * STEP, gates(steps(0, 2, 3, 5, 6, 8))),
  );
  same(play(12 * STEP, started({ pattern: 'x', length: 5 })), play(12 * STEP, gates(steps(0, 5, 10))));
});

test('a track that comes while it runs falls in step with the others', () => {
  const late = (frame: number, track: Partial<Track>): Float32Array =>
    play(16 * STEP, [...started({ pattern: '.' }), ...at(frame, putTrack(1, track))]);
  same(late(5.5 * STEP, { pattern: 'x...' }), play(16 * STEP, gates(steps(8, 12))));
  // On the very frame of a step it plays that step.
  same(late(8 * STEP, { pattern: 'x...' }), play(16 * STEP, gates(steps(8, 12))));
  const halves = [8, 12].map((place) => ({ on: place * STEP, off: (place + 1) * STEP }));
  same(late(7 * STEP, { pattern: 'x.', division: { up: 2, down: 1 } }), play(16 * STEP, gates(halves)));
  // 4/3 of a step: the steps of the track from step 8 on are 6, 7, ... of its own.
  const thirds = [24, 32, 40].map((third) => ({
    on: (third * STEP) / 3,
    off: ((third + 2) * STEP) / 3,
  }));
  same(late(8 * STEP, { pattern: 'x.', division: { up: 4, down: 3 } }), play(16 * STEP, gates(thirds)));
});

test('another division takes the track where it would be by now', () => {
  const events = [
    ...started({ pattern: 'x...' }),
    ...at(4.5 * STEP, putTrack(0, { pattern: 'x...', division: { up: 1, down: 2 } })),
  ];
  const half = (place: number): Hit => ({ on: place * STEP, off: (place + 0.25) * STEP });
  same(play(9 * STEP, events), play(9 * STEP, gates([...steps(0, 4), half(6), half(8)])));
});

test('a restart begins the pattern and the notes at the next step', () => {
  const track = { pattern: 'x...', notesHz: [] };
  const events = [...started(track), ...at(5.5 * STEP, putTrack(0, track, { noteIndex: 0, restart: true }))];
  same(play(12 * STEP, events), play(12 * STEP, gates(steps(0, 4, 6, 10))));
});

test('a muted track is not heard and goes on in its notes; while one is solo the others are silent', () => {
  const track = { pattern: 'x...', notesHz: [110, 220, 330] };
  const keep = { noteIndex: -1 };
  const muted = openRig({ voices: 4 }).now(...QUIET, ...voice(1));
  const start = [...putTrack(0, { ...track, muted: true }), transport(true)];
  assert.equal(peakOf(muted.render(9 * STEP, at(0, start))), 0);
  assert.equal(muted.host.read('noteIndex', 0), 0, 'three hits gone by');
  muted.now(...putTrack(0, { ...track, muted: false }, keep)).render(4 * STEP);
  assert.equal(muted.cell('voice1/freq').target, 110);

  const second = { pattern: '..x.', voice: 2 };
  const solo = play(8 * STEP, started(track, { ...second, solo: true }));
  same(solo, play(8 * STEP, gates(steps(2, 6), 2)));
  const both = [
    ...started({ pattern: 'x...' }, { ...second, solo: true }),
    ...at(3 * STEP, putTrack(1, { ...second, solo: false }, keep)),
  ];
  const by = [...gates(steps(4)), ...gates(steps(2, 6), 2)].sort((a, b) => a.frame - b.frame);
  same(play(8 * STEP, both), play(8 * STEP, by));
  // Removing the solo track gives the others back.
  const removed = [
    ...started({ pattern: 'x...' }, { ...second, solo: true }),
    ...at(3 * STEP, [{ kind: 'removeTrack', track: 1 }]),
  ];
  same(
    play(8 * STEP, removed),
    play(
      8 * STEP,
      [...gates(steps(4)), ...gates(steps(2), 2)].sort((a, b) => a.frame - b.frame),
    ),
  );
});

test('mute and solo end what sounds at once: a long note, a tie without end, the rest of a ratchet', () => {
  const long: Partial<Track>[] = [
    { pattern: 'x...............', gateFrac: 64 },
    { pattern: 'x___' },
    { pattern: 'x*16', division: { up: 64, down: 1 } },
  ];
  for (const track of long) {
    for (const silenced of [
      putTrack(0, { ...track, muted: true }, { noteIndex: -1 }),
      putTrack(1, { pattern: '.', voice: 2, solo: true }),
    ]) {
      const rig = openRig({ voices: 4 }).now(...QUIET, ...voice(1));
      assert.ok(peakOf(rig.render(1000, started(track))) > 0.01);
      rig.now(...silenced).render(2000);
      assert.equal(peakOf(rig.render(64 * STEP)), 0, track.pattern);
    }
  }
});

const lock = (step: number, path: string, value: number): Lock => ({
  step,
  address: parameter(path).address,
  value,
});

test('a lock holds from its step to the next hit, and what was before comes back', () => {
  const track = {
    pattern: 'x.x.x...',
    locks: [lock(2, 'voice1/filter/freq', 3000), lock(2, 'delay1/mix', 0.7)],
  };
  const rig = openRig({ voices: 4 }).now(...QUIET, ...voice(1), set('voice1/filter/freq', 700));
  rig.now(...putTrack(0, track), transport(true));
  const seen: number[][] = [];
  for (let step = 0; step < 8; step++) {
    rig.render(STEP);
    seen.push(
      [rig.cell('voice1/filter/freq').target, rig.cell('delay1/mix').target].map((x) => Number(x.toFixed(3))),
    );
  }
  const base = [700, 0.3];
  const held = [3000, 0.7];
  assert.deepEqual(seen, [base, base, held, held, base, base, base, base]);
});

test('a lock sounds as a change at its frame does', () => {
  const track = {
    pattern: 'x.x.x...',
    locks: [lock(2, 'voice1/filter/freq', 3000), lock(2, 'voice1/osc/type', 1)],
  };
  const by = [
    ...gates(steps(0, 2, 4)),
    ...at(2 * STEP, [set('voice1/filter/freq', 3000), set('voice1/osc/type', 'saw')]),
    ...at(4 * STEP, [set('voice1/filter/freq', 1000), set('voice1/osc/type', 'square')]),
  ];
  const order = (e: Event): number => e.frame * 2 + (e.command.kind === 'gate' ? 1 : 0);
  same(
    play(8 * STEP, started(track)),
    play(
      8 * STEP,
      by.sort((a, b) => order(a) - order(b)),
    ),
  );
});

test('a value somebody sets meanwhile stays, also when another lock held it before', () => {
  const path = 'voice1/filter/freq';
  const rig = openRig({ voices: 4 }).now(...QUIET);
  rig.now(
    ...putTrack(0, { pattern: 'x...', locks: [lock(0, path, 3000), lock(1, path, 4000)] }),
    transport(true),
  );
  rig.render(100);
  assert.equal(rig.cell(path).target, 3000);
  rig.render(STEP);
  assert.equal(rig.cell(path).target, 4000, 'a step without a hit locks too');
  rig.now(set(path, 555)).render(4 * STEP - 200);
  assert.equal(rig.cell(path).target, 3000, 'the next bar locks again');
  rig.now({ kind: 'removeTrack', track: 0 }).render(100);
  assert.equal(rig.cell(path).target, 555, 'and gives back what was set');
});

test('velocity, gate and pitch can be locked for one hit', () => {
  const pitch = { step: 1, address: parameter('voice1/freq').address, value: 330 };
  const soft = { step: 0, address: LOCK_TARGETS.velocity, value: 0.25 };
  const long = { step: 0, address: LOCK_TARGETS.gate_frac, value: 0.75 };
  const track = { pattern: 'xx..', locks: [soft, long, pitch] };
  const by = [
    ...at(0, [gate(1, true, 0.25)]),
    ...at(0.75 * STEP, [gate(1, false)]),
    ...at(STEP, [set('voice1/freq', 330), gate(1, true, 0.6)]),
    ...at(1.5 * STEP, [gate(1, false)]),
  ];
  // The voice is silent when the pitch changes, so it jumps in both.
  same(play(4 * STEP - 1, started(track)), play(4 * STEP - 1, by));
});

test('locks of tracks that are cleared, replaced, stopped or loaded over are given back', () => {
  const path = 'voice1/filter/freq';
  const track = { pattern: 'x...............', locks: [lock(0, path, 3000)] };
  const ends: Record<string, Command[]> = {
    clear: [{ kind: 'clearTracks' }],
    remove: [{ kind: 'removeTrack', track: 0 }],
    replace: putTrack(0, { pattern: '....' }),
    stop: [transport(false)],
    panic: [{ kind: 'panic' }],
  };
  for (const [name, commands] of Object.entries(ends)) {
    const rig = openRig({ voices: 4 }).now(...QUIET, ...putTrack(0, track), transport(true));
    rig.render(100);
    assert.equal(rig.cell(path).target, 3000, name);
    rig.now(...commands).render(100);
    assert.equal(rig.cell(path).target, 1000, name);
  }
});

test('edits handed over ahead keep their content until their frame, and give its room back', () => {
  const rig = openRig({ voices: 4 }).now(...QUIET, ...voice(1), transport(true));
  const frame = (place: number): number => place * STEP - 100;
  rig.ahead(at(frame(4), putTrack(0, { pattern: 'x.......', length: 4 })));
  rig.ahead(at(frame(8), putTrack(0, { pattern: '..x.' })));
  assert.equal(rig.host.read('edits'), 2);
  const played = rig.render(12 * STEP - 1);
  assert.equal(rig.host.read('edits'), 0);
  same(played, play(12 * STEP - 1, [...at(0, [transport(true)]), ...gates(steps(4, 10))]));
});

test('the room for content is bounded: what does not fit acts at once and is counted; what is skipped gives it back', () => {
  const rig = openRig({ voices: 4 }).now(...QUIET);
  for (let i = 0; i < 128; i++) rig.ahead(at(5000, putTrack(i, { pattern: 'x' })));
  assert.equal(rig.host.read('edits'), 128);
  rig.ahead(at(5000, putTrack(3, { pattern: 'x' })));
  assert.equal(rig.host.read('queueDropped'), 1);
  rig.render(4900);
  rig.render(256, at(rig.frame, [{ kind: 'skipped', count: 1 }]));
  assert.equal(rig.host.read('edits'), 0);
  rig.ahead(at(9000, putTrack(0, { pattern: 'x' })));
  assert.equal(rig.host.read('queueDropped'), 1);
});

test('edits for the next step act before it, those for the bar at the bar, in their order', () => {
  const start = started({ pattern: 'x...' });
  const edit = (pattern: string): Command[] => putTrack(0, { pattern });
  const events = [
    ...start,
    ...at(0.5 * STEP, edit('.x..'), 'step'),
    ...at(2.5 * STEP, edit('x...'), 'bar'),
    ...at(2.6 * STEP, [tempo(60)], 'step'),
  ];
  // Step 1 and, from step 3 on at half the tempo, 5, 9 and 13; the bar begins at step 16.
  const slow = (step: number): number => 3 * STEP + (step - 3) * 2 * STEP;
  const hit = (step: number): Hit => ({ on: slow(step), off: slow(step) + STEP });
  const by = [...at(3 * STEP, [tempo(60)]), ...gates([...steps(0, 1), ...[5, 9, 13, 16, 20].map(hit)])];
  same(
    play(slow(21), events),
    play(
      slow(21),
      by.sort((a, b) => a.frame - b.frame),
    ),
  );
});

test('a load brings all that a track can do', () => {
  const tracks: Partial<Track>[] = [
    {
      pattern: 'X*3?80x_x(3,8)',
      length: 11,
      division: { up: 4, down: 3 },
      locks: [lock(0, 'voice1/pan', -1)],
    },
    { pattern: 'x.', voice: 2, muted: true },
    { pattern: 'x...', voice: 3, solo: true, gateFrac: 2 },
  ];
  for (const some of [tracks, tracks.slice(0, 2)]) {
    const load = putLoad({ tracks: some.map(makeTrack), running: true });
    same(play(32 * STEP, at(0, load)), play(32 * STEP, started(...some)));
  }
});
