import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from '../../engine/control/session.js';
import { checkSlot } from '../../engine/patterns/document.js';
import { captureSlot, formatSlot } from '../../engine/patterns/format.js';
import { checkText, joinText, NO_MEMBER, type SlotText } from '../../engine/patterns/slot-text.js';
import { makeTrack } from '../../engine/sequence/track-fields.js';
import { LogSink } from '../control/desk.js';
import { cleanValueOf } from '../helpers/outcome.js';

test('a save after a change holds the change: it is the text of the whole state', () => {
  const session = new Session(new LogSink(), 4);
  const by = { source: 0 };
  const check = (): void => {
    const { values, sequencer } = session.capture();
    const { params } = session.snapshot();
    const state = { sequencer: { ...sequencer, globalStep: 0 }, timestamp: 1 };
    const text = captureSlot({ ...state, values })('a');
    cleanValueOf(checkText(text));
    assert.equal(joinText(text), formatSlot({ ...state, params, name: 'a' }));
    for (const value of [values.get(0), values.get(256)])
      assert.ok(joinText(text).includes(`"freq": ${value}`), `${value}`);
  };
  check();
  session.setParam(0, 123.5, by);
  check();
  // It plays voice 2 and was not given a pitch: the original gets that of the voice.
  const identity = { id: 't', voice: 2, pattern: 'x', notesHz: [] };
  session.addTrack(makeTrack(identity, {}, 0), by);
  for (const hz of [99.5, 88.5]) {
    session.setParam(256, hz, by);
    check();
    const { values, sequencer } = session.capture();
    const text = captureSlot({ values, sequencer: { ...sequencer, globalStep: 0 }, timestamp: 1 })();
    assert.ok(joinText(text).includes(`"base_freq": ${hz}`));
  }
});

test('a bad piece is refused as the whole text is, however often it is asked', () => {
  const bad = '"voice1": {"freq": []}';
  const piece = { text: bad, standIn: NO_MEMBER, alone: `{"modules": {${bad}}}` };
  const text: SlotText = ['{"modules": {', piece, '}}'];
  for (let i = 0; i < 2; i++) {
    const refused = checkText(text);
    assert.ok(!refused.ok);
    assert.equal(refused.error.where, 'modules.voice1.freq');
    assert.deepEqual(refused, checkSlot(joinText(text)));
  }
});

test('a value that cannot be written is refused each time', () => {
  const values = new Map([[0, Infinity]]);
  for (let i = 0; i < 2; i++) assert.throws(() => captureSlot({ values, timestamp: 1 }), RangeError);
});
