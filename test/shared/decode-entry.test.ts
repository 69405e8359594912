import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COMMAND_KINDS,
  encodeEntry,
  ENTRY_WORDS,
  type Command,
  type When,
} from '../../engine/shared/command.js';
import { decodeEntry } from '../../engine/shared/decode-entry.js';

const COMMANDS: readonly Command[] = [
  { kind: 'set', address: 0x20103, value: 0.25 },
  { kind: 'gate', voice: 7, on: true, velocity: 0.5, accent: 0.125 },
  { kind: 'gate', voice: 0, on: false, velocity: 0, accent: 0 },
  { kind: 'note', voice: -1, hz: 440, velocity: 0.75, beats: 1.5 },
  { kind: 'transport', running: true },
  { kind: 'transport', running: false },
  { kind: 'transport', running: false, release: true },
  { kind: 'tempo', milliBpm: 120_500 },
  { kind: 'tempo', milliBpm: 60_000, beats: 8 },
  { kind: 'nudge', micros: -1500 },
  { kind: 'seed', seed: 123 },
  { kind: 'swing', amount: 0.5 },
  { kind: 'stage', region: 1, offset: 0xfffff, words: [1, -2, 3, 4, 5, 6] },
  { kind: 'commitTrack', track: 3, words: 99 },
  { kind: 'removeTrack', track: 4 },
  { kind: 'clearTracks' },
  { kind: 'forget', track: 2, fields: 5 },
  { kind: 'commitLoad', words: 1234, serial: 17 },
  { kind: 'panic' },
  { kind: 'bypass', unit: 65, on: true, strike: false },
  { kind: 'chaos', fault: 'nan', subject: 3 },
  { kind: 'skipped', count: -1 },
];
const WHENS: readonly When[] = [
  { at: 'now' },
  { at: 'bar' },
  { at: 'step' },
  { at: 'frame', frame: 1e12 + 1 },
];

test('every kind of command is read back from its entry, with its time and sender', () => {
  const kinds = new Set(COMMANDS.map(({ kind }) => kind));
  assert.deepEqual(
    COMMAND_KINDS.filter((kind) => kind !== 'none' && !kinds.has(kind)),
    [],
  );
  const log = new Int32Array(3 * ENTRY_WORDS);
  for (const command of COMMANDS) {
    // What carries content has no room for a frame; what has six words waits for none.
    for (const when of command.kind === 'stage' ? WHENS.slice(0, 1) : WHENS) {
      const entry = { command, when, source: 0xffff };
      encodeEntry(entry, log, ENTRY_WORDS);
      assert.deepEqual(decodeEntry(log, ENTRY_WORDS), entry);
    }
  }
  assert.equal(decodeEntry(log, 0), undefined, 'none');
  log[0] = 255;
  assert.equal(decodeEntry(log, 0), undefined, 'no such kind');
});
