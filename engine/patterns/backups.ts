/** What slot files held before each change: kept, counted, searched. */
import { join } from 'node:path';
import { codeOf, throughTemp } from './disk.js';
import type { Files } from './files.js';
import { readSlotFile } from './read-file.js';
import { backupName, readBackupName, slotName, type BackupName } from './slot-names.js';

/** Backups kept per slot. */
export const KEPT = 20;
/** Of a file that cannot be linked and must be copied; no slot file comes near it. */
const MOST_COPIED = 64 * 1024 * 1024;

/**
 * Gives what is in the slot file a name among the backups, one that is still free: a backup is never overwritten. It
 * is on the disk, content and name, before this resolves: what comes next takes the file its old name.
 * Resolves to the path, or undefined when there is no file yet. Rejects with the system's error.
 */
export async function backUp(
  files: Files,
  from: string,
  folder: string,
  slot: number,
  seconds: number,
): Promise<string | undefined> {
  const facts = await files.facts(from).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!facts) return undefined;
  for (let copy = await firstFree(files, folder, slot, seconds); ; copy++) {
    const path = join(folder, backupName(slot, seconds, copy));
    try {
      // A link is another's file: it may change later. Its content is what has to be kept.
      if (facts.isLink || !(await linked(files, from, path))) await copied(files, from, path, facts.modified);
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** The same file under a second name, with its times. False: this disk has no such links. */
async function linked(files: Files, from: string, path: string): Promise<boolean> {
  // An editor may have written it without a sync.
  await files.sync(from).catch(() => undefined);
  try {
    await files.link(from, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    return false;
  }
  await files.syncFolder(join(path, '..'));
  return true;
}

async function copied(files: Files, from: string, path: string, modified: number): Promise<void> {
  const content = await files.read(from, MOST_COPIED);
  if (content.byteLength > MOST_COPIED)
    throw Object.assign(new Error(`${from} is too large for a backup`), { code: 'EFBIG' });
  const taken = await files.facts(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
  if (taken) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
  await throughTemp(files, join(path, '..'), content, async (temp) => {
    await files.setTimes(temp, modified);
    await files.rename(temp, path);
  });
}

/** Counts on from the highest in use, so that the order of names stays the order of saves after old ones are gone. */
async function firstFree(files: Files, folder: string, slot: number, seconds: number): Promise<number> {
  const used = (await dated(files, folder, slot)).filter((backup) => backup.seconds === seconds);
  return Math.max(-1, ...used.map(({ copy }) => copy)) + 1;
}

/**
 * Removes all but the newest backups of the slot; when none of these is good, the newest good one stays as well, so
 * that saving over a damaged slot again and again never loses the last music there was.
 */
export async function prune(files: Files, folder: string, slot: number): Promise<void> {
  const all = await dated(files, folder, slot);
  const surplus = all.slice(KEPT);
  if (surplus.length === 0) return;
  const good = await newestGood(files, folder, all);
  for (const { name } of surplus) if (name !== good) await files.remove(join(folder, name));
}

async function newestGood(
  files: Files,
  folder: string,
  backups: readonly BackupName[],
): Promise<string | undefined> {
  for (const { name } of backups) if ((await readSlotFile(join(folder, name), files)).ok) return name;
  return undefined;
}

/** A backup and when its state was taken away from the slot. */
export interface Backup {
  readonly path: string;
  readonly name: string;
  /** Unix seconds. */
  readonly seconds: number;
}

/** All backups of the slot, newest first, with the undated form at the place its time gives it. */
export async function backupsOf(files: Files, folder: string, slot: number): Promise<Backup[]> {
  const found = await dated(files, folder, slot);
  const name = `${slotName(slot)}.backup`;
  const undated = await files.facts(join(folder, name)).catch(() => undefined);
  if (undated) found.push({ name, seconds: undated.modified / 1000, copy: 0 });
  return found
    .sort(newestFirst)
    .map(({ name: file, seconds }) => ({ path: join(folder, file), name: file, seconds }));
}

async function dated(files: Files, folder: string, slot: number): Promise<BackupName[]> {
  const names = await files.names(folder).catch(() => []);
  return names.flatMap((name) => readBackupName(slot, name) ?? []).sort(newestFirst);
}

function newestFirst(a: BackupName, b: BackupName): number {
  return b.seconds - a.seconds || b.copy - a.copy;
}
