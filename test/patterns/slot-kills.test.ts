import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killWhileSaving } from '../../scripts/soak/slot-kills.js';
import { random } from '../../scripts/soak/slot-files.js';

/** The long form is `npm run soak -- --only slot-files`. */
const KILLS = 3;

test('an engine that is killed while it saves leaves every slot old or new, and cleans up when it is back', async (t) => {
  const seed = Number(process.env['CHRONUS_SEED'] ?? Date.now() % 1e6);
  t.diagnostic(`CHRONUS_SEED=${seed}`);
  const say = (line: string): void => t.diagnostic(line);
  const { problems, older, newer, saves } = await killWhileSaving({
    kills: KILLS,
    random: random(seed),
    say,
  });
  assert.deepEqual(problems, []);
  assert.ok(saves >= KILLS * 4, `${saves} saves`);
  assert.equal(older + newer, KILLS * 4, 'every slot was looked at');
});
