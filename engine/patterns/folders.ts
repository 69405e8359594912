/** The pattern folders of a home, on disk. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { codeOf, diskProblem, isTemp } from './disk.js';
import { diskFiles, makeFolder, type Files } from './files.js';
import { slotOfFile, type Folders } from './slot-names.js';
import { join } from 'node:path';

/** Makes those that are missing. Refuses a home that cannot be written (E_HOME). */
export async function makeFolders(folders: Folders, files: Files = diskFiles): Promise<Outcome<Folders>> {
  for (const folder of [folders.slots, folders.backups, folders.library, folders.temp]) {
    try {
      await makeFolder(files, folder);
    } catch (error) {
      return fail(diskProblem('E_HOME', folder, error));
    }
  }
  return succeed(folders);
}

/** The numbers of all slots that have a file. Refuses a folder that cannot be read (E_HOME); a missing one is empty. */
export async function usedSlots(folders: Folders, files: Files = diskFiles): Promise<Outcome<number[]>> {
  try {
    const names = await files.names(folders.slots);
    return succeed(names.flatMap((name) => slotOfFile(name) ?? []).sort((a, b) => a - b));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? succeed([]) : fail(diskProblem('E_HOME', folders.slots, error));
  }
}

/** Removes what saves left behind that were cut off. Must run before the first save. */
export async function removeTemps(folders: Folders, files: Files = diskFiles): Promise<void> {
  for (const folder of [folders.slots, folders.backups]) {
    const names = await files.names(folder).catch(() => []);
    // One that cannot be removed does no harm: no slot has its name.
    for (const name of names.filter(isTemp)) await files.remove(join(folder, name)).catch(() => undefined);
  }
}
