/** Gives a new home its first patterns. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { diskProblem, isTemp, readAtMost, writeWhole } from './disk.js';
import { MAX_BYTES } from './document.js';
import { makeFolders, usedSlots } from './folders.js';
import { libraryFiles, packageLibrary } from './library.js';
import { foldersOf, slotPath } from './slot-names.js';

/**
 * Makes the folders of a home, and fills it with the numbered factory patterns when it has no slot yet:
 * `01_name.json` becomes slot 1. Gives the slots it filled. Temp files of a save that was cut off are removed, so it
 * must run before the first save. Refuses a home that cannot be written (E_HOME) and a write that fails (E_DISK).
 */
export async function fillFromFactory(home: string, library = packageLibrary()): Promise<Outcome<number[]>> {
  const folders = foldersOf(home);
  const made = await makeFolders(folders);
  if (!made.ok) return made;
  const used = await usedSlots(folders);
  if (!used.ok) return used;
  await removeTemps(folders.slots);
  if (used.value.length > 0) return succeed([]);
  const filled: number[] = [];
  for (const { slot, path } of await libraryFiles(library)) {
    if (slot === undefined || filled.includes(slot)) continue;
    try {
      await writeWhole(slotPath(folders, slot), await readAtMost(path, MAX_BYTES));
    } catch (error) {
      return fail(diskProblem('E_DISK', path, error));
    }
    filled.push(slot);
  }
  return succeed(filled);
}

async function removeTemps(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  // One that cannot be removed does no harm: no slot has its name.
  for (const name of names.filter(isTemp)) await rm(join(folder, name)).catch(() => undefined);
}
