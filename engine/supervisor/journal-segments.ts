/**
 * Writes the segments of a journal: one after the other, each bounded, and when the disk is full into a file that was set
 * aside while there was room. Runs on: journal thread.
 *
 *      ok --(a write fails)--> reserve --(room again)--> ok
 *       \                        \__(used up)____________> ended      nothing more is written
 *        \____(no reserve)______________________________/
 */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  jsonRecord,
  makeRecord,
  RESERVE_FILE,
  RUN_FORMAT,
  segmentFile,
  type JournalState,
  type SegmentHead,
} from './journal-format.js';

/** As fs.writeSync; tests put a disk in its place that fills up at a given byte. */
export type WriteAt = (
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => number;

export interface SegmentOptions {
  readonly folder: string;
  /** RunInfo.id */
  readonly run: string;
  /** A segment that has reached this is followed by another one. */
  readonly segmentBytes: number;
  /** 0: nothing is set aside. */
  readonly reserveBytes: number;
  /** Told once for each change, and when something else goes wrong. One line. */
  readonly onTrouble: (what: string) => void;
  readonly write?: WriteAt;
}

const ZEROS = Buffer.alloc(1 << 20);
/** After an attempt that came to nothing. */
const RETRY_MS = 10_000;
/** What has to be free beside a new reserve before the journal leaves the old one. */
const ROOM_BYTES = 8 << 20;

export class SegmentWriter {
  state: JournalState = 'ok';
  /** Number of the segment that is written. */
  segment = 1;
  /** Everything before this block is in the journal. */
  known = 0;
  /** Bytes of all segments. */
  bytes = 0;
  readonly #options: SegmentOptions;
  readonly #write: WriteAt;
  #fd: number;
  #at = 0;
  /** The file that was set aside, and its bytes so far. */
  #reserve: { readonly fd: number; bytes: number } | undefined;
  /** In the reserve: where it ends. */
  #limit = Infinity;
  /** The reserve is written under its own name. */
  #unnamed = false;
  #noReserve = false;
  #retryAt = 0;

  /** Begins segment 1. Throws what the file system throws. */
  constructor(options: SegmentOptions) {
    this.#options = options;
    this.#write = options.write ?? writeSync;
    this.#fd = openSync(this.#path(segmentFile(1)), 'wx');
    this.append(this.#head(1), 0);
    this.#syncFolder();
  }

  /**
   * Appends a record, after which everything before block `known` is in the journal. False: the journal has ended.
   * Where the disk is full, the record is written again, whole, into the reserve.
   */
  append(record: Uint8Array, known: number): boolean {
    if (this.state === 'ended') return false;
    let problem = this.#put(record);
    if (problem !== undefined && this.state === 'ok' && this.#enterReserve(problem)) {
      problem = this.#put(record);
    }
    if (problem !== undefined) {
      this.end(problem);
      return false;
    }
    this.known = Math.max(this.known, known);
    return true;
  }

  /** Nothing more is written; the music goes on. */
  end(why: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.#options.onTrouble(
      `The journal ${this.#options.folder} ends at block ${this.known}: ${why}. The music goes on; ` +
        'what is played from here on cannot be rendered again.',
    );
  }

  /** A new segment is due, as soon as there is a snapshot to begin it with. `now` in ms. */
  wantsSegment(now: number): boolean {
    if (this.state === 'ended' || now < this.#retryAt) return false;
    if (this.state === 'ok') return this.#at >= this.#options.segmentBytes;
    if (this.#hasRoom()) return true;
    this.#retryAt = now + RETRY_MS;
    return false;
  }

  /**
   * Begins the next segment with a snapshot of that block. Everything before it has been appended; with `gap` it has not,
   * and readers find that out. False: it does not succeed, the segment that is there goes on. `now` in ms.
   */
  begin(block: number, snapshot: Uint8Array, now: number, gap = false): boolean {
    if (this.state === 'ended') return false;
    if (!gap && !this.append(makeRecord('MARK', block), block)) return false;
    this.sync();
    const fromReserve = this.state === 'reserve';
    if (fromReserve && !this.#nameReserve()) return this.#later(now);
    const next = this.#open(this.segment + 1, block, snapshot);
    if (!next) return this.#later(now);
    if (fromReserve && !this.#wholeReserve()) {
      closeSync(next.fd);
      rmSync(this.#path(segmentFile(this.segment + 1)), { force: true });
      return this.#later(now);
    }
    // What is left of the zeros goes back to the disk.
    if (fromReserve) ftruncateSync(this.#fd, this.#at);
    closeSync(this.#fd);
    this.segment++;
    this.known = block;
    this.#fd = next.fd;
    this.#at = next.bytes;
    this.bytes += next.bytes;
    this.#limit = Infinity;
    this.#retryAt = 0;
    this.#syncFolder();
    if (!fromReserve) return true;
    this.state = 'ok';
    this.#options.onTrouble('There is room on the disk again: the journal has left its reserve.');
    return true;
  }

  /** Sets a piece (1 MiB) more of the reserve aside; to be called now and then until it is whole. */
  prepareReserve(): void {
    const { reserveBytes } = this.#options;
    if (this.#noReserve || this.state !== 'ok' || (this.#reserve?.bytes ?? 0) >= reserveBytes) return;
    try {
      // What is left of a disk that is nearly full is for the takes.
      if (!this.#reserve && this.#free() < 2 * reserveBytes) throw new Error('the disk is nearly full');
      this.#reserve ??= { fd: openSync(this.#path(RESERVE_FILE), 'wx'), bytes: 0 };
      const piece = Math.min(ZEROS.length, reserveBytes - this.#reserve.bytes);
      // Real zeros, as a hole would have no room of its own.
      const problem = this.#putAt(this.#reserve.fd, ZEROS.subarray(0, piece), this.#reserve.bytes);
      if (problem !== undefined) throw new Error(problem);
      this.#reserve.bytes += piece;
      // Piece by piece, so that a slow disk does not hold the journal up for long.
      fdatasyncSync(this.#reserve.fd);
    } catch (error) {
      this.#noReserve = true;
      this.#options.onTrouble(
        `No reserve could be set aside for the journal (${(error as Error).message}): when the disk is full it ends.`,
      );
    }
  }

  /** Runs on: journal thread, once a second. */
  sync(): void {
    if (this.state === 'ended') return;
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      this.end(`it cannot be brought to the disk (${(error as Error).message})`);
    }
  }

  /** A reserve that was not needed is taken away. */
  close(): void {
    this.sync();
    try {
      if (this.state === 'reserve') ftruncateSync(this.#fd, this.#at);
      closeSync(this.#fd);
      if (this.#reserve) {
        closeSync(this.#reserve.fd);
        rmSync(this.#path(RESERVE_FILE), { force: true });
      }
    } catch {
      // What counts has been synced.
    }
  }

  #path(file: string): string {
    return join(this.#options.folder, file);
  }

  #head(segment: number): Buffer {
    const head: SegmentHead = { format: RUN_FORMAT, run: this.#options.run, segment };
    return jsonRecord('SEGM', this.known, head);
  }

  /** Undefined: it is written. Else the reason; the file is as it was before. */
  #put(record: Uint8Array): string | undefined {
    if (this.#at + record.length > this.#limit) return 'the disk is full, and its reserve is used up';
    const problem = this.#putAt(this.#fd, record, this.#at);
    if (problem === undefined) {
      this.#at += record.length;
      this.bytes += record.length;
      return undefined;
    }
    try {
      if (this.state === 'ok') ftruncateSync(this.#fd, this.#at);
    } catch {
      // Then a torn record stays, and the next segment begins where the whole ones end.
    }
    return problem;
  }

  #putAt(fd: number, bytes: Uint8Array, position: number): string | undefined {
    try {
      for (let done = 0; done < bytes.length;) {
        done += this.#write(fd, bytes, done, bytes.length - done, position + done);
      }
      return undefined;
    } catch (error) {
      return `it cannot be written (${(error as Error).message})`;
    }
  }

  /** The zeros that were set aside become the next segment. It needs no snapshot: nothing is between the two. */
  #enterReserve(why: string): boolean {
    const reserve = this.#reserve;
    if (!reserve) return false;
    const head = this.#head(this.segment + 1);
    if (head.length > reserve.bytes || this.#putAt(reserve.fd, head, 0) !== undefined) return false;
    this.sync();
    closeSync(this.#fd);
    this.#reserve = undefined;
    this.segment++;
    this.#fd = reserve.fd;
    this.#at = head.length;
    this.bytes += head.length;
    this.#limit = reserve.bytes;
    this.#unnamed = true;
    this.#nameReserve();
    this.state = 'reserve';
    this.#options.onTrouble(
      `The journal goes on in its reserve of ${(reserve.bytes / 2 ** 20).toFixed(1)} MiB, as ${why}. Make room on the disk.`,
    );
    return true;
  }

  /** Where there is no room for a name either, it keeps its own; readers know it. */
  #nameReserve(): boolean {
    if (!this.#unnamed) return true;
    try {
      renameSync(this.#path(RESERVE_FILE), this.#path(segmentFile(this.segment)));
      this.#unnamed = false;
    } catch {
      return false;
    }
    return true;
  }

  /** Undefined: there is no room; nothing is left of it. */
  #open(
    number: number,
    block: number,
    snapshot: Uint8Array,
  ): { readonly fd: number; readonly bytes: number } | undefined {
    const path = this.#path(segmentFile(number));
    let fd: number;
    try {
      fd = openSync(path, 'wx');
    } catch {
      return undefined;
    }
    const head = jsonRecord('SEGM', block, { format: RUN_FORMAT, run: this.#options.run, segment: number });
    const bytes = Buffer.concat([head, snapshot]);
    if (this.#putAt(fd, bytes, 0) === undefined) return { fd, bytes: bytes.length };
    closeSync(fd);
    rmSync(path, { force: true });
    return undefined;
  }

  #hasRoom(): boolean {
    return this.#free() > this.#options.reserveBytes + ROOM_BYTES;
  }

  /** Bytes; 0 where nobody knows. */
  #free(): number {
    try {
      const { bavail, bsize } = statfsSync(this.#options.folder);
      return bavail * bsize;
    } catch {
      return 0;
    }
  }

  /** A whole reserve at once. */
  #wholeReserve(): boolean {
    const path = this.#path(RESERVE_FILE);
    let fd: number | undefined;
    try {
      fd = openSync(path, 'wx');
      const { reserveBytes } = this.#options;
      for (let at = 0; at < reserveBytes; at += ZEROS.length) {
        const piece = ZEROS.subarray(0, Math.min(ZEROS.length, reserveBytes - at));
        if (this.#putAt(fd, piece, at) !== undefined) throw new Error('no room');
      }
      this.#reserve = { fd, bytes: reserveBytes };
      return true;
    } catch {
      if (fd === undefined) return false;
      closeSync(fd);
      rmSync(path, { force: true });
      return false;
    }
  }

  #later(now: number): false {
    this.#retryAt = now + RETRY_MS;
    return false;
  }

  /** A file whose name is not on the disk is lost with the power. Where a folder cannot be synced, the system does it. */
  #syncFolder(): void {
    try {
      const fd = openSync(this.#options.folder, 'r');
      fsyncSync(fd);
      closeSync(fd);
    } catch {
      // Windows.
    }
  }
}
