/** Tempo: ramps and nudges, each event against the formula in whole numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Command } from '../../engine/shared/command.js';
import { openRig, putTrack, RATE, set, swing, tempo, transport, type Rig } from '../helpers/core.js';
import { holds } from '../helpers/property.js';

const STEP_UNITS = 15000 * RATE;
const ramp = (bpm: number, beats: number): Command => ({
  kind: 'tempo',
  milliBpm: Math.round(1000 * bpm),
  beats,
});
const nudge = (micros: number): Command => ({ kind: 'nudge', micros });

/** The position clock, one frame after the other, as the definition says it. */
class SlowClock {
  frame = 0;
  position = 0;
  #from = 120000;
  #to = 120000;
  #at = 0;
  #length = 0;

  set(bpm: number, beats = 0): void {
    const now = this.now();
    this.#from = now;
    this.#to = Math.round(1000 * bpm);
    this.#at = 0;
    const units = Math.floor((Math.round(beats * 1000) * STEP_UNITS) / 1000) * 4;
    this.#length = beats > 0 ? Math.max(1, Math.floor((2 * units) / (now + this.#to))) : 0;
  }
  nudge(micros: number): void {
    this.position -= Math.trunc((micros * RATE) / 1e6) * this.now();
  }
  now(): number {
    if (this.#at >= this.#length) return this.#to;
    const rise = this.#to - this.#from;
    return this.#from + Math.sign(rise) * Math.floor((Math.abs(rise) * this.#at) / this.#length);
  }
  advance(): void {
    this.position += this.now();
    this.#at++;
    this.frame++;
  }
}

/** Renders to that frame and no further. */
function to(rig: Rig, frame: number): void {
  if (frame > rig.frame) rig.render(frame - rig.frame, [], () => 2048);
}

test('through random ramps every step falls on the frame of the frame by frame sum', (t) => {
  const change = fc.record({
    step: fc.integer({ min: 1, max: 20 }),
    bpm: fc.integer({ min: 30, max: 300 }),
    beats: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 16 }), fc.constant(0.01)),
    nudge: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20000 })),
  });
  holds(
    t,
    fc.array(change, { minLength: 1, maxLength: 4 }),
    (changes) => {
      const rig = openRig({ voices: 1 }).now(tempo(120), transport(true));
      const clock = new SlowClock();
      let step = 0;
      for (const { step: steps, bpm, beats, nudge: micros } of changes) {
        for (let i = 0; i < steps; i++, step++) {
          while (clock.position < step * STEP_UNITS) clock.advance();
          to(rig, clock.frame);
          assert.equal(rig.host.read('step'), step, `step ${step} not before frame ${clock.frame}`);
          rig.render(1);
          clock.advance();
          assert.equal(rig.host.read('step'), step + 1, `step ${step} at frame ${clock.frame - 1}`);
        }
        rig.now(beats > 0 ? ramp(bpm, beats) : tempo(bpm), nudge(micros));
        clock.set(bpm, beats);
        clock.nudge(micros);
      }
    },
    40,
  );
});

test('a ramp lasts as long as its beats take on it, and its tempo can be read', () => {
  const rig = openRig({ voices: 1 }).now(tempo(100), transport(true), ramp(140, 16));
  // 64 steps at a mean of 120 BPM.
  const frames = Math.floor((2 * 64 * STEP_UNITS) / 240000);
  to(rig, frames / 2 + 1);
  rig.now(swing(0));
  assert.ok(Math.abs(rig.host.read('milliBpm') - 120000) <= 1, `${rig.host.read('milliBpm')}`);
  to(rig, frames);
  rig.now(swing(0));
  assert.equal(rig.host.read('milliBpm'), 140000);
  assert.equal(rig.host.read('step'), 64, 'steps 0 to 63 are played when it ends');
});

test('a minute at 174 BPM with swing and a ramp every bar: no frame of drift', () => {
  const rig = openRig({ voices: 1 }).now(set('lfo1/target', 'none'));
  rig.now(...putTrack(0, { pattern: 'x.' }), tempo(174), swing(0.33), transport(true));
  const late = Math.trunc(0.5 * Math.fround(0.33) * STEP_UNITS);
  const clock = new SlowClock();
  clock.set(174);
  let step = 0;
  let bar = 0;
  while (rig.frame < 60 * RATE) {
    const position = step * STEP_UNITS + (step % 2 ? late : 0);
    while (clock.position < position) clock.advance();
    to(rig, clock.frame);
    assert.equal(rig.host.read('step'), step, `step ${step} not before frame ${clock.frame}`);
    rig.render(1);
    clock.advance();
    assert.equal(rig.host.read('step'), ++step, `step ${step - 1} at frame ${clock.frame - 1}`);
    if (step % 16 === 3) {
      const bpm = [160, 174.5, 190, 174][bar++ % 4] as number;
      rig.now(ramp(bpm, 3));
      clock.set(bpm, 3);
    }
  }
  assert.ok(step > 650, `${step} steps`);
});

test('a nudge moves what is to come by its time, and no more than a quarter of a second', () => {
  const onset = (micros: number): number => {
    const rig = openRig({ voices: 1 }).now(tempo(120), transport(true));
    rig.render(3000);
    rig.now(nudge(micros));
    for (let frame = 3000; ; frame++) {
      rig.render(1);
      if (rig.host.read('step') === 2) return frame;
    }
  };
  assert.equal(onset(0), 6000);
  assert.equal(onset(10_000), 6480);
  assert.equal(onset(-10_000), 5520);
  assert.equal(onset(900_000), 6000 + RATE / 4);
});

test('a nudge back over several steps plays them at once and goes on in time', () => {
  const rig = openRig({ voices: 1 }).now(tempo(300), transport(true));
  rig.render(100);
  rig.now(nudge(-250_000)).render(1);
  // 2400 frames a step: 12 000 frames earlier are five steps more.
  assert.equal(rig.host.read('step'), 6);
  to(rig, 2400);
  assert.equal(rig.host.read('step'), 6);
  rig.render(1);
  assert.equal(rig.host.read('step'), 7);
});
