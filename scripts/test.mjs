// npm test: every test in dist/test. Arguments are files or name patterns.
//
// Two files run at once on two cores; node by itself would run as many as there are cores, less one. Those that count
// what happens in real time, or that load both cores with threads of their own, run one by one behind the others.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { root } from './steps.mjs';

/** Beginnings of paths below test/. */
const ALONE = ['client/live', 'clock', 'device', 'modules/recorder/exact-stop', 'readme', 'supervisor'];

const wanted = process.argv.slice(2);
const folder = join(root, 'dist', 'test');
const files = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`No test matches ${wanted.join(' ')}. Tests are in test/; npm run build compiles them.`);
  process.exit(1);
}

const isAlone = (file) => ALONE.some((begin) => file.split(sep).join('/').startsWith(begin));
const groups = [
  { files: files.filter((file) => !isAlone(file)), atOnce: Math.max(2, availableParallelism()) },
  { files: files.filter(isAlone), atOnce: 1 },
];
let failed = false;
for (const { files, atOnce } of groups.filter((group) => group.files.length > 0)) {
  const { status } = spawnSync(
    process.execPath,
    ['--test', ...concurrency(atOnce), '--test-reporter=spec', ...files.map((file) => join(folder, file))],
    { stdio: 'inherit' },
  );
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);

/** Node before 20.10 has no such flag, and runs one file less at once than there are cores. */
function concurrency(atOnce) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 20 || minor >= 10 ? [`--test-concurrency=${atOnce}`] : [];
}
