/** Copies of slot files from before each save: made, counted, searched. */
import { constants } from 'node:fs';
import { copyFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './disk.js';
import { backupName, readBackupName, slotName, type BackupName } from './slot-names.js';

/** Backups kept per slot. */
export const KEPT = 20;

/**
 * Copies the slot file, with its times, to a name that is still free; a backup is never overwritten. Resolves to the
 * path, or undefined when there is no file yet. Rejects with the system's error.
 */
export async function backUp(
  from: string,
  folder: string,
  slot: number,
  seconds: number,
): Promise<string | undefined> {
  for (let copy = await firstFree(folder, slot, seconds); ; copy++) {
    const path = join(folder, backupName(slot, seconds, copy));
    try {
      const { atime, mtime } = await stat(from);
      await copyFile(from, path, constants.COPYFILE_EXCL);
      await utimes(path, atime, mtime);
      return path;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Counts on from the highest in use, so that the order of names stays the order of saves after old ones are gone. */
async function firstFree(folder: string, slot: number, seconds: number): Promise<number> {
  const used = (await dated(folder, slot)).filter((backup) => backup.seconds === seconds);
  return Math.max(-1, ...used.map(({ copy }) => copy)) + 1;
}

/** Removes all but the newest backups of the slot. */
export async function prune(folder: string, slot: number): Promise<void> {
  const surplus = (await dated(folder, slot)).slice(KEPT);
  for (const { name } of surplus) await rm(join(folder, name), { force: true });
}

/** Paths of all backups of the slot, newest first, with the undated form at the place its time gives it. */
export async function backupsOf(folder: string, slot: number): Promise<string[]> {
  const found = await dated(folder, slot);
  const name = `${slotName(slot)}.backup`;
  const undated = await stat(join(folder, name)).catch(() => undefined);
  if (undated) found.push({ name, seconds: undated.mtimeMs / 1000, copy: 0 });
  return found.sort(newestFirst).map((backup) => join(folder, backup.name));
}

async function dated(folder: string, slot: number): Promise<BackupName[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => readBackupName(slot, name) ?? []).sort(newestFirst);
}

function newestFirst(a: BackupName, b: BackupName): number {
  return b.seconds - a.seconds || b.copy - a.copy;
}
