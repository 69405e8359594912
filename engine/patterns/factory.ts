/** Gives a new home its first patterns. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { diskProblem, writeWhole } from './disk.js';
import { MAX_BYTES } from './document.js';
import { diskFiles } from './files.js';
import { makeFolders, removeTemps, usedSlots } from './folders.js';
import { libraryFiles, packageLibrary } from './library.js';
import { foldersOf, slotPath } from './slot-names.js';

/**
 * Makes the folders of a home, and fills it with the numbered factory patterns when it never had a slot:
 * `01_name.json` becomes slot 1. Gives the slots it filled. A home whose slots were all deleted has their backups, and
 * stays empty. Temp files of a save that was cut off are removed, so it must run before the first save. Refuses a home that cannot be written (E_HOME) and a write that fails (E_DISK).
 */
export async function fillFromFactory(home: string, library = packageLibrary()): Promise<Outcome<number[]>> {
  const folders = foldersOf(home);
  const made = await makeFolders(folders);
  if (!made.ok) return made;
  const used = await usedSlots(folders);
  if (!used.ok) return used;
  await removeTemps(folders);
  const backups = await diskFiles.names(folders.backups).catch(() => []);
  if (used.value.length > 0 || backups.length > 0) return succeed([]);
  const filled: number[] = [];
  for (const { slot, path } of await libraryFiles(library)) {
    if (slot === undefined || filled.includes(slot)) continue;
    try {
      await writeWhole(slotPath(folders, slot), await diskFiles.read(path, MAX_BYTES));
    } catch (error) {
      return fail(diskProblem('E_DISK', path, error));
    }
    filled.push(slot);
  }
  return succeed(filled);
}
