/**
 * `engine_status.txt` in the home, for old clients: one line, about ten times a second. Written beside and put in place in
 * one stroke, so that nobody ever reads half a line or none; only when something but the time has changed, or once a second.
 * It stays when the engine ends, as it always did. Runs on: main thread, without ever waiting for the disk.
 */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const STATUS_FILE = 'engine_status.txt';
export const STATUS_FILE_MS = 100;
const AT_LEAST_MS = 1000;

export interface StatusLine {
  /** Of the master. */
  readonly peak: number;
  readonly messages: number;
  readonly gates: number;
  readonly last: string;
  /** A take is running. */
  readonly recording: boolean;
}

export interface StatusFileParts {
  readonly home: string;
  readonly line: () => StatusLine;
  readonly now: () => Date;
  /** Told once, when it cannot be written. */
  readonly onNotice: (line: string) => void;
}

export class StatusFile {
  readonly #parts: StatusFileParts;
  readonly #path: string;
  #written = '';
  #atMs = -Infinity;
  #writing: Promise<void> | undefined;
  #complained = false;

  constructor(parts: StatusFileParts) {
    this.#parts = parts;
    this.#path = join(parts.home, STATUS_FILE);
  }

  /** To be called every STATUS_FILE_MS; while a write is under way nothing happens. */
  look(): void {
    if (this.#writing) return;
    const now = this.#parts.now();
    const { peak, messages, gates, last, recording } = this.#parts.line();
    const rec = recording ? 'REC' : '---';
    const audio = (Number.isFinite(peak) ? peak : 0).toFixed(4);
    const line = `AUDIO: ${audio} | MSG: ${messages} | GATES: ${gates} | REC: ${rec} | LAST: ${last} | TIME: `;
    const since = now.getTime() - this.#atMs;
    if (since >= 0 && since < AT_LEAST_MS && (line === this.#written || this.#complained)) return;
    this.#written = line;
    this.#atMs = now.getTime();
    this.#writing = this.#write(`${line}${clock(now)}\n`).finally(() => (this.#writing = undefined));
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #write(text: string): Promise<void> {
    const beside = `${this.#path}.tmp`;
    try {
      await writeFile(beside, text);
      await rename(beside, this.#path);
      this.#complained = false;
    } catch (error) {
      if (!this.#complained)
        this.#parts.onNotice(
          `${this.#path} cannot be written (${(error as Error).message}). Only old clients need it; the music goes on.`,
        );
      this.#complained = true;
    }
  }
}

/** HH:MM:SS, local. */
function clock(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
