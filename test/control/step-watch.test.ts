import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { StepWatch } from '../../engine/control/step-watch.js';
import { holds } from '../helpers/property.js';

const at = (step: number, running = true) => ({ running, step });

test('each step that began is told once, however far apart the looks are', (t) => {
  const jumps = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });
  holds(t, fc.tuple(fc.nat({ max: 5000 }), jumps), ([first, all]) => {
    const watch = new StepWatch();
    assert.deepEqual(watch.look(at(first)), []);
    let next = first;
    const told = all.flatMap((jump) => watch.look(at((next += jump))));
    assert.deepEqual(
      told,
      Array.from({ length: next - first }, (_, i) => first + i),
    );
  });
});

test('a start begins at 0, also where a stop was not seen', () => {
  const watch = new StepWatch();
  watch.look(at(0, false));
  assert.deepEqual(watch.look(at(1)), [0]);
  assert.deepEqual(watch.look(at(37)).length, 36);
  assert.deepEqual(watch.look(at(39, false)), [37, 38]);
  assert.deepEqual(watch.look(at(39, false)), []);
  assert.deepEqual(watch.look(at(2)), [0, 1]);
  watch.look(at(50));
  assert.deepEqual(watch.look(at(1)), [0]);
});

test('a slot that takes over and is a little behind repeats nothing; a start a few steps in is found in the end', () => {
  const watch = new StepWatch();
  watch.look(at(200));
  assert.deepEqual(watch.look(at(199)), []);
  assert.deepEqual(watch.look(at(200)), []);
  assert.deepEqual(watch.look(at(202)), [200, 201]);
  const again = new StepWatch();
  again.look(at(5));
  const told = Array.from({ length: 60 }, () => again.look(at(2))).flat();
  assert.deepEqual(told, [0, 1]);
});

test('forgotten, it tells nothing of what came before', () => {
  const watch = new StepWatch();
  watch.look(at(5));
  watch.forget();
  assert.deepEqual(watch.look(at(90)), []);
  assert.deepEqual(watch.look(at(91)), [90]);
  assert.equal(watch.look(at(1_000_000)).length, 512);
});
