/**
 * Reads the journal of a run, also of one that is being written. Damage in one place leaves the rest of use: what lies
 * before it can be rendered, and what lies behind the next snapshot. The form: journal-format.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Problem } from '../shared/outcome.js';
import { JournalCommands } from './journal-commands.js';
import { CORE_FILE, HEAD_BYTES, JournalError, TABLES_FILE, type RunInfo } from './journal-format.js';
import { indexRun, type Hole, type PlacedNote, type Span } from './journal-index.js';
import { readInfo } from './journal-info.js';
import { openSegments, type Segment } from './journal-open.js';
import { sha256 } from './run-folder.js';
import type { RunTables } from './run-tables.js';

export { CORE_FILE, JournalError, RUN_FILE, segmentFile, TABLES_FILE } from './journal-format.js';
export type { JournalNote, RunInfo } from './journal-format.js';
export type { Hole, PlacedNote, Span } from './journal-index.js';

/** A state of the core: that before the block is rendered. */
export interface JournalSnapshot {
  readonly block: number;
  readonly segment: number;
  /** Bytes for CoreHost.state(). Throws JournalError when they cannot be read any more. */
  state(): Uint8Array;
}

export interface SegmentInfo {
  readonly number: number;
  readonly file: string;
  /** Undefined: its head is damaged. */
  readonly firstBlock: number | undefined;
  /** Of what is written in it. */
  readonly bytes: number;
  /** It ends within a record. */
  readonly torn: boolean;
}

export interface RunJournal {
  readonly folder: string;
  readonly info: RunInfo;
  /** Blocks the run is known to have played. */
  readonly blocks: number;
  /** Entries per block, as words for CoreHost.render; read from the disk when they are asked for. */
  readonly commands: JournalCommands;
  /** In the order of their blocks. Those that are damaged are left out. */
  readonly snapshots: readonly JournalSnapshot[];
  readonly notes: readonly PlacedNote[];
  readonly segments: readonly SegmentInfo[];
  /** What can be rendered: blocks of which all commands are known, behind the start of the run or a snapshot. */
  readonly spans: readonly Span[];
  /** What lies between them. */
  readonly holes: readonly Hole[];
  /** All that is damaged or missing. */
  readonly problems: readonly Problem[];
  /** Throws JournalError where it is not the one the run went with. */
  readonly core: Buffer;
  /** Undefined where they are not those the run went with. */
  readonly tables: RunTables | undefined;
}

/** Reads the folder of a run. Throws JournalError where it is none, or one of another format. */
export function readRun(folder: string): RunJournal {
  const info = readInfo(folder);
  const segments = openSegments(folder);
  const index = indexRun(segments, info, folder);
  const core = checked(folder, CORE_FILE, info.core);
  const tables = checked(folder, TABLES_FILE, info.tables);
  const problems = [...index.problems];
  for (const each of [core, tables]) if (!Buffer.isBuffer(each)) problems.push(each);
  return {
    folder,
    info,
    blocks: index.blocks,
    commands: new JournalCommands(segments, index.commands),
    snapshots: index.snapshots.map(({ block, at, segment }) => ({
      block,
      segment: segment.number,
      state: () => stateAt(segment, at, folder),
    })),
    notes: index.notes,
    segments: segments.map(describe),
    spans: index.spans,
    holes: index.holes,
    problems,
    get core() {
      if (Buffer.isBuffer(core)) return core;
      throw new JournalError(core);
    },
    get tables() {
      return Buffer.isBuffer(tables) ? (JSON.parse(tables.toString('utf8')) as RunTables) : undefined;
    },
  };
}

function describe({ number, file, scan }: Segment): SegmentInfo {
  return { number, file, firstBlock: scan.head?.block, bytes: scan.end, torn: scan.torn };
}

/** The bytes of a file of the run, or why they are not its own. */
function checked(folder: string, file: string, hash: string): Buffer | Problem {
  let why: string;
  try {
    const bytes = readFileSync(join(folder, file));
    if (sha256(bytes) === hash) return bytes;
    why = 'is not the one that run.json names';
  } catch (error) {
    why = `cannot be read (${(error as Error).message})`;
  }
  return {
    code: 'E_JOURNAL_FILE',
    where: join(folder, file),
    got: `${join(folder, file)}, which ${why}`,
    allowed: `${file} as the run has written it (SHA-256 ${hash})`,
    mend: `Put the ${file} of that engine version there: a copy of this run, or of another run of that version, has it.`,
  };
}

function stateAt(segment: Segment, at: number, folder: string): Uint8Array {
  const bytes = segment.read();
  const body = at + HEAD_BYTES;
  const end = body + bytes.readUInt32LE(at + 4);
  const length = bytes.readUInt32LE(body);
  const state = inflateSync(bytes.subarray(body + 4, end), { maxOutputLength: Math.max(length, 1) });
  if (state.length === length) return state;
  throw new JournalError({
    code: 'E_JOURNAL',
    where: join(folder, segment.file),
    got: `a snapshot of ${state.length} bytes at byte ${at} of ${segment.file}, where ${length} belong`,
    allowed: 'the whole state of a core',
    mend: 'Render from another moment.',
  });
}
