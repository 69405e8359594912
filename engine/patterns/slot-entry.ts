/** What a list says of one file, and the choice of a backup out of a list. */
import { show, type Outcome, type Problem } from '../shared/outcome.js';
import type { Backup } from './backups.js';
import type { Files } from './files.js';
import { readSlotFile, type Loaded } from './read-file.js';

export interface SlotEntry {
  readonly slot: number;
  readonly path: string;
  /** When the file was last written, in Unix milliseconds. */
  readonly modified: number;
  /** The same as text: 2026-01-02T03:04:05.000Z. */
  readonly time: string;
  readonly bytes: number;
  readonly name?: string;
  /** Absent for a file without a sequencer part. */
  readonly bpm?: number;
  /** 0 for a file without a sequencer part; absent when the file cannot be read. */
  readonly tracks?: number;
  /** Why it cannot be read. */
  readonly problem?: Problem;
}

/** Undefined: there is no file any more. */
export async function entryOf(files: Files, path: string): Promise<Omit<SlotEntry, 'slot'> | undefined> {
  const facts = await files.facts(path).catch(() => undefined);
  const read = await readSlotFile(path, files);
  if (!facts)
    return read.ok || read.error.got === 'ENOENT' ? undefined : { ...nothing(path), ...summary(read) };
  const modified = Math.round(facts.modified);
  return { path, modified, time: isoTime(modified), bytes: facts.bytes, ...summary(read) };
}

/** For what is there and is no file. */
function nothing(path: string): Omit<SlotEntry, 'slot'> {
  return { path, modified: 0, time: isoTime(0), bytes: 0 };
}

/** A file may claim a year that no text holds. */
export function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '';
}

function summary(read: Outcome<Loaded>): Pick<SlotEntry, 'name' | 'bpm' | 'tracks' | 'problem'> {
  if (!read.ok) return { problem: read.error };
  const { name, sequencer } = read.value.document;
  return {
    ...(name === undefined ? {} : { name }),
    ...(sequencer && { bpm: sequencer.bpm }),
    tracks: sequencer?.tracks.length ?? 0,
  };
}

/** By its number in the list (1 is the newest), its file name, or a path that ends with it. */
export function findBackup(backups: readonly Backup[], wanted: string | number): Backup[] {
  const text = String(wanted).trim();
  const name = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
  return backups.filter((backup, i) => backup.name === name || text === String(i + 1));
}

export function noBackup(slot: number, wanted: string | number | undefined, all: readonly Backup[]): Problem {
  return {
    code: 'E_BACKUP',
    got:
      wanted === undefined
        ? `slot ${slot}, which has no backup`
        : `${show(wanted)} as a backup of slot ${slot}`,
    allowed:
      all.length > 0 ? `1 to ${all.length}, or a name: ${all.map(({ name }) => name).join(', ')}` : 'none',
    mend: `Nothing was changed. See /pattern/backups ${slot} for what there is.`,
  };
}
