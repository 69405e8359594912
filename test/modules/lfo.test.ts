/** LFOs, by what they add to their target. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lfoTable } from '../../modules/lfo/table.js';
import { allParameters, at, differsAt, gate, openRig, peakOf, RATE, set, type Rig } from '../helpers/core.js';

const CELL = 16;
/** 400 cells to the cycle. */
const HZ = RATE / (400 * CELL);
const SPAN = 800;

/** lfo1 on a cutoff, lfo2 on nothing, both at rest before they begin to count. */
function openLfo(settings: Record<string, number | string>): Rig {
  const rig = openRig({ voices: 4 }).now(
    set('lfo2/target', 'none'),
    set('lfo1/target', 'voice1/filter/freq'),
  );
  return rig.now(...Object.entries(settings).map(([name, value]) => set(`lfo1/${name}`, value)));
}

/** The shape at the end of each of the next cells. */
function follow(rig: Rig, cells: number): number[] {
  return Array.from({ length: cells }, () => {
    rig.render(CELL);
    return rig.cell('voice1/filter/freq').mod / SPAN;
  });
}

/** One cycle each, from a phase of 0..1. */
const SHAPES: Record<string, (t: number) => number> = {
  sine: (t) => Math.sin(2 * Math.PI * t),
  triangle: (t) => (t < 0.25 ? 4 * t : t < 0.75 ? 2 - 4 * t : 4 * t - 4),
  saw_up: (t) => 2 * t - 1,
  saw_down: (t) => 1 - 2 * t,
  square: (t) => (t < 0.5 ? 1 : -1),
  pulse: (t) => (t < 0.25 ? 1 : -1),
};

test('every shape goes through its values, cycle after cycle', () => {
  for (const [shape, at] of Object.entries(SHAPES)) {
    const rig = openLfo({ shape, rate: HZ, depth: 1 });
    // Rate and depth have arrived after 20 ms; the phase they had on the way is measured with a saw.
    rig.now(set('lfo1/shape', 'saw_up'));
    const settled = follow(rig, 100).at(-1)!;
    rig.now(set('lfo1/shape', shape));
    const start = (settled + 1) / 2;
    follow(rig, 800).forEach((value, i) => {
      const t = (start + (i + 1) / 400) % 1;
      // Where a shape jumps, the neighbour counts as well.
      const near = [t, (t + 1e-4) % 1, (t + 1 - 1e-4) % 1].map((x) => Math.abs(value - at(x)));
      assert.ok(Math.min(...near) < 1e-4, `${shape} at ${t}: ${value}`);
    });
  }
});

test('sample and hold stays for a cycle; smooth random moves between the same kind of values', () => {
  for (const shape of ['sample_hold', 'smooth_random']) {
    const values = follow(openLfo({ shape, rate: HZ, depth: 1 }), 40 * 400).slice(100);
    const steps = values.map((x, i) => Math.abs(x - (values[i - 1] ?? x)));
    assert.ok(
      Math.max(...values) > 0.5 && Math.min(...values) < -0.5 && Math.max(...values.map(Math.abs)) <= 1,
    );
    const changes = steps.filter((step) => step > 0).length;
    if (shape === 'sample_hold') assert.ok(changes >= 38 && changes <= 40, `${changes} values`);
    else assert.ok(Math.max(...steps) < (2 * 1.5) / 400 + 1e-6, `steps up to ${Math.max(...steps)}`);
  }
});

test('the table names these shapes, and no other', () => {
  const words = lfoTable.params.shape.words;
  assert.deepEqual([...words], [...Object.keys(SHAPES), 'sample_hold', 'smooth_random']);
});

test('the rate is exact: after two minutes the phase is where it has to be', () => {
  for (const rate of [0.01, 0.37, 7.77]) {
    const rig = openLfo({ shape: 'saw_up', rate, depth: 1 });
    const phase = (): number => (follow(rig, 1)[0]! + 1) / 2;
    follow(rig, 100);
    const start = phase();
    const seconds = 120;
    rig.render(seconds * RATE - CELL, [], () => 2048);
    const turned = phase() - start - seconds * Math.fround(rate);
    const off = Math.abs(turned - Math.round(turned));
    assert.ok(off < 2e-6, `${rate} Hz: ${off} of a cycle off`);
  }
});

test('depth scales, offset shifts before depth', () => {
  const steady = (depth: number, offset: number): number =>
    follow(openLfo({ shape: 'square', rate: 0.01, depth, offset }), 100).at(-1)!;
  assert.ok(Math.abs(steady(0.25, 0) - 0.25) < 1e-6);
  assert.ok(Math.abs(steady(1, -1)) < 1e-6);
  assert.ok(Math.abs(steady(0.5, 0.5) - 0.75) < 1e-6);
});

test('at depth 0 not one bit changes, whatever the target', () => {
  const targets = allParameters(4).filter(({ row, instance }) => row.modulation && instance < 1);
  const play = (target: string): Float32Array => {
    const rig = openRig({ voices: 4 }).now(set('lfo2/target', 'none'), set('acid1/voice', 2));
    rig.now(set('lfo1/depth', 0), set('lfo1/target', 'none')).render(1600);
    rig.now(set('lfo1/target', target), set('voice1/osc/type', 'saw'), set('voice1/send/delay', 0.3));
    return rig.render(9600, at(2000, [gate(1, true), gate(2, true)]));
  };
  const plain = play('none');
  assert.ok(peakOf(plain) > 0.1);
  for (const { path } of targets) assert.equal(differsAt(plain, play(path)), -1, path);
});

test('every target is moved by the span of its row, and goes back when the LFO leaves it', () => {
  for (const { path, row } of allParameters(1).filter(({ row }) => row.modulation)) {
    const rig = openRig({ voices: 1 }).now(set('lfo2/target', 'none'), set('lfo1/target', path));
    rig.now(set('lfo1/shape', 'square'), set('lfo1/rate', 0.01), set('lfo1/depth', 1)).render(1600);
    const { by, span } = row.modulation!;
    // A scale only takes away: at the top of the shape it takes nothing.
    assert.ok(Math.abs(rig.cell(path).mod - (by === 'scale' ? 0 : span)) < 1e-4 * span, path);
    rig.now(set('lfo1/target', 'none')).render(32);
    assert.equal(rig.cell(path).mod, 0, path);
  }
});

test('two LFOs on one target add', () => {
  const rig = openLfo({ shape: 'square', rate: 0.01, depth: 0.5 });
  rig.now(
    set('lfo2/target', 'voice1/filter/freq'),
    set('lfo2/shape', 'square'),
    set('lfo2/rate', 0.01),
    set('lfo2/depth', 0.25),
  );
  assert.ok(Math.abs(follow(rig, 200).at(-1)! - 0.75) < 1e-6);
});
