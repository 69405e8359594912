import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSlot } from '../../engine/patterns/document.js';
import { defaultOf, MODULE_ROWS, moduleIds } from '../../engine/patterns/fields.js';
import { formatSlot } from '../../engine/patterns/format.js';
import { writeJson } from '../../engine/patterns/json.js';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { lockTarget, withLock } from '../../engine/sequence/locks.js';
import { TRACK_NUMBERS } from '../../engine/sequence/track-fields.js';
import { isWhole } from '../../engine/shared/table.js';
import { MAX_LOCKS, PLAIN_TRACK, TRACK_FIELDS, trackLength, type Track } from '../../engine/shared/track.js';
import { cleanValueOf, valueOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';
import { ROOT } from '../helpers/root.js';

const TRACK: Track = {
  id: 'kick',
  voice: 1,
  pattern: 'X...',
  notesHz: [55],
  accentBoostHz: 1500,
  gateFrac: 0.5,
  noteIndex: 0,
  ...PLAIN_TRACK,
};

/** Every parameter of an engine with `voices` voices at its default. */
function allParams(voices: number): Map<string, number | string> {
  const params = new Map<string, number | string>();
  for (const { table } of MODULE_ROWS) {
    for (const id of moduleIds(table).slice(0, voices)) {
      for (const [name, row] of Object.entries(table.params)) {
        const value = defaultOf(table, id, name);
        params.set(`${id}/${name}`, row.unit === 'target' && value === 0 ? 'none' : value);
      }
    }
  }
  return params;
}

/** Keys and kinds of all that is in a document: `modules.voice1.adsr.attack number`. */
function shape(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} ${typeof value}`];
  if (Array.isArray(value)) return [`${path} list`];
  return Object.entries(value).flatMap(([key, member]) =>
    shape(member, path === '' ? key : `${path}.${key}`),
  );
}

test('a file of ours has every key of slot_001.json, with the same type', () => {
  const original: unknown = JSON.parse(
    readFileSync(join(ROOT, 'patterns/library/original/slot_001.json'), 'utf8'),
  );
  const tracks = ['kick', 'snare', 'acid', 'hats'].map((id) => ({ ...TRACK, id }));
  const sequencer = { bpm: 120, swing: 0, running: true, globalStep: 0, tracks };
  const ours: unknown = JSON.parse(formatSlot({ timestamp: 1.5, sequencer, params: allParams(8) }));
  const have = new Set(shape(ours, ''));
  assert.deepEqual(
    shape(original, '').filter((line) => !have.has(line)),
    [],
  );
  const extra = shape(ours, '').filter((line) => !line.startsWith('chronus.'));
  assert.deepEqual(extra.sort(), shape(original, '').sort());
});

test('numbers that are no counts have a decimal point, counts have none', () => {
  const sequencer = { bpm: 120, swing: 0, running: false, globalStep: 7, tracks: [TRACK] };
  const text = formatSlot({ timestamp: 5, sequencer, params: new Map([['voice1/osc/type', 3]]) });
  for (const line of [
    '"timestamp": 5.0',
    '"bpm": 120.0',
    '"global_step": 7,',
    '"note_index": 0',
    '"waveform": 3',
  ]) {
    assert.ok(text.includes(line), line);
  }
});

test('what a track was not given, the original gets from the voice, and ours keeps as not given', () => {
  const sequencer = {
    bpm: 120,
    swing: 0,
    running: false,
    globalStep: 0,
    tracks: [{ ...TRACK, baseFreqHz: 55 }],
  };
  const params = new Map([['voice1/amp', 0.8]]);
  const text = formatSlot({ timestamp: 0, sequencer, params });
  const file = JSON.parse(text) as { sequencer: { tracks: { kick: Record<string, unknown> } } };
  assert.equal(file.sequencer.tracks.kick['base_amp'], 0.8);
  assert.equal(file.sequencer.tracks.kick['filter_freq'], 1000);
  assert.deepEqual(cleanValueOf(parseSlot(text)).sequencer, sequencer);
});

test('a parameter of ours alone does not bring its module into the file', () => {
  const text = formatSlot({ timestamp: 0, params: new Map([['acid1/voice', 3]]) });
  assert.deepEqual([...cleanValueOf(parseSlot(text)).params], [['acid1/voice', 3]]);
});

test('a number that is none cannot be written', () => {
  assert.throws(() => formatSlot({ timestamp: NaN, params: new Map() }), RangeError);
  assert.throws(() => writeJson(0.5), RangeError);
});

test('every document survives writing and reading', (t) => {
  holds(t, documents(), (document) => {
    const text = formatSlot({ ...document, timestamp: 1757433454.432593 });
    assert.deepEqual(cleanValueOf(parseSlot(text)), document);
  });
});

function number(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true }).map((x) => (x === 0 ? 0 : x));
}

function documents(): fc.Arbitrary<SlotDocument> {
  const tracks = fc.uniqueArray(track(), { selector: ({ id }) => id, maxLength: 6 });
  const sequencer = fc.record(
    {
      bpm: number(30, 300),
      swing: number(0, 0.6),
      running: fc.boolean(),
      globalStep: fc.nat(),
      tracks,
    },
    { noNullPrototype: true },
  );
  return fc.record(
    { name: fc.string({ minLength: 1 }).filter((name) => name === name.trim()), sequencer, params: params() },
    { requiredKeys: ['params'], noNullPrototype: true },
  );
}

function track(): fc.Arbitrary<Track> {
  const optional = new Set<string>(TRACK_FIELDS.map(({ field }) => field));
  const numbers = Object.fromEntries(
    TRACK_NUMBERS.map(({ field, range }) => [field, number(range.min, range.max)]),
  );
  const id = fc.oneof(
    fc.string({ minLength: 1, maxLength: 10 }),
    fc.nat({ max: 99 }).map(String),
    fc.constantFrom('__proto__', 'constructor', 'a "b"'),
  );
  const step = fc.constantFrom('X', 'x', '.', '-', ' ', '_', 'x?50', 'X*3', 'x(3,8,1)?20*2', 'x?');
  const lock = fc.tuple(
    fc.nat({ max: 255 }),
    fc.constantFrom('filter/freq', 'osc/type', 'pan', 'delay1/mix', 'velocity', 'gate_frac'),
  );
  const parts = {
    id,
    voice: fc.integer({ min: 1, max: 256 }),
    pattern: fc.array(step, { minLength: 1, maxLength: 32 }).map((steps) => steps.join('')),
    length: fc.integer({ min: 1, max: 256 }),
    division: fc.constantFrom({ up: 1, down: 1 }, { up: 4, down: 3 }, { up: 1, down: 2 }, { up: 3, down: 1 }),
    muted: fc.boolean(),
    solo: fc.boolean(),
    locks: fc.uniqueArray(lock, { maxLength: MAX_LOCKS, selector: String }),
    notesHz: fc.array(number(20, 5000), { maxLength: 20 }),
    noteIndex: fc.nat(),
    ...numbers,
  };
  const requiredKeys = Object.keys(parts).filter((key) => key !== 'length' && !optional.has(key));
  return fc
    .record(parts as Record<string, fc.Arbitrary<unknown>>, { requiredKeys, noNullPrototype: true })
    .map((made) => made as unknown as Track)
    .map((made) => ({
      ...made,
      noteIndex: made.notesHz.length === 0 ? 0 : made.noteIndex % made.notesHz.length,
    }))
    .map((made) => {
      const { length, ...rest } = made;
      return length === trackLength({ pattern: made.pattern }) ? rest : made;
    })
    .map((made) => withLocks(made, made.locks as unknown as [number, string][]));
}

function withLocks(track: Track, locks: readonly (readonly [step: number, name: string])[]): Track {
  return locks.reduce<Track>(
    (to, [step, name]) => {
      const { address } = valueOf(lockTarget(name, to.voice));
      const value = name === 'filter/freq' ? 100 + step : name === 'gate_frac' ? 0.5 : Math.min(1, step);
      return valueOf(withLock(to, { step, address, value }));
    },
    { ...track, locks: [] },
  );
}

/** Whole modules, as the engine saves them, with some parameters of ours. */
function params(): fc.Arbitrary<Map<string, number | string>> {
  const rows = MODULE_ROWS.flatMap(({ table }) =>
    moduleIds(table)
      .slice(0, 3)
      .map((id) => ({ table, id })),
  );
  return fc.subarray(rows).chain((chosen) => {
    const values = chosen.flatMap(({ table, id }) =>
      Object.entries(table.params).map(([name, row]) => {
        const path = fc.constant(`${id}/${name}`);
        if (row.unit === 'target')
          return fc.tuple(path, fc.constantFrom('none', 'voice1/pan', 'acid1/cutoff'));
        return fc.tuple(
          path,
          isWhole(row) ? fc.integer({ min: row.min, max: row.max }) : number(row.min, row.max),
        );
      }),
    );
    return fc.tuple(...values).map((entries) => new Map<string, number | string>(entries));
  });
}
