/**
 * What the store asks of a disk, each a step of its own, so that a test can cut the power between any two of them.
 * Two things are on the disk only after a call that says so: the content of a file after `sync` of the file, its name
 * after `syncFolder` of its folder. Every method rejects with the system's error.
 */
import { constants, type Stats } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A new file that is being written. */
export interface NewFile {
  write(content: string | Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileFacts {
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly modified: number;
  /** True: a link to a file that may lie anywhere. */
  readonly isLink: boolean;
}

export interface Files {
  /** EEXIST where something has that name. */
  create(path: string): Promise<NewFile>;
  /** The bytes of a file, but never more than `most` + 1. EISDIR for what is no file. */
  read(path: string, most: number): Promise<Uint8Array>;
  /** ENOENT where there is nothing; EISDIR for what is no file: a folder, a pipe, a device. */
  facts(path: string): Promise<FileFacts>;
  /** Makes the content of a file that exists durable. */
  sync(path: string): Promise<void>;
  /** A second name for a file; EEXIST where something has that name. */
  link(from: string, to: string): Promise<void>;
  /** Over what is there, in one stroke. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing there: nothing happens. */
  remove(path: string): Promise<void>;
  setTimes(path: string, modified: number): Promise<void>;
  names(folder: string): Promise<string[]>;
  /** With all above it. The first one it made, or undefined. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Makes the names in a folder durable. Where a system cannot (Windows, some network disks) it does nothing. */
  syncFolder(path: string): Promise<void>;
}

export const diskFiles: Files = {
  async create(path) {
    const file = await open(path, 'wx');
    return {
      write: (content) => file.writeFile(content),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },

  async read(path, most) {
    // A pipe without a writer would hold an ordinary open for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const { size } = onlyFile(path, await file.stat());
      return await readUpTo(file, Math.min(size, most) + 1);
    } finally {
      await file.close();
    }
  },

  async facts(path) {
    const [itself, target] = await Promise.all([lstat(path), stat(path)]);
    const { size, mtimeMs } = onlyFile(path, target);
    return { bytes: size, modified: mtimeMs, isLink: itself.isSymbolicLink() };
  },

  async sync(path) {
    const file = await open(path, 'r+').catch(() => open(path, 'r'));
    await file.sync().finally(() => file.close());
  },

  link,
  rename,
  remove: (path) => rm(path, { force: true }),

  async setTimes(path, modified) {
    const file = await open(path, 'r+');
    await file.utimes(new Date(), new Date(modified)).finally(() => file.close());
  },

  names: (folder) => readdir(folder),
  makeFolder: (path) => mkdir(path, { recursive: true }),

  async syncFolder(path) {
    try {
      const folder = await open(path, 'r');
      await folder.sync().finally(() => folder.close());
    } catch {
      // The files themselves are safe; only a new name may be lost by a power cut on such a system.
    }
  },
};

function onlyFile(path: string, found: Stats): Stats {
  if (found.isFile()) return found;
  throw Object.assign(new Error(`${path} is no file`), { code: 'EISDIR' });
}

async function readUpTo(file: FileHandle, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let have = 0;
  while (have < length) {
    const { bytesRead } = await file.read(buffer, have, length - have, have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  return buffer.subarray(0, have);
}

/** Makes a folder with all above it, durably: each new one is also a name in the one above it. */
export async function makeFolder(files: Files, path: string): Promise<void> {
  const first = await files.makeFolder(path);
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await files.syncFolder(dirname(made));
    if (made === first || made === dirname(made)) return;
  }
}
