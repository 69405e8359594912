/** Reading and writing whole files so that a power cut leaves the old one or the new one, never a half. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../shared/outcome.js';

/**
 * Temp file in the same folder (a rename is atomic only there), write, fsync, `before`, rename, fsync of the folder.
 * Rejects with the system's error; the temp file is gone then and the old file untouched.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  before?: () => Promise<void>,
): Promise<void> {
  const temp = join(dirname(path), `${randomUUID()}.tmp`);
  try {
    const file = await open(temp, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await before?.();
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** True for the names of temp files that writeWhole makes. */
export function isTemp(name: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/.test(name);
}

/** Makes names durable. Where a folder cannot be opened or synced (Windows, some network disks) it does nothing. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // The file itself is safe; only the new name may be lost by a power cut on such a system.
  }
}

/**
 * The bytes of a file, but never more than `most` + 1, enough to see that it is too large. Rejects with the system's
 * error, and for what is no file: reading a pipe would wait for ever.
 */
export async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  const { size } = await regularFile(path);
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, most) + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

async function regularFile(path: string): Promise<{ size: number }> {
  const found = await stat(path);
  if (found.isFile()) return found;
  throw Object.assign(new Error(`${path} is no file`), { code: 'EISDIR' });
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
