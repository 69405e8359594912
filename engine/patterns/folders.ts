/** The pattern folders of a home, on disk. */
import { mkdir, readdir } from 'node:fs/promises';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { codeOf, diskProblem } from './disk.js';
import { slotOfFile, type Folders } from './slot-names.js';

/** Makes those that are missing. Refuses a home that cannot be written (E_HOME). */
export async function makeFolders(folders: Folders): Promise<Outcome<Folders>> {
  for (const folder of [folders.slots, folders.backups, folders.library, folders.temp]) {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      return fail(diskProblem('E_HOME', folder, error));
    }
  }
  return succeed(folders);
}

/** The numbers of all slots that have a file. Refuses a folder that cannot be read (E_HOME); a missing one is empty. */
export async function usedSlots(folders: Folders): Promise<Outcome<number[]>> {
  try {
    const names = await readdir(folders.slots);
    return succeed(names.flatMap((name) => slotOfFile(name) ?? []).sort((a, b) => a - b));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? succeed([]) : fail(diskProblem('E_HOME', folders.slots, error));
  }
}
