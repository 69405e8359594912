/**
 * What a WAV file is made of: what its sizes say, and what is really there. Reads heads only, never the samples; the
 * memory it takes does not depend on the file. Any file may come: nothing here throws for what is in it.
 */
import { fail, succeed, type Outcome } from '../../../engine/shared/outcome.js';
import { BEXT_BYTES } from './bext.js';
import { chainFrom, chunkAt, endOf, findTrailer, MAX_CHUNKS, readBytesAt, type Chunk } from './chunks.js';
import { DS64_AT, DS64_BYTES, IN_DS64, WAV_HEAD_BYTES } from './wav-header.js';

export interface Anatomy {
  readonly form: 'RIFF' | 'RF64' | 'BW64';
  readonly fileBytes: number;
  /** Where the file ends by its own account (ds64 is followed). */
  readonly claimedEnd: number;
  /** Bytes of samples by the file's own account. */
  readonly claimedData: number;
  /** Room for ds64 is there, at DS64_AT. */
  readonly hasRoom: boolean;
  /** The content of `fmt `, 16 bytes or more. */
  readonly fmt: Buffer;
  readonly frameBytes: number;
  /** Chunks before the samples. */
  readonly head: readonly Chunk[];
  /** First byte of the samples. */
  readonly dataOffset: number;
  /** Bytes of samples that are really there; whole frames when the sizes did not fit. */
  readonly dataBytes: number;
  /** Whole chunks after the samples. */
  readonly trailer: readonly Chunk[];
  /** Where the last thing that belongs to the file ends. */
  readonly end: number;
}

/** What is in an open file of `fileBytes` bytes; E_WAV when it is no WAV file. */
export function readAnatomy(fd: number, fileBytes: number): Outcome<Anatomy> {
  const top = readBytesAt(fd, 0, 12);
  const form = top.toString('latin1', 0, 4);
  if (top.length < 12)
    return notWav(`${fileBytes} bytes`, 'Nothing in it can be saved; render the take again.');
  if (form !== 'RIFF' && form !== 'RF64' && form !== 'BW64') return notWav(...strange(form));
  if (top.toString('latin1', 8, 12) !== 'WAVE')
    return notWav(`a ${form} file of kind ${printable(top.subarray(8, 12))}`, OTHER_KIND);

  const head: Chunk[] = [];
  let data: Chunk | undefined;
  for (let at = 12; !data && head.length < MAX_CHUNKS;) {
    const chunk = chunkAt(fd, at, fileBytes);
    if (!chunk) break;
    if (chunk.id === 'data') data = chunk;
    else head.push(chunk);
    at = endOf(chunk);
  }
  if (!data) return notWav(`no samples ('data') ${whereIn(head, fileBytes)}`, CUT_HEAD);
  const fmtChunk = head.find(({ id }) => id === 'fmt ');
  const fmt = fmtChunk ? readBytesAt(fd, fmtChunk.at + 8, Math.min(fmtChunk.size, 40)) : Buffer.alloc(0);
  const frameBytes = fmt.length < 16 ? 0 : fmt.readUInt16LE(12);
  if (frameBytes === 0)
    return notWav(
      fmtChunk ? "a 'fmt ' chunk without a frame size" : "no 'fmt ' before the samples",
      CUT_HEAD,
    );

  const first = head[0];
  const hasRoom =
    first !== undefined && first.size >= DS64_BYTES && ['ds64', 'JUNK', 'junk', 'PAD '].includes(first.id);
  const wide = form !== 'RIFF' && first?.id === 'ds64' && hasRoom;
  const ds64 = wide ? readBytesAt(fd, DS64_AT + 8, 16) : undefined;
  const size = (narrow: number, at: number): number =>
    ds64 && narrow === IN_DS64 ? readUint64(ds64, at) : narrow;
  const claims = {
    form,
    fileBytes,
    claimedEnd: 8 + size(top.readUInt32LE(4), 0),
    claimedData: size(data.size, 8),
    hasRoom,
    fmt,
    frameBytes,
    head,
    dataOffset: data.at + 8,
  } as const;
  return succeed({ ...claims, ...whatIsThere(fd, claims, data.size === IN_DS64 && !ds64) });
}

type Claims = Omit<Anatomy, 'dataBytes' | 'trailer' | 'end'>;
type There = Pick<Anatomy, 'dataBytes' | 'trailer' | 'end'>;

/**
 * The sizes are believed where the file bears them out: chunks up to its end follow the samples, or nothing does.
 * A file of ours that was cut off while it grew has more samples than it says; so have files of others with no size at
 * all (0 or -1, as programs that write into a pipe leave it) or with sizes that went over 32 bits.
 */
function whatIsThere(fd: number, claims: Claims, noSize: boolean): There {
  const { fileBytes, claimedData, dataOffset, form, frameBytes } = claims;
  const available = fileBytes - dataOffset;
  if (claimedData <= available && !noSize) {
    const behind = Math.min(fileBytes, dataOffset + claimedData + (claimedData % 2));
    const chain = chainFrom(fd, behind, fileBytes);
    const unsized = claimedData === 0 || isOurs(claims) || (form === 'RIFF' && fileBytes > IN_DS64);
    if (chain.likely || !unsized) return { dataBytes: claimedData, trailer: chain.chunks, end: chain.end };
  }
  const trailerAt = findTrailer(fd, dataOffset, fileBytes);
  const until = trailerAt ?? fileBytes;
  const dataBytes = Math.floor((until - dataOffset) / frameBytes) * frameBytes;
  // Samples that end elsewhere than at a frame are left as they are where chunks follow them.
  const gap = until - dataOffset - dataBytes;
  const kept = trailerAt !== undefined && gap !== dataBytes % 2 ? until - dataOffset : dataBytes;
  const trailer = trailerAt === undefined ? [] : chainFrom(fd, trailerAt, fileBytes).chunks;
  const end = trailerAt === undefined ? Math.min(fileBytes, dataOffset + kept + (kept % 2)) : fileBytes;
  return { dataBytes: kept, trailer, end };
}

/** The head as encodeWavHead lays it out. */
function isOurs({ dataOffset, head }: Claims): boolean {
  const [room, bext] = head;
  return (
    dataOffset === WAV_HEAD_BYTES &&
    room?.size === DS64_BYTES &&
    bext?.id === 'bext' &&
    bext.size > BEXT_BYTES &&
    head.length <= 4
  );
}

/** May be more than 2^53, then only about right. */
function readUint64(bytes: Buffer, at: number): number {
  return bytes.length < at + 8 ? 0 : bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

const OTHER_KIND = 'Nothing was changed. Name a WAV file.';
const CUT_HEAD = 'The file ends before its samples begin: render the take again (chronus render).';
const STRANGE: Readonly<Record<string, string>> = {
  RIFX: 'a RIFX file (big-endian)',
  riff: 'a Wave64 file',
  FORM: 'an AIFF file',
  fLaC: 'a FLAC file',
  OggS: 'an Ogg file',
};

function strange(form: string): [got: string, mend: string] {
  const known = STRANGE[form];
  if (known) return [known, 'Convert it: ffmpeg -i FILE out.wav'];
  return [`a file that begins with ${printable(Buffer.from(form, 'latin1'))}`, OTHER_KIND];
}

function printable(bytes: Buffer): string {
  return `'${bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '?')}'`;
}

function whereIn(head: readonly Chunk[], fileBytes: number): string {
  const last = head.at(-1);
  if (last && endOf(last) > fileBytes)
    return `before the end: the chunk at byte ${last.at} says it has ${last.size} bytes, the file has ${fileBytes}`;
  return `in ${fileBytes} bytes`;
}

/** The refusal of a file that is no WAV, or none that is understood here. */
export function notWav(got: string, mend: string): Outcome<never> {
  return fail({ code: 'E_WAV', where: 'file', got, allowed: 'a WAV file (RIFF or RF64) with samples', mend });
}
