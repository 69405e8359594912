/** Takes that an engine before this one could not end. Runs on: main thread; never blocks it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSidecar } from '../../modules/recorder/sidecars.js';
import { isAlive } from '../shared/process-identity.js';

const SIDECAR = /\.json$/i;

/** Their paths, in the order of their names. Whoever is recorded by a living process is not among them. */
export async function unfinishedTakes(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => SIDECAR.test(name)).sort();
  const found: string[] = [];
  for (const name of names) {
    const path = join(folder, name.slice(0, -'.json'.length));
    const { unfinished, pid, processStart } = await readSidecar(path);
    if (unfinished !== true) continue;
    const known = typeof processStart === 'string' ? { processStart } : {};
    if (typeof pid === 'number' && isAlive({ pid, ...known })) continue;
    found.push(path);
  }
  return found;
}
