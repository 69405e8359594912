/**
 * The slots of a home: saving, loading and listing them. Nothing here throws for what can happen to a disk; every
 * call gives an outcome. Saves follow one another, so that two of the same slot keep both states.
 */
import { stat } from 'node:fs/promises';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { backUp, backupsOf, prune } from './backups.js';
import { codeOf, diskProblem, isForbidden, writeWhole } from './disk.js';
import { parseSlot } from './document.js';
import { makeFolders, usedSlots } from './folders.js';
import { readSlotFile, type Loaded } from './read-file.js';
import { foldersOf, readSlotNumber, slotPath, type Folders } from './slot-names.js';

export interface Saved {
  readonly slot: number;
  readonly path: string;
  /** Where the state before is kept; absent for a slot that was free. */
  readonly backup?: string;
}

export interface SlotEntry {
  readonly slot: number;
  readonly path: string;
  /** When the file was last written, in Unix milliseconds. */
  readonly modified: number;
  readonly name?: string;
  /** 0 for a file without a sequencer part; absent when the file cannot be read. */
  readonly tracks?: number;
  /** Why it cannot be read. */
  readonly problem?: Problem;
}

export class PatternStore {
  readonly folders: Folders;
  #lastSave: Promise<unknown> = Promise.resolve();

  /** `now`: Unix milliseconds, for the names of backups. */
  constructor(
    home: string,
    private readonly now: () => number = Date.now,
  ) {
    this.folders = foldersOf(home);
  }

  /**
   * Writes the slot and keeps what was there as a backup. Refuses a bad slot number (E_SLOT_NUMBER), a text that
   * would not load again (as parseSlot), a home that cannot be written (E_HOME), a write that fails (E_DISK); the
   * slot then is as it was.
   */
  save(slot: unknown, text: string): Promise<Outcome<Saved>> {
    const run = () => this.#save(slot, text);
    const saved = this.#lastSave.then(run, run);
    this.#lastSave = saved;
    return saved;
  }

  async #save(slot: unknown, text: string): Promise<Outcome<Saved>> {
    const number = readSlotNumber(slot);
    if (!number.ok) return number;
    const checked = parseSlot(text);
    if (!checked.ok) return checked;
    const made = await makeFolders(this.folders);
    return made.ok ? this.#write(number.value, text) : made;
  }

  async #write(slot: number, text: string): Promise<Outcome<Saved>> {
    const path = slotPath(this.folders, slot);
    const { backups } = this.folders;
    let backup: string | undefined;
    try {
      await writeWhole(path, text, async () => {
        backup = await backUp(path, backups, slot, Math.floor(this.now() / 1000));
      });
    } catch (error) {
      return fail(diskProblem(isForbidden(error) ? 'E_HOME' : 'E_DISK', path, error));
    }
    const saved = { slot, path, ...(backup === undefined ? {} : { backup }) };
    try {
      await prune(backups, slot);
      return succeed(saved);
    } catch (error) {
      return succeed(saved, [`old backups in ${backups} could not be removed (${codeOf(error)})`]);
    }
  }

  /**
   * Reads a slot; when its file is damaged, its newest good backup, with a warning. Refuses a bad number
   * (E_SLOT_NUMBER), a free slot (E_SLOT_EMPTY) and one without a good file (E_SLOT_DAMAGED).
   */
  async load(slot: unknown): Promise<Outcome<Loaded>> {
    const number = readSlotNumber(slot);
    if (!number.ok) return number;
    const used = await usedSlots(this.folders);
    if (!used.ok) return used;
    if (!used.value.includes(number.value)) return this.#free(number.value, used.value);
    const read = await readSlotFile(slotPath(this.folders, number.value));
    return read.ok ? read : this.#recover(number.value, read.error);
  }

  async #recover(slot: number, damage: Problem): Promise<Outcome<Loaded>> {
    const where = damage.where === undefined ? '' : ` at ${damage.where}`;
    for (const path of await backupsOf(this.folders.backups, slot)) {
      const read = await readSlotFile(path);
      if (!read.ok) continue;
      const warning = `slot ${slot} is damaged (got ${damage.got}${where}); loaded its backup ${path}`;
      return succeed({ ...read.value, recovered: true }, [warning, ...read.warnings]);
    }
    return fail({
      code: 'E_SLOT_DAMAGED',
      where: slotPath(this.folders, slot),
      got: `${damage.got}${where}`,
      allowed: damage.allowed,
      mend: 'Nothing was loaded, and the slot has no good backup. Correct the file, or save the slot anew.',
    });
  }

  async #free(slot: number, used: readonly number[]): Promise<Outcome<Loaded>> {
    const [newest] = await backupsOf(this.folders.backups, slot);
    const last = newest === undefined ? '' : ` What it held last is in ${newest}.`;
    return fail({
      code: 'E_SLOT_EMPTY',
      got: `slot ${slot}, which is free`,
      allowed: used.length > 0 ? `a used slot: ${used.join(', ')}` : 'a used slot; none is',
      mend: `Nothing was loaded. Choose a used slot, or save into this one first.${last}`,
    });
  }

  /** All used slots, by number. A file that cannot be read is listed with its problem. Refuses as usedSlots does. */
  async list(): Promise<Outcome<SlotEntry[]>> {
    const used = await usedSlots(this.folders);
    if (!used.ok) return used;
    const entries: SlotEntry[] = [];
    for (const slot of used.value) {
      const path = slotPath(this.folders, slot);
      const file = await stat(path).catch(() => undefined);
      if (file)
        entries.push({
          slot,
          path,
          modified: Math.round(file.mtimeMs),
          ...summary(await readSlotFile(path)),
        });
    }
    return succeed(entries);
  }
}

function summary(read: Outcome<Loaded>): Pick<SlotEntry, 'name' | 'tracks' | 'problem'> {
  if (!read.ok) return { problem: read.error };
  const { name, sequencer } = read.value.document;
  return { ...(name === undefined ? {} : { name }), tracks: sequencer?.tracks.length ?? 0 };
}
