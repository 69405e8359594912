/** The takes of a folder, as their sidecars tell. Runs on: main thread; never blocks it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sidecarPath } from './name.js';

/** Newest takes that are listed; all are counted. */
export const LISTED_TAKES = 200;
const SIDECAR = /\.wav\.json$/i;
/** So many files are open at the same time. */
const AT_ONCE = 16;

/** What a list shows of a take; the rest stands in its sidecar. */
export const LISTED_FACTS = [
  'id',
  'started',
  'seconds',
  'sampleRate',
  'channels',
  'sample',
  'bytes',
  'peakDb',
  'truePeakDbtp',
  'integratedLufs',
  'rangeLu',
  'lostBlocks',
  'restoredFrames',
  'lateBlocks',
  'verified',
  'unfinished',
  'recovered',
  'problem',
  'run',
] as const;

export type Facts = Readonly<Record<string, unknown>>;

export interface TakeList {
  /** Newest first, at most LISTED_TAKES. */
  readonly takes: readonly Facts[];
  readonly total: number;
}

export async function listTakes(folder: string): Promise<TakeList> {
  const names = (await namesIn(folder)).filter((name) => SIDECAR.test(name));
  const dated: { readonly name: string; readonly mtimeMs: number }[] = [];
  await inTurns(names, async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found) dated.push({ name, mtimeMs: found.mtimeMs });
  });
  dated.sort((a, b) => b.mtimeMs - a.mtimeMs || (a.name < b.name ? -1 : 1));
  const newest = dated.slice(0, LISTED_TAKES);
  const takes: Facts[] = [];
  await inTurns(
    newest.map(({ name }, at) => ({ name, at })),
    async ({ name, at }) => void (takes[at] = await listed(folder, name)),
  );
  return { takes, total: names.length };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function listed(folder: string, name: string): Promise<Facts> {
  const file = name.slice(0, -'.json'.length);
  const facts = await readSidecar(join(folder, file));
  const shown = Object.fromEntries(LISTED_FACTS.flatMap((key) => (key in facts ? [[key, facts[key]]] : [])));
  return { file, ...shown };
}

/** What stands beside a take; empty where nothing does, or nothing that makes sense. */
export async function readSidecar(path: string): Promise<Facts> {
  try {
    const found: unknown = JSON.parse(await readFile(sidecarPath(path), 'utf8'));
    return found !== null && typeof found === 'object' ? (found as Facts) : {};
  } catch {
    return {};
  }
}

async function inTurns<T>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(each));
}
