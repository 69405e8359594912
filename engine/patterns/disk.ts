/** Writing whole files so that a power cut leaves the old one or the new one, never a half; and what a disk refuses. */
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Problem } from '../shared/outcome.js';
import { diskFiles, type Files } from './files.js';

/**
 * Temp file in the same folder (a rename is atomic only there), write, fsync, `before`, rename, fsync of the folder.
 * Rejects with the system's error; the temp file is gone then and the old file untouched.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  before?: () => Promise<void>,
  files: Files = diskFiles,
): Promise<void> {
  await throughTemp(files, dirname(path), content, async (temp) => {
    await before?.();
    await files.rename(temp, path);
  });
}

/** A synced temp file in `folder`, which `use` gives its name; the folder is synced then. On an error it is removed. */
export async function throughTemp(
  files: Files,
  folder: string,
  content: string | Uint8Array,
  use: (temp: string) => Promise<void>,
): Promise<void> {
  const temp = join(folder, `${randomUUID()}.tmp`);
  try {
    const file = await files.create(temp);
    try {
      await file.write(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await use(temp);
  } catch (error) {
    await files.remove(temp).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder);
}

/** True for the names of temp files that writeWhole makes. */
export function isTemp(name: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/.test(name);
}

/** The system's error code (ENOENT, EACCES, ...) or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on the disk and try again.',
  EDQUOT: 'Make room within your quota and try again.',
  EROFS: 'The disk is read-only. Choose another home with --home DIR.',
  EACCES: 'Give the right to this file or folder, or choose another home with --home DIR.',
  EPERM: 'Give the right to this file or folder, or choose another home with --home DIR.',
  ENOTDIR: 'A file stands where a folder is needed. Move it away, or choose another home with --home DIR.',
  EEXIST: 'A file stands where a folder is needed. Move it away, or choose another home with --home DIR.',
  EISDIR: 'Something else stands where a file is needed. Move it away.',
  ENOENT: 'There is no such file or folder. Check the path.',
};

/** True when it is the right to write that is missing. */
export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error));
}

/** What the system refused, as a problem. */
export function diskProblem(code: 'E_HOME' | 'E_DISK', path: string, error: unknown): Problem {
  const reason = codeOf(error);
  return {
    code,
    where: path,
    got: reason || String(error),
    allowed: 'a place that can be read and written',
    mend: MENDS[reason] ?? 'Check that the path exists and can be used, and try again.',
  };
}
