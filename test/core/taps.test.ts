/** Taps show what is there, change nothing, add up, and are as late as the master. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEntry, ENTRY_WORDS, NOW } from '../../engine/shared/command.js';
import { tapNames, voiceTap, type TapName } from '../../engine/shared/tap-names.js';
import { CoreHost, compileCore } from '../../engine/slot/core-host.js';
import { seeded } from '../helpers/bus.js';
import { at, differsAt, gate, openRig, peakOf, set, type Event } from '../helpers/core.js';
import { holds } from '../helpers/property.js';
import { bypass, chaos, UNITS, VOICES } from './faults.js';
import { piece } from './piece.js';
import { renderTapped, sumOf, type TappedOptions } from './tapped.js';

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const FRAMES = 24000;
const ALL = tapNames(VOICES).filter((name) => name !== 'master');
const SINGLE = ALL.filter((name) => /^voice\d/.test(name));
const same = (a: Float32Array, b: Float32Array, what: string): void =>
  assert.equal(differsAt(a, b), -1, `${what}: first differing frame`);

/** Music in which units go and come back, voices break, and with `acid` the acid filter changes its voice. */
function troubled(seed: number, acid = true): Event[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const trouble = Array.from({ length: 40 }, () => {
    const frame = Math.floor(random() * FRAMES);
    const name = pick(UNITS).name;
    const kind = random();
    if (kind < 0.5) return at(frame, [bypass(name, random() < 0.5)]);
    if (kind < 0.8) return acid ? at(frame, [set('acid1/voice', Math.floor(random() * (VOICES + 1)))]) : [];
    return at(frame, [chaos('nan', 'voice1-4'), gate(1, true)]);
  });
  return [...piece(seed, { frames: FRAMES, voices: VOICES }), ...trouble.flat()].sort(
    (a, b) => a.frame - b.frame,
  );
}

/** All voices held, below the ceiling, the distortion as good as a wire; what else is given comes after. */
const held = (...given: Event[]): Event[] => [
  ...at(0, [set('lfo1/depth', 0), set('lfo2/depth', 0), set('dist1/mix', 0), set('acid1/voice', 0)]),
  ...Array.from({ length: VOICES }, (_, i) => i + 1).flatMap((voice) =>
    at(0, [
      set(`voice${voice}/osc/type`, voice % 3),
      set(`voice${voice}/freq`, 90 * 1.3 ** voice),
      set(`voice${voice}/pan`, voice / 4 - 1),
      set(`voice${voice}/amp`, 0.04),
      set(`voice${voice}/adsr/sustain`, 1),
      gate(voice, true),
    ]),
  ),
  ...given,
];

test('R53 R54 R98 taps change neither a sample of the master nor a byte of the state, and add up', (t) => {
  let worst = 0;
  const check = (seed: number): void => {
    const music = troubled(seed);
    const build = seed % 2 === 0 ? 'simd' : 'scalar';
    const tapped = renderTapped(FRAMES, music, { build, taps: ALL });
    const plain = renderTapped(FRAMES, music, { build });
    assert.ok(peakOf(plain.master) > 0.01);
    same(plain.master, tapped.master, 'master');
    assert.ok(Buffer.from(plain.host.state()).equals(Buffer.from(tapped.host.state())), 'state');

    const voices = tapped.of('voices');
    const sum = sumOf(SINGLE.map((name) => tapped.of(name)));
    const most = Math.max(...SINGLE.map((name) => peakOf(tapped.of(name))));
    assert.ok(most > 0.01);
    for (const [i, x] of voices.entries()) worst = Math.max(worst, Math.abs(x - sum[i]!) / most);
    // Seven additions, each rounded: at most 7 x 2^-24 of a sum of eight.
    assert.ok(worst < 7 * 8 * 2 ** -24, `voice1 + ... differ from voices by ${worst} of a voice`);
    const effects = sumOf([tapped.of('distortion'), tapped.of('reverb'), tapped.of('delay')]);
    same(effects, tapped.of('bus'), 'distortion + reverb + delay = bus');
  };
  holds(t, seeds, check, 4);
  t.diagnostic(
    `voice1 + ... + voice${VOICES} = voices within ${worst.toExponential(1)} of the loudest voice`,
  );
});

test('R54 R98 every tap of the scalar build has the bits of the SIMD build', () => {
  for (const seed of [1, 2, 3]) {
    const music = troubled(seed, false);
    const simd = renderTapped(FRAMES, music, { taps: ALL });
    const scalar = renderTapped(FRAMES, music, { build: 'scalar', taps: ALL });
    assert.ok(peakOf(simd.of('voices')) > 0.01);
    for (const name of ALL) same(simd.of(name), scalar.of(name), `${name}, piece ${seed}`);
  }
});

test('R98 a tap is the same alone or among all, whatever the length of the blocks', () => {
  const music = held(...at(256, [set('voice1/send/reverb', 0.5), set('voice2/send/delay', 0.5)]));
  const all = renderTapped(8192, music, { taps: ALL });
  for (const name of ALL) {
    assert.ok(peakOf(all.of(name)) > 0 || name === 'delay', name);
    const alone = renderTapped(8192, music, { taps: [name], blockFrames: name === 'voices' ? 2048 : 64 });
    same(all.of(name), alone.of(name), name);
  }
});

test('R54 R98 a voice of the mix is, to the sample, what the master gives when it plays alone', () => {
  for (const build of ['simd', 'scalar'] as const)
    for (const acid of [0, 3]) {
      const music = held(...at(0, [set('acid1/voice', acid)]));
      const mix = renderTapped(9600, music, { build, taps: SINGLE });
      for (const voice of [1, 3, VOICES]) {
        const others = Array.from({ length: VOICES }, (_, i) => i + 1).filter((it) => it !== voice);
        const silent = at(
          0,
          others.map((it) => gate(it, false)),
        );
        const alone = renderTapped(9600, [...music, ...silent], { build });
        const tapped = mix.of(voiceTap(voice));
        assert.ok(peakOf(tapped) > 0.01, `voice${voice}`);
        same(alone.master, tapped, `voice${voice}, acid at ${acid}, ${build}`);
      }
    }
});

test('R54 what the acid filter still gives after it has left its voice belongs to that voice', () => {
  for (const [what, leaves] of [
    ['bypassed', bypass('acid1')],
    ['assigned to none', set('acid1/voice', 0)],
  ] as const)
    for (const frame of [4801, 4810, 4816]) {
      const start = [set('acid1/voice', 6), set('voice6/adsr/sustain', 1), gate(6, true)];
      const music = [...at(0, start), ...at(frame, [leaves])];
      const { of } = renderTapped(9600, music, { taps: ['voices', 'voice6'] });
      assert.ok(peakOf(of('voice6')) > 0.1);
      same(of('voices'), of('voice6'), `${what} at ${frame}`);
    }
});

test('R57 R58 below the ceiling the bus is the master, frame for frame; above it only the master is held', () => {
  const sends = at(0, [set('voice1/send/reverb', 0.6), set('voice4/send/delay', 0.6)]);
  const soft = renderTapped(48000, held(...sends), { taps: ['bus'] });
  assert.ok(peakOf(soft.master) > 0.05);
  same(soft.of('bus'), soft.master, 'bus');
  const loud = renderTapped(9600, held(...at(0, [set('voice1/amp', 1), set('voice2/amp', 1)])), {
    taps: ['bus', 'voices'],
  });
  assert.ok(peakOf(loud.of('bus')) > 1, `${peakOf(loud.of('bus'))}`);
  assert.ok(peakOf(loud.master) < 0.9);
});

test('R53 where distortion, reverb and delay change nothing, voices, distortion, bus and master are one signal', () => {
  const { of, master } = renderTapped(9600, held(), { taps: ['voices', 'distortion', 'bus', 'reverb'] });
  assert.ok(peakOf(master) > 0.05);
  for (const name of ['voices', 'distortion', 'bus'] as const) same(of(name), master, name);
  assert.equal(peakOf(of('reverb')), 0);
  const dirty = renderTapped(9600, held(...at(0, [set('dist1/mix', 1), set('dist1/drive', 1)])), {
    taps: ['voices', 'distortion', 'bus'],
  });
  same(dirty.of('voices'), of('voices'), 'before the distortion nothing has changed');
  assert.notEqual(differsAt(dirty.of('distortion'), of('distortion')), -1);
  same(dirty.of('distortion'), dirty.of('bus'), 'distortion = bus');
});

test('R53 what is taken out of the signal because it is not finite is in no tap', () => {
  const music = held(
    ...at(0, [set('voice1/send/reverb', 0.5), set('voice1/send/delay', 0.5), set('acid1/voice', 2)]),
  );
  for (const type of ['distortion', 'reverb', 'delay', 'acid']) {
    const { address, bytes } = openRig({ voices: VOICES }).region(type);
    const meddle: TappedOptions['meddle'] = (host, block) => {
      if (block !== 20) return;
      const floats = new Float32Array(host.memory.buffer, address, bytes >> 2);
      for (let i = 8; i < floats.length; i++)
        if (Math.abs(floats[i]!) > 1e-6 && Math.abs(floats[i]!) < 1) floats[i] = NaN;
    };
    const tapped = renderTapped(9600, music, { taps: ALL, meddle });
    const plain = renderTapped(9600, music, { meddle });
    assert.ok(plain.host.read('poisoned') > 0, type);
    same(plain.master, tapped.master, type);
    assert.ok(Buffer.from(plain.host.state()).equals(Buffer.from(tapped.host.state())), type);
    for (const name of ALL) assert.ok(Number.isFinite(peakOf(tapped.of(name))), `${type}: ${name}`);
  }
});

test('R58 taps need memory only where they are taken, and are gone with a new start', () => {
  const module = compileCore();
  const options = { module, sampleRate: 192000, voices: 256, blockFrames: 2048 };
  const layout = new CoreHost(options).layout();
  const initial = Math.max(Math.ceil(layout.stateEnd / 65536) + 2, 64);
  const memory = new WebAssembly.Memory({ initial, maximum: 1024, shared: true });
  const plain = new CoreHost({ ...options, memory });
  assert.equal(memory.buffer.byteLength, initial * 65536);
  const names: readonly TapName[] = tapNames(256);
  const tapped = new CoreHost({ ...options, memory, taps: names });
  assert.ok(memory.buffer.byteLength > initial * 65536);
  assert.deepEqual(tapped.layout(), plain.layout());
  play(tapped);
  const heard = new Set(names.filter((name) => peakOf(tapped.tap(name)) > 0));
  assert.deepEqual([...heard], ['master', 'voices', 'distortion', 'bus', 'voice256']);
  const block = tapped.tap('voices').fill(0);
  const again = new CoreHost({ ...options, memory });
  play(again);
  assert.ok(peakOf(again.output) > 0);
  assert.equal(peakOf(block), 0);
  assert.throws(() => again.tap('voices'), /'voices' is not taken/);
});

/** The last voice, for one block. */
function play(host: CoreHost): void {
  const words = new Int32Array(2 * ENTRY_WORDS);
  for (const [i, command] of [set('acid1/voice', 0), gate(256, true)].entries())
    encodeEntry({ command, when: NOW, source: 0 }, words, i * ENTRY_WORDS);
  host.render(words, 0, 2);
}
