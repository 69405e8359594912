/** What every bus kernel has to do, whatever it sounds like. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BUS_TABLES,
  firstDifference,
  noise,
  openBus,
  peakOf,
  render,
  seeded,
  type BusName,
  type Stereo,
} from './bus.js';

export interface BusContract {
  readonly name: BusName;
  /** Settings at which everything in the kernel works. */
  readonly busy: Record<string, number>;
  /** Settings at which its sound dies soon, and seconds after which it must be exactly 0. */
  readonly short: Record<string, number>;
  readonly silentAfterS: number;
  /** No sample may be larger, for noise of +-1 under any settings. */
  readonly bound: number;
}

const at = (params: Record<string, number>) => (frame: number) => (frame === 0 ? params : {});

/** All parameters at random places of their ranges, one third of them at an end. */
function anywhere(name: BusName, random: () => number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(BUS_TABLES[name].params).map(([key, { min, max }]) => {
      const where = Math.min(1, Math.max(0, random() * 1.5 - 0.25));
      return [key, min + (max - min) * where];
    }),
  );
}

function withSilence(sound: Stereo, frames: number): Stereo {
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  left.set(sound.left);
  right.set(sound.right);
  return { left, right };
}

export function testBusContract({ name, busy, short, silentAfterS, bound }: BusContract): void {
  test(`${name}: any cut of the cells and either build give the same bits, also under moving parameters`, () => {
    const input = noise(19200, 0.7);
    // 0.1 s of sound, 0.1 s of silence, and so on: sleep and waking are part of it.
    for (let i = 0; i < 19200; i++) if (i % 9600 > 4807) input.left[i] = input.right[i] = 0;
    for (const still of [true, false]) {
      const once = (build: 'simd' | 'scalar', cutSeed: number): Stereo => {
        const walk = seeded(7);
        const knife = seeded(cutSeed);
        return render(openBus(name, { build }), input, {
          params: (frame) => (still || frame === 0 ? at(busy)(frame) : anywhere(name, walk)),
          ...(cutSeed ? { cut: (room: number) => 1 + Math.floor(knife() * room) } : {}),
        });
      };
      const whole = once('simd', 0);
      assert.equal(firstDifference(whole, once('simd', 11)), -1, 'cut: first differing frame');
      assert.equal(firstDifference(whole, once('scalar', 0)), -1, 'scalar: first differing frame');
      assert.equal(firstDifference(whole, once('scalar', 12)), -1, 'scalar, cut: first differing frame');
    }
  });

  test(`${name}: silence in, exact silence out; after the sound has died the state stands still`, () => {
    const kernel = openBus(name);
    assert.equal(peakOf(render(kernel, withSilence(noise(0, 0), 4800), { params: at(busy) })), 0);
    const frames = 16 * Math.ceil((silentAfterS * 48000) / 16);
    const out = render(kernel, withSilence(noise(4800, 0.7), frames), { params: at(short) });
    assert.ok(peakOf(out) > 0.001);
    assert.equal(peakOf(out, frames - 480), 0);
    const before = kernel.state.slice();
    assert.equal(peakOf(render(kernel, withSilence(noise(0, 0), 1600))), 0);
    const moved = kernel.state.filter((byte, i) => byte !== before[i]).length;
    assert.ok(moved <= 4, `${moved} bytes of state moved in silence; a frame counter has 4`);
  });

  test(`${name}: finite and bounded while every parameter jumps across its range in every cell`, () => {
    const walk = seeded(3);
    const out = render(openBus(name), noise(48000, 1), { params: () => anywhere(name, walk) });
    assert.ok(peakOf(out) <= bound, `peak ${peakOf(out)}, allowed ${bound}`);
  });

  test(`${name}: heals after samples that are not finite`, () => {
    const input = noise(48000, 0.5);
    input.left.set([NaN, Infinity, -Infinity], 4000);
    input.right[4001] = Infinity;
    const out = render(openBus(name), input, { params: at(busy) });
    assert.ok(peakOf(out, 36000) <= bound && peakOf(out, 36000) > 0.001, `peak ${peakOf(out, 36000)}`);
  });

  test(`${name}: reset forgets the sound and keeps the parameters`, () => {
    const input = noise(4800, 0.5);
    // Both have run as long: the reverb's swing follows the session's frames, not the sound.
    const fresh = openBus(name);
    render(fresh, withSilence(noise(0, 0), 9600), { params: at(busy) });
    const used = openBus(name);
    render(used, noise(9600, 0.9, 5), { params: at(busy) });
    used.reset();
    assert.equal(firstDifference(render(fresh, input), render(used, input)), -1);
  });
}
