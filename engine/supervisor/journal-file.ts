/**
 * The journal of a run, first form: a folder with run.json, the core it ran with, and commands.bin, a sequence of
 *
 *      block i32 | count i32 | checksum of both u32 | checksum of the entries u32 | count entries of 32 bytes
 *
 * for each block in which commands acted. A record with count 0 says how far the run has come. Little-endian; FNV-1a.
 * The head has a checksum of its own, so that a count that was changed cannot pass for a record that was cut off: a torn
 * last record is what a kill leaves, and there the journal ends; everything else that does not fit is damage.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_BYTES, ENTRY_WORDS } from '../shared/command.js';

export const RECORD_HEAD_BYTES = 16;
export const RUN_FILE = 'run.json';
export const COMMANDS_FILE = 'commands.bin';
export const CORE_FILE = 'core.wasm';

export interface RunInfo {
  readonly format: 1;
  readonly engineVersion: string;
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  readonly started: string;
  /** SHA-256 of core.wasm. */
  readonly core: string;
}

export interface RunJournal {
  readonly info: RunInfo;
  /** Entries per block, as words for CoreHost.render. */
  readonly commands: ReadonlyMap<number, Int32Array>;
  /** Blocks the run is known to have rendered. */
  readonly blocks: number;
  readonly core: Buffer;
}

const HEAD_SUM_AT = 8;
const BODY_SUM_AT = 12;

/** FNV-1a, 32 bits. Source: Fowler, Noll, Vo (IETF draft-eastlake-fnv). */
function checksum(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

/** Writes both checksums of the record that fills the first `length` bytes. Runs on: journal thread. */
export function sealRecord(record: Buffer, length: number): void {
  record.writeUInt32LE(checksum(record, 0, HEAD_SUM_AT), HEAD_SUM_AT);
  record.writeUInt32LE(checksum(record, RECORD_HEAD_BYTES, length), BODY_SUM_AT);
}

/** Reads the folder of a run. Throws an Error that says which file is missing or damaged, and where. */
export function readRun(folder: string): RunJournal {
  const info = JSON.parse(readFileSync(join(folder, RUN_FILE), 'utf8')) as RunInfo;
  if (info.format !== 1)
    throw new Error(`${join(folder, RUN_FILE)}: format ${String(info.format)} is not known; this is 1`);
  const bytes = readFileSync(join(folder, COMMANDS_FILE));
  const commands = new Map<number, Int32Array>();
  let blocks = 0;
  for (let at = 0; at + RECORD_HEAD_BYTES <= bytes.length;) {
    const block = bytes.readInt32LE(at);
    const count = bytes.readInt32LE(at + 4);
    const end = at + RECORD_HEAD_BYTES + count * ENTRY_BYTES;
    const headFits = checksum(bytes, at, at + HEAD_SUM_AT) === bytes.readUInt32LE(at + HEAD_SUM_AT);
    if (headFits && end > bytes.length) break;
    const bodyFits =
      headFits && checksum(bytes, at + RECORD_HEAD_BYTES, end) === bytes.readUInt32LE(at + BODY_SUM_AT);
    if (!bodyFits) {
      throw new Error(
        `${join(folder, COMMANDS_FILE)} is damaged at byte ${at} of ${bytes.length}, after block ${blocks}`,
      );
    }
    const words = new Int32Array(count * ENTRY_WORDS);
    for (let i = 0; i < words.length; i++) words[i] = bytes.readInt32LE(at + RECORD_HEAD_BYTES + 4 * i);
    if (count > 0) commands.set(block, words);
    blocks = Math.max(blocks, count > 0 ? block + 1 : block);
    at = end;
  }
  const core = readFileSync(join(folder, CORE_FILE));
  if (createHash('sha256').update(core).digest('hex') !== info.core) {
    throw new Error(`${join(folder, CORE_FILE)} is not the core that ${RUN_FILE} names`);
  }
  return { info, commands, blocks, core };
}
