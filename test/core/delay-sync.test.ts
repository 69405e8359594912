/** Echoes that follow the tempo of the core: set, ramped, while the sequencer runs and while it stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../engine/shared/command.js';
import {
  firstSound,
  gate,
  openRig,
  peakOf,
  putTrack,
  RATE,
  set,
  tempo,
  transport,
  type Rig,
} from '../helpers/core.js';

const ramp = (bpm: number, beats: number): Command => ({ kind: 'tempo', milliBpm: 1000 * bpm, beats });

/** Voice 1, a click of a few milliseconds; one rig with echoes to be heard, one without. */
function pair(...commands: Command[]): [Rig, Rig] {
  const open = (mix: number): Rig =>
    openRig({ voices: 1 }).now(
      set('voice1/send/delay', 1),
      set('voice1/adsr/attack', 0.001),
      set('voice1/adsr/decay', 0.005),
      set('voice1/adsr/sustain', 0),
      set('voice1/adsr/release', 0.005),
      set('delay1/feedback', 0),
      set('delay1/lowcut', 1000),
      set('delay1/mix', mix),
      ...commands,
    );
  return [open(1), open(0)];
}

/** Frames from the first sample of a note that is played now to the first one of its echo. */
function echoAfter(rigs: readonly [Rig, Rig], frames: number): number {
  const [wet, dry] = rigs.map((rig) => rig.now(gate(1, true)).render(frames)) as [Float32Array, Float32Array];
  rigs.forEach((rig) => rig.now(gate(1, false)));
  const echo = firstSound(wet.map((x, i) => x - dry[i]!));
  return echo - firstSound(dry);
}

const quarter = (bpm: number): number => Math.round((60 * RATE) / bpm);

for (const mode of ['fade', 'tape'])
  test(`an echo of a quarter follows the tempo while the sequencer stands, mode ${mode}`, () => {
    const rigs = pair(set('delay1/sync', '1/4'), set('delay1/time_mode', mode));
    rigs.forEach((rig) => rig.render(4800));
    assert.equal(echoAfter(rigs, quarter(120) + 2400), quarter(120));
    rigs.forEach((rig) => rig.now(tempo(97.3)).render(80000));
    assert.equal(echoAfter(rigs, quarter(97.3) + 2400), quarter(97.3));
    // Two beats on the way: the time moves with it, and arrives.
    rigs.forEach((rig) => rig.now(ramp(150, 2)).render(RATE));
    rigs.forEach((rig) => rig.render(80000));
    assert.equal(echoAfter(rigs, quarter(150) + 2400), quarter(150));
    rigs.forEach((rig) => rig.now(set('delay1/sync', 'off'), set('delay1/time', 0.35)).render(80000));
    assert.equal(echoAfter(rigs, 0.35 * RATE + 2400), 0.35 * RATE);
  });

test('with a track of quarters, the echo of each hit meets the next one', () => {
  for (const bpm of [91.7, 133.3, 174]) {
    const rigs = pair(
      set('delay1/sync', '1/4'),
      ...putTrack(0, { voice: 1, pattern: 'x...' }),
      tempo(bpm),
      transport(true),
    );
    const frames = 6 * quarter(bpm);
    const [wet, dry] = rigs.map((rig) => rig.render(frames)) as [Float32Array, Float32Array];
    const echoes = wet.map((x, i) => x - dry[i]!);
    assert.ok(peakOf(echoes) > 0.001);
    // The sound of a hit has died long before the next: where a silence ends, one begins.
    const begins = (x: Float32Array): number[] => {
      const found: number[] = [];
      let silent = 4800;
      for (let i = 0; i < frames; i++) {
        if (Math.abs(x[2 * i]!) < 1e-5) silent++;
        else {
          if (silent >= 4800) found.push(i);
          silent = 0;
        }
      }
      return found;
    };
    const hits = begins(dry);
    assert.ok(hits.length >= 5);
    begins(echoes).forEach((at, i) => {
      const late = at - hits[i + 1]!;
      // The filters of the echo let it rise later than the hit.
      assert.ok(Math.abs(late) <= 12, `${bpm} BPM, echo ${i}: ${late} frames late`);
    });
  }
});
