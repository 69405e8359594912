import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { readNotes, type Arg } from '../../engine/sequence/notes.js';
import { nameToMidi } from '../../engine/sequence/pitch.js';
import { MAX_NOTES } from '../../engine/shared/track.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';

/** Compared to a hundredth of a cent. */
function sameHz(input: string | readonly Arg[], expected: readonly number[]): void {
  const got = cleanValueOf(readNotes(input));
  assert.equal(got.length, expected.length, `${inspect(input)}: ${got.join(' ')}`);
  expected.forEach((hz, i) => {
    const cents = 1200 * Math.log2((got[i] ?? NaN) / hz);
    assert.ok(
      Math.abs(cents) < 0.01,
      `${inspect(input)}: expected ${expected.join(' ')}, got ${got.join(' ')}`,
    );
  });
}

test('names: C4 is MIDI 60, octave 4 when left out, one sharp or flat, either case', () => {
  assert.equal(nameToMidi('C4'), 60);
  assert.equal(nameToMidi('C-1'), 0);
  assert.equal(nameToMidi('bb3'), 58);
  assert.equal(nameToMidi('b'), 71);
  assert.equal(nameToMidi('Cb4'), 59);
  assert.equal(nameToMidi('B#3'), 60);
  sameHz('A4 a C4 f#2', [440, 440, 261.6256, 92.4986]);
});

test('blanks and commas both separate', () => {
  sameHz('A2 A2 C3 E3', [110, 110, 130.8128, 164.8138]);
  sameHz('A2,A2, C3 ,E3\n', [110, 110, 130.8128, 164.8138]);
  sameHz(' ,, ', []);
  sameHz('', []);
});

test('whole numbers up to 127 are MIDI, above they are Hz', () => {
  sameHz('69 60 49', [440, 261.6256, 138.5913]);
  sameHz('440', [440]);
  sameHz('128', [128]);
});

test('one decimal point or one number above 127 makes every number of the list Hz', () => {
  sameHz('49 41.2 55', [49, 41.2, 55]);
  sameHz('49 392 440', [49, 392, 440]);
  sameHz('60, 61., C4', [60, 61, 261.6256]);
});

test('49hz is Hz and leaves its neighbours alone', () => {
  sameHz('49hz 69 41.5Hz', [49, 440, 41.5]);
});

test('arguments: f is Hz and rules the list, i follows the rule, texts join in', () => {
  sameHz([{ type: 'i', value: 69 }], [440]);
  sameHz([{ type: 'f', value: 60 }], [60]);
  sameHz(
    [
      { type: 'f', value: 41.5 },
      { type: 'i', value: 55 },
    ],
    [41.5, 55],
  );
  sameHz(
    [
      { type: 'i', value: 69 },
      { type: 's', value: 'A4 70' },
    ],
    [440, 440, 466.1638],
  );
  sameHz([{ type: 'h', value: 69n }], [440]);
  sameHz([], []);
});

test('what cannot be read is refused by name and place', () => {
  for (const item of ['H2', '-5', '1e3', 'c##4', 'x', '49 hz', 'C4;E4', '.', 'nan']) {
    const { where, got } = errorOf(readNotes(`C4 ${item}`), 'E_NOTES');
    assert.match(where ?? '', /^item [23]$/, item);
    assert.ok(item.includes(got.slice(1, -1)), got);
  }
  errorOf(readNotes([{ type: 'f', value: NaN }]), 'E_NOTES');
  errorOf(readNotes([{ type: 'f', value: Infinity }]), 'E_NOTES');
  errorOf(readNotes([{ type: 'T' }]), 'E_NOTES');
  errorOf(readNotes([{ type: 'i', value: -1 }]), 'E_NOTES');
});

test('pitches outside 20..5000 Hz are moved there and named', () => {
  const outcome = readNotes('440 7000 8hz C-1');
  assert.deepEqual(valueOf(outcome), [440, 5000, 20, 20]);
  assert.match(warningsOf(outcome), /20\.\.5000 Hz: notes 2 \(7000 Hz\), 3 \(8 Hz\), 4 \(8\.18 Hz\)/);
});

test('256 notes are taken, 257 are refused', () => {
  assert.equal(cleanValueOf(readNotes('C4 '.repeat(MAX_NOTES))).length, MAX_NOTES);
  errorOf(readNotes('C4 '.repeat(MAX_NOTES + 1)), 'E_NOTES');
});

test('frequencies with a decimal point read back as themselves', (t) => {
  const hz = fc.double({ min: 20, max: 5000, noNaN: true }).map((x) => Number(x.toFixed(3)));
  holds(t, fc.array(hz, { minLength: 1, maxLength: 20 }), (list) => {
    assert.deepEqual(cleanValueOf(readNotes(list.map((x) => x.toFixed(3)).join(' '))), list);
  });
});

test('a list of MIDI numbers rises by the twelfth root of two for each semitone', (t) => {
  holds(t, fc.array(fc.integer({ min: 16, max: 110 }), { minLength: 1, maxLength: 20 }), (list) => {
    sameHz(
      list.join(','),
      list.map((n) => 440 * Math.exp(((n - 69) / 12) * Math.LN2)),
    );
  });
});

test('whatever comes is either refused or within 20..5000 Hz', (t) => {
  const value = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const arg = fc.record({ type: fc.constantFrom('s', 'i', 'f', 'h', 'd', 'T', 'N', '['), value });
  holds(t, fc.oneof(fc.string(), fc.array(arg)), (input) => {
    const outcome = readNotes(input);
    if (outcome.ok) assert.ok(outcome.value.every((hz) => hz >= 20 && hz <= 5000));
  });
});
