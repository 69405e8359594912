/** What holds for the whole rig, whatever it plays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWhole } from '../../engine/shared/table.js';
import {
  allParameters,
  at,
  differsAt,
  gate,
  openRig,
  peakOf,
  sameState,
  set,
  type Event,
  type Rig,
} from '../helpers/core.js';
import { seeded } from '../helpers/bus.js';
import { holds } from '../helpers/property.js';
import { denormals } from './denormals.js';
import { piece, randomLengths } from './piece.js';

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const FRAMES = 48000;
/** -1 dB and a rounding: the limiter's ceiling where nothing has changed it. */
const CEILING = 10 ** (-1 / 20) * (1 + 1e-6);
const before = (events: readonly Event[], frame: number): Event[] => events.filter((e) => e.frame < frame);
const from = (events: readonly Event[], frame: number): Event[] => events.filter((e) => e.frame >= frame);
const same = (a: Float32Array, b: Float32Array, what: string): void =>
  assert.equal(differsAt(a, b), -1, `${what}: first differing frame`);

test('without a command there is exact silence, at every rate, number of voices and build', () => {
  for (const build of ['simd', 'scalar'] as const)
    for (const [sampleRate, voices] of [
      [44100, 1],
      [48000, 16],
      [96000, 5],
      [192000, 256],
    ] as const)
      assert.equal(peakOf(openRig({ build, sampleRate, voices }).render(4800)), 0);
});

test('the scalar build gives the bits of the SIMD build', (t) => {
  const check = (seed: number): void => {
    const music = piece(seed, { frames: FRAMES });
    const simd = openRig().render(FRAMES, music);
    assert.ok(peakOf(simd) > 0.01);
    same(simd, openRig({ build: 'scalar' }).render(FRAMES, music), 'scalar');
  };
  holds(t, seeds, check, 4);
});

test('blocks of any length give the same samples', (t) => {
  const check = (seed: number): void => {
    const music = piece(seed, { frames: FRAMES });
    const whole = openRig().render(FRAMES, music);
    for (const length of [64, 96, 1024, 2048])
      same(
        whole,
        openRig().render(FRAMES, music, () => length),
        `${length}`,
      );
    same(whole, openRig().render(FRAMES, music, randomLengths(seed)), 'random lengths');
  };
  holds(t, seeds, check, 3);
});

test('256 commands at any frames of one block act as if each came with a block of its own', (t) => {
  const check = (seed: number): void => {
    const random = seeded(seed);
    const wild = at(
      0,
      [1, 2, 3, 4, 5].flatMap((v) => [set(`voice${v}/osc/type`, v), gate(v, true)]),
    );
    const rows = allParameters(5).filter(({ row }) => !isWhole(row));
    for (let i = 0; i < 256; i++) {
      const { address, row } = rows[Math.floor(random() * rows.length)]!;
      const x = random();
      const command =
        x < 0.7
          ? { kind: 'set' as const, address, value: row.min + random() * (row.max - row.min) }
          : gate(1 + Math.floor(5 * random()), x < 0.9, random());
      wild.push({ frame: Math.floor(2048 * random()), command });
    }
    wild.sort((a, b) => a.frame - b.frame);
    const once = openRig();
    const block = once.render(4096, wild, () => 2048);
    assert.ok(peakOf(block) > 0.01);
    same(
      block,
      openRig().render(4096, wild, () => 1),
      'blocks of one frame',
    );
    same(
      block,
      openRig()
        .ahead(wild)
        .render(4096, [], () => 2048),
      'all handed over at the start',
    );
  };
  holds(t, seeds, check, 5);
});

test('commands handed over long before their frame act like those that come in time', (t) => {
  const check = (seed: number): void => {
    const music = piece(seed, { frames: FRAMES }).filter(
      ({ command, when }) => when === undefined && !/stage|commit/.test(command.kind),
    );
    const late = openRig();
    const rest = from(music, 1);
    late.render(FRAMES / 4, before(music, FRAMES / 4));
    late.ahead(from(rest, FRAMES / 4));
    // What falls on this very frame acts now.
    assert.equal(late.host.read('queued'), from(rest, FRAMES / 4 + 1).length);
    const whole = openRig().render(FRAMES, music);
    same(whole.subarray(FRAMES / 2), late.render((3 * FRAMES) / 4), 'ahead');
    assert.equal(late.host.read('queued') + late.host.read('queueDropped'), 0);
  };
  holds(t, seeds, check, 3);
});

test('every parameter at its ends and moved fast stays finite and below the ceiling', () => {
  const random = seeded(5);
  const rig = openRig({ voices: 4 });
  const start = [1, 2, 3, 4].flatMap((voice) => [
    set(`voice${voice}/freq`, 50 * 2.1 ** voice),
    set(`voice${voice}/osc/type`, voice),
    set(`voice${voice}/send/reverb`, 0.5),
    set(`voice${voice}/send/delay`, 0.5),
    set(`voice${voice}/amp`, 1),
    gate(voice, true),
  ]);
  rig.now(...start, set('dist1/mix', 0.5), set('dist1/drive', 0.5)).render(4800);
  for (const { address, row, path, instance } of allParameters(4)) {
    if (instance > 0) continue;
    const back = rig.cell(path).target;
    const put = (value: number): Event => ({ frame: rig.frame, command: { kind: 'set', address, value } });
    const listen = (frames: number, value: number): void => {
      // A note begins and ends with each value.
      const peak = peakOf(
        rig.render(frames, [
          put(value),
          ...at(rig.frame, [gate(1, false), gate(1, true), gate(2, true, 1, 1)]),
        ]),
      );
      assert.ok(peak <= (path === 'limiter1/ceiling' ? 1 : CEILING), `${path} = ${value}: ${peak}`);
    };
    listen(2400, row.min);
    listen(2400, row.max);
    for (let i = 0; i < 64; i++)
      listen(1 + Math.floor(64 * random()), i % 2 ? row.max : row.min + random() * (row.max - row.min));
    listen(1600, back);
    assert.equal(rig.host.read('poisoned'), 0, path);
  }
  assert.ok(peakOf(rig.render(4800)) > 0.01);
});

test('any music stays below full scale', (t) => {
  const check = (seed: number): void => {
    const peak = peakOf(openRig().render(FRAMES, piece(seed, { frames: FRAMES, events: 600 })));
    assert.ok(peak <= 1, `peak ${peak}`);
  };
  holds(t, seeds, check, 4);
});

test('a new start in used memory repeats the run exactly', (t) => {
  const check = (seed: number): void => {
    const music = piece(seed, { frames: FRAMES });
    const rig = openRig();
    const first = rig.render(FRAMES, music);
    rig.render(4800, at(rig.frame, [gate(1, true)]));
    same(first, rig.restart().render(FRAMES, music), 'second run');
  };
  holds(t, seeds, check, 3);
});

test('a state copied at a block edge goes on the same beside any other history', (t) => {
  const check = (seed: number): void => {
    const music = piece(seed, { frames: FRAMES });
    const edge = 256 * (1 + (seed % 180));
    const one = openRig();
    one.render(edge, before(music, edge));
    const two = openRig();
    two.render(9600, before(piece(seed + 1, { frames: FRAMES }), 9600));
    two.become(one);
    same(one.render(FRAMES - edge, from(music, edge)), two.render(FRAMES - edge, from(music, edge)), 'copy');
    assert.ok(sameState(one, two), 'the states are equal at the end');
  };
  holds(t, seeds, check, 4);
});

test('a voice plays the same whether its neighbours in the vector are awake or asleep', () => {
  for (const wave of ['saw', 'white', 'pink', 'brown'])
    for (const target of ['voice5/freq', 'voice5/amp', 'voice5/filter/freq']) {
      const play = (...neighbour: readonly Event[]): Float32Array =>
        openRig().render(72000, [
          ...at(0, [set('lfo1/target', target), set('lfo1/depth', 0), set('voice5/osc/type', wave)]),
          ...neighbour,
          ...at(4800, [set('voice5/slide_time', 0.3), set('voice5/pitch/env', 12)]),
          ...at(9600, [set('voice5/freq', 880), set('lfo1/depth', 1), set('lfo1/rate', 1)]),
          ...at(52007, [gate(5, true)]),
        ]);
      const alone = play();
      assert.ok(peakOf(alone) > 0.01);
      same(alone, play(...at(10, [set('voice6/amp', 0), gate(6, true)])), `${wave}, LFO on ${target}`);
    }
});

test('the acid filter taken from a sounding voice and put back is the same beside any other history', () => {
  const saws = [1, 2].flatMap((voice) => [set(`voice${voice}/osc/type`, 'saw'), gate(voice, true)]);
  const one = openRig();
  one.render(24000, [...at(0, saws), ...at(20007, [set('acid1/voice', 0)])]);
  const two = openRig();
  two.render(4800, at(100, [set('voice1/freq', 100), gate(1, true), gate(2, true)]));
  two.become(one);
  const back = at(30001, [set('acid1/voice', 2)]);
  same(one.render(24000, back), two.render(24000, back), 'copy');
});

test('an acid filter that rings on at a voice that sleeps has the level of that voice in each build', () => {
  const notes = [
    ...at(0, [
      set('acid1/voice', 1),
      set('acid1/res', 0.98),
      set('voice1/adsr/release', 0.01),
      set('lfo2/target', 'voice5/amp'),
      set('lfo2/depth', 1),
      set('lfo2/rate', 10),
      gate(1, true),
      gate(6, true),
    ]),
    ...at(9600, [gate(1, false)]),
    ...at(10300, [set('acid1/voice', 5)]),
  ];
  const simd = openRig().render(24000, notes);
  same(simd, openRig({ build: 'scalar' }).render(24000, notes), 'scalar');
  same(
    simd,
    openRig().render(24000, notes, () => 100),
    'split',
  );
});

test('16, 64 and 256 voices play the same commands the same', (t) => {
  const check = (seed: number): void => {
    // Where a note may choose, more voices are more to choose from.
    const music = piece(seed, { frames: FRAMES / 2 }).filter(
      ({ command }) => command.kind !== 'note' || command.voice >= 0,
    );
    const sixteen = openRig().render(FRAMES / 2, music);
    for (const voices of [64, 256])
      same(sixteen, openRig({ voices }).render(FRAMES / 2, music), `${voices} voices`);
  };
  // Here a note chose voice 17 and more.
  check(1425159615);
  holds(t, seeds, check, 2);
});

/** Short tails, then every gate closed. */
function quieten(rig: Rig): void {
  rig.now({ kind: 'panic' }, set('reverb1/room', 0), set('reverb1/damp', 1), set('delay1/feedback', 0));
}

test('after music comes exact silence: nothing sounds, no number is denormal', (t) => {
  const check = (seed: number): void => {
    const rig = openRig();
    rig.render(FRAMES, piece(seed, { frames: FRAMES }));
    quieten(rig);
    // The mean square of the master falls longest: 0.3 s per factor e, down to 1e-14.
    rig.render(10 * 48000, [], () => 2048);
    assert.equal(peakOf(rig.render(2048)), 0);
    assert.equal(rig.host.read('sounding'), 0);
    assert.equal(rig.host.readFloat('masterPeak') + rig.host.readFloat('masterPower'), 0);
    assert.deepEqual(denormals(rig, openRig()), []);
  };
  holds(t, seeds, check, 2);
});

test('no number becomes denormal on the way to silence', () => {
  const rig = openRig();
  rig.render(FRAMES, piece(3, { frames: FRAMES }));
  quieten(rig);
  const still = openRig();
  for (let i = 0; i < 300; i++) {
    rig.render(256);
    assert.deepEqual(denormals(rig, still), [], `block ${i}`);
  }
});
