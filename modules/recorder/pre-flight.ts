/**
 * What is looked at before a take begins, so that it fails at once and not in the middle: the folder, the permission,
 * the space. Runs on: main thread; never blocks it.
 */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { folderProblem } from './name.js';
import { cloudFolder, networkKind, spaceOf, writeLatencyMs, type Space } from './storage.js';

/**
 * Room that stays free for everything else on the disk: so much, or a twentieth of a small disk. What is left below it
 * is no room for a new take; a take that runs goes on.
 */
export const RESERVE_BYTES = 256 << 20;
const RESERVE_PART = 0.05;
/** Without dur= nobody knows how long a take will be: it needs room for the first, and a warning below the second. */
const OPEN_ENDED_SECONDS = 60;
const COMFORTABLE_SECONDS = 600;
/** Many disks become slow beyond it. */
export const LOW_SPACE_PART = 0.15;
export const SLOW_NETWORK_MS = 10;
/** Room that was made a moment ago may show late. */
const LOOKS = 3;
const LOOK_AGAIN_MS = 100;

export interface Wanted {
  readonly folder: string;
  /** Of the whole take, look-back included; absent: until stop. */
  readonly seconds?: number;
  readonly bytesPerSecond: number;
  /** Default: RESERVE_BYTES. */
  readonly reserveBytes?: number;
  /** For tests. */
  readonly space?: (folder: string) => Promise<Space>;
}

export interface Cleared {
  readonly freeBytes: number;
  readonly estimateBytes: number;
}

/** Makes the folder when it is missing. Never rejects. */
export async function preFlight(wanted: Wanted): Promise<Outcome<Cleared>> {
  const { folder, bytesPerSecond, seconds = OPEN_ENDED_SECONDS } = wanted;
  try {
    await mkdir(folder, { recursive: true });
    if (!(await stat(folder)).isDirectory()) return fail(folderProblem(folder, new Error('no folder')));
    await access(folder, constants.W_OK | constants.X_OK);
    const estimateBytes = Math.ceil(seconds * bytesPerSecond);
    const space = await roomFor(estimateBytes, wanted);
    const spareBytes = space.freeBytes - reserveOf(space, wanted);
    if (spareBytes < estimateBytes) return fail(noRoom(wanted, space, estimateBytes));
    const said = await warnings(folder, space);
    const lasts = spareBytes / bytesPerSecond;
    if (wanted.seconds === undefined && lasts < COMFORTABLE_SECONDS)
      said.push(`the disk has room for ${Math.floor(lasts)} s of this take`);
    return succeed({ freeBytes: space.freeBytes, estimateBytes }, said);
  } catch (error) {
    return fail(folderProblem(folder, error));
  }
}

/** What stays free on a disk of that size. */
export function reserveOf(
  { totalBytes }: Space,
  { reserveBytes = RESERVE_BYTES }: Pick<Wanted, 'reserveBytes'>,
): number {
  return Math.min(reserveBytes, Math.floor(totalBytes * RESERVE_PART));
}

async function roomFor(bytes: number, wanted: Wanted): Promise<Space> {
  const { folder, space = spaceOf } = wanted;
  for (let look = 1; ; look++) {
    const found = await space(folder);
    if (found.freeBytes - reserveOf(found, wanted) >= bytes || look === LOOKS) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function warnings(folder: string, space: Space): Promise<string[]> {
  const [network, cloud] = await Promise.all([networkKind(folder), cloudFolder(folder)]);
  const said = lowSpace(folder, space);
  if (cloud !== undefined)
    said.push(
      `${folder} lies in ${cloud}, which may lock a file while it grows: record elsewhere, copy afterwards`,
    );
  if (network !== undefined) said.push(...(await networkWarning(folder, network)));
  return said;
}

async function networkWarning(folder: string, network: string): Promise<string[]> {
  const ms = await writeLatencyMs(folder);
  const slow = ms > SLOW_NETWORK_MS ? `; 4 KB took ${ms.toFixed(0)} ms, above ${SLOW_NETWORK_MS} ms` : '';
  return [
    `${folder} is on a network (${network})${slow}: a disk of this machine is safer (--recordings DIR)`,
  ];
}

/** A warning below 15 % of the disk. */
export function lowSpace(folder: string, { freeBytes, totalBytes }: Space): string[] {
  const part = freeBytes / totalBytes;
  if (!(part < LOW_SPACE_PART)) return [];
  return [`only ${(100 * part).toFixed(1)} % (${size(freeBytes)}) of the disk with ${folder} are free`];
}

function noRoom(wanted: Wanted, space: Space, bytes: number) {
  const { folder, seconds, bytesPerSecond } = wanted;
  const reserve = reserveOf(space, wanted);
  const fits = Math.floor((space.freeBytes - reserve) / bytesPerSecond);
  const shorter = fits > 0 ? `, or send dur=${fits} or less` : '';
  const what = seconds === undefined ? `the first ${OPEN_ENDED_SECONDS} s` : `${seconds.toFixed(0)} s`;
  return {
    code: 'E_SPACE',
    got: `${size(space.freeBytes)} free for ${folder}`,
    allowed: `${size(bytes)} for ${what} and ${size(reserve)} that stay free`,
    mend: `Make room${shorter}; --reserve MB sets what stays free. Nothing was recorded.`,
  };
}

/** `12.3 MB`, in powers of 1000. */
export function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
