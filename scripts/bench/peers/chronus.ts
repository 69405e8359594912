/** This engine, through `chronus render`: a run whose journal holds gates and parameters. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPath } from '../../../engine/registry/address.js';
import { encodeEntry, ENTRY_WORDS, NOW, type Command } from '../../../engine/shared/command.js';
import { coreUrl } from '../../../engine/slot/core-host.js';
import {
  jsonRecord,
  makeRecord,
  RUN_FORMAT,
  segmentFile,
} from '../../../engine/supervisor/journal-format.js';
import { writeRunFolder } from '../../../engine/supervisor/run-folder.js';
import {
  ampOf,
  DELAY,
  ENVELOPE,
  FILTER,
  HELD,
  PERIOD,
  pitchOf,
  RATE,
  REVERB,
  SENDS,
  type Patch,
  type Peer,
} from './patch.js';

const BLOCK_FRAMES = 256;
const AT_ONCE = 128;
const BIN = fileURLToPath(new URL('../../../../bin/chronus.mjs', import.meta.url));

export const chronus: Peer = {
  name: 'chronus',
  doc: 'stereo; reverb of eight delay lines, true-peak limiter, start-up and file included as for all',
  missing: () => undefined,
  prepare(patch, folder, out) {
    const run = join(mkdtempSync(join(folder, 'run-')), 'run');
    writeRun(patch, run);
    return [process.execPath, BIN, 'render', run, '--format', '24', '-o', out];
  },
};

function writeRun({ voices, seconds }: Patch, runFolder: string): void {
  const core = readFileSync(coreUrl());
  const format = { sampleRate: RATE, voices, blockFrames: BLOCK_FRAMES, leadBlocks: 3 };
  const started = new Date('2026-01-01T00:00:00Z');
  const { id } = writeRunFolder({ ...format, runFolder, engineVersion: '0', started }, core);
  const last = Math.ceil((seconds * RATE) / BLOCK_FRAMES);
  const records = [jsonRecord('SEGM', 0, { format: RUN_FORMAT, run: id, segment: 1 })];
  const blocks = new Map<number, Command[]>([[0, settings(voices)]]);
  for (let note = 0; note * PERIOD < seconds; note++) {
    for (const [on, at] of [
      [true, note * PERIOD],
      [false, note * PERIOD + HELD],
    ] as const) {
      const block = Math.floor((at * RATE) / BLOCK_FRAMES);
      blocks.set(block, [...(blocks.get(block) ?? []), ...gates(voices, on)]);
    }
  }
  // As many as a block takes; what is more comes in the next one.
  const waiting: Command[] = [];
  for (let block = 0; block < last; block++) {
    waiting.push(...(blocks.get(block) ?? []));
    if (waiting.length > 0) records.push(makeRecord('CMDS', block, words(waiting.splice(0, AT_ONCE))));
  }
  records.push(makeRecord('MARK', last));
  writeFileSync(join(runFolder, segmentFile(1)), Buffer.concat(records));
}

function gates(voices: number, on: boolean): Command[] {
  return Array.from({ length: voices }, (_, voice) => ({
    kind: 'gate',
    voice,
    on,
    velocity: on ? 1 : 0,
    accent: 0,
  }));
}

function settings(voices: number): Command[] {
  const all: Record<string, number> = {
    'lfo1/depth': 0,
    'lfo2/depth': 0,
    'acid1/voice': 0,
    'reverb1/mix': 1,
    'reverb1/room': REVERB.room,
    'reverb1/damp': REVERB.damp,
    'delay1/mix': 1,
    'delay1/time': DELAY.seconds,
    'delay1/feedback': DELAY.feedback,
  };
  for (let v = 1; v <= voices; v++) {
    Object.assign(all, {
      [`voice${v}/osc/type`]: 1,
      [`voice${v}/freq`]: pitchOf(v - 1),
      [`voice${v}/amp`]: ampOf(voices),
      [`voice${v}/filter/freq`]: FILTER.hz,
      [`voice${v}/filter/q`]: FILTER.q,
      [`voice${v}/adsr/attack`]: ENVELOPE.attack,
      [`voice${v}/adsr/decay`]: ENVELOPE.decay,
      [`voice${v}/adsr/sustain`]: ENVELOPE.sustain,
      [`voice${v}/adsr/release`]: ENVELOPE.release,
      [`voice${v}/send/reverb`]: SENDS.reverb,
      [`voice${v}/send/delay`]: SENDS.delay,
    });
  }
  return Object.entries(all).map(([path, value]) => {
    const parameter = findPath(path);
    if (!parameter) throw new Error(`there is no parameter ${path}`);
    return { kind: 'set', address: parameter.address, value };
  });
}

function words(commands: readonly Command[]): Uint8Array {
  const entries = new Int32Array(commands.length * ENTRY_WORDS);
  commands.forEach((command, i) => encodeEntry({ command, when: NOW, source: 1 }, entries, i * ENTRY_WORDS));
  return new Uint8Array(entries.buffer);
}
