/**
 * The slots of a home: saving, loading and listing them. Nothing here throws for what can happen to a disk; every
 * call gives an outcome. Changes follow one another in the order of the calls; whatever a slot held before a change is
 * kept as a backup. Reading sees what is on the disk at that moment, whoever wrote it. Runs on: main thread.
 */
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { backUp, backupsOf, prune, type Backup } from './backups.js';
import { codeOf, diskProblem, isForbidden, writeWhole } from './disk.js';
import { FORMAT, MAX_BYTES, parseSlotBytes } from './document.js';
import { diskFiles, type Files } from './files.js';
import { makeFolders, usedSlots } from './folders.js';
import { readSlotFile, type Loaded } from './read-file.js';
import { checkText, TextBuffer, type SlotText } from './slot-text.js';
import { foldersOf, readSlotNumber, slotPath, type Folders } from './slot-names.js';
import { readTitle, retitle, titleIn } from './slot-title.js';
import { entryOf, findBackup, isoTime, noBackup, type SlotEntry } from './slot-entry.js';
import { freeSlot, futureSlot, hopeless, sameSlot } from './slot-problems.js';

export type { SlotEntry } from './slot-entry.js';

export interface Saved {
  readonly slot: number;
  readonly path: string;
  /** Where the state before is kept; absent for a slot that was free. */
  readonly backup?: string;
}

/** The text of a slot; a function is given the name the slot has now. */
export type TextOfSlot = string | SlotText | ((name: string | undefined) => string | SlotText);

export class PatternStore {
  readonly folders: Folders;
  readonly #now: () => number;
  readonly #files: Files;
  readonly #buffer = new TextBuffer();
  #lastChange: Promise<unknown> = Promise.resolve();

  /** `now`: Unix milliseconds, for the names of backups. */
  constructor(home: string, now: () => number = Date.now, files: Files = diskFiles) {
    this.folders = foldersOf(home);
    this.#now = now;
    this.#files = files;
  }

  /**
   * Writes the slot and keeps what was there as a backup. Refuses a bad slot number (E_SLOT_NUMBER), a text that
   * would not load again (as parseSlot), a home that cannot be written (E_HOME), a write that fails (E_DISK); the
   * slot then is as it was.
   */
  save(slot: unknown, text: TextOfSlot): Promise<Outcome<Saved>> {
    return this.#change(slot, async (number) => {
      const given = typeof text === 'function' ? text(await this.#title(number)) : text;
      return this.#write(number, given);
    });
  }

  /**
   * The file of one slot, as it is, into another; of a damaged one its newest good backup, with a warning. Refuses as
   * load and save do, and a slot that is to be copied into itself (E_SLOT_SAME).
   */
  copy(from: unknown, to: unknown): Promise<Outcome<Saved & { readonly from: number }>> {
    return this.#change(to, async (number) => {
      const source = readSlotNumber(from);
      if (!source.ok) return source;
      if (source.value === number) return fail(sameSlot(number));
      const read = await this.load(source.value);
      if (!read.ok) return read;
      const saved = await this.#write(number, read.value.bytes);
      return saved.ok
        ? succeed({ ...saved.value, from: source.value }, [...recovery(read), ...saved.warnings])
        : saved;
    });
  }

  /** Frees a slot; its file, good or damaged, becomes a backup. Refuses a free one (E_SLOT_EMPTY), and as save. */
  delete(slot: unknown): Promise<Outcome<Saved>> {
    return this.#change(slot, async (number) => {
      const used = await this.#used(number);
      if (!used.ok) return used;
      const made = await makeFolders(this.folders, this.#files);
      if (!made.ok) return made;
      const path = slotPath(this.folders, number);
      return this.#keeping(number, async (keep) => {
        await keep();
        await this.#files.remove(path);
        await this.#files.syncFolder(this.folders.slots);
      });
    });
  }

  /** Gives a slot a name; an empty one takes it away. All else in its file stays as it is. Refuses as copy. */
  rename(slot: unknown, name: string): Promise<Outcome<Saved & { readonly name: string | null }>> {
    return this.#change(slot, async (number) => {
      const read = await this.load(number);
      if (!read.ok) return read;
      const title = readTitle(name, 'name');
      const text = retitle(new TextDecoder().decode(read.value.bytes), title.name, FORMAT);
      const saved = await this.#write(number, text);
      if (!saved.ok) return saved;
      const warnings = [...title.warnings, ...recovery(read), ...saved.warnings];
      return succeed({ ...saved.value, name: title.name ?? null }, warnings);
    });
  }

  /**
   * Brings a backup back: the newest good one, or the one that is named (file name, path, or number in the list of
   * backups, 1 is the newest). What the slot holds becomes a backup: restore again to have it back. Refuses a slot
   * without such a backup (E_BACKUP), a damaged one (as parseSlotBytes), and as save.
   */
  restore(
    slot: unknown,
    backup?: string | number,
  ): Promise<Outcome<Saved & { readonly restored: string; readonly name: string | null }>> {
    return this.#change(slot, async (number) => {
      const all = await backupsOf(this.#files, this.folders.backups, number);
      const chosen = backup === undefined ? all : findBackup(all, backup);
      const read = await this.#firstGood(chosen);
      if (!read) return fail(noBackup(number, backup, all));
      if (!read.ok) return read;
      const { path, bytes, document } = read.value;
      const saved = await this.#write(number, bytes);
      if (!saved.ok) return saved;
      const warnings = [...read.warnings, ...saved.warnings];
      return succeed({ ...saved.value, restored: path, name: document.name ?? null }, warnings);
    });
  }

  /**
   * Reads a slot; when its file is damaged, its newest good backup, with a warning. Refuses a bad number
   * (E_SLOT_NUMBER), a free slot (E_SLOT_EMPTY), one without a good file (E_SLOT_DAMAGED) and one of a newer engine
   * (E_SLOT_VERSION): that one is not damaged, and an older state would be the wrong music.
   */
  async load(slot: unknown): Promise<Outcome<Loaded>> {
    const number = readSlotNumber(slot);
    if (!number.ok) return number;
    const used = await this.#used(number.value);
    if (!used.ok) return used;
    const path = slotPath(this.folders, number.value);
    const read = await readSlotFile(path, this.#files);
    if (read.ok) return read;
    if (read.error.code === 'E_SLOT_VERSION') return fail(futureSlot(path, read.error));
    return this.#recover(number.value, read.error);
  }

  /** All used slots, by number. A file that cannot be read is listed with its problem. Refuses as usedSlots does. */
  async list(): Promise<Outcome<SlotEntry[]>> {
    const used = await usedSlots(this.folders, this.#files);
    if (!used.ok) return used;
    const entries: SlotEntry[] = [];
    for (const slot of used.value) {
      const entry = await entryOf(this.#files, slotPath(this.folders, slot));
      if (entry) entries.push({ slot, ...entry });
    }
    return succeed(entries);
  }

  /** The backups of a slot, newest first. Refuses a bad number (E_SLOT_NUMBER). */
  async backups(slot: unknown): Promise<Outcome<(SlotEntry & { readonly backup: string })[]>> {
    const number = readSlotNumber(slot);
    if (!number.ok) return number;
    const entries = [];
    for (const { path, name, seconds } of await backupsOf(this.#files, this.folders.backups, number.value)) {
      const entry = await entryOf(this.#files, path);
      const kept = isoTime(seconds * 1000);
      if (entry) entries.push({ slot: number.value, backup: name, kept, ...entry });
    }
    return succeed(entries);
  }

  /** One change after the other, on a slot that can be. */
  #change<T>(slot: unknown, act: (slot: number) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const run = (): Promise<Outcome<T>> => {
      const number = readSlotNumber(slot);
      return number.ok ? act(number.value) : Promise.resolve(number);
    };
    const changed = this.#lastChange.then(run, run);
    this.#lastChange = changed;
    return changed;
  }

  async #used(slot: number): Promise<Outcome<unknown>> {
    const used = await usedSlots(this.folders, this.#files);
    if (!used.ok || used.value.includes(slot)) return used;
    const [newest] = await backupsOf(this.#files, this.folders.backups, slot);
    return fail(freeSlot(slot, used.value, newest?.path));
  }

  /** The name a slot has; of a damaged one that of its newest good backup. */
  async #title(slot: number): Promise<string | undefined> {
    const bytes = await this.#files.read(slotPath(this.folders, slot), MAX_BYTES).catch(() => undefined);
    if (!bytes) return undefined;
    const title = titleIn(bytes);
    if (title) return title.name;
    const backups = await backupsOf(this.#files, this.folders.backups, slot);
    const good = await this.#firstGood(backups);
    return good?.ok ? good.value.document.name : undefined;
  }

  async #recover(slot: number, damage: Problem): Promise<Outcome<Loaded>> {
    const where = damage.where === undefined ? '' : ` at ${damage.where}`;
    const read = await this.#firstGood(await backupsOf(this.#files, this.folders.backups, slot));
    if (!read?.ok) return fail(hopeless(slotPath(this.folders, slot), damage));
    const warning = `slot ${slot} is damaged (got ${damage.got}${where}); loaded its backup ${read.value.path}`;
    return succeed({ ...read.value, recovered: true }, [warning, ...read.warnings]);
  }

  /** Of several the first good one, or the problem of the first; undefined: there is none. */
  async #firstGood(backups: readonly Backup[]): Promise<Outcome<Loaded> | undefined> {
    let first: Outcome<Loaded> | undefined;
    for (const { path } of backups) {
      const read = await readSlotFile(path, this.#files);
      if (read.ok)
        return first ? succeed(read.value, [`${backups[0]?.path} is damaged`, ...read.warnings]) : read;
      first ??= read;
    }
    return first;
  }

  async #write(slot: number, content: string | SlotText | Uint8Array): Promise<Outcome<Saved>> {
    const text = typeof content === 'string' ? [content] : content;
    const checked = text instanceof Uint8Array ? parseSlotBytes(text) : checkText(text);
    if (!checked.ok) return checked;
    const made = await makeFolders(this.folders, this.#files);
    if (!made.ok) return made;
    const path = slotPath(this.folders, slot);
    // Changes follow one another: nobody needs the bytes of the one before.
    const bytes = text instanceof Uint8Array ? text : this.#buffer.encode(text);
    return this.#keeping(slot, (keep) => writeWhole(path, bytes, keep, this.#files));
  }

  /** Acts on a slot file; `keep` makes what it holds a backup. The surplus of backups goes at the end. */
  async #keeping(slot: number, act: (keep: () => Promise<void>) => Promise<void>): Promise<Outcome<Saved>> {
    const path = slotPath(this.folders, slot);
    const { backups } = this.folders;
    let backup: string | undefined;
    try {
      await act(async () => {
        backup = await backUp(this.#files, path, backups, slot, Math.floor(this.#now() / 1000));
      });
    } catch (error) {
      return fail(diskProblem(isForbidden(error) ? 'E_HOME' : 'E_DISK', path, error));
    }
    const saved = { slot, path, ...(backup === undefined ? {} : { backup }) };
    try {
      await prune(this.#files, backups, slot);
      return succeed(saved);
    } catch (error) {
      return succeed(saved, [`old backups in ${backups} could not be removed (${codeOf(error)})`]);
    }
  }
}

/** What a load warned of when it took a backup; how it mended the numbers in a file is no matter for a copy. */
function recovery(read: Outcome<Loaded>): readonly string[] {
  return read.ok && read.value.recovered ? read.warnings : [];
}
