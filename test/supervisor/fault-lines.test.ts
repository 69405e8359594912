import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultLines } from '../../engine/supervisor/fault-lines.js';
import type { FaultReport } from '../../engine/supervisor/fault-watch.js';

test('the terminal says what matters, and late blocks at most every five seconds', () => {
  let now = 0;
  const lines: string[] = [];
  const tell = faultLines(
    (line) => lines.push(line),
    () => now,
  );
  const report = (kind: FaultReport['kind']): void => tell({ kind, block: 1, frame: 256, text: kind });
  report('promoted');
  report('restored');
  report('died');
  for (let i = 0; i < 10; i++) report('late');
  now = 5000;
  report('late');
  report('late');
  assert.deepEqual(lines, ['died', 'late', 'late Before it, blocks were late 9 times more.']);
});
