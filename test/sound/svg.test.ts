import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Axis, Plot } from '../../scripts/sound/part.js';
import { svgOf } from '../../scripts/sound/svg.js';
import { thinned, type Pixel } from '../../scripts/sound/thin.js';
import { shareOf, ticksOf } from '../../scripts/sound/ticks.js';
import { wellFormed } from '../helpers/svg.js';

const HERTZ: Axis = { label: 'Hz', min: 20, max: 20000, log: true };
const textsOf = (axis: Axis, count: number): string[] =>
  ticksOf(axis, count)
    .map(({ text }) => text)
    .filter((text) => text !== '');

function plotOf(points: readonly (readonly [number, number])[], title = 'A < B & "C"'): Plot {
  return {
    name: 'x',
    title,
    x: HERTZ,
    y: { label: 'dB', min: -80, max: 0 },
    series: [
      { label: 'one', points },
      {
        label: 'limit',
        reference: true,
        points: [
          [20, -60],
          [20000, -60],
        ],
      },
    ],
  };
}

test('ticks: hertz at 20, 50, 100 .. 20k, decibels at whole steps, both ends of a small range', () => {
  assert.deepEqual(textsOf(HERTZ, 9), ['20', '50', '100', '200', '500', '1k', '2k', '5k', '10k', '20k']);
  assert.equal(ticksOf(HERTZ, 9).length, 28, 'every 1 to 9 of a decade has its line');
  assert.deepEqual(textsOf({ label: 'dB', min: -80, max: 0 }, 8), [
    '-80',
    '-70',
    '-60',
    '-50',
    '-40',
    '-30',
    '-20',
    '-10',
    '0',
  ]);
  assert.deepEqual(textsOf({ label: 's', min: 0, max: 0.3 }, 6), [
    '0',
    '0.05',
    '0.1',
    '0.15',
    '0.2',
    '0.25',
    '0.3',
  ]);
  assert.deepEqual(textsOf({ label: 'Hz', min: 0, max: 24000 }, 9), ['0', '5k', '10k', '15k', '20k']);
  assert.ok(Math.abs(shareOf(HERTZ, 632.4555) - 0.5) < 1e-6, 'the middle of a logarithmic axis');
});

test('thinned: one column keeps first, lowest, highest and last; a peak of one point stays', () => {
  const points = Array.from({ length: 10_000 }, (_, i): Pixel => [i / 100, i === 5003 ? 300 : i % 7]);
  const few = thinned(points, 1);
  assert.ok(few.length <= 400, `${few.length} points`);
  assert.ok(few.some(([, y]) => y === 300));
  assert.deepEqual([few[0], few.at(-1)], [points[0], points.at(-1)]);
  assert.ok(few.every(([x], i) => i === 0 || x >= few[i - 1]![0]));
  assert.deepEqual(thinned(points.slice(0, 1), 1), points.slice(0, 1));
});

test('svg: well-formed, the same for the same data, small also for 200,000 points', () => {
  const points = Array.from(
    { length: 200_000 },
    (_, i) => [20 * 1000 ** (i / 2e5), -40 + 40 * Math.sin(i * i)] as const,
  );
  const svg = svgOf(plotOf(points));
  wellFormed(svg);
  assert.ok(svg.length < 40_000, `${svg.length} characters`);
  assert.equal(svgOf(plotOf(points)), svg);
  assert.match(svg, /<title>A &lt; B &amp; &quot;C&quot;<\/title>/);
  assert.equal(
    svg.match(/stroke-dasharray/g)?.length,
    2,
    'the reference is dashed, in the picture and below it',
  );
});

test('svg: silence is at the lower end, a point that is none and a title too long are named', () => {
  wellFormed(
    svgOf(
      plotOf([
        [100, -Infinity],
        [200, -20],
      ]),
    ),
  );
  assert.throws(() => svgOf(plotOf([[100, NaN]])), /plot x, series 'one': \(100, NaN\)/);
  assert.throws(() => svgOf(plotOf([[0, -10]])), /plot x, series 'one': \(0, -10\)/);
  assert.throws(() => svgOf(plotOf([[100, -10]], 'long '.repeat(30))), /plot x: its title is too long/);
});
