// npm test: every test in dist/test. Arguments are files or name patterns.
//
// Two files run at once on two cores; node by itself would run as many as there are cores, less one. Those that count
// what happens in real time, or that load both cores with threads of their own, run one by one behind the others.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from './steps.mjs';

/** Beginnings of paths below test/. */
const ALONE = [
  'client/live',
  'device/alsa',
  'supervisor/broadcasts',
  'supervisor/failover',
  'supervisor/faults-live',
  'supervisor/journal-live',
  'supervisor/latency',
];
/** The longest, first: the last ones to end should be short, or a core waits for them. */
const FIRST = ['takes', 'cli', 'readme', 'patterns', 'sound', 'supervisor', 'modules/recorder'];

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

const placeIn = (list, file) => list.findIndex((begin) => file.split(sep).join('/').startsWith(begin));
const isAlone = (file) => placeIn(ALONE, file) >= 0;
const turn = (file) => (placeIn(FIRST, file) + FIRST.length + 1) % (FIRST.length + 1);
const groups = [
  {
    files: files.filter((file) => !isAlone(file)).sort((a, b) => turn(a) - turn(b)),
    atOnce: Math.max(2, availableParallelism()),
  },
  { files: files.filter(isAlone), atOnce: 1 },
];
for (const { files, atOnce } of groups.filter((group) => group.files.length > 0)) {
  // Not `node --test`: it would sort the files.
  const events = run({ files: files.map((file) => join(folder, file)), concurrency: atOnce });
  events.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  });
  const printed = events.compose(new spec());
  printed.pipe(process.stdout);
  await new Promise((resolve) => printed.once('end', resolve));
}
