/** Runs on: a thread of its own, one command after the other. Its other end is cli-host.ts. */
import { parentPort } from 'node:worker_threads';
import { main } from '../../engine/cli/main.js';
import type { Ran } from './engine.js';

/** What keeps a process from ending: sockets, files, timers. */
const open = (): string => process.getActiveResourcesInfo().sort().join(' ');
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
/** A process that lives on so long after its command is taken for one that never ends. */
const PATIENCE_MS = 10_000;

/** Everything that is written until the returned function is called. */
function captured(): () => { stdout: string; stderr: string } {
  const texts = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const { write } = process[name];
    process[name].write = ((text: string | Uint8Array, ...rest: unknown[]): boolean => {
      texts[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(() => (done as () => void)());
      return true;
    }) as typeof write;
    return () => (process[name].write = write);
  });
  return () => {
    for (const restore of streams) restore();
    return texts;
  };
}

async function ran(args: readonly string[]): Promise<Ran> {
  const release = captured();
  process.exitCode = 0;
  const before = open();
  await main(['node', 'chronus', ...args]);
  for (let waited = 0; open() !== before && waited < PATIENCE_MS; waited++) await tick();
  const left = open();
  const texts = release();
  if (left !== before)
    return { code: null, signal: null, ...texts, stderr: `${texts.stderr}still open: ${left}\n` };
  return { code: Number(process.exitCode), signal: null, ...texts };
}

parentPort?.on(
  'message',
  (args: readonly string[]) => void ran(args).then((all) => parentPort?.postMessage(all)),
);
