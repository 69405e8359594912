/** What is not a number costs one voice, or one cell: nothing else hears of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PARAM_NAMES } from '../../engine/registry/address.js';
import { MODULES } from '../../engine/registry/modules.js';
import {
  differsAt,
  gate,
  HEADER_BYTES,
  openRig,
  peakOf,
  set,
  side,
  type Event,
  type Rig,
} from '../helpers/core.js';
import { seeded } from '../helpers/bus.js';
import { holds } from '../helpers/property.js';
import { fieldsOf } from './denormals.js';
import { bypass, sineRig, VOICES } from './faults.js';

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const BROKEN = [NaN, Infinity, -Infinity];
const nan = (voice: number) => ({ kind: 'chaos', fault: 'nan', subject: voice - 1 }) as const;

/** Seven voices on the right, voice1 hard left with a wave, and perhaps the acid filter on it. */
function stereoRig(wave: number, acid: number, build: 'simd' | 'scalar' = 'simd'): Rig {
  const rig = openRig({ voices: VOICES, build });
  rig.now(set('lfo1/depth', 0), set('lfo2/depth', 0), set('acid1/voice', acid), set('voice1/pan', -1));
  for (let v = 1; v <= VOICES; v++) {
    rig.now(set(`voice${v}/osc/type`, v === 1 ? wave : v % 6), set(`voice${v}/freq`, 60 * v));
    rig.now(set(`voice${v}/amp`, 0.05), set(`voice${v}/adsr/sustain`, 0.5), gate(v, true));
    if (v > 1) rig.now(set(`voice${v}/pan`, 1));
  }
  // A voice that becomes louder must not move a limiter that both sides share.
  rig.now(bypass('limiter1')).render(9600);
  return rig;
}

function paramsOf(type: string): number {
  return Object.keys(MODULES.find((table) => table.type === type)!.params).length;
}

/** Word offsets of every f32 of voice1 in its group, but for the ring: parameters, then the fields of Voice. */
function floatsOfVoice(rig: Rig): { readonly name: string; readonly type: string; readonly at: number }[] {
  const lanes = rig.host.exports.lanes();
  const base = rig.region('voice').address / 4 + HEADER_BYTES / 4;
  const params = (PARAM_NAMES[0] as readonly string[]).flatMap((name) =>
    ['', ' target', ' left', ' mod'].map((cell) => name + cell),
  );
  const fields = fieldsOf('voice', 'state.lane.ts');
  return [...params.map((name) => ({ name, type: 'param' })), ...fields]
    .map(({ name, type }, i) => ({ name, type, at: base + i * lanes }))
    .filter(({ type }) => type !== 'word');
}

/** Notes of voice1 and the others, on and off the grid. */
const music = (frame: number): Event[] => [
  { frame: frame + 1500, command: gate(1, false) },
  { frame: frame + 1507, command: gate(3, true, 0.5) },
  { frame: frame + 2003, command: gate(1, true, 0.7) },
];

test('whatever number of a voice breaks, the others play on to the bit and nothing else is heard', () => {
  let seen = 0;
  for (const build of ['simd', 'scalar'] as const)
    for (const [wave, acid] of [
      [0, 0],
      [2, 0],
      [4, 0],
      [1, 1],
    ] as const) {
      const start = stereoRig(wave, acid, build);
      const copy = stereoRig(wave, acid, build);
      const frame = start.frame;
      const right = side(copy.render(4000, music(frame)), 1);
      const rig = stereoRig(wave, acid, build);
      for (const [i, { name, type, at }] of floatsOfVoice(rig).entries()) {
        rig.become(start);
        new Float32Array(rig.host.memory.buffer)[at] = BROKEN[i % 3]!;
        const out = rig.render(4000, music(frame));
        const what = `${name} of wave ${wave}, acid ${acid}, ${build}`;
        assert.ok(!Number.isNaN(peakOf(out)), what);
        assert.equal(differsAt(Float32Array.from(side(out, 1)), right), -1, what);
        seen += rig.host.read('poisoned');
        if (rig.host.read('poisoned') > 0) assert.equal(rig.host.read('poisonedVoice'), 1, what);
        // The voice plays again; with a parameter that is no number it may be silent until that is set.
        if (type === 'lane') assert.ok(peakOf(side(rig.render(480))) > 0.001, what);
      }
    }
  assert.ok(seen > 300, `${seen}`);
});

test('a poisoned filter is caught before it is heard: the voice is counted and attacks again if it is open', () => {
  for (const build of ['simd', 'scalar'] as const) {
    const rig = sineRig([], { build });
    const before = peakOf(rig.render(4800));
    rig.now(nan(1));
    const out = rig.render(256 + 160);
    assert.ok(peakOf(out) <= before * 1.001);
    assert.equal(rig.host.read('poisoned'), 1);
    assert.equal(rig.host.read('poisonedVoice'), 1);
    assert.ok(peakOf(rig.render(4800)) > 0.9 * before, 'attacked again');
    rig.now(gate(1, false)).render(48000);
    assert.equal(peakOf(rig.now(nan(1)).render(480)), 0);
    rig.now(gate(1, true));
    assert.ok(peakOf(rig.render(4800)) > 0.9 * before);
    assert.equal(rig.host.read('poisoned'), 2);
  }
});

test('poison in the middle of music is the same in each build, in every split and in a copy', (t) => {
  const check = (seed: number): void => {
    const random = seeded(seed);
    const events = Array.from({ length: 20 }, () => ({
      frame: Math.floor(4000 * random()),
      command: random() < 0.5 ? nan(1 + Math.floor(8 * random())) : gate(1 + Math.floor(8 * random()), true),
    })).sort((a, b) => a.frame - b.frame);
    const play = (build: 'simd' | 'scalar', length: () => number): Float32Array => {
      const rig = stereoRig(1, 1, build);
      const frame = rig.frame;
      return rig.render(
        4800,
        events.map((event) => ({ ...event, frame: frame + event.frame })),
        length,
      );
    };
    const whole = play('simd', () => 256);
    assert.ok(peakOf(whole) > 0.001);
    assert.equal(
      differsAt(
        whole,
        play('simd', () => 1 + Math.floor(500 * random())),
      ),
      -1,
      'split',
    );
    assert.equal(
      differsAt(
        whole,
        play('scalar', () => 64),
      ),
      -1,
      'scalar',
    );
  };
  holds(t, seeds, check, 5);
});

test('broken numbers in rings, the acid filter and the effects are muted and mended', (t) => {
  const check = (seed: number): void => {
    const random = seeded(seed);
    const rig = stereoRig(1, 1);
    rig.now(
      bypass('limiter1', false),
      set('dist1/mix', 0.5),
      ...[1, 2, 3].flatMap((v) => [set(`voice${v}/send/reverb`, 0.5), set(`voice${v}/send/delay`, 0.5)]),
    );
    rig.render(24000);
    const floats = new Float32Array(rig.host.memory.buffer);
    for (const type of ['voice', 'acid', 'distortion', 'reverb', 'delay', 'limiter'])
      for (let i = 0; i < 12; i++) {
        const { address, bytes } = rig.region(type);
        // What looks like a sample or a coefficient is one; whole numbers look denormal.
        let at = 0;
        do at = (address + HEADER_BYTES) / 4 + Math.floor((random() * (bytes - HEADER_BYTES)) / 4);
        while (!(Math.abs(floats[at]!) > 1e-9 && Math.abs(floats[at]!) < 100));
        const was = floats[at]!;
        floats[at] = BROKEN[i % 3]!;
        const what = `${type} word ${at - address / 4}, was ${was}`;
        assert.ok(!Number.isNaN(peakOf(rig.render(2400))), what);
        const later = peakOf(rig.render(9600));
        // A parameter may stay where it is of no use until it is set.
        const used = at >= address / 4 + HEADER_BYTES / 4 + 4 * paramsOf(type);
        assert.ok(later <= 1 && (later > 0.01 || !used), `${what}: ${later}`);
        if (!used) floats[at] = was;
      }
    assert.ok(rig.host.read('poisoned') > 10);
  };
  holds(t, seeds, check, 2);
});

test('a broken ring is muted for its cell: no tail is lost, and nothing else changes', () => {
  const open = (): Rig => {
    const rig = sineRig([...[1, 2].map((v) => set(`voice${v}/send/delay`, 1)), set('voice2/send/reverb', 1)]);
    rig.now(gate(2, true)).render(4800);
    rig.now(set('voice2/adsr/release', 0.01), gate(2, false), set('voice1/amp', 0)).render(24000);
    return rig;
  };
  const whole = open();
  const broken = open();
  const lanes = broken.host.exports.lanes();
  const before = floatsOfVoice(broken).at(-1)!.at;
  new Float32Array(broken.host.memory.buffer)[before + lanes * (1 + (broken.frame % 64))] = NaN;
  const out = whole.render(9600);
  assert.ok(peakOf(out) > 1e-4);
  assert.equal(differsAt(out, broken.render(9600)), -1);
  assert.equal(broken.host.read('poisoned'), 1);
});

test('an effect full of broken numbers is counted once and begins anew', () => {
  for (const type of ['distortion', 'reverb', 'delay']) {
    const rig = stereoRig(1, 0);
    rig.now(set('dist1/mix', 0.5), set('voice2/send/reverb', 1), set('voice2/send/delay', 1));
    // Until the longest line is full.
    rig.render(96000);
    const { address, bytes } = rig.region(type);
    const floats = new Float32Array(rig.host.memory.buffer);
    for (let at = Math.ceil((address + bytes / 4) / 4); at < (address + bytes) / 4; at++)
      if (Math.abs(floats[at]!) > 1e-6 && Math.abs(floats[at]!) < 1) floats[at] = NaN;
    assert.ok(!Number.isNaN(peakOf(rig.render(512))), type);
    assert.equal(rig.host.read('poisoned'), 1, type);
    assert.ok(peakOf(rig.render(9600)) > 0.01, type);
    assert.equal(rig.host.read('poisoned'), 1, type);
  }
});
