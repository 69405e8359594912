import assert from 'node:assert/strict';
import test from 'node:test';
import { createDesk } from './desk.js';

test('/seq/add: forms of real clients, replacing, a mute track on a missing voice', async () => {
  const desk = createDesk(4);
  assert.deepEqual(await desk.send('/seq/add', 'kick', 'voice1', 'X...x...', 55.5, 800), []);
  assert.deepEqual(await desk.send('/seq/add', 'kick', 'voice1', 'X...X...', 60, 900, '41.2,49'), []);
  assert.deepEqual(await desk.send('/seq/add', 'far', 'voice7', 'x'), [
    '/warn | /seq/add | voice7 is none of the 4 voices of this engine: the track is mute',
  ]);
  const { tracks } = desk.session.snapshot().sequencer;
  assert.deepEqual(
    tracks.map(({ id, voice }) => [id, voice]),
    [
      ['kick', 1],
      ['far', 7],
    ],
  );
  assert.equal(tracks[0]?.notesHz.length, 2);
  desk.close();
});

test('what cannot be read is an error and changes nothing', async () => {
  const desk = createDesk(4);
  for (const [args, code] of [
    [['a', 'voice1'], 'E_ARGS'],
    [['a', 'bass', 'X'], 'E_VOICE'],
    [['a', 'voice1', ''], 'E_PATTERN'],
    [['a', 'voice1', 'X', 'gate=1'], 'E_KEY'],
    [['a', 'voice1', 'X', 'notes=H2'], 'E_NOTES'],
    [['a', 'voice1', 'X', 'at=noon'], 'E_WORD'],
  ] as const) {
    assert.match(
      (await desk.send('/seq/add', ...args))[0] ?? '',
      new RegExp(`^/error \\| ${code} \\| /seq/add`),
    );
  }
  assert.equal(desk.sink.position(), 0);
  desk.close();
});

test('other characters in a pattern are rests, with their position', async () => {
  const desk = createDesk(4);
  const [line] = await desk.send('/seq/add', 'a', 'voice1', 'X.o.');
  assert.match(line ?? '', /^\/warn \| \/seq\/add \| pattern: a rest at position 3/);
  desk.close();
});

test('updates: notes as text or numbers; an unknown id is a word and no error', async () => {
  const desk = createDesk(4);
  await desk.send('/seq/add', 'bass', 'voice2', 'X...');
  assert.deepEqual(await desk.send('/seq/update/notes', 'bass', 'A4 C4'), []);
  assert.deepEqual(desk.session.snapshot().sequencer.tracks[0]?.notesHz.map(Math.round), [440, 262]);
  assert.deepEqual(
    await desk.send('/seq/update/notes', 'bass', { type: 'f', value: 55 }, { type: 'f', value: 110 }),
    [],
  );
  assert.deepEqual(desk.session.snapshot().sequencer.tracks[0]?.notesHz, [55, 110]);
  assert.deepEqual(await desk.send('/seq/update/pattern', 'bass', 'x.x.'), []);
  assert.deepEqual(await desk.send('/seq/update/pattern', 'bas', 'x.x.'), [
    "/warn | /seq/update/pattern | E_TRACK: no track 'bas', nothing was changed. Did you mean bass?",
  ]);
  assert.deepEqual(await desk.send('/seq/remove', 'nobody'), []);
  desk.close();
});

test('at=bar: the edit is committed at the bar, at=step with the next step', async () => {
  const desk = createDesk(4);
  const last = (): string | undefined => desk.sink.entries.at(-1)?.when.at;
  await desk.send('/seq/add', 'bass', 'voice2', 'X...', 'at=bar');
  assert.equal(last(), 'bar');
  await desk.send('/seq/update/pattern', 'bass', 'xxxx', 'at=step');
  assert.equal(last(), 'step');
  await desk.send('/seq/update/notes', 'bass', 'A2 C3', 'at=bar');
  assert.equal(last(), 'bar');
  assert.equal(desk.session.snapshot().sequencer.tracks[0]?.notesHz.length, 2);
  await desk.send('/seq/bpm', 90, 'at=bar');
  assert.equal(last(), 'bar');
  await desk.send('/seq/clear', 'at=bar');
  assert.equal(last(), 'bar');
  await desk.send('/seq/clear', 1);
  assert.equal(last(), 'now');
  desk.close();
});
