import assert from 'node:assert/strict';
import { PLAIN_TRACK } from '../../engine/shared/track.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSlot, parseSlotBytes } from '../../engine/patterns/document.js';
import { formatSlot } from '../../engine/patterns/format.js';
import { cleanValueOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

const FILES = ['slot_001', 'slot_002', 'slot_010', 'slot_020'] as const;

function read(name: string): string {
  return readFileSync(join(ROOT, 'patterns', 'library', 'original', `${name}.json`), 'utf8');
}

for (const name of FILES) {
  test(`${name}.json loads without a warning, and saved again it is the same text`, () => {
    const text = read(name);
    const document = cleanValueOf(parseSlotBytes(Buffer.from(text)));
    const { timestamp } = JSON.parse(text) as { timestamp: number };
    assert.equal(formatSlot({ ...document, timestamp }), text.trimEnd());
  });
}

test('slot_001.json: tempo, tracks and modules are those of the file', () => {
  const { sequencer, params } = cleanValueOf(parseSlot(read('slot_001')));
  assert.ok(sequencer);
  const { tracks, ...transport } = sequencer;
  assert.deepEqual(transport, { bpm: 174, swing: 0.05000000074505806, running: true, globalStep: 6697 });
  assert.deepEqual(
    tracks.map(({ id, voice, pattern }) => `${id} ${voice} ${pattern}`),
    [
      'kick 1 X.......x.......',
      'snare 3 ....X.......X...',
      'acid 2 x.x.X...x.x.X...',
      'hats 4 x.x.x.x.x.x.x.x.',
    ],
  );
  assert.deepEqual(tracks[2], {
    id: 'acid',
    voice: 2,
    pattern: 'x.x.X...x.x.X...',
    notesHz: [49, 41.20000076293945, 55, 41.20000076293945, 49, 41.20000076293945],
    baseFreqHz: 41.20000076293945,
    baseAmp: 0.3,
    filterFreqHz: 800,
    accentBoostHz: 1500,
    reverbSend: 0,
    delaySend: 0,
    gateFrac: 0.5,
    ...PLAIN_TRACK,
    noteIndex: 1,
  });
  // 8 voices of 12, dist1 3, reverb1 3, delay1 5, two LFOs of 2, acid1 7.
  assert.equal(params.size, 8 * 12 + 3 + 3 + 5 + 4 + 7);
  const expected = {
    'voice1/amp': 0.18,
    'voice1/filter/freq': 1150,
    'voice1/adsr/attack': 0.0010000000474974513,
    'voice8/filter/q': 8,
    'voice8/osc/type': 5,
    'voice5/slide_time': 0.07999999821186066,
    'dist1/drive': 0.10000000149011612,
    'reverb1/room': 0.800000011920929,
    'delay1/highcut': 3500,
    'lfo2/rate': 8,
    'acid1/res': 0.699999988079071,
    'acid1/vol_comp': 0.5,
  };
  for (const [path, value] of Object.entries(expected)) assert.equal(params.get(path), value, path);
});

test('slot_002.json: hats on every step, six acid notes in a row', () => {
  const { sequencer } = cleanValueOf(parseSlot(read('slot_002')));
  assert.equal(sequencer?.globalStep, 6704);
  assert.deepEqual(
    sequencer.tracks.map(({ pattern }) => pattern),
    ['X.....x.x...X.X.', '....X...x.x.XxXx', 'xxxxxxxxxxxxxxxx', 'x.x.X...X.X.X.X.'],
  );
  assert.deepEqual(
    sequencer.tracks[3]?.notesHz.map((hz) => Number(hz.toFixed(1))),
    [49, 55, 61.7, 73.4, 82.4, 87.3],
  );
});

test('slot_010.json has the tracks of slot_001.json', () => {
  const [one, ten] = ['slot_001', 'slot_010'].map((name) => cleanValueOf(parseSlot(read(name))).sequencer);
  assert.equal(ten?.globalStep, 6794);
  assert.deepEqual(ten.tracks, one?.tracks);
});

test('slot_020.json: tracks on voices that are not in the file, four voices saved', () => {
  const { sequencer, params } = cleanValueOf(parseSlot(read('slot_020')));
  assert.equal(sequencer?.bpm, 140);
  assert.equal(sequencer.swing, 0);
  assert.deepEqual(
    sequencer.tracks.map(({ id, voice, baseFreqHz, filterFreqHz }) => [id, voice, baseFreqHz, filterFreqHz]),
    [
      ['melody', 5, 880, 3000],
      ['counter', 6, 660, 2500],
      ['perc1', 7, 440, 1500],
      ['bass2', 8, 55, 200],
    ],
  );
  assert.ok(params.has('voice4/freq') && !params.has('voice5/freq'));
});
