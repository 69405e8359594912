// npm test: every test in dist/test, in as many processes as there are cores. Arguments are files or name patterns.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.mjs';

const wanted = process.argv.slice(2);
const folder = join(root, 'dist', 'test');
const files = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort()
  .map((file) => join(folder, file));
if (files.length === 0) {
  console.error(`No test matches ${wanted.join(' ')}. Tests are in test/; npm run build compiles them.`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
