/**
 * File names of takes. What a player sends is a wish: only its last component is kept, what file systems refuse is
 * replaced, nothing existing is touched, and no link leads out of the recordings folder.
 */
import { closeSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join, sep } from 'node:path';
import { fail, show, succeed, type Outcome, type Problem } from '../../engine/shared/outcome.js';

/** Most bytes (UTF-8) of a name as it is written; leaves room for `_0000002` and `.json` below the usual 255. */
export const MAX_NAME_BYTES = 200;
const MAX_NUMBER = 9_999;
const EXTENSION = '.wav';

/** Names that Windows takes for devices, whatever extension follows. */
const DEVICE_NAME = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i;
const BAD_CHARACTERS =
  /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/** How names are made where none is given. */
export const NAME_STYLES = ['session', 'recording', 'chronus', 'project'] as const;
export type NameStyle = (typeof NAME_STYLES)[number];

/**
 * `session_YYYYMMDD_HHMMSS.wav`, local time; in the style `project` PROJECT_YYYYMMDD_HHMMSS_NNN_v1.wav, where NNN is
 * `sequence`, the number of the take in this run.
 */
export function automaticName(
  now: Date,
  style: NameStyle = 'session',
  project = 'CHRONUS',
  sequence = 1,
): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  if (style !== 'project') return `${style}_${time}${EXTENSION}`;
  return `${project}_${time}_${String(sequence).padStart(3, '0')}_v1${EXTENSION}`;
}

/**
 * The file name for what was asked, without a folder and with its extension. Refused: empty (also after the last
 * separator), NUL, longer than MAX_NAME_BYTES. Pure.
 */
export function cleanName(wanted: string): Outcome<string> {
  if (wanted.includes('\0')) return refuse(show(wanted.replaceAll('\0', '\\0')), 'a name without NUL');
  const last = wanted.split(/[/\\]/).at(-1) ?? '';
  const safe = last.normalize('NFC').replace(BAD_CHARACTERS, '_').trim();
  if (/^[.\s]*$/.test(safe)) return refuse(show(wanted), 'a name of at least one letter or digit');
  const named =
    extname(safe).toLowerCase() === EXTENSION ? safe : `${safe.replace(/[. ]+$/, '')}${EXTENSION}`;
  const stem = named.split('.')[0]?.trimEnd() ?? '';
  // A leading dot would hide the file, a leading dash would look like an option to other programs.
  const name = DEVICE_NAME.test(stem) || /^[.-]/.test(named) ? `_${named}` : named;
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES)
    return refuse(`${show(wanted)} (${bytes} bytes)`, `at most ${MAX_NAME_BYTES} bytes`);
  return succeed(name);
}

/** `take.wav`, `take_002.wav`, `take_003.wav`, ... */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}_${String(number).padStart(3, '0')}${extension}`;
}

/** Where the facts about a take are written when it ends. */
export function sidecarPath(path: string): string {
  return `${path}.json`;
}

export interface NewFile {
  readonly fd: number;
  readonly path: string;
}

/**
 * Creates the first of `name`, `name_002`, ... that does not exist yet, nor its sidecar. The check is the creation
 * itself (O_EXCL), so two processes never get the same file, and a link is never followed. Blocking; runs on: a
 * writer's thread. `folder` must exist.
 */
export function createNew(folder: string, name: string): Outcome<NewFile> {
  let home: string;
  try {
    home = realpathSync(folder);
  } catch (error) {
    return fail(folderProblem(folder, error));
  }
  for (let number = 1; number <= MAX_NUMBER; number++) {
    const path = join(home, numberedName(name, number));
    if (dirname(path) !== home || basename(path) === '')
      return refuse(show(name), 'a name inside the recordings folder');
    if (leadsOut(path, home)) return refuse(show(name), `a name that is no link out of ${home}`);
    if (exists(sidecarPath(path))) continue;
    try {
      return succeed({ fd: openSync(path, 'wx', 0o644), path });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return fail(folderProblem(home, error));
    }
  }
  return refuse(show(name), `a name that is taken less than ${MAX_NUMBER} times`);
}

/** True when `path` is a link to something outside `home`, or to nothing. */
function leadsOut(path: string, home: string): boolean {
  try {
    if (!lstatSync(path).isSymbolicLink()) return false;
  } catch {
    return false;
  }
  try {
    return !realpathSync(path).startsWith(home + sep);
  } catch {
    return true;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The descriptor is gone either way.
  }
}

/** `ENOSPC` and the like; `UNKNOWN` for what is no system error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

/** Why nothing can be written in `folder`. */
export function folderProblem(folder: string, error: unknown): Problem {
  const got = `${codeOf(error)} for ${folder}`;
  if (codeOf(error) === 'ENOSPC') {
    return {
      code: 'E_FULL',
      got,
      allowed: 'a disk with room',
      mend: 'Make room, then start again. The music goes on.',
    };
  }
  return {
    code: 'E_FOLDER',
    got,
    allowed: 'a recordings folder that can be written to',
    mend: 'Make the folder writable, or start with --home DIR where DIR/recordings can be written. The music goes on.',
  };
}

function refuse(got: string, allowed: string): Outcome<never> {
  return fail({
    code: 'E_NAME',
    where: 'name',
    got,
    allowed,
    mend: 'Send a short file name, or none for an automatic one. Nothing was recorded.',
  });
}
