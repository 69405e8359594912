/** A sound card made of a file: stands in for the native addon, in the same process that would load it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../modules/recorder/fixtures.js';

export interface FakeCard {
  /** File to load in place of naudiodon's. */
  readonly addon: string;
  /** What the card has played so far. */
  played(): Float32Array;
}

export interface FakeOptions {
  readonly devices?: readonly string[];
  /** The message of the error that opening throws. */
  readonly fails?: string;
  /** The block at whose write an underflow is reported, from 1. */
  readonly underflowAt?: number;
  /** From this block on the card takes nothing any more, from 1. */
  readonly hangsAt?: number;
  /** From this block on the process dies, from 1. */
  readonly diesAt?: number;
  readonly stderr?: string;
}

export function fakeCard(t: TestContext, options: FakeOptions = {}): FakeCard {
  const folder = temporaryFolder(t);
  const out = join(folder, 'played.raw');
  writeFileSync(out, '');
  const addon = join(folder, 'card.cjs');
  writeFileSync(
    addon,
    `const fs = require('node:fs');
     const o = ${JSON.stringify({ devices: ['Fake One', 'Fake Two'], ...options })};
     exports.getDevices = () => o.devices.map((name, id) => (
       { id, name, hostAPIName: 'Fake', maxOutputChannels: 2, defaultSampleRate: 48000 }));
     exports.create = () => {
       if (o.stderr) fs.writeSync(2, o.stderr);
       if (o.fails) throw new Error(o.fails);
       let n = 0;
       const fd = fs.openSync(${JSON.stringify(out)}, 'a');
       return {
         start() {},
         async write(b) {
           n++;
           if (n === o.diesAt) process.kill(process.pid, 'SIGKILL');
           if (n >= o.hangsAt) await new Promise(() => {});
           fs.writeSync(fd, b);
           return n === o.underflowAt ? 'portAudio status - output underflow ' : undefined;
         },
         async quit() {},
       };
     };`,
  );
  return {
    addon,
    played: () => {
      const bytes = readFileSync(out);
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    },
  };
}

/** True while a process with that number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
