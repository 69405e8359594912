/** Chunks of a file by their heads: id, size, content, a pad byte where the size is odd. Takes any bytes. */
import { readSync } from 'node:fs';

export interface Chunk {
  readonly id: string;
  /** Where its id is in the file. */
  readonly at: number;
  /** Bytes of its content, as its head says. */
  readonly size: number;
}

/** Most chunks that are looked at in a row; real files have ten. */
export const MAX_CHUNKS = 4_096;
/** How much of the end of a damaged file is searched for chunks; more than the places of a file of ours take. */
const TAIL_BYTES = 1 << 21;
/** What stands after the samples in files of ours and of other programs. */
const TRAILER_IDS = new Set(
  [
    ...['cue ', 'LIST', 'bext', 'iXML', 'axml', 'chna', 'id3 ', 'ID3 ', 'smpl', 'inst', 'plst', 'r64m'],
    ...['PEAK', '_PMX', 'cart', 'acid', 'levl', 'JUNK', 'junk', 'PAD ', 'FLLR', 'LGWV'],
  ].map((id) => Buffer.from(id, 'latin1').readUInt32LE(0)),
);

/** Up to `length` bytes; fewer where the file ends. */
export function readBytesAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, at + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** The head at `at`; undefined where eight bytes are not there. */
export function chunkAt(fd: number, at: number, fileBytes: number): Chunk | undefined {
  if (at + 8 > fileBytes) return undefined;
  const bytes = readBytesAt(fd, at, 8);
  if (bytes.length < 8) return undefined;
  return { id: bytes.toString('latin1', 0, 4), at, size: bytes.readUInt32LE(4) };
}

/** Where the next chunk would be: behind the content and its pad byte. */
export function endOf({ at, size }: Chunk): number {
  return at + 8 + size + (size % 2);
}

/** True for four characters as ids have them. */
function isId(id: string): boolean {
  return /^[\x20-\x7e]{4}$/.test(id) && id.trim() !== '';
}

function isTrailerId(id: string): boolean {
  return TRAILER_IDS.has(Buffer.from(id, 'latin1').readUInt32LE(0));
}

/** True when the few bytes from `at` on are the beginning of the first chunk after the samples of a file of ours. */
function beginsCues(fd: number, at: number): boolean {
  const bytes = readBytesAt(fd, at, 7).toString('latin1', 0, 4);
  return bytes !== '' && 'cue '.startsWith(bytes);
}

export interface Chain {
  readonly chunks: readonly Chunk[];
  /** Where the last whole chunk ends. */
  readonly end: number;
  /** It begins as one of the chunks that stand after samples, be that whole or not; or there is nothing at all. */
  readonly likely: boolean;
}

/** Chunks from `at` on, as far as they are whole. */
export function chainFrom(fd: number, at: number, fileBytes: number): Chain {
  const chunks: Chunk[] = [];
  const first = chunkAt(fd, at, fileBytes);
  const likely = at >= fileBytes || (first ? isTrailerId(first.id) : beginsCues(fd, at));
  let end = at;
  for (let chunk = first; chunk && chunks.length < MAX_CHUNKS; chunk = chunkAt(fd, end, fileBytes)) {
    if (!isId(chunk.id) || chunk.at + 8 + chunk.size > fileBytes) break;
    chunks.push(chunk);
    // A missing pad byte at the very end is forgiven.
    end = Math.min(endOf(chunk), fileBytes);
  }
  return { chunks, end, likely };
}

/**
 * Where chunks that reach exactly to the end of the file begin, at `from` or later; undefined when there are none.
 * For files whose sizes say nothing about where the samples end. Looks at the last 2 MB, from the end backwards.
 */
export function findTrailer(fd: number, from: number, fileBytes: number): number | undefined {
  const base = Math.max(from, fileBytes - TAIL_BYTES);
  const tail = readBytesAt(fd, base, fileBytes - base);
  const leads = new Uint8Array(tail.length + 1);
  leads[tail.length] = 1;
  let found: number | undefined;
  for (let at = tail.length - 8; at >= 0; at--) {
    if ((base + at) % 2 === 1 || !TRAILER_IDS.has(tail.readUInt32LE(at))) continue;
    const bare = at + 8 + tail.readUInt32LE(at + 4);
    const next = bare === tail.length ? bare : bare + (bare % 2 === at % 2 ? 0 : 1);
    if (next > tail.length || leads[next] !== 1) continue;
    leads[at] = 1;
    found = base + at;
  }
  return found;
}
