/** The patterns that come with the engine: `factory` (made for it) and `original` (real files of Music Chronus). */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAST_SLOT } from './slot-names.js';

const FOLDERS = ['factory', 'original'] as const;

export interface LibraryFile {
  /** Without number and ending: `01_first-light.json` is `first-light`, `slot_001.json` is `slot_001`. */
  readonly name: string;
  /** Without ending. */
  readonly stem: string;
  readonly path: string;
  readonly folder: (typeof FOLDERS)[number];
  /** The slot it fills in a new home, from the digits its name begins with. */
  readonly slot?: number;
}

/** `patterns/library` of the package this code is in: the first folder above that has one. */
export function packageLibrary(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder)) {
    const library = join(folder, 'patterns', 'library');
    if (existsSync(library)) return library;
    folder = dirname(folder);
  }
  throw new Error('the package has lost its folder patterns/library; install it again');
}

/** All files, factory first, in the order of their names. A folder that is missing is empty. */
export async function libraryFiles(library: string): Promise<LibraryFile[]> {
  const lists = await Promise.all(FOLDERS.map((folder) => filesIn(library, folder)));
  return lists.flat();
}

async function filesIn(library: string, folder: LibraryFile['folder']): Promise<LibraryFile[]> {
  const names = await readdir(join(library, folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => describe(join(library, folder, file), folder));
}

function describe(path: string, folder: LibraryFile['folder']): LibraryFile {
  const stem = basename(path, '.json');
  const numbered = /^(\d{1,3})_(.+)$/.exec(stem);
  const slot = Number(numbered?.[1]);
  const fills = folder === 'factory' && slot >= 1 && slot <= LAST_SLOT;
  return { name: numbered?.[2] ?? stem, stem, path, folder, ...(fills ? { slot } : {}) };
}

/** The file of that name, with or without its number; case and the kind of dash do not matter. */
export function findInLibrary(files: readonly LibraryFile[], name: string): LibraryFile | undefined {
  const wanted = plain(name);
  return files.find((file) => plain(file.name) === wanted || plain(file.stem) === wanted);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '-');
}
