/** What the disk under a folder is like. Runs on: main thread; never blocks it. */
import { open, realpath, rm, statfs } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface Space {
  /** What this user may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export async function spaceOf(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  // A file system that counts nothing says nothing about room.
  return { freeBytes: blocks === 0 ? Infinity : bavail * bsize, totalBytes: blocks * bsize };
}

/** Numbers of network file systems, as Linux gives them (statfs(2)). */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x65735546, 'FUSE'],
]);

/** `NFS` and the like; undefined: a disk of this machine, or a system that does not tell. */
export async function networkKind(folder: string): Promise<string | undefined> {
  return networkKindOf((await statfs(folder)).type);
}

export function networkKindOf(type: number): string | undefined {
  // 32 bits, which some systems give with a sign.
  return NETWORK_TYPES.get(type >>> 0);
}

/** Folders that programs keep in step with a cloud: they may lock or move a file that grows. */
const CLOUD_FOLDERS = [
  'dropbox',
  'onedrive',
  'google drive',
  'googledrive',
  'icloud drive',
  'mobile documents',
  'nextcloud',
  'box sync',
];

/** The part of the path that is such a folder, links followed; undefined: none. */
export async function cloudFolder(folder: string): Promise<string | undefined> {
  return cloudPart(await realpath(folder));
}

export function cloudPart(path: string): string | undefined {
  return path.split(sep === '\\' ? /[\\/]/ : '/').find((part) => {
    const name = part.toLowerCase();
    return CLOUD_FOLDERS.some((each) => name === each || name.startsWith(`${each} - `));
  });
}

/** Milliseconds until 4 KB are safe on the disk. */
export async function writeLatencyMs(folder: string): Promise<number> {
  const path = join(folder, `.probe_${process.pid}`);
  const file = await open(path, 'w');
  try {
    const began = performance.now();
    await file.write(Buffer.alloc(4096));
    await file.sync();
    return performance.now() - began;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
