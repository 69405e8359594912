/** A unit goes out of the signal and comes back without a click, and leaves everything else as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { differsAt, gate, openRig, peakOf, sameState, set, type Event } from '../helpers/core.js';
import { seeded } from '../helpers/bus.js';
import { holds } from '../helpers/property.js';
import { bypass, largestStep, PASSED, sineRig, statusOf, THROUGH, UNITS, VOICES } from './faults.js';
import { piece, randomLengths } from './piece.js';

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const names = UNITS.map(({ name }) => name);
const BACK = 2 * PASSED;

test('each unit of an engine goes out and comes back without a step', () => {
  assert.deepEqual(names, Object.keys(THROUGH));
  for (const name of names)
    for (const sampleRate of [48000, 44100, 96000])
      for (const later of [0, 48, 128, 240]) {
        const rig = sineRig(THROUGH[name], { sampleRate });
        rig.render(later);
        const before = largestStep(rig.render(9600));
        assert.ok(before > 0.001);
        const out = largestStep(rig.now(bypass(name)).render(2400));
        const without = largestStep(rig.render(9600));
        const back = largestStep(rig.now(bypass(name, false)).render(19200));
        const own = Math.max(before, without);
        assert.ok(out < 1.5 * own, `${name} out at ${sampleRate} Hz: ${out} for ${own}`);
        assert.ok(back < 1.5 * own, `${name} back at ${sampleRate} Hz: ${back} for ${own}`);
      }
});

test('a unit that comes and goes during its fades makes no step either', () => {
  for (const name of names) {
    const rig = sineRig(THROUGH[name]);
    const own = largestStep(rig.render(9600));
    rig.now(bypass(name)).render(9600);
    const limit = 1.5 * Math.max(own, largestStep(rig.render(9600)));
    let on = false;
    for (const frames of [64, 400, 32, 160, 16, 80, 512, 304, 400, 496, 608, 96, 704]) {
      const step = largestStep(rig.now(bypass(name, on)).render(frames));
      assert.ok(step < limit, `${name}: ${step} for ${limit}`);
      on = !on;
    }
  }
});

test('bypassed voices leave the sum of the others, to the bit, and report no level', () => {
  const notes = Array.from({ length: VOICES }, (_, i) => [
    set(`voice${i + 1}/osc/type`, i % 6),
    set(`voice${i + 1}/freq`, 100 + 50 * i),
    set(`voice${i + 1}/adsr/sustain`, 1),
    set(`voice${i + 1}/amp`, 0.05),
    gate(i + 1, true),
  ]);
  const still = [set('lfo1/depth', 0), set('lfo2/depth', 0), set('acid1/voice', 0)];
  for (const build of ['simd', 'scalar'] as const)
    for (const [out, others] of [
      ['voice1-4', notes.slice(4)],
      ['voice5-8', notes.slice(0, 4)],
    ] as const) {
      const all = openRig({ build, voices: VOICES }).now(...still, ...notes.flat());
      const some = openRig({ build, voices: VOICES }).now(...still, ...others.flat());
      all.render(4800);
      some.render(4800);
      all.now(bypass(out), gate(1, true), gate(5, true));
      if (out === 'voice1-4') some.now(gate(5, true));
      else some.now(gate(1, true));
      assert.notEqual(differsAt(all.render(PASSED), some.render(PASSED)), -1);
      assert.equal(differsAt(all.render(9600), some.render(9600)), -1, `${out} ${build}`);
      for (let v = 0; v < VOICES; v++)
        assert.equal(all.host.readFloat('voicePeak', v) > 0, some.host.readFloat('voicePeak', v) > 0);
    }
});

test('where a unit changes nothing its bypass changes nothing, and neither does its return', () => {
  for (const name of [
    'dist1',
    'limiter1',
    'reverb1',
    'delay1',
    'lfo1',
    'lfo2',
    'meter1',
    'acid1',
    'voice5-8',
  ]) {
    const plain = [
      set('dist1/mix', 0),
      set('reverb1/mix', 0),
      set('delay1/mix', 0),
      set('voice1/osc/type', 1),
    ];
    const one = sineRig(plain);
    const two = sineRig(plain);
    two.now(bypass(name));
    one.render(PASSED);
    two.render(PASSED);
    assert.equal(differsAt(one.render(4800), two.render(4800)), -1, `${name} out`);
    two.now(bypass(name, false));
    one.render(BACK);
    two.render(BACK);
    assert.equal(differsAt(one.render(4800), two.render(4800)), -1, `${name} back`);
    assert.ok(peakOf(two.render(480)) > 0.01);
  }
});

test('a limiter that is out still holds the ceiling', () => {
  const rig = sineRig([set('voice1/amp', 1), set('limiter1/ceiling', -12)]);
  const ceiling = 10 ** (-12 / 20) * (1 + 1e-6);
  assert.ok(peakOf(rig.now(bypass('limiter1')).render(9600)) <= ceiling);
  assert.ok(peakOf(rig.now(bypass('limiter1', false)).render(9600)) <= ceiling);
  assert.ok(peakOf(rig.render(480)) > 0.9 * ceiling);
});

test('voices that come back are silent until a gate, and then play as if they were new', () => {
  for (const wave of ['saw', 'pink']) {
    const start = [set('voice2/osc/type', wave), set('lfo1/depth', 0), set('acid1/voice', 0)];
    const used = openRig({ voices: VOICES }).now(...start, gate(2, true), gate(3, true));
    const fresh = openRig({ voices: VOICES }).now(...start);
    used.render(4800);
    used.now(bypass('voice1-4')).now(gate(2, false), gate(2, true), set('voice2/freq', 222)).render(4800);
    fresh.now(set('voice2/freq', 222)).render(9600);
    assert.deepEqual(used.cell('voice2/freq'), fresh.cell('voice2/freq'));
    used.now(bypass('voice1-4', false));
    assert.equal(peakOf(used.render(4800)), 0);
    fresh.render(4800);
    used.now(gate(2, true));
    fresh.now(gate(2, true));
    assert.equal(differsAt(used.render(9600), fresh.render(9600)), -1, wave);
  }
});

test('the acid filter gives its voice back and comes to it again', () => {
  const without = sineRig([...THROUGH['acid1']!, set('acid1/voice', 0)]);
  const rig = sineRig(THROUGH['acid1']);
  rig.now(bypass('acid1'), gate(1, true, 1, 1));
  without.now(gate(1, true));
  rig.render(PASSED);
  without.render(PASSED);
  assert.equal(differsAt(rig.render(4800), without.render(4800)), -1);
  rig.now(bypass('acid1', false)).render(4800);
  without.render(4800);
  assert.notEqual(differsAt(rig.render(4800), without.render(4800)), -1);
});

test('what an LFO moves goes back to its own value', () => {
  const rig = sineRig(THROUGH['lfo1']);
  const still = sineRig();
  rig.now(bypass('lfo1')).render(PASSED + 32);
  assert.equal(rig.cell('voice1/amp').mod, 0);
  still.render(PASSED + 32);
  assert.equal(differsAt(rig.render(4800), still.render(4800)), -1);
});

test('the second strike keeps a unit out; the status says so', () => {
  for (const name of names) {
    const rig = sineRig(THROUGH[name]);
    assert.deepEqual(statusOf(rig, name), { bypassed: false, strikes: 0 });
    rig.now(bypass(name, false));
    assert.deepEqual(statusOf(rig, name), { bypassed: false, strikes: 0 });
    rig.now(bypass(name, true, true)).render(960);
    assert.deepEqual(statusOf(rig, name), { bypassed: true, strikes: 1 });
    rig.now(bypass(name, false)).render(960);
    assert.deepEqual(statusOf(rig, name), { bypassed: false, strikes: 1 });
    rig.now(bypass(name, true, true)).render(960);
    rig.now(bypass(name, false)).render(960);
    assert.deepEqual(statusOf(rig, name), { bypassed: true, strikes: 2 });
  }
});

test('a bypassed meter shows nothing', () => {
  const rig = sineRig();
  assert.ok(rig.host.readFloat('masterPeak') > 0.1 && rig.host.readFloat('voicePeak') > 0.1);
  rig.now(bypass('meter1')).render(480);
  for (const field of ['masterPeak', 'masterPower', 'voicePeak'] as const)
    assert.equal(rig.host.readFloat(field), 0, field);
  rig.now(bypass('meter1', false)).render(4800);
  assert.ok(rig.host.readFloat('masterPeak') > 0.1 && rig.host.readFloat('voicePeak') > 0.1);
});

/** Music in which units go and come at any frame. */
function restless(seed: number, frames: number): Event[] {
  const random = seeded(seed);
  const music = piece(seed, { frames, voices: VOICES, events: 60 });
  for (let i = 0; i < 40; i++) {
    const name = names[Math.floor(random() * names.length)]!;
    const frame = Math.floor(random() * frames);
    music.push({ frame: random() < 0.5 ? frame : frame & ~15, command: bypass(name, random() < 0.6) });
  }
  return music.sort((a, b) => a.frame - b.frame);
}

test('with units coming and going, every split and each build give the same samples', (t) => {
  const check = (seed: number): void => {
    const music = restless(seed, 24000);
    const whole = openRig({ voices: VOICES }).render(24000, music);
    assert.ok(peakOf(whole) > 0.001);
    const split = openRig({ voices: VOICES }).render(24000, music, randomLengths(seed));
    assert.equal(differsAt(whole, split), -1, 'split');
    const scalar = openRig({ voices: VOICES, build: 'scalar' }).render(24000, music);
    assert.equal(differsAt(whole, scalar), -1, 'scalar');
  };
  holds(t, seeds, check, 6);
});

test('a state copied in the middle of fades goes on with the same bits', (t) => {
  const check = (seed: number): void => {
    const music = restless(seed, 24000);
    const edge = 256 * (1 + (seed % 90));
    const one = openRig({ voices: VOICES });
    const two = openRig({ voices: VOICES });
    two.render(4800, restless(seed + 1, 4800));
    one.render(
      edge,
      music.filter(({ frame }) => frame < edge),
    );
    two.become(one);
    const rest = music.filter(({ frame }) => frame >= edge);
    assert.equal(differsAt(one.render(24000 - edge, rest), two.render(24000 - edge, rest)), -1);
    assert.ok(sameState(one, two));
  };
  holds(t, seeds, check, 6);
});
