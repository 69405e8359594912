/**
 * A run on a small disk (the folder given) that is filled to its last byte while it plays, and emptied again. Prints what
 * became of it as JSON. Part of journal-disk.test.ts, in a process of its own because only that one sees the disk.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Rehearsal, sleep } from '../../scripts/chaos/rehearsal.js';

const disk = process.argv[2] as string;
const LIMIT_MS = 20_000;

async function until(state: string): Promise<string> {
  const end = performance.now() + LIMIT_MS;
  while (rehearsal.threads.journal.status().state !== state && performance.now() < end) await sleep(5);
  return rehearsal.threads.journal.status().state;
}

function fill(): void {
  const fd = openSync(join(disk, 'filler'), 'w');
  for (let piece = 1 << 20; piece >= 1; piece >>= 1) {
    try {
      for (;;) writeSync(fd, Buffer.alloc(piece, 1));
    } catch {
      // A smaller piece may fit.
    }
  }
  closeSync(fd);
}

let problems: unknown;
let segments = 0;
const rehearsal = new Rehearsal({
  seed: 1,
  parent: disk,
  journal: { reserveBytes: 2 << 20 },
  inspect(run) {
    problems = run.problems;
    segments = run.segments.length;
  },
});
await rehearsal.start();
// Until the reserve has been set aside.
await sleep(1800);
const before = rehearsal.threads.journal.status().state;
fill();
const full = await until('reserve');
await rehearsal.played(200);
rmSync(join(disk, 'filler'));
const again = await until('ok');
await rehearsal.played(200);
const { changedSamples, missingBlocks } = await rehearsal.finish();
const troubles = rehearsal.troubles.map((line) =>
  /has left|goes on in its reserve/.exec(line)?.[0].split(' ').at(-1),
);
process.stdout.write(
  JSON.stringify({ before, full, again, changedSamples, missingBlocks, problems, troubles, segments }),
);
