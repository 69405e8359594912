import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import type { Arg } from '../../engine/sequence/notes.js';
import { readTrackArgs } from '../../engine/sequence/track-args.js';
import type { Outcome } from '../../engine/shared/outcome.js';
import { encodeTrack, PLAIN_TRACK, type Track } from '../../engine/shared/track.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';

/** Texts as s, whole numbers as i, others as f. */
function args(...values: (string | number)[]): Arg[] {
  return values.map((value) => ({
    type: typeof value === 'string' ? 's' : Number.isInteger(value) ? 'i' : 'f',
    value,
  }));
}

function add(...values: (string | number)[]): Outcome<Track> {
  return readTrackArgs(args('kick', 'voice1', 'X...x...', ...values));
}

test('three arguments are a track that leaves the voice as it is', () => {
  assert.deepEqual(cleanValueOf(add()), {
    id: 'kick',
    voice: 1,
    pattern: 'X...x...',
    notesHz: [],
    accentBoostHz: 1500,
    gateFrac: 0.5,
    noteIndex: 0,
    ...PLAIN_TRACK,
  });
});

test('by place: base Hz, filter Hz, notes; numbers may be texts', () => {
  for (const track of [add(55, 800.5, 'A2 A3'), add('55', '800.5', 'A2,A3')].map(cleanValueOf)) {
    assert.equal(track.baseFreqHz, 55);
    assert.equal(track.filterFreqHz, 800.5);
    assert.deepEqual(track.notesHz, [110, 220]);
    assert.ok(!('baseAmp' in track));
  }
});

test('by name: every key, with its unit', () => {
  const track = cleanValueOf(
    add(
      'base_freq=55',
      'base_amp=0.4',
      'filter_freq=900',
      'accent_boost=-2000',
      'reverb_send=0.1',
      'delay_send=0.2',
      'gate_frac=2.5',
      'note_index=1',
      'notes=A2 A3 A4',
    ),
  );
  assert.deepEqual(track, {
    id: 'kick',
    voice: 1,
    pattern: 'X...x...',
    notesHz: [110, 220, 440],
    baseFreqHz: 55,
    baseAmp: 0.4,
    filterFreqHz: 900,
    accentBoostHz: -2000,
    reverbSend: 0.1,
    delaySend: 0.2,
    gateFrac: 2.5,
    noteIndex: 1,
    ...PLAIN_TRACK,
  });
});

test('a value by name uses up its place', () => {
  const track = cleanValueOf(add('gate_frac=0.2', 60));
  assert.equal(track.filterFreqHz, 60);
  assert.equal(track.baseFreqHz, undefined);
});

test('of two values for one thing the last counts', () => {
  assert.equal(cleanValueOf(add(55, 'base_freq=66')).baseFreqHz, 66);
});

test('notes=60 is a list of one', () => {
  assert.ok(Math.abs((cleanValueOf(add('notes=60')).notesHz[0] ?? 0) - 261.6256) < 1e-3);
});

test('note_index is a whole number and goes round', () => {
  assert.equal(cleanValueOf(add('notes=A2 A3 A4', 'note_index=4')).noteIndex, 1);
  assert.equal(cleanValueOf(add('notes=A2 A3 A4', 'note_index=-1')).noteIndex, 2);
  assert.equal(cleanValueOf(add('note_index=4')).noteIndex, 0);
  errorOf(add('note_index=1.5'), 'E_NUMBER');
});

test('an unknown name is refused with the names there are and the nearest', () => {
  const error = errorOf(add('gate_farc=0.2'), 'E_KEY');
  assert.match(error.allowed, /base_freq, base_amp, filter_freq.*gate_frac, note_index, notes/);
  assert.deepEqual(error.nearest, ['gate_frac']);
  for (const key of ['name', 'voice_id', 'pattern', '__proto__', 'constructor', ''])
    errorOf(add(`${key}=1`), 'E_KEY');
});

test('numbers out of range are moved into it and named', () => {
  const outcome = add(
    7000,
    'base_amp=2',
    'gate_frac=0',
    'accent_boost=9000',
    'filter_freq=-1',
    'delay_send=-1',
  );
  const { baseFreqHz, baseAmp, gateFrac, accentBoostHz, filterFreqHz, delaySend } = valueOf(outcome);
  assert.deepEqual(
    [baseFreqHz, baseAmp, gateFrac, accentBoostHz, filterFreqHz, delaySend],
    [5000, 1, 0.01, 8000, 50, 0],
  );
  for (const key of ['base_freq', 'base_amp', 'gate_frac', 'accent_boost', 'filter_freq', 'delay_send']) {
    assert.match(warningsOf(outcome), new RegExp(`^${key}: `, 'm'));
  }
});

test('what is no finite number is refused', () => {
  for (const value of [NaN, Infinity, 'C2', '', ' ', 'gate_frac=nan', 'base_amp=', 'delay_send=loud']) {
    errorOf(add(value), 'E_NUMBER');
  }
});

test('a bad note refuses the whole track', () => {
  errorOf(add(55, 800, 'C2 H2'), 'E_NOTES');
});

test('a sixth and later value without a name is left out, with a warning', () => {
  assert.match(warningsOf(add(55, 800, 'C2', 'G2')), /argument 7 \('G2'\) ignored/);
});

test('voices: voice1 to voice256, whatever the engine has', () => {
  assert.equal(cleanValueOf(readTrackArgs(args('t', 'voice256', 'x'))).voice, 256);
  for (const id of ['voice0', 'voice257', 'voice01', 'voice', 'acid1', 'vioce2', 2]) {
    errorOf(readTrackArgs(args('t', id, 'x')), 'E_VOICE');
  }
  assert.deepEqual(errorOf(readTrackArgs(args('t', 'vioce2', 'x')), 'E_VOICE').nearest, ['voice2']);
});

test('too few arguments, no track id and no pattern are refused', () => {
  errorOf(readTrackArgs([]), 'E_ARGS');
  errorOf(readTrackArgs(args('kick', 'voice1')), 'E_ARGS');
  errorOf(readTrackArgs(args('', 'voice1', 'x')), 'E_TRACK');
  errorOf(readTrackArgs(args('kick', 'voice1', '')), 'E_PATTERN');
  assert.equal(cleanValueOf(readTrackArgs(args(7, 'voice1', 'x'))).id, '7');
});

test('whatever comes is either refused or a track that the core can hold', (t) => {
  const key = fc.constantFrom(
    'base_freq',
    'base_amp',
    'gate_frac',
    'note_index',
    'notes',
    'accent_boost',
    'zzz',
  );
  const text = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('C4 E4', '60', '41.2 49'));
  const named = fc.tuple(key, text).map(([name, value]) => `${name}=${value}`);
  const value = fc.oneof(named, text, fc.double(), fc.integer(), fc.constant(undefined));
  const type = fc.constantFrom('s', 'i', 'f', 'N');
  holds(t, fc.array(fc.record({ type, value }), { maxLength: 8 }), (rest) => {
    const outcome = readTrackArgs([...args('t', 'voice1', 'x'), ...rest]);
    if (outcome.ok) assert.ok(encodeTrack(outcome.value).every(Number.isInteger));
  });
});
