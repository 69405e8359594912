import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { MAX_BYTES, parseSlot, parseSlotBytes } from '../../engine/patterns/document.js';
import { findParam } from '../../engine/patterns/fields.js';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { MUTE_VOICE } from '../../engine/sequence/voice-id.js';
import type { Outcome } from '../../engine/shared/outcome.js';
import { PLAIN_TRACK, type Track } from '../../engine/shared/track.js';
import { cleanValueOf, errorOf, valueOf, warningsOf } from '../helpers/outcome.js';
import { holds } from '../helpers/property.js';

function parse(document: unknown): Outcome<SlotDocument> {
  return parseSlot(JSON.stringify(document));
}

/** A file with one track `kick`. */
function withTrack(track: unknown, own?: unknown): Outcome<SlotDocument> {
  return parse({ sequencer: { tracks: { kick: track } }, ...(own === undefined ? {} : { chronus: own }) });
}

function firstTrack(outcome: Outcome<SlotDocument>): Track {
  const [track] = valueOf(outcome).sequencer?.tracks ?? [];
  assert.ok(track, 'the file has no track');
  return track;
}

function refusedAt(outcome: Outcome<SlotDocument>, where: string, code = 'E_SLOT_FIELD'): void {
  assert.equal(errorOf(outcome, code).where, where);
}

test('an empty object changes nothing', () => {
  const { sequencer, params, name } = cleanValueOf(parse({}));
  assert.equal(sequencer, undefined);
  assert.equal(name, undefined);
  assert.equal(params.size, 0);
  assert.equal(cleanValueOf(parse({ sequencer: {} })).sequencer, undefined);
});

test('a sequencer part with one field has the defaults and replaces all tracks with none', () => {
  assert.deepEqual(cleanValueOf(parse({ sequencer: { running: true } })).sequencer, {
    bpm: 120,
    swing: 0,
    running: true,
    globalStep: 0,
    tracks: [],
  });
});

test('a track without fields has the defaults of the original, all of them given', () => {
  assert.deepEqual(firstTrack(withTrack({})), {
    id: 'kick',
    voice: 1,
    pattern: '................',
    notesHz: [],
    baseFreqHz: 440,
    baseAmp: 0.3,
    filterFreqHz: 1000,
    accentBoostHz: 1500,
    reverbSend: 0,
    delaySend: 0,
    gateFrac: 0.5,
    ...PLAIN_TRACK,
    noteIndex: 0,
  });
});

test('chronus.tracks says which fields were given; a track that is not named there was given all', () => {
  const own = { tracks: { kick: { given: ['baseFreqHz', 'delaySend'] } } };
  const track = firstTrack(withTrack({ base_freq: 55 }, own));
  assert.equal(track.baseFreqHz, 55);
  assert.equal(track.delaySend, 0);
  assert.ok(!('baseAmp' in track) && !('filterFreqHz' in track) && !('reverbSend' in track));
  assert.equal(firstTrack(withTrack({}, { tracks: {} })).baseAmp, 0.3);
  assert.match(
    warningsOf(withTrack({}, { tracks: { kick: { given: ['loudness'] } } })),
    /given\[0\].*loudness/,
  );
});

test('a module that is there: absent fields go to their default, waveform and slide_time stay', () => {
  const { params } = cleanValueOf(
    parse({ modules: { voice3: { freq: 110, adsr: { decay: 1 } }, lfo2: {} } }),
  );
  assert.equal(params.get('voice3/freq'), 110);
  assert.equal(params.get('voice3/amp'), 0.3);
  assert.equal(params.get('voice3/adsr/decay'), 1);
  assert.equal(params.get('voice3/adsr/release'), 0.5);
  assert.equal(params.get('lfo2/rate'), 4);
  assert.ok(!params.has('voice3/osc/type') && !params.has('voice3/slide_time') && !params.has('lfo1/rate'));
});

test('unknown modules and fields are ignored', () => {
  const modules = {
    lfo3: { rate: 'fast' },
    voice257: 1,
    rec1: { recording: 1 },
    dist1: { drive: 0.5, colour: [] },
  };
  const { params } = cleanValueOf(
    parse({ zzz: 1, modules, sequencer: { zzz: {}, tracks: { a: { zzz: 1 } } } }),
  );
  assert.deepEqual([...params.keys()], ['dist1/drive', 'dist1/mix', 'dist1/tone']);
});

test('R148: floats for whole numbers lose their fraction, whole numbers for floats are taken', () => {
  const track = { notes: [55, 110], note_index: 1.0, base_freq: 55 };
  const document = {
    sequencer: { global_step: 19.9, bpm: 140, tracks: { t: track } },
    modules: { voice1: { waveform: 2.7 } },
  };
  const { sequencer, params } = cleanValueOf(parse(document));
  assert.equal(sequencer?.globalStep, 19);
  assert.equal(sequencer.tracks[0]?.noteIndex, 1);
  assert.equal(params.get('voice1/osc/type'), 2);
});

test('note_index goes round the list it finds', () => {
  assert.equal(firstTrack(withTrack({ notes: [55, 66, 77], note_index: 7 })).noteIndex, 1);
  assert.equal(firstTrack(withTrack({ notes: [55, 66, 77], note_index: -1 })).noteIndex, 2);
  assert.equal(firstTrack(withTrack({ notes: [], note_index: 5 })).noteIndex, 0);
});

test('tracks keep the order of the text, also when their names are numbers', () => {
  const text = '{"sequencer": {"tracks": {"b": {}, "10": {}, "\\u0031": {}, "a": {}, "__proto__": {}}}}';
  const ids = cleanValueOf(parseSlot(text)).sequencer?.tracks.map(({ id }) => id);
  assert.deepEqual(ids, ['b', '10', '1', 'a', '__proto__']);
});

test('numbers out of range are moved into it and named by their path', () => {
  const outcome = parse({
    sequencer: {
      bpm: 999,
      swing: 0.9,
      global_step: -3,
      tracks: { 'kick 1': { gate_frac: 0, notes: [55, 9000] } },
    },
    modules: { voice1: { freq: 1, waveform: 9 }, acid1: { res: 2 } },
  });
  const { sequencer, params } = valueOf(outcome);
  assert.equal(sequencer?.bpm, 300);
  assert.equal(sequencer.swing, 0.6);
  assert.equal(sequencer.globalStep, 0);
  assert.equal(sequencer.tracks[0]?.gateFrac, 0.01);
  assert.deepEqual(sequencer.tracks[0].notesHz, [55, 5000]);
  assert.equal(params.get('voice1/freq'), 20);
  assert.equal(params.get('voice1/osc/type'), 6);
  assert.equal(params.get('acid1/res'), 0.98);
  const warnings = warningsOf(outcome);
  assert.match(warnings, /^sequencer\.bpm: 999 lies outside 30\.\.300 BPM; 300 is used$/m);
  assert.match(warnings, /^sequencer\.tracks\["kick 1"\]\.notes\[1\]: /m);
  assert.match(warnings, /^modules\.voice1\.waveform: /m);
});

test('the end of a range as f32 is in range', () => {
  const modules = { delay1: { time: Math.fround(0.6) }, acid1: { res: Math.fround(0.98) } };
  const { params } = cleanValueOf(parse({ sequencer: { swing: Math.fround(0.6) }, modules }));
  assert.equal(params.get('delay1/time'), 0.6);
});

test('a tempo of 0, below 0 or no number is refused', () => {
  for (const bpm of [0, -120, 'fast', null, true, [], {}])
    refusedAt(parse({ sequencer: { bpm } }), 'sequencer.bpm');
  refusedAt(parseSlot('{"sequencer": {"bpm": 1e999}}'), 'sequencer.bpm');
  errorOf(parseSlot('{"sequencer": {"bpm": NaN}}'), 'E_SLOT_JSON');
});

test('values of the wrong kind are refused with their path', () => {
  refusedAt(withTrack({ notes: 55 }), 'sequencer.tracks.kick.notes');
  refusedAt(withTrack({ notes: '55 66' }), 'sequencer.tracks.kick.notes');
  refusedAt(withTrack({ notes: [55, 66, 'C4'] }), 'sequencer.tracks.kick.notes[2]');
  refusedAt(withTrack({ notes: new Array(257).fill(55) }), 'sequencer.tracks.kick.notes');
  refusedAt(withTrack({ base_amp: {} }), 'sequencer.tracks.kick.base_amp');
  refusedAt(withTrack({ voice_id: 3 }), 'sequencer.tracks.kick.voice_id');
  refusedAt(withTrack([]), 'sequencer.tracks.kick');
  refusedAt(parse({ sequencer: { tracks: [] } }), 'sequencer.tracks');
  refusedAt(parse({ sequencer: { running: 'yes' } }), 'sequencer.running');
  refusedAt(parse({ sequencer: null }), 'sequencer');
  refusedAt(parse({ modules: { voice1: 3 } }), 'modules.voice1');
  refusedAt(parse({ modules: { voice1: { adsr: { decay: [] } } } }), 'modules.voice1.adsr.decay');
  refusedAt(parse({ chronus: 'x' }), 'chronus');
  refusedAt(parse({ chronus: { name: 7 } }), 'chronus.name');
  for (const text of ['[]', 'null', '7', '"x"']) refusedAt(parseSlot(text), 'the document');
});

test('an empty or too long pattern is refused, an odd character is a rest with a warning', () => {
  refusedAt(withTrack({ pattern: '' }), 'sequencer.tracks.kick.pattern', 'E_PATTERN');
  refusedAt(withTrack({ pattern: 'x'.repeat(257) }), 'sequencer.tracks.kick.pattern', 'E_PATTERN');
  refusedAt(withTrack({ pattern: ['x'] }), 'sequencer.tracks.kick.pattern', 'E_PATTERN');
  assert.match(warningsOf(withTrack({ pattern: 'x.o.' })), /^sequencer\.tracks\.kick\.pattern: .*3 \("o"\)/);
});

test('a voice that cannot be leaves its track mute', () => {
  const outcome = withTrack({ voice_id: 'bass' });
  assert.equal(firstTrack(outcome).voice, MUTE_VOICE);
  assert.match(warningsOf(outcome), /'bass'; the track is mute/);
});

test('128 tracks are taken, 129 are refused', () => {
  const tracks = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, {}]));
  assert.equal(cleanValueOf(parse({ sequencer: { tracks: tracks(128) } })).sequencer?.tracks.length, 128);
  refusedAt(parse({ sequencer: { tracks: tracks(129) } }), 'sequencer.tracks');
});

test('our parameters lie under chronus.params; what is unknown there is left out, with a warning', () => {
  const params = {
    'voice1/pan': 0.2,
    'lfo1/shape': 'square',
    'lfo1/target': 'voice2/filter/freq',
    'lfo2/target': 'none',
    'limiter1/ceiling': -90,
    'lfo2/shape': 2.9,
    'voice1/colour': 1,
    'lfo3/rate': 1,
    'rec1/recording': 1,
    pan: 1,
  };
  const outcome = parse({ chronus: { format: 1, name: 'first light', params } });
  const document = valueOf(outcome);
  assert.equal(document.name, 'first light');
  assert.deepEqual(Object.fromEntries(document.params), {
    'voice1/pan': 0.2,
    'lfo1/shape': 4,
    'lfo1/target': 'voice2/filter/freq',
    'lfo2/target': 'none',
    'limiter1/ceiling': -20,
    'lfo2/shape': 2,
  });
  const warnings = warningsOf(outcome);
  for (const path of [
    '"voice1/colour"',
    '"lfo3/rate"',
    '"rec1/recording"',
    'pan: not known',
    'lies outside -20..0 dB',
  ]) {
    assert.ok(warnings.includes(path), path);
  }
});

test('a target must be something that can be modulated', () => {
  for (const target of ['voice1/osc/type', 'lfo1/rate', 'voice1', '']) {
    const outcome = parse({ chronus: { params: { 'lfo1/target': target } } });
    assert.equal(valueOf(outcome).params.size, 0, target);
    assert.match(warningsOf(outcome), /lfo1\/target/);
  }
  refusedAt(parse({ chronus: { params: { 'lfo1/target': 3 } } }), 'chronus.params["lfo1/target"]');
});

test('a later minor version is read with a warning, a later major one is refused', () => {
  for (const version of [
    { chronus_version: '1.2.0' },
    { chronus_version: '1.0.1' },
    { schema_version: '1.1' },
  ])
    assert.match(warningsOf(parse(version)), /is newer than/);
  cleanValueOf(parse({ chronus_version: '0.9', schema_version: 1.0, chronus: { format: 1 } }));
  refusedAt(parse({ chronus_version: '2.0.0' }), 'chronus_version', 'E_SLOT_VERSION');
  refusedAt(parse({ schema_version: '2.0' }), 'schema_version', 'E_SLOT_VERSION');
  refusedAt(parse({ schema_version: 3 }), 'schema_version', 'E_SLOT_VERSION');
  refusedAt(parse({ chronus: { format: 99 } }), 'chronus.format', 'E_SLOT_VERSION');
});

test('keys of the language itself are harmless', () => {
  const text =
    '{"__proto__": {"sequencer": {"bpm": 200}}, "modules": {"constructor": {}, "__proto__": {"voice1": {}}}}';
  const { sequencer, params } = cleanValueOf(parseSlot(text));
  assert.equal(sequencer, undefined);
  assert.equal(params.size, 0);
  assert.equal(({} as Record<string, unknown>)['sequencer'], undefined);
});

test('what is no JSON, too large, too deep or not UTF-8 is refused', () => {
  for (const text of ['', '{', '{"a": }', '{} {}', "{'a': 1}", '"', '{"sequencer": {"tracks": {"']) {
    errorOf(parseSlot(text), 'E_SLOT_JSON');
  }
  errorOf(parseSlot(`{"a": "${'x'.repeat(MAX_BYTES)}"}`), 'E_SLOT_SIZE');
  errorOf(parseSlotBytes(new Uint8Array(MAX_BYTES + 1)), 'E_SLOT_SIZE');
  errorOf(parseSlot('['.repeat(1e6)), 'E_SLOT_DEPTH');
  errorOf(parseSlot('{"a":'.repeat(40) + '1' + '}'.repeat(40)), 'E_SLOT_DEPTH');
  errorOf(parseSlotBytes(Uint8Array.of(0x7b, 0xff, 0x7d)), 'E_SLOT_TEXT');
  cleanValueOf(parseSlotBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)));
});

test('brackets inside texts do not count as depth', () => {
  cleanValueOf(parse({ chronus: { name: `\\"${'['.repeat(100)}` } }));
});

test('whatever stands in a file, it is refused as a whole or everything in it is in range', (t) => {
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
  );
  const track = fc.dictionary(
    fc.constantFrom(
      'voice_id',
      'pattern',
      'notes',
      'base_freq',
      'base_amp',
      'gate_frac',
      'note_index',
      'delay_send',
    ),
    fc.oneof(
      leaf,
      fc.constantFrom('voice3', 'X..x'),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
  );
  const sequencer = fc.record(
    {
      bpm: leaf,
      swing: leaf,
      running: fc.boolean(),
      tracks: fc.dictionary(fc.string(), track, { maxKeys: 4 }),
    },
    { requiredKeys: [] },
  );
  const module = fc.dictionary(
    fc.constantFrom('freq', 'amp', 'filter_q', 'waveform', 'adsr', 'rate', 'mix'),
    leaf,
  );
  const modules = fc.dictionary(
    fc.constantFrom('voice1', 'voice256', 'lfo1', 'dist1', 'acid1', 'zzz'),
    module,
  );
  const own = fc.record({ params: fc.dictionary(fc.constantFrom('voice1/pan', 'lfo1/target', 'x'), leaf) });
  const file = fc.record({ sequencer, modules, chronus: own }, { requiredKeys: [] });
  holds(t, file, (document) => {
    const outcome = parse(document);
    if (!outcome.ok) return;
    for (const [path, value] of outcome.value.params) {
      const row = findParam(path);
      assert.ok(row, path);
      assert.ok(typeof value === 'string' || (value >= row.min && value <= row.max), `${path} ${value}`);
    }
    for (const { notesHz, noteIndex, gateFrac } of outcome.value.sequencer?.tracks ?? []) {
      assert.ok(notesHz.every((hz) => hz >= 20 && hz <= 5000));
      assert.ok(noteIndex === 0 || (Number.isInteger(noteIndex) && noteIndex < notesHz.length));
      assert.ok(gateFrac >= 0.01 && gateFrac <= 64);
    }
  });
});
