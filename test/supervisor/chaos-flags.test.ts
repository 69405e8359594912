import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../helpers/root.js';

const chaos = (...flags: string[]): { code: number | null; out: string; err: string } => {
  const ran = spawnSync(process.execPath, [join(ROOT, 'dist', 'scripts', 'chaos.js'), ...flags], {
    encoding: 'utf8',
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
};

test('npm run chaos refuses what would rehearse nothing, and says what is allowed', () => {
  for (const [flags, said] of [
    [['--count', 'many'], /--count: got 'many', allowed a whole number from 1/],
    [['--count', '0'], /--count: got '0'/],
    [['--seed', '1.5'], /--seed: got '1.5'/],
    [['--hour', '1'], /--hour: got '1', allowed a whole number from 10/],
    [['--only', 'no such row'], /no row is called 'no such row'/],
    [['--nonsense'], /nonsense/],
  ] as const) {
    const { code, out, err } = chaos(...flags);
    assert.equal(code, 2, err);
    assert.match(err, said);
    assert.equal(out, '');
  }
  assert.match(chaos('--help').out, /Rows: slot throw, /);
});
