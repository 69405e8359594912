/**
 * Makes the sizes of a WAV file fit what is in it: a file that was cut off, that has no sizes or too large ones, or that
 * went over 4 GiB. In place, a few bytes of the head; samples and chunks after them are never touched or moved.
 */
import { closeSync, constants, fsyncSync, writeSync } from 'node:fs';
import { fail, succeed, type Outcome } from '../../../engine/shared/outcome.js';
import { readAnatomy, type Anatomy } from './anatomy.js';
import { readBytesAt } from './chunks.js';
import { codeOf } from '../name.js';
import { DS64_AT, DS64_BYTES, IN_DS64, putUint64 } from './wav-header.js';
import { openFile } from './wav-reader.js';

export interface Repaired {
  /** Whole frames in the file. */
  readonly frames: number;
  /** What was changed, or would be: one sentence each; empty for a file that is right. */
  readonly changed: readonly string[];
}

interface Change {
  readonly at: number;
  readonly bytes: Buffer;
  readonly says: string;
}

/**
 * E_WAV for what is no WAV file, E_DISK for one that cannot be written. A second call changes nothing. What was changed
 * is on the disk when this returns. Blocking; not while the file is being written. Runs on: any thread that may wait.
 */
export function repairWav(path: string, { dryRun }: { readonly dryRun: boolean }): Outcome<Repaired> {
  const readable = openFile(path, constants.O_RDONLY);
  if (!readable.ok) return readable;
  try {
    const found = wanted(readable.value.fd, readable.value.fileBytes);
    if (!found.ok || dryRun || found.value.changes.length === 0) return result(found);
    const problem = write(path, found.value.changes);
    return problem ?? result(found);
  } catch (error) {
    return cannotWrite(path, error);
  } finally {
    closeSync(readable.value.fd);
  }
}

interface Wanted {
  readonly frames: number;
  readonly changes: readonly Change[];
}

function result(found: Outcome<Wanted>): Outcome<Repaired> {
  if (!found.ok) return found;
  return succeed({ frames: found.value.frames, changed: found.value.changes.map(({ says }) => says) });
}

function write(path: string, changes: readonly Change[]): Outcome<never> | undefined {
  const opened = openFile(path, constants.O_RDWR);
  if (!opened.ok) return cannotWrite(path, opened.error.got);
  const { fd } = opened.value;
  try {
    for (const { at, bytes } of changes)
      for (let from = 0; from < bytes.length;)
        from += writeSync(fd, bytes, from, bytes.length - from, at + from);
    fsyncSync(fd);
    return undefined;
  } catch (error) {
    return cannotWrite(path, error);
  } finally {
    closeSync(fd);
  }
}

/** The changes in the order in which they are made: the form of the file last, when all it needs is there. */
function wanted(fd: number, fileBytes: number): Outcome<Wanted> {
  const read = readAnatomy(fd, fileBytes);
  if (!read.ok) return read;
  const anatomy = read.value;
  const frames = Math.floor(anatomy.dataBytes / anatomy.frameBytes);
  // Behind the last chunk there may be more that no size counts; where the file counts it, it is let be.
  const { claimedEnd, dataBytes, end, form } = anatomy;
  const riffBytes = (claimedEnd >= end && claimedEnd <= fileBytes ? claimedEnd : end) - 8;
  const isWide = form !== 'RIFF' && anatomy.head[0]?.id === 'ds64' && anatomy.hasRoom;
  const wide = isWide || Math.max(riffBytes, dataBytes) >= IN_DS64;
  if (wide && !anatomy.hasRoom) return noRoom(fileBytes);

  const changes: Change[] = [];
  const put = (at: number, bytes: Buffer, says: string): void => {
    if (!readBytesAt(fd, at, bytes.length).equals(bytes)) changes.push({ at, bytes, says });
  };
  if (wide) putDs64(put, anatomy, isWide, riffBytes, frames);
  const fact = isPlain(anatomy) && anatomy.head.find(({ id, size }) => id === 'fact' && size >= 4);
  // -1 beside 64-bit sizes is right whatever the number.
  if (fact && !(wide && readBytesAt(fd, fact.at + 8, 4).equals(uint32(IN_DS64))))
    put(fact.at + 8, uint32(Math.min(frames, IN_DS64)), `the number of frames in 'fact' is ${frames}`);
  const dataSays = `the samples are ${dataBytes} bytes (${frames} frames), not ${anatomy.claimedData}`;
  put(anatomy.dataOffset - 4, uint32(wide ? IN_DS64 : dataBytes), dataSays);
  put(4, uint32(wide ? IN_DS64 : riffBytes), `the file ends at byte ${riffBytes + 8}, not ${claimedEnd}`);
  const id = !wide ? 'RIFF' : form === 'RIFF' ? 'RF64' : form;
  put(0, Buffer.from(id, 'latin1'), `the file is ${id}, not ${form}`);
  return succeed({ frames, changes });
}

function putDs64(
  put: (at: number, bytes: Buffer, says: string) => void,
  { dataBytes, fmt, head }: Anatomy,
  isWide: boolean,
  riffBytes: number,
  frames: number,
): void {
  const bytes = Buffer.alloc(isWide ? 16 : DS64_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  putUint64(view, 0, riffBytes);
  putUint64(view, 8, dataBytes);
  if (!isWide) putUint64(view, 16, frames);
  put(DS64_AT + 8, bytes, `the sizes in 64 bits are ${riffBytes} and ${dataBytes} bytes`);
  if (isWide && isPlain({ fmt })) {
    const count = Buffer.alloc(8);
    putUint64(new DataView(count.buffer, count.byteOffset, 8), 0, frames);
    put(DS64_AT + 24, count, `the number of frames in 'ds64' is ${frames}`);
  }
  if (head[0]?.id !== 'ds64')
    put(DS64_AT, Buffer.from('ds64', 'latin1'), "the reserved chunk becomes 'ds64'");
}

/** True where a frame in the file is a frame of samples: not so for compressed formats. */
function isPlain({ fmt }: Pick<Anatomy, 'fmt'>): boolean {
  return [1, 3, 0xfffe].includes(fmt.readUInt16LE(0));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function noRoom(fileBytes: number): Outcome<never> {
  return fail({
    code: 'E_WAV',
    where: 'file',
    got: `a file of ${fileBytes} bytes without room for 64-bit sizes`,
    allowed: 'at most 4 GiB, or a JUNK or ds64 chunk at byte 12',
    mend: 'Copy it with a program that writes them: ffmpeg -ignore_length 1 -i FILE -c copy -rf64 always out.wav',
  });
}

function cannotWrite(path: string, error: unknown): Outcome<never> {
  return fail({
    code: 'E_DISK',
    where: 'file',
    got: typeof error === 'string' ? error : `${codeOf(error)} while writing ${path}`,
    allowed: 'a file that can be written',
    mend: 'Make it writable, or copy it elsewhere and repair the copy. The samples are as they were.',
  });
}
