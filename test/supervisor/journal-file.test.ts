import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeEntry, ENTRY_BYTES, ENTRY_WORDS, NOW } from '../../engine/shared/command.js';
import {
  COMMANDS_FILE,
  CORE_FILE,
  readRun,
  RECORD_HEAD_BYTES,
  RUN_FILE,
  sealRecord,
} from '../../engine/supervisor/journal-file.js';
import { chronusJson, tempHome, type Scope } from '../helpers/engine.js';

function record(block: number, values: readonly number[]): Buffer {
  const words = new Int32Array(values.length * ENTRY_WORDS);
  values.forEach((value, i) =>
    encodeEntry(
      { command: { kind: 'set', address: 1, value }, when: NOW, source: 1 },
      words,
      i * ENTRY_WORDS,
    ),
  );
  const bytes = Buffer.alloc(RECORD_HEAD_BYTES + values.length * ENTRY_BYTES);
  bytes.writeInt32LE(block, 0);
  bytes.writeInt32LE(values.length, 4);
  words.forEach((word, i) => bytes.writeInt32LE(word, RECORD_HEAD_BYTES + 4 * i));
  sealRecord(bytes, bytes.length);
  return bytes;
}

/** The folder of a run of 50 blocks with commands in blocks 3 and 20. */
async function runFolder(scope: Scope): Promise<string> {
  const folder = await tempHome(scope);
  const core = Buffer.from('a core');
  const info = {
    format: 1,
    engineVersion: '0',
    sampleRate: 48000,
    blockFrames: 256,
    voices: 4,
    started: '',
    core: '',
  };
  info.core = createHash('sha256').update(core).digest('hex');
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(info));
  writeFileSync(join(folder, CORE_FILE), core);
  writeFileSync(
    join(folder, COMMANDS_FILE),
    Buffer.concat([record(3, [0.5]), record(20, [0.1, 0.2]), record(50, [])]),
  );
  return folder;
}

test('a journal gives back its commands by block, and how far it goes', async (t) => {
  const { commands, blocks } = readRun(await runFolder(t));
  assert.deepEqual([...commands.keys()], [3, 20]);
  assert.equal(commands.get(20)?.length, 2 * ENTRY_WORDS);
  assert.equal(blocks, 50);
});

test('a journal cut off anywhere ends before the torn record; nothing is made up', async (t) => {
  const folder = await runFolder(t);
  const file = join(folder, COMMANDS_FILE);
  const whole = readFileSync(file);
  const ends = [
    [whole.length, 50],
    [whole.length - 1, 21],
    [RECORD_HEAD_BYTES * 2 + ENTRY_BYTES * 2 + 5, 4],
    [RECORD_HEAD_BYTES + ENTRY_BYTES - 1, 0],
    [3, 0],
    [0, 0],
  ] as const;
  for (const [length, blocks] of ends) {
    writeFileSync(file, whole.subarray(0, length));
    assert.equal(readRun(folder).blocks, blocks, `${length} bytes`);
  }
});

test('any flipped bit in the journal and any other core is an error that names file and place', async (t) => {
  const folder = await runFolder(t);
  const file = join(folder, COMMANDS_FILE);
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
    writeFileSync(file, bytes);
    assert.throws(() => readRun(folder), /commands\.bin is damaged at byte \d+/, `byte ${at}`);
  }
  writeFileSync(file, whole);
  writeFileSync(join(folder, CORE_FILE), 'another core');
  assert.throws(() => readRun(folder), /core\.wasm is not the core/);
});

test('render refuses a damaged journal, and options that a run decides itself', async (t) => {
  const folder = await runFolder(t);
  const out = join(folder, 'x.wav');
  const surplus = await chronusJson(['render', folder, '--bars', '2', '-o', out], 2);
  assert.match(String((surplus['error'] as { got: string }).got), /--bars for a run/);
  const bytes = readFileSync(join(folder, COMMANDS_FILE));
  bytes[20] = 255;
  writeFileSync(join(folder, COMMANDS_FILE), bytes);
  const damaged = await chronusJson(['render', folder, '-o', out], 1);
  assert.match(String((damaged['error'] as { got: string }).got), /damaged at byte 0/);
});
