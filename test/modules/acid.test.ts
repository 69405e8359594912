/** The acid filter in the place of a voice's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../engine/shared/command.js';
import {
  at,
  differsAt,
  gate,
  LATENCY,
  openRig,
  peakOf,
  putTrack,
  RATE,
  set,
  side,
  transport,
  type Event,
} from '../helpers/core.js';
import { bypass } from '../core/faults.js';

const STILL = [set('lfo1/target', 'none'), set('lfo2/target', 'none')];
const SAW = [2, 3].flatMap((voice) => [
  set(`voice${voice}/osc/type`, 'saw'),
  set(`voice${voice}/freq`, 55 * voice),
  set(`voice${voice}/adsr/sustain`, 1),
]);

function play(setUp: readonly Command[], events: readonly Event[], frames = RATE): Float32Array {
  const rig = openRig({ voices: 8 }).now(...STILL, ...SAW, ...setUp);
  rig.render(4096);
  return rig.render(
    frames,
    events.map((event) => ({ ...event, frame: event.frame + 4096 })),
  );
}
const note = [
  ...at(0, [gate(2, true)]),
  ...at(30007, [gate(2, false)]),
  ...at(33000, [gate(2, true, 0.6, 1)]),
];
/** Power of the slope against the power of a stretch of the left side. */
function brightness(x: Float32Array, from: number, to: number): number {
  let [all, steep] = [0, 0];
  for (let i = 2 * from; i < 2 * to; i += 2) {
    all += x[i]! ** 2;
    steep += (x[i]! - x[i - 2]!) ** 2;
  }
  return steep / all;
}

test('with mix 0 its voice is what it is without it, to the bit', () => {
  const without = play([set('acid1/voice', 0), set('voice2/pan', 0.4)], note);
  assert.ok(peakOf(without) > 0.1);
  assert.equal(differsAt(without, play([set('acid1/mix', 0), set('voice2/pan', 0.4)], note)), -1);
});

test('with mix 1 nothing of the own low-pass is left: its settings change nothing', () => {
  const settings = (cutoff: number, q: number): Command[] => [
    set('voice2/filter/freq', cutoff),
    set('voice2/filter/q', q),
  ];
  const one = play(settings(200, 0.5), note);
  assert.ok(peakOf(one) > 0.05);
  assert.equal(differsAt(one, play(settings(8000, 9), note)), -1);
  assert.notEqual(differsAt(one, play([set('acid1/voice', 0)], note)), -1);
});

test('mix fades between the two in a straight line', () => {
  const [own, half, acid] = [0, 0.5, 1].map((mix) => play([set('acid1/mix', mix)], note)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const worst = half.reduce((most, x, i) => Math.max(most, Math.abs(x - 0.5 * (own[i]! + acid[i]!))), 0);
  assert.ok(worst < 1e-6, `${worst}`);
});

test('a voice it leaves gets its own output back, and the next one is taken over', () => {
  const moveAt = 12007;
  const both = [...at(0, [gate(2, true), gate(3, true)])];
  const moved = play([], [...both, ...at(moveAt, [set('acid1/voice', 3)])]);
  // From then on as if it had always stood on voice 3, but for its own history.
  const only = (voice: number, solo: number): Float32Array =>
    play([set('acid1/voice', voice), set(`voice${5 - solo}/amp`, 0)], both);
  const soloMoved = play([set('voice3/amp', 0)], [...both, ...at(moveAt, [set('acid1/voice', 3)])]);
  // It leaves one voice in 16 cells and comes to the next in 16 more.
  const from = 2 * (moveAt + LATENCY + 34 * 16);
  assert.equal(
    differsAt(soloMoved.subarray(from), only(3, 2).subarray(from)),
    -1,
    'voice 2 has its own output',
  );
  assert.equal(differsAt(soloMoved.subarray(0, 2 * moveAt), only(2, 2).subarray(0, 2 * moveAt)), -1);
  assert.notEqual(differsAt(moved.subarray(from), play([], both).subarray(from)), -1);
});

test('it comes and goes without a step', () => {
  const sine = [
    set('voice2/osc/type', 'sine'),
    set('voice2/freq', 55),
    set('voice2/adsr/sustain', 1),
    set('voice2/filter/freq', 8000),
  ];
  const moves = at(24000, [set('acid1/voice', 0)]).concat(at(36000, [set('acid1/voice', 2)]));
  const x = side(play(sine, [...at(0, [gate(2, true)]), ...moves], 48000));
  let most = 0;
  for (let i = 20000; i < 48000; i++) most = Math.max(most, Math.abs((x[i] ?? 0) - (x[i - 1] ?? 0)));
  // 0.3 of a sine of 55 Hz moves by 0.0022 a frame; a switch would move by ten times that.
  assert.ok(most < 0.006, `largest step ${most}`);
});

test('it has level, pan and sends of its voice', () => {
  const x = play([set('voice2/pan', -1)], note);
  assert.ok(peakOf(side(x)) > 0.05 && peakOf(side(x, 1)) < 1e-6);
  assert.equal(peakOf(play([set('voice2/amp', 0)], note)), 0);
  assert.notEqual(differsAt(play([set('voice2/send/delay', 0.5)], note), play([], note)), -1);
});

test('the gate opens the filter and it closes in its decay time', () => {
  const hit = (amount: number): Float32Array =>
    play(
      [set('acid1/cutoff', 200), set('acid1/env_amount', amount), set('acid1/decay', 0.3)],
      at(0, [gate(2, true)]),
    );
  const [open, flat] = [hit(4000), hit(0)];
  const early = [open, flat].map((x) => brightness(x, LATENCY + 16, LATENCY + 1600)) as [number, number];
  assert.ok(early[0] > 3 * early[1], `${early[0]} and ${early[1]}`);
  const gap = (from: number, to: number): number => {
    const other = flat.subarray(2 * from, 2 * to);
    return open.subarray(2 * from, 2 * to).reduce((most, x, i) => Math.max(most, Math.abs(x - other[i]!)), 0);
  };
  assert.ok(gap(4800, 9600) > 1e-3, 'still open');
  assert.ok(gap(0.4 * RATE, RATE) < 1e-4, `closed: ${gap(0.4 * RATE, RATE)}`);
});

test('an accent is brighter and louder, and is gone before the next plain note', () => {
  const hit = (accent: number): Float32Array =>
    play(
      [set('acid1/cutoff_offset', 1000), set('acid1/res_accent_boost', 0.4), set('acid1/env_amount', 0)],
      at(0, [gate(2, true, 1, accent)]),
      9600,
    );
  const [plain, accented] = [hit(0), hit(1)];
  const early = (x: Float32Array): Float32Array => x.subarray(0, 2 * 1600);
  assert.ok(differsAt(plain, accented) <= LATENCY + 32);
  const difference = early(plain).reduce((most, x, i) => Math.max(most, Math.abs(x - accented[i]!)), 0);
  assert.ok(difference > 0.01, `${difference}`);
  const again = (accent: number): Float32Array =>
    play(
      [set('acid1/accent_decay', 0.02)],
      [...at(0, [gate(2, true, 1, accent)]), ...at(2400, [gate(2, false)]), ...at(40000, [gate(2, true)])],
    );
  const [a, b] = [again(0), again(1)];
  assert.equal(differsAt(a.subarray(80000), b.subarray(80000)), -1);
});

test('a sequenced X fires its envelope with an accent, an x without', () => {
  for (const [pattern, velocity, accent] of [
    ['X.......', 1, 1],
    ['x.......', 0.6, 0],
  ] as const) {
    const track = at(0, [...putTrack(0, { voice: 2, pattern, gateFrac: 2 }), transport(true)]);
    const by = [...at(0, [gate(2, true, velocity, accent)]), ...at(12000, [gate(2, false)])];
    const heard = play([], track, 40000);
    assert.ok(peakOf(heard) > 0.05);
    assert.equal(differsAt(heard, play([], by, 40000)), -1, pattern);
  }
});

test('an LFO on the cutoff of its voice moves its own cutoff', () => {
  const settings = [set('acid1/cutoff', 600), set('acid1/env_amount', 0)];
  const lfo = (target: string): Command[] => [
    set('lfo1/depth', 1),
    set('lfo1/rate', 2),
    set('lfo1/target', target),
  ];
  const still = play(settings, note);
  const moved = play([...settings, ...lfo('voice2/filter/freq')], note);
  assert.notEqual(differsAt(still, moved), -1);
  assert.equal(
    differsAt(moved, play([...settings, ...lfo('acid1/cutoff')], note)),
    -1,
    'the same span, the same sound',
  );
  assert.equal(differsAt(still, play([...settings, ...lfo('voice3/filter/freq')], note)), -1);
});

test('after its note it is exactly silent', () => {
  const rig = openRig({ voices: 8 }).now(
    ...STILL,
    ...SAW,
    set('acid1/res', 0.98),
    set('acid1/drive', 1),
    set('voice2/adsr/release', 0.01),
  );
  assert.ok(
    peakOf(rig.render(9600, [...at(0, [gate(2, true, 1, 1)]), ...at(4800, [gate(2, false)])])) > 0.05,
  );
  rig.render(RATE);
  assert.equal(peakOf(rig.render(4800)), 0);
});

test('at the top of the resonance it oscillates for as long as its voice sounds, and not beyond', () => {
  // A sine far below the cutoff: what is bright is the oscillation.
  const setUp = [
    set('voice2/osc/type', 'sine'),
    set('voice2/freq', 30),
    set('acid1/res', 0.98),
    set('acid1/cutoff', 2000),
    set('acid1/env_amount', 0),
  ];
  const held = play(setUp, at(0, [gate(2, true, 0.3)]));
  assert.ok(brightness(held, RATE / 2, RATE) > 1e-3, `${brightness(held, RATE / 2, RATE)}`);
  const released = play(
    [...setUp, set('voice2/adsr/release', 0.05)],
    [...at(0, [gate(2, true, 0.3)]), ...at(RATE / 2, [gate(2, false)])],
  );
  // 50 ms of release, 50 of ringing, and what the path adds.
  assert.equal(peakOf(released.subarray(2 * (RATE / 2 + 5500))), 0);
});

test('while it oscillates and its voices are bypassed, it comes to rest', () => {
  const rig = openRig({ voices: 8 }).now(...STILL, ...SAW, set('acid1/res', 0.98), gate(2, true));
  assert.ok(peakOf(rig.render(9600)) > 0.05);
  rig.now(bypass('voice1-4')).render(9600);
  assert.equal(peakOf(rig.render(4800)), 0);
});
