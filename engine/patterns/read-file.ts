/** Reads one slot file from disk. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { diskProblem } from './disk.js';
import { MAX_BYTES, parseSlotBytes } from './document.js';
import { diskFiles, type Files } from './files.js';
import type { SlotDocument } from './slot-document.js';

export interface Loaded {
  readonly document: SlotDocument;
  readonly path: string;
  /** As they lie on the disk. */
  readonly bytes: Uint8Array;
  /** True: the slot file is damaged and this is its newest good backup. */
  readonly recovered: boolean;
}

/** Refuses a file that cannot be read (E_DISK) and what parseSlotBytes refuses. */
export async function readSlotFile(path: string, files: Files = diskFiles): Promise<Outcome<Loaded>> {
  const read = await readBytes(path, files);
  if (!read.ok) return read;
  const parsed = parseSlotBytes(read.value);
  if (!parsed.ok) return parsed;
  return succeed({ document: parsed.value, path, bytes: read.value, recovered: false }, parsed.warnings);
}

/** At most one byte more than a slot file may have. Refuses a file that cannot be read (E_DISK). */
export async function readBytes(path: string, files: Files): Promise<Outcome<Uint8Array>> {
  try {
    return succeed(await files.read(path, MAX_BYTES));
  } catch (error) {
    return fail(diskProblem('E_DISK', path, error));
  }
}
