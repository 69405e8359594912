/**
 * Where a home keeps its patterns, and what the files are called.
 *
 *      <home>/patterns/slots/slot_007.json
 *      <home>/patterns/backups/slot_007_1757433454.backup      as written: Unix seconds, then _1, _2 in the same second
 *      <home>/patterns/backups/slot_007.backup                 as the original looks for it
 */
import { join } from 'node:path';
import { finiteNumber } from '../sequence/range.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';

export const LAST_SLOT = 128;

export interface Folders {
  readonly slots: string;
  readonly backups: string;
  readonly library: string;
  readonly temp: string;
}

export function foldersOf(home: string): Folders {
  const base = join(home, 'patterns');
  return {
    slots: join(base, 'slots'),
    backups: join(base, 'backups'),
    library: join(base, 'library'),
    temp: join(base, 'temp'),
  };
}

/** A slot number 1 to 128; a text is read as a number, a fraction is cut off. Refuses (E_SLOT_NUMBER) all else. */
export function readSlotNumber(value: unknown): Outcome<number> {
  const slot = Math.trunc(finiteNumber(value) ?? 0);
  if (slot >= 1 && slot <= LAST_SLOT) return succeed(slot);
  const mend = 'Nothing was changed. Choose a slot in that range.';
  return fail({ code: 'E_SLOT_NUMBER', got: show(value), allowed: `1 to ${LAST_SLOT}`, mend });
}

export function slotName(slot: number): string {
  return `slot_${String(slot).padStart(3, '0')}`;
}

export function slotPath(folders: Folders, slot: number): string {
  return join(folders.slots, `${slotName(slot)}.json`);
}

/** `slot_007.json` -> 7; undefined for every other name. */
export function slotOfFile(name: string): number | undefined {
  const slot = Number(/^slot_(\d{3})\.json$/.exec(name)?.[1]);
  return slot >= 1 && slot <= LAST_SLOT ? slot : undefined;
}

/** `copy`: 0 for the first backup of a second. */
export function backupName(slot: number, seconds: number, copy: number): string {
  return `${slotName(slot)}_${seconds}${copy === 0 ? '' : `_${copy}`}.backup`;
}

export interface BackupName {
  readonly name: string;
  readonly seconds: number;
  readonly copy: number;
}

/** Reads the name of a dated backup of that slot; undefined for every other name. */
export function readBackupName(slot: number, name: string): BackupName | undefined {
  const match = /^(slot_\d{3})_(\d{1,12})(?:_(\d{1,6}))?\.backup$/.exec(name);
  if (match?.[1] !== slotName(slot)) return undefined;
  return { name, seconds: Number(match[2]), copy: Number(match[3] ?? 0) };
}
