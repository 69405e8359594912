/** A disk that can be filled to its last byte: a tmpfs, where the system lets us mount one (Linux, root). */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../../test/helpers/engine.js';

/** Its folder; undefined: not possible here. */
export function smallDisk(scope: Scope, megabytes: number): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'chronus-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder]);
  if (status === 0) scope.after(() => void spawnSync('umount', [folder]));
  else rmdirSync(folder);
  return status === 0 ? folder : undefined;
}

export interface Filler {
  /** performance.now() at which the disk did not take one page more. */
  readonly fullAtMs: number;
  empty(): void;
}

const SIZES = [1 << 20, 1 << 12, 1] as const;

/** Writes until not a byte more goes in. Others may write meanwhile. */
export function fill(folder: string): Filler {
  const path = join(folder, 'filler');
  const fd = openSync(path, 'w');
  for (const size of SIZES) while (goesIn(fd, Buffer.alloc(size)));
  const fullAtMs = performance.now();
  closeSync(fd);
  return { fullAtMs, empty: () => rmSync(path) };
}

function goesIn(fd: number, bytes: Buffer): boolean {
  try {
    return writeSync(fd, bytes) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
