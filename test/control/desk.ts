/** A whole control plane without socket and sound: messages go in, log entries and answers come out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, type Arg } from '../../engine/control/decode.js';
import { createControl, type Control, type Sender } from '../../engine/control/dispatch.js';
import { encode } from '../../engine/control/encode.js';
import type { EngineControl, RecorderPort } from '../../engine/control/ports.js';
import { Session, type CommandSink } from '../../engine/control/session.js';
import { PatternStore } from '../../engine/patterns/store.js';
import type { Command, Entry } from '../../engine/shared/command.js';
import { succeed } from '../../engine/shared/outcome.js';
import { readKeep, readMark, readStart, readStop } from '../../modules/recorder/words.js';

/** A command log without a reader; `commit` says what the core would have said. */
export class LogSink implements CommandSink {
  readonly entries: Entry[] = [];
  full = false;
  room = 128;
  #committed: { serial: number; logEnd: number } | undefined;

  append(entries: readonly Entry[]): boolean {
    if (this.full) return false;
    this.entries.push(...entries);
    return true;
  }

  position(): number {
    return this.entries.length;
  }

  rendered(): number {
    return Infinity;
  }
  editRoom(): number {
    return this.room;
  }

  committedLoad(): { serial: number; logEnd: number } | undefined {
    return this.#committed;
  }

  commit(serial: number, logEnd = this.entries.length): void {
    this.#committed = { serial, logEnd };
  }

  commands(): Command[] {
    return this.entries.map(({ command }) => command);
  }

  /** Without the content of edits. */
  kinds(): string[] {
    return this.commands()
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'stage');
  }
}

export interface Desk {
  readonly sink: LogSink;
  readonly session: Session;
  readonly control: Control;
  readonly home: string;
  /** What the engine and the recorder were asked to do. */
  readonly asked: string[];
  /** Addresses that do not exist, as they go to the log of the engine. */
  readonly unknown: string[];
  readonly engine: { step: number; frameAt: (ms: number) => number | undefined; queueRoom: number };
  /** Sends one message; the answers to everything so far, as `address arg arg`. */
  send(address: string, ...args: readonly (string | number | boolean | Arg)[]): Promise<string[]>;
  sendBytes(bytes: Uint8Array, key?: string): void;
  /** Answers since the last call. */
  answers(): Promise<string[]>;
  close(): void;
}

export function createDesk(voices = 8): Desk {
  const home = mkdtempSync(join(tmpdir(), 'chronus-control-'));
  const sink = new LogSink();
  const session = new Session(sink, voices);
  const asked: string[] = [];
  const unknown: string[] = [];
  const engine = { step: 0, frameAt: (): number | undefined => undefined, queueRoom: 4096 };
  const control = createControl(
    {
      session,
      engine: engineControl(asked, engine),
      recorder: recorderPort(asked),
      patterns: new PatternStore(home),
      home: {
        writeNew: (name, text) => {
          writeFileSync(join(home, name), text);
          return Promise.resolve(succeed(join(home, name)));
        },
      },
      now: () => new Date(2026, 0, 2, 3, 4, 5),
    },
    {
      onUnknown: (address) => unknown.push(address),
      onDefect: (defect) => {
        throw defect;
      },
    },
  );
  let answered: string[] = [];
  const sender = (key: string): Sender => ({ key, send: (bytes) => answered.push(line(bytes)) });
  const answers = async (): Promise<string[]> => {
    await control.idle();
    const lines = answered;
    answered = [];
    return lines;
  };
  return {
    ...{ sink, session, control, home, asked, unknown, engine, answers },
    sendBytes: (bytes, key = '127.0.0.1:50000') => control.receive(bytes, sender(key)),
    send: (address, ...args) => {
      control.receive(encode(address, args.map(typed)), sender('127.0.0.1:50000'));
      return answers();
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A bare value as the argument a client would send. */
export function typed(value: string | number | boolean | Arg): Arg {
  if (typeof value === 'object') return value;
  if (typeof value === 'string') return { type: 's', value };
  if (typeof value === 'boolean') return { type: value ? 'T' : 'F' };
  return { type: Number.isInteger(value) ? 'i' : 'f', value };
}

function line(bytes: Uint8Array): string {
  const messages = decode(bytes);
  if (!messages.ok) throw new Error(`an answer that is no OSC: ${messages.error.got}`);
  return messages.value
    .map(({ address, args }) => [address, ...args.map(({ value }) => value)].join(' | '))
    .join('\n');
}

function engineControl(asked: string[], state: Desk['engine']): EngineControl {
  return {
    start: () => {
      asked.push('start');
      return succeed(undefined);
    },
    stop: () => {
      asked.push('stop');
      return succeed(undefined);
    },
    status: () => ({ audio: false }),
    sequencerPosition: () => ({ running: false, step: state.step, bpm: 120 }),
    frameAt: (ms) => state.frameAt(ms),
    lateMs: () => 12.5,
    queueRoom: () => state.queueRoom,
    mayFail: () => undefined,
    fault: ({ fault, slot }) => {
      asked.push(`${fault} ${slot}`);
      return succeed(undefined);
    },
    unit: () => ({ bypassed: false, strikes: 0, stays: false }),
    applied: () => Promise.resolve(),
  };
}

function recorderPort(asked: string[]): RecorderPort {
  let recording = false;
  return {
    start: (args) => {
      const read = readStart(args, 60);
      if (!read.ok) return Promise.resolve(read);
      asked.push(`record ${read.value.id} ${read.value.name ?? '-'}`);
      recording = true;
      return Promise.resolve(succeed({ ...read.value }));
    },
    stop: (args) => {
      const read = readStop(args);
      if (!read.ok) return Promise.resolve(read);
      asked.push(`end ${read.value}`);
      recording = false;
      return Promise.resolve(succeed({ id: read.value }));
    },
    keep: (args) => {
      const read = readKeep(args, 60);
      if (read.ok) asked.push(`keep ${read.value.seconds} ${read.value.name ?? '-'}`);
      return Promise.resolve(read);
    },
    cue: (args) => {
      const read = readMark(args);
      if (read.ok) asked.push(`mark ${read.value.text}`);
      return read;
    },
    status: (id) => ({ recording, ...(id === undefined ? {} : { id }) }),
    list: () => Promise.resolve(succeed({ takes: [] })),
  };
}
