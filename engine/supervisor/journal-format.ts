/**
 * The journal of a run, as it lies on disk:
 *
 *      run.json               what ran: RunInfo                     core.wasm      the core it ran with
 *      tables.json            modules, routes, kinds of commands    reserve.bin    zeros, for when the disk is full
 *      commands_0001.bin ...  segments, each a sequence of records
 *
 *      record    type u32 | bytes of the body u32 | block i32 | checksum of the body u32 | checksum of these 16 bytes u32
 *                body
 *                'END\n'
 *
 *      SEGM      begins a segment. block: the first one that is not in the segment before. Body: JSON (SegmentHead)
 *      CMDS      entries of 32 bytes that acted in the block: what was decided about it, then its commands
 *      MARK      no body. Everything before the block stands before this record
 *      SNAP      length u32 of the core's state before the block is rendered, and that state, deflated. Commands of earlier
 *                blocks stand before it, those of the block and later ones behind it
 *      NOTE      JSON (JournalNote). block: where the journal was when it came
 *
 * Little-endian; FNV-1a. Blocks never go back. No record ends in a zero, so a record that was cut off, with or without
 * zeros behind it, is told from one that was whole and has been changed: a torn tail is what a kill or a power cut leaves,
 * and there the journal ends; everything else that does not fit is damage. A leaf: no thread, no file.
 */
import type { Problem } from '../shared/outcome.js';

/** Runs of other formats are refused. */
export const RUN_FORMAT = 2;
export const RUN_FILE = 'run.json';
export const CORE_FILE = 'core.wasm';
export const TABLES_FILE = 'tables.json';
export const RESERVE_FILE = 'reserve.bin';

/** `commands_0001.bin` for segment 1. */
export function segmentFile(number: number): string {
  return `commands_${String(number).padStart(4, '0')}.bin`;
}
/** The number in such a name; undefined: another file. */
export function segmentNumber(file: string): number | undefined {
  const match = /^commands_(\d{4,})\.bin$/.exec(file);
  return match ? Number(match[1]) : undefined;
}

export interface RunInfo {
  readonly format: typeof RUN_FORMAT;
  /** In every segment too: a segment of another run is none of this one. */
  readonly id: string;
  readonly engineVersion: string;
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  /** What chance draws from until somebody sets it. */
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** SHA-256 of core.wasm and of tables.json. */
  readonly core: string;
  readonly tables: string;
}

export interface SegmentHead {
  readonly format: number;
  readonly run: string;
  readonly segment: number;
}

/** A fact beside the commands. Frames are session frames. */
export type JournalNote =
  /** Who a source number in the commands is. */
  | { readonly kind: 'player'; readonly source: number; readonly name: string }
  | {
      readonly kind: 'take';
      readonly event: 'start' | 'stop';
      readonly id: string;
      readonly file: string;
      readonly frame: number;
      readonly [more: string]: unknown;
    }
  /** That frame was out at that time. */
  | { readonly kind: 'clock'; readonly frame: number; readonly unixMs: number }
  /** `of`: what it is about, where it is no player's own word. */
  | { readonly kind: 'mark'; readonly frame: number; readonly text: string; readonly of?: string };

/** How a journal that is written fares: into its segments, into what was set aside as the disk is full, or no more. */
export const JOURNAL_STATES = ['ok', 'reserve', 'ended'] as const;
export type JournalState = (typeof JOURNAL_STATES)[number];

/** What cannot be read or rendered, with its mend. */
export class JournalError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.got}. ${problem.mend}`);
  }
}

export const RECORD_TYPES = ['SEGM', 'CMDS', 'MARK', 'SNAP', 'NOTE'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

const code = (text: string): number => Buffer.from(text, 'latin1').readUInt32LE(0);
const CODES = new Map(RECORD_TYPES.map((type) => [type, code(type)]));
const TYPES = new Map(RECORD_TYPES.map((type) => [code(type), type]));
const END = code('END\n');

export const HEAD_BYTES = 20;
export const END_BYTES = 4;
const BYTES_AT = 4;
const BLOCK_AT = 8;
const BODY_SUM_AT = 12;
const HEAD_SUM_AT = 16;

/** FNV-1a, 32 bits: any one changed byte changes it. Source: Fowler, Noll, Vo (IETF draft-eastlake-fnv). */
function checksum(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

/** Bytes of a whole record. */
export function recordBytes(bodyBytes: number): number {
  return HEAD_BYTES + bodyBytes + END_BYTES;
}

/** Makes a record of the body that stands in `into` from HEAD_BYTES on; gives its length. Runs on: journal thread. */
export function sealRecord(into: Buffer, type: RecordType, block: number, bodyBytes: number): number {
  const end = HEAD_BYTES + bodyBytes;
  into.writeUInt32LE(CODES.get(type) as number, 0);
  into.writeUInt32LE(bodyBytes, BYTES_AT);
  into.writeInt32LE(block, BLOCK_AT);
  into.writeUInt32LE(checksum(into, HEAD_BYTES, end), BODY_SUM_AT);
  into.writeUInt32LE(checksum(into, 0, HEAD_SUM_AT), HEAD_SUM_AT);
  into.writeUInt32LE(END, end);
  return end + END_BYTES;
}

/** A record of its own. */
export function makeRecord(type: RecordType, block: number, ...body: readonly Uint8Array[]): Buffer {
  const bytes = body.reduce((sum, { length }) => sum + length, 0);
  const record = Buffer.alloc(recordBytes(bytes));
  let at = HEAD_BYTES;
  for (const part of body) {
    record.set(part, at);
    at += part.length;
  }
  sealRecord(record, type, block, bytes);
  return record;
}

export function jsonRecord(type: 'SEGM' | 'NOTE', block: number, value: SegmentHead | JournalNote): Buffer {
  return makeRecord(type, block, Buffer.from(JSON.stringify(value), 'utf8'));
}

export interface RecordPlace {
  readonly type: RecordType;
  readonly block: number;
  /** Byte of the segment at which the record begins; its body lies HEAD_BYTES behind. */
  readonly at: number;
  readonly bytes: number;
}

/** The head at `at`, or undefined where there is no whole and unchanged one. */
function headAt(segment: Buffer, at: number): RecordPlace | undefined {
  if (at + HEAD_BYTES > segment.length) return undefined;
  const type = TYPES.get(segment.readUInt32LE(at));
  if (type === undefined) return undefined;
  if (checksum(segment, at, at + HEAD_SUM_AT) !== segment.readUInt32LE(at + HEAD_SUM_AT)) return undefined;
  const bytes = segment.readUInt32LE(at + BYTES_AT);
  return { type, block: segment.readInt32LE(at + BLOCK_AT), at, bytes };
}

/** Where the bytes end that are not zeros. */
function endOfWritten(segment: Buffer): number {
  let end = segment.length;
  while (end > 0 && segment[end - 1] === 0) end--;
  return end;
}

export interface ScanEvents {
  record(place: RecordPlace): void;
  /** Bytes that are damaged; `head` where it is known what they were. */
  damage(at: number, head: RecordPlace | undefined): void;
}

/** Walks over all records of a segment; gives the byte behind the last whole one, and whether something torn follows. */
export function scanSegment(
  segment: Buffer,
  events: ScanEvents,
): { readonly end: number; readonly torn: boolean } {
  const written = endOfWritten(segment);
  let at = 0;
  let end = 0;
  while (at < written) {
    // Cut off within its head.
    if (at + HEAD_BYTES > written) return { end, torn: true };
    const head = headAt(segment, at);
    if (!head) {
      events.damage(at, undefined);
      at = nextHead(segment, at + 1, written);
      continue;
    }
    const next = at + recordBytes(head.bytes);
    if (next > written) return { end, torn: true };
    const body = at + HEAD_BYTES;
    const fits =
      segment.readUInt32LE(next - END_BYTES) === END &&
      checksum(segment, body, next - END_BYTES) === segment.readUInt32LE(at + BODY_SUM_AT);
    if (fits) events.record(head);
    else events.damage(at, head);
    at = next;
    end = next;
  }
  return { end, torn: false };
}

/** Behind damage: the next place where a head stands. */
function nextHead(segment: Buffer, from: number, written: number): number {
  for (let at = from; at + HEAD_BYTES <= written; at++) if (headAt(segment, at)) return at;
  return written;
}
