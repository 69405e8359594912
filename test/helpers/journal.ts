/** Folders of runs made by hand, record by record. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { encodeEntry, ENTRY_WORDS, NOW } from '../../engine/shared/command.js';
import {
  CORE_FILE,
  jsonRecord,
  makeRecord,
  RUN_FILE,
  RUN_FORMAT,
  segmentFile,
  TABLES_FILE,
  type RunInfo,
} from '../../engine/supervisor/journal-format.js';
import { sha256 } from '../../engine/supervisor/run-folder.js';
import { tablesText } from '../../engine/supervisor/run-tables.js';
import { tempHome, type Scope } from './engine.js';

export const RUN_ID = '0123456789abcdef';

/** Entries that set parameter 1 to these values. */
export function commands(block: number, ...values: number[]): Buffer {
  const words = new Int32Array(values.length * ENTRY_WORDS);
  values.forEach((value, i) =>
    encodeEntry(
      { command: { kind: 'set', address: 1, value }, when: NOW, source: 1 },
      words,
      i * ENTRY_WORDS,
    ),
  );
  return makeRecord('CMDS', block, new Uint8Array(words.buffer));
}

export function mark(block: number): Buffer {
  return makeRecord('MARK', block);
}

export function snapshot(block: number, state = Buffer.from(`state ${block}`)): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(state.length);
  return makeRecord('SNAP', block, length, deflateSync(state));
}

export function head(segment: number, block: number, run = RUN_ID, format: number = RUN_FORMAT): Buffer {
  return jsonRecord('SEGM', block, { format, run, segment });
}

export function infoOf(core: Uint8Array, more: Partial<Record<keyof RunInfo, unknown>> = {}): object {
  return {
    format: RUN_FORMAT,
    id: RUN_ID,
    engineVersion: '0',
    sampleRate: 48_000,
    blockFrames: 256,
    voices: 4,
    seed: 0,
    started: '2026-01-01T20:00:00.000Z',
    core: sha256(core),
    tables: sha256(tablesText()),
    ...more,
  };
}

/** A folder with a core that is none, the tables, and these segments (1, 2, ...). */
export async function runFolder(scope: Scope, ...segments: readonly (readonly Buffer[])[]): Promise<string> {
  const folder = await tempHome(scope);
  const core = Buffer.from('a core');
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(infoOf(core)));
  writeFileSync(join(folder, CORE_FILE), core);
  writeFileSync(join(folder, TABLES_FILE), tablesText());
  segments.forEach((records, i) => writeFileSync(join(folder, segmentFile(i + 1)), Buffer.concat(records)));
  return folder;
}
