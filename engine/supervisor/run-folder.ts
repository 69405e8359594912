/** The folder of a run: what is written into it before anything plays. Runs on: main thread, once. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFormat } from '../shared/run-memory.js';
import { CORE_FILE, RUN_FILE, RUN_FORMAT, TABLES_FILE, type RunInfo } from './journal-format.js';
import { tablesText } from './run-tables.js';

export interface RunFolderOptions extends RunFormat {
  readonly runFolder: string;
  readonly engineVersion: string;
  readonly started: Date;
}

/** The core draws from 0 until somebody sends /seq/seed. */
const FIRST_SEED = 0;

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes run.json, core.wasm and tables.json. Throws what the file system throws; nothing is written over. */
export function writeRunFolder(options: RunFolderOptions, core: Buffer): RunInfo {
  mkdirSync(options.runFolder, { recursive: true });
  const tables = tablesText();
  const info: RunInfo = {
    format: RUN_FORMAT,
    id: randomBytes(8).toString('hex'),
    engineVersion: options.engineVersion,
    sampleRate: options.sampleRate,
    blockFrames: options.blockFrames,
    voices: options.voices,
    seed: FIRST_SEED,
    started: options.started.toISOString(),
    core: sha256(core),
    tables: sha256(tables),
  };
  const write = (file: string, content: string | Uint8Array): void =>
    writeFileSync(join(options.runFolder, file), content, { flag: 'wx' });
  write(RUN_FILE, `${JSON.stringify(info, null, 2)}\n`);
  write(CORE_FILE, core);
  write(TABLES_FILE, tables);
  return info;
}
