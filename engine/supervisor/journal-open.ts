/** Finds the segments of a run and notes what stands where in them; their bytes are read again when they are asked for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  HEAD_BYTES,
  RESERVE_FILE,
  scanSegment,
  segmentFile,
  segmentNumber,
  type JournalNote,
  type RecordPlace,
  type SegmentHead,
} from './journal-format.js';

/** What a segment says about blocks, in its order. */
export type SegmentEvent =
  /** Everything before the block is in the journal. */
  | { readonly kind: 'known'; block: number }
  | { readonly kind: 'snapshot'; readonly block: number; readonly at: number }
  /** `lost`: it may have been commands. */
  | { readonly kind: 'damage'; readonly at: number; readonly lost: boolean; readonly what: string };

export interface SegmentScan {
  /** Undefined: damaged. */
  readonly head: (Partial<SegmentHead> & { readonly block: number }) | undefined;
  readonly events: readonly SegmentEvent[];
  readonly notes: readonly { readonly block: number; readonly note: JournalNote }[];
  /** Blocks that have commands, ascending, and where their records begin. */
  readonly commandBlocks: readonly number[];
  readonly commandPlaces: readonly number[];
  /** Bytes up to the end of the last whole record, and of the file. */
  readonly end: number;
  readonly size: number;
  readonly torn: boolean;
}

export interface Segment {
  readonly number: number;
  readonly file: string;
  readonly scan: SegmentScan;
  read(): Buffer;
}

/** A segment that is begun or renamed meanwhile; each look finds a later state. */
const LOOKS = 5;

/** All segments in the order of their numbers. Throws what the file system throws. */
export function openSegments(folder: string): Segment[] {
  for (let look = 1; ; look++) {
    try {
      return openNow(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || look === LOOKS) throw error;
    }
  }
}

function openNow(folder: string): Segment[] {
  const files = readdirSync(folder);
  const numbers = files.map(segmentNumber).filter((number) => number !== undefined);
  const segments = numbers
    .sort((a, b) => a - b)
    .map((number) => openSegment(folder, segmentFile(number), () => number));
  if (files.includes(RESERVE_FILE)) {
    const last = numbers.at(-1) ?? 0;
    // Zeros, as long as it has not been needed.
    const reserve = openSegment(folder, RESERVE_FILE, (scan) => scan.head?.segment ?? last + 1);
    if (reserve.scan.end > 0 || reserve.scan.events.length > 0) segments.push(reserve);
  }
  const begun = (segment: Segment): boolean => segment.scan.end > 0 || segment.scan.events.length > 0;
  // The newest one may have been made at this moment.
  while (segments.length > 1 && !begun(segments.at(-1) as Segment)) segments.pop();
  return segments;
}

function openSegment(folder: string, file: string, numberOf: (scan: SegmentScan) => number): Segment {
  const path = join(folder, file);
  const scan = scanBytes(readFileSync(path));
  const number = numberOf(scan);
  return {
    number,
    file,
    scan,
    read() {
      try {
        return readFileSync(path);
      } catch (error) {
        // The reserve has got its name since.
        if (file !== RESERVE_FILE) throw error;
        return readFileSync(join(folder, segmentFile(number)));
      }
    },
  };
}

function scanBytes(bytes: Buffer): SegmentScan {
  const events: SegmentEvent[] = [];
  const notes: { block: number; note: JournalNote }[] = [];
  const commandBlocks: number[] = [];
  const commandPlaces: number[] = [];
  let head: SegmentScan['head'];
  const known = (block: number): void => {
    const last = events.at(-1);
    if (last?.kind === 'known') last.block = Math.max(last.block, block);
    else events.push({ kind: 'known', block });
  };
  const { end, torn } = scanSegment(bytes, {
    record(place) {
      const { type, block, at } = place;
      if (type === 'SEGM') {
        if (at === 0) head = { ...(json(bytes, place) as SegmentHead), block };
      } else if (type === 'SNAP') events.push({ kind: 'snapshot', block, at });
      else if (type === 'NOTE') notes.push({ block, note: json(bytes, place) as JournalNote });
      else if (type === 'CMDS') {
        commandBlocks.push(block);
        commandPlaces.push(at);
        known(block + 1);
      }
      if (type !== 'CMDS') known(block);
    },
    damage(at, found) {
      const lost = found === undefined || found.type === 'CMDS';
      events.push({ kind: 'damage', at, lost, what: found?.type ?? 'a record' });
      if (found && !lost) known(found.block);
      if (found?.type === 'SEGM' && at === 0) head = { block: found.block };
    },
  });
  return { head, events, notes, commandBlocks, commandPlaces, end, size: bytes.length, torn };
}

function json(bytes: Buffer, { at, bytes: length }: RecordPlace): unknown {
  return JSON.parse(bytes.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + length));
}
