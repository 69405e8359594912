/** A unit that traps kills one call and no more: the state from before that call goes on without the unit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CRUMB_COMMANDS, CRUMB_SEQUENCER } from '../../engine/shared/core-layout.js';
import { createCoreMemory } from '../../engine/slot/core-host.js';
import { differsAt, gate, openRig, peakOf, putTrack, transport } from '../helpers/core.js';
import { bypass, chaos, crumb, largestStep, numberOf, sineRig, statusOf, THROUGH, UNITS } from './faults.js';

test('each unit traps where it works, with its number in the breadcrumb; another core plays on without it', () => {
  for (const build of ['simd', 'scalar'] as const)
    for (const { name, unit } of UNITS) {
      const one = sineRig(THROUGH[name], { build });
      const two = sineRig([], { build });
      const own = largestStep(one.render(4800));
      one.now(chaos('trap', name));
      two.become(one);
      assert.throws(() => one.render(256), WebAssembly.RuntimeError, name);
      assert.equal(crumb(one), unit + 1, name);
      assert.equal(unit, numberOf(name));
      const last = two.now(bypass(name, true, true)).render(256);
      assert.equal(crumb(two), 0);
      assert.deepEqual(statusOf(two, name), { bypassed: true, strikes: 1 });
      assert.ok(largestStep(last) < 1.5 * Math.max(own, largestStep(two.render(4800))), name);
      // Switched on again it works: the fault was there once.
      assert.ok(Number.isFinite(peakOf(two.now(bypass(name, false)).render(4800))));
      assert.deepEqual(statusOf(two, name), { bypassed: false, strikes: 1 });
    }
});

test('a unit that traps each time traps again when it comes back', () => {
  for (const { name, unit } of UNITS) {
    const rig = sineRig(THROUGH[name]);
    rig.now(chaos('trapAlways', name), bypass(name, true, true)).render(4800);
    rig.now(bypass(name, false));
    assert.throws(() => rig.render(4800), WebAssembly.RuntimeError, name);
    assert.equal(crumb(rig), unit + 1, name);
  }
});

test('voices that sleep trap too', () => {
  const rig = openRig({ voices: 8 });
  rig.render(48000);
  rig.now(chaos('trap', 'voice5-8'));
  assert.throws(() => rig.render(16), WebAssembly.RuntimeError);
  assert.equal(crumb(rig), numberOf('voice5-8') + 1);
});

test('a core that has trapped is whole again with the state of another', () => {
  const one = sineRig();
  const two = sineRig();
  one.now(chaos('trap', 'delay1'));
  assert.throws(() => one.render(256));
  one.become(two);
  assert.equal(differsAt(one.render(4800), two.render(4800)), -1);
});

test('a poisoned command traps among the commands; an unknown unit or voice changes nothing', () => {
  const poison = { kind: 'chaos', fault: 'poison', subject: 0 } as const;
  const rig = sineRig();
  assert.throws(() => rig.now(poison), WebAssembly.RuntimeError);
  assert.equal(crumb(rig), CRUMB_COMMANDS);
  const later = sineRig();
  later.ahead([{ frame: later.frame + 100, command: poison }]);
  assert.throws(() => later.render(256), WebAssembly.RuntimeError);
  assert.equal(crumb(later), CRUMB_COMMANDS);
  const atBar = sineRig();
  atBar.now(...putTrack(0, {}), transport(true));
  assert.throws(
    () => atBar.render(100000, [{ frame: atBar.frame, command: poison, when: 'bar' }]),
    WebAssembly.RuntimeError,
  );
  assert.equal(crumb(atBar), CRUMB_SEQUENCER);

  const one = sineRig();
  const two = sineRig();
  for (const unit of [-1, 2, 63, 73, 95, 96, 70000]) {
    one.now({ kind: 'bypass', unit, on: true, strike: true });
    one.now({ kind: 'chaos', fault: 'trap', subject: unit });
  }
  for (const subject of [-1, 8, 300]) one.now({ kind: 'chaos', fault: 'nan', subject });
  one.now({ kind: 'skipped', count: 3 });
  assert.equal(differsAt(one.render(4800), two.render(4800)), -1);
});

test('a unit that never returns says so in its breadcrumb and can be ended', async () => {
  const memory = createCoreMemory();
  const words = new Int32Array(memory.buffer);
  const worker = new Worker(new URL('./hang-worker.js', import.meta.url), {
    workerData: { memory, unit: numberOf('reverb1') },
  });
  const address = await new Promise<number>((resolve) => worker.once('message', resolve));
  await wait(100);
  assert.equal(Atomics.load(words, address / 4), numberOf('reverb1') + 1);
  await worker.terminate();
});

test('a gate for a bypassed voice is no call of it', () => {
  const rig = sineRig();
  rig.now(chaos('trapAlways', 'voice1-4'), bypass('voice1-4'));
  rig.render(960);
  assert.equal(
    peakOf(rig.now(gate(1, false), gate(1, true), { kind: 'panic' }, gate(2, true)).render(4800)),
    0,
  );
});
