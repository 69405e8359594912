/** The acid filter goes from voice to voice, and nobody hears which of them slept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seeded } from '../helpers/bus.js';
import { at, differsAt, gate, openRig, peakOf, set, type Event } from '../helpers/core.js';
import { holds } from '../helpers/property.js';
import { piece } from './piece.js';

const VOICES = 8;
const FRAMES = 24000;

function sameInEachBuild(frames: number, music: readonly Event[]): void {
  const simd = openRig({ voices: VOICES }).render(frames, music);
  assert.ok(peakOf(simd) > 0.01);
  const scalar = openRig({ voices: VOICES, build: 'scalar' }).render(frames, music);
  assert.equal(differsAt(simd, scalar), -1, 'first differing frame');
}

test('an acid filter that leaves a voice that sleeps has the level of that voice in each build', () => {
  // An LFO moves the level of voice 3, whose group sleeps only where it has no neighbour that sounds.
  sameInEachBuild(6000, [
    ...at(900, [gate(1, true, 0.329, 0.414)]),
    ...at(1839, [set('acid1/voice', 3)]),
    ...at(2439, [{ kind: 'note', voice: -1, hz: 574.57, velocity: 0.495, beats: 0 }]),
    ...at(3579, [set('acid1/voice', 2)]),
  ]);
});

/** Music in which the acid filter changes its voice every 12 ms. */
function moving(seed: number): Event[] {
  const random = seeded(seed);
  const moves = Array.from({ length: 40 }, () =>
    at(Math.floor(random() * FRAMES), [set('acid1/voice', Math.floor(random() * (VOICES + 1)))]),
  );
  return [...piece(seed, { frames: FRAMES, voices: VOICES }), ...moves.flat()].sort(
    (a, b) => a.frame - b.frame,
  );
}

test('an acid filter that moves between voices sounds the same in each build', (t) => {
  const check = (seed: number): void => sameInEachBuild(FRAMES, moving(seed));
  for (const seed of [31, 55, 59]) check(seed);
  holds(t, fc.integer({ min: 1, max: 2 ** 31 - 1 }), check, 3);
});
