import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutEverywhere, save, type Change } from '../../scripts/soak/power-cuts.js';

/** Everything a player can do to slots, one after the other, and what slots 1 and 2 hold behind it. */
const CHANGES: readonly (readonly [Change, (number | null)[]])[] = [
  [save(1, 60), [60, null]],
  [save(1, 61), [61, null]],
  [save(2, 70), [61, 70]],
  [{ name: 'copy 1 to 2', act: (store) => store.copy(1, 2) }, [61, 61]],
  [{ name: 'name 2', act: (store) => store.rename(2, 'verse') }, [61, 61]],
  [{ name: 'delete 1', act: (store) => store.delete(1) }, [null, 61]],
  [{ name: 'restore 1', act: (store) => store.restore(1) }, [61, 61]],
  // The newest backup of 2 is its state before it had a name.
  [{ name: 'restore 2', act: (store) => store.restore(2, 2) }, [61, 70]],
  [save(1, 62), [62, 70]],
];
const changes = CHANGES.map(([change]) => change);

test('R150: whenever the power goes: every slot holds the old or the new state, and what it held is kept', async (t) => {
  const { cuts, wrong, states } = await cutEverywhere(changes);
  t.diagnostic(`${cuts} states of the disk`);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.deepEqual(
    states,
    CHANGES.map(([, state]) => state),
  );
  assert.ok(cuts > 150, `${cuts} are too few to say anything`);
});

test('the same on a disk that cannot give a file a second name', async (t) => {
  const { cuts, wrong } = await cutEverywhere(changes, { noLinks: true });
  t.diagnostic(`${cuts} states of the disk`);
  assert.deepEqual(wrong.slice(0, 10), []);
});

test('the model finds a sync that is left out, of files and of folders', async () => {
  for (const ignores of ['sync', 'syncFolder'] as const) {
    const { wrong } = await cutEverywhere(changes.slice(0, 2), { ignores });
    assert.notDeepEqual(wrong, [], `${ignores} does not matter?`);
  }
});
