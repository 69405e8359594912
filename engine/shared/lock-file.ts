/**
 * A file that only one living process holds. It appears with its content or not at all, and names its owner; what a dead process left behind
 * is recognised and taken over. Runs on: main thread.
 */
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { IDENTITY, isAlive, type Identity } from './process-identity.js';

/** Somebody else may be doing the same at this moment. */
const TRIES = 5;

export type LockTaken<T> = { readonly owner?: undefined } | { readonly owner: T };

/** The living owner of a lock; undefined: there is none. What cannot be read counts as left behind. */
export function lockOwner<T extends Identity>(path: string): T | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<T>;
    return typeof found.pid === 'number' && isAlive(found as T) ? (found as T) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock, with `facts` beside the identity of this process; gives the owner when another process has it. Held by
 * this process already: taken. Throws what the disk throws.
 */
export function takeLock<T extends Identity>(path: string, facts: object = {}): LockTaken<T> {
  for (let tries = 0; ; tries++) {
    try {
      create(path, JSON.stringify({ ...IDENTITY, ...facts }));
      return {};
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === TRIES) throw error;
      const owner = lockOwner<T>(path);
      if (owner?.pid === process.pid) return {};
      if (owner) return { owner };
      setAside(path);
    }
  }
}

/** With its content from the first moment on, as an empty lock would pass for one left behind; EEXIST when it is there. */
function create(path: string, text: string): void {
  const temp = `${path}.${process.pid}.tmp`;
  writeFileSync(temp, text);
  try {
    linkSync(temp, path);
  } catch (error) {
    // A file system without links.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    writeFileSync(path, text, { flag: 'wx' });
  } finally {
    removeQuietly(temp);
  }
}

/**
 * Removes what a dead process left. It is taken away by a rename, as only one can do that; should another process have
 * taken the lock since it was looked at, it gets it back.
 */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (lockOwner(aside)) linkSync(aside, path);
  } catch {
    // Another process was quicker; the next try will see.
  }
  removeQuietly(aside);
}

/** Gives up a lock of this process; anybody else's is left alone. One that cannot be removed counts as left behind later. */
export function releaseLock(path: string): void {
  if (lockOwner(path)?.pid === process.pid) removeQuietly(path);
}

/** A folder may have become read-only: that must end nothing. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or not to be removed.
  }
}
