import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../engine/shared/command.js';
import { differsAt, gate, Rig, putTrack, set, transport, at, peakOf } from '../helpers/core.js';
import { unitOf } from '../../engine/registry/units.js';

const poison: Command = { kind: 'chaos', fault: 'poison', subject: 0 };
const skipped = (count: number): Command => ({ kind: 'skipped', count });

function playing(): Rig {
  const rig = new Rig({ voices: 4 });
  rig.now(
    set('voice1/osc/type', 1),
    gate(1, true),
    ...putTrack(0, { pattern: 'xxxx', voice: 2 }),
    transport(true),
  );
  rig.render(4096);
  return rig;
}

test('a command that waits for its frame and kills is left out with its block; what waits for later stays', () => {
  const [rig, good] = [playing(), playing()];
  const later = { frame: rig.frame + 300, command: set('voice1/amp', 0.1) };
  rig.ahead([{ frame: rig.frame + 100, command: poison }, later]);
  good.ahead([later]);
  assert.throws(() => {
    const dead = playing();
    dead.ahead([{ frame: dead.frame + 100, command: poison }]);
    dead.render(256);
  }, WebAssembly.RuntimeError);
  const heard = rig.render(1024, at(rig.frame, [skipped(1)]), () => 256);
  assert.equal(
    differsAt(
      heard,
      good.render(1024, [], () => 256),
    ),
    -1,
  );
});

test('the sequencer is stopped with what waits for its bar, voices close, and it can be started again', () => {
  const rig = playing();
  rig.render(256, at(rig.frame, [poison], 'bar'));
  assert.equal(rig.host.read('running'), 1);
  rig.render(256, at(rig.frame, [skipped(-1)]));
  assert.equal(rig.host.read('running'), 0);
  rig.render(200_000);
  rig.now(gate(1, false), transport(true));
  const heard = rig.render(200_000);
  assert.equal(rig.host.read('running'), 1);
  assert.ok(peakOf(heard) > 0.01, 'it plays, and no poison is left at the bar');
});

test('a unit that was taken out for a fault is not armed with it when its block is rendered once more', () => {
  const rig = playing();
  const unit = unitOf('reverb1', 4) ?? -1;
  const trap: Command = { kind: 'chaos', fault: 'trap', subject: unit };
  rig.now({ kind: 'bypass', unit, on: true, strike: true }, trap);
  rig.render(1024);
  rig.now({ kind: 'bypass', unit, on: false, strike: false });
  rig.render(4096);
  assert.equal(rig.host.read('unit', unit), 1 << 8, 'it works again, with one strike');
});
