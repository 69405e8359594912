/** Reads one slot file from disk. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { diskProblem, readAtMost } from './disk.js';
import { MAX_BYTES, parseSlotBytes } from './document.js';
import type { SlotDocument } from './slot-document.js';

export interface Loaded {
  readonly document: SlotDocument;
  readonly path: string;
  /** True: the slot file is damaged and this is its newest good backup. */
  readonly recovered: boolean;
}

/** Refuses a file that cannot be read (E_DISK) and what parseSlotBytes refuses. */
export async function readSlotFile(path: string): Promise<Outcome<Loaded>> {
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(path, MAX_BYTES);
  } catch (error) {
    return fail(diskProblem('E_DISK', path, error));
  }
  const read = parseSlotBytes(bytes);
  return read.ok ? succeed({ document: read.value, path, recovered: false }, read.warnings) : read;
}
