/** Reads run.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { show } from '../shared/outcome.js';
import { JournalError, RUN_FILE, RUN_FORMAT, type RunInfo } from './journal-format.js';

type Check = (value: unknown) => boolean;
const whole: Check = (value) => Number.isInteger(value) && (value as number) > 0;
const text: Check = (value) => typeof value === 'string';

const FIELDS: Readonly<Record<Exclude<keyof RunInfo, 'format'>, Check>> = {
  id: text,
  engineVersion: text,
  sampleRate: whole,
  blockFrames: whole,
  voices: whole,
  seed: Number.isInteger,
  started: text,
  core: text,
  tables: text,
};

/** What ran in that folder. Throws JournalError: E_JOURNAL (there is no run.json, or it is damaged), E_JOURNAL_FORMAT. */
export function readInfo(folder: string): RunInfo {
  const path = join(folder, RUN_FILE);
  let info: Partial<Record<keyof RunInfo, unknown>>;
  try {
    info = JSON.parse(readFileSync(path, 'utf8')) as typeof info;
    if (typeof info !== 'object' || info === null) throw new Error('it holds no object');
  } catch (error) {
    throw damaged(path, `cannot be read (${(error as Error).message})`);
  }
  if (info.format !== RUN_FORMAT) throw otherFormat(path, info.format, info.engineVersion);
  for (const [field, fits] of Object.entries(FIELDS)) {
    const value = info[field as keyof RunInfo];
    if (!fits(value)) throw damaged(path, `has ${field} ${show(value)}`);
  }
  return info as unknown as RunInfo;
}

function damaged(path: string, why: string): JournalError {
  return new JournalError({
    code: 'E_JOURNAL',
    where: path,
    got: `${path}, which ${why}`,
    allowed: 'the folder of a run with run.json, core.wasm, tables.json and commands_0001.bin',
    mend: 'Take a copy of run.json, or write the fields by hand (docs/recording.md): the segments are not touched by it.',
  });
}

function otherFormat(path: string, format: unknown, version: unknown): JournalError {
  const engine = typeof version === 'string' ? ` (Music Chronus ${version})` : '';
  return new JournalError({
    code: 'E_JOURNAL_FORMAT',
    where: path,
    got: `${path}: a journal of format ${show(format)}${engine}`,
    allowed: `format ${RUN_FORMAT}`,
    mend: `Render it with the version of Music Chronus that has written it${engine}; nothing was changed.`,
  });
}
