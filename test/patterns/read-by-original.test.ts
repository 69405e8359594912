/** The reader of the original, as strict as its types: what we write must load there as well. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatSlot } from '../../engine/patterns/format.js';
import { parseSlot } from '../../engine/patterns/document.js';
import { Session } from '../../engine/control/session.js';
import { ROOT } from '../helpers/root.js';
import { valueOf } from '../helpers/outcome.js';
import { createDesk, LogSink } from '../control/desk.js';

type Kind = 'text' | 'number' | 'int' | 'bool';
type Fields = Readonly<Record<string, Kind>>;

const TRACK: Fields = {
  name: 'text',
  voice_id: 'text',
  pattern: 'text',
  base_freq: 'number',
  base_amp: 'number',
  filter_freq: 'number',
  accent_boost: 'number',
  reverb_send: 'number',
  delay_send: 'number',
  gate_frac: 'number',
  note_index: 'int',
};
const VOICE: Fields = {
  voice_id: 'text',
  freq: 'number',
  amp: 'number',
  filter_freq: 'number',
  filter_q: 'number',
  reverb_send: 'number',
  delay_send: 'number',
};
const ADSR: Fields = { attack: 'number', decay: 'number', sustain: 'number', release: 'number' };
const MODULES: Readonly<Record<string, Fields>> = {
  dist1: { module_id: 'text', drive: 'number', mix: 'number', tone: 'number' },
  reverb1: { mix: 'number', room: 'number', damp: 'number' },
  delay1: { time: 'number', feedback: 'number', mix: 'number', lowcut: 'number', highcut: 'number' },
  lfo1: { module_id: 'text', rate: 'number', depth: 'number' },
  lfo2: { module_id: 'text', rate: 'number', depth: 'number' },
  acid1: {
    ...{ voice_id: 'text', cutoff: 'number', res: 'number', env_amount: 'number', decay: 'number' },
    ...{ drive: 'number', mix: 'number', vol_comp: 'number', accent_disabled: 'bool' },
  },
};

type Members = Readonly<Record<string, unknown>>;

function object(value: unknown, where: string): Members {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${where} is no object`);
  return value as Members;
}

/** Every field is there and has its type; others are none of its business. */
function hasFields(value: unknown, fields: Fields, where: string): Members {
  const members = object(value, where);
  for (const [name, kind] of Object.entries(fields)) {
    const found = members[name];
    const fits = {
      text: typeof found === 'string',
      number: typeof found === 'number' && Number.isFinite(found),
      int: Number.isInteger(found),
      bool: typeof found === 'boolean',
    }[kind];
    assert.ok(fits, `${where}.${name} is ${JSON.stringify(found)}, not ${kind}`);
  }
  return members;
}

function readByOriginal(text: string): { readonly tracks: number; readonly modules: number } {
  const root = hasFields(
    JSON.parse(text),
    { chronus_version: 'text', schema_version: 'text', timestamp: 'number' },
    'file',
  );
  assert.equal(root['schema_version'], '1.0', 'another version is warned of');
  const own = new Set(['chronus_version', 'schema_version', 'timestamp', 'sequencer', 'modules', 'chronus']);
  assert.deepEqual(
    Object.keys(root).filter((key) => !own.has(key)),
    [],
    'additions lie under one key',
  );
  const sequencer = object(root['sequencer'], 'sequencer');
  let tracks = 0;
  if (Object.keys(sequencer).length > 0) {
    hasFields(
      sequencer,
      { bpm: 'number', swing: 'number', running: 'bool', global_step: 'int' },
      'sequencer',
    );
    for (const [id, track] of Object.entries(object(sequencer['tracks'], 'tracks'))) {
      const { notes, note_index, name, pattern } = hasFields(track, TRACK, id);
      assert.equal(name, id);
      assert.match(String(pattern), /^.+$/s);
      assert.ok(Array.isArray(notes) && notes.every((hz) => typeof hz === 'number' && hz > 0), id);
      assert.ok(Number(note_index) >= 0, id);
      tracks++;
    }
  }
  const modules = object(root['modules'], 'modules');
  for (const [id, module] of Object.entries(modules)) {
    if (/^voice\d+$/.test(id)) hasFields(hasFields(module, VOICE, id)['adsr'], ADSR, `${id}.adsr`);
    else {
      assert.ok(MODULES[id], `no module ${id} in the original`);
      hasFields(module, MODULES[id], id);
    }
  }
  return { tracks, modules: Object.keys(modules).length };
}

for (const folder of ['factory', 'original'] as const) {
  for (const name of readdirSync(join(ROOT, 'patterns', 'library', folder))) {
    test(`${folder}/${name} loads in the original, and so does what we save of it`, () => {
      const text = readFileSync(join(ROOT, 'patterns', 'library', folder, name), 'utf8');
      const read = readByOriginal(text);
      assert.ok(read.tracks > 0);
      const session = new Session(new LogSink(), 16);
      session.load(valueOf(parseSlot(text)), true, { source: 1 });
      const { params, sequencer } = session.snapshot();
      const saved = formatSlot({ params, sequencer: { ...sequencer, globalStep: 3 }, timestamp: 1 });
      assert.deepEqual(readByOriginal(saved), { tracks: read.tracks, modules: 16 + 6 });
    });
  }
}

test('what a player saves over OSC, with everything the original lacks, loads there', async (t) => {
  const desk = createDesk(8);
  t.after(() => desk.close());
  await desk.send('/seq/add', 'kick', 'voice1', 'X.x.');
  await desk.send('/seq/add', '12', 'voice300', 'x', 'notes=C2,E2');
  await desk.send('/mod/voice1/pan', 0.5);
  await desk.send('/mod/lfo1/target', 'voice2/filter/freq');
  await desk.send('/pattern/save', 3, 'mine');
  await desk.send('/pattern/copy', 3, 4);
  await desk.send('/pattern/name', 4, 'other');
  for (const slot of [3, 4]) {
    const text = readFileSync(join(desk.home, 'patterns', 'slots', `slot_00${slot}.json`), 'utf8');
    assert.equal(readByOriginal(text).modules, 8 + 6);
  }
});
