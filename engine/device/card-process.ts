/** Starts the process that owns the sound card and reads what it tells. Runs on: any thread with an event loop. */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { decodeMessage, lineSplitter, type CardMessage, type CardOrder } from './card-messages.js';
import { clearLine } from './stderr-line.js';

/** Of what native code says on stderr, so much is kept. */
const STDERR_CHARACTERS = 65_536;

export interface CardProcess {
  readonly pid: number | undefined;
  /** Hands bytes to the card's queue; they are copied. */
  write(bytes: Uint8Array): void;
  /** No more blocks: the process plays what it has and ends. */
  end(): void;
  kill(): void;
  /** When it is gone: why, as one line; undefined when it ended as it should. Never rejects. */
  readonly gone: Promise<string | undefined>;
}

export function spawnCardProcess(order: CardOrder, onMessage: (message: CardMessage) => void): CardProcess {
  const file = fileURLToPath(new URL('./card-child.js', import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(order)], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  let failed: string | undefined;
  let closed = false;
  let stderr = '';

  const split = lineSplitter((line) => {
    const message = decodeMessage(line);
    if (!message) return;
    if (message.kind === 'failed') failed = message.reason;
    if (message.kind === 'closed') closed = true;
    onMessage(message);
  });
  // The pipes named in `stdio` exist, also when the process could not be started.
  const stdin = child.stdin as Writable;
  const said = child.stderr as Readable;
  const up = child.stdio[3] as Readable;
  up.setEncoding('utf8').on('data', split).on('error', ignore);
  said.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, STDERR_CHARACTERS);
  });
  stdin.on('error', ignore);

  const gone = new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(`the sound card's process cannot be started: ${error.message}`));
    child.on('close', (code, signal) => {
      const how = signal === null ? `code ${code}` : signal;
      if (failed !== undefined) resolve(failed);
      else if (closed) resolve(undefined);
      else resolve(`the sound card's process ended (${how}): ${clearLine(stderr) ?? 'it said nothing'}`);
    });
  });
  return {
    pid: child.pid,
    write: (bytes) => void stdin.write(Buffer.from(bytes)),
    end: () => void stdin.end(),
    kill: () => void child.kill('SIGKILL'),
    gone,
  };
}

/** A broken pipe is the end of the process, and that is told once, by `gone`. */
function ignore(): void {
  return undefined;
}
