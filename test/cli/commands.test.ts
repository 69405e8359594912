import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { chronus, chronusJson, startEngine, tempHome } from '../helpers/engine.js';
import { ROOT } from '../helpers/root.js';

type Doc = Record<string, unknown>;
const ORIGINAL = join(ROOT, 'patterns', 'library', 'original');

test('commands against one running engine', async (t) => {
  const engine = await startEngine(t, { args: ['--voices', '8'] });
  const at = ['--home', engine.home];
  const json = (...words: string[]): Promise<Doc> => chronusJson([...words, ...at]);
  const refused = async (...words: string[]): Promise<Doc> =>
    (await chronusJson([...words, ...at], 1))['error'] as Doc;

  const sequencer = async (): Promise<Doc> => (await engine.request('/seq/status')) as Doc;

  await t.test('start --json: one line with what others need to know', () => {
    const { ready, voices, sampleRate, blockFrames, device, pid, oscPort } = engine.ready;
    assert.deepEqual([ready, voices, sampleRate, blockFrames, device], [true, 8, 48000, 256, 'null']);
    assert.ok(pid > 0 && oscPort > 0);
  });

  await t.test('set: applied when it ends; the address may lack /mod', async () => {
    assert.deepEqual(await json('set', 'voice1/freq', '220'), {
      ok: true,
      address: '/mod/voice1/freq',
      value: 220,
    });
    assert.equal(await engine.request('/mod/voice1/freq'), 220);
  });

  await t.test('set: negative numbers are values', async () => {
    await json('set', 'voice1/pan', '-0.5');
    assert.equal(await engine.request('/mod/voice1/pan'), -0.5);
    const after = await chronus(['set', ...at, '--', 'voice1/pan', '-1']);
    assert.deepEqual([after.code, after.stdout], [0, '/mod/voice1/pan -1\n']);
  });

  await t.test('set: a value out of range is clamped, with a warning', async () => {
    const { value, warnings } = await json('set', '/mod/voice1/freq', '99999');
    assert.equal(value, 5000);
    assert.match(String(warnings), /E_RANGE: got 99999/);
    const human = await chronus(['set', 'voice1/freq', '99999', ...at]);
    assert.equal(human.stdout, '/mod/voice1/freq 5000\n');
    assert.match(human.stderr, /^warning: E_RANGE/);
  });

  await t.test('set: a pattern and a target', async () => {
    assert.deepEqual(await json('set', 'voice[1-3]/amp', '0.2'), {
      ok: true,
      address: '/mod/voice[1-3]/amp',
    });
    assert.deepEqual(
      await Promise.all([1, 3, 4].map((voice) => engine.request(`/mod/voice${voice}/amp`))),
      [0.2, 0.2, 0.3],
    );
    assert.equal((await json('set', 'lfo1/target', 'voice2/filter/freq'))['value'], 'voice2/filter/freq');
  });

  await t.test('set: what the engine refuses ends with code 1 and the nearest names', async () => {
    const [route, number] = await Promise.all([
      refused('set', 'voice1/frq', '3'),
      refused('set', 'voice1/freq', 'much'),
    ]);
    assert.deepEqual([route['code'], route['nearest']], ['E_ROUTE', ['/mod/voice1/freq']]);
    assert.equal(number['code'], 'E_NUMBER');
  });

  await t.test('get: a parameter, a module, a pattern, a query', async () => {
    const [one, human, module, many, query] = await Promise.all([
      json('get', 'voice2/freq'),
      chronus(['get', 'voice2/freq', ...at]),
      json('get', 'voice2'),
      json('get', 'voice{2,4}/freq'),
      json('get', '/seq/status'),
    ]);
    assert.deepEqual(one, { address: '/mod/voice2/freq', value: 440 });
    assert.equal(human.stdout, '440\n');
    assert.equal((module['values'] as Doc)['filter/freq'], 1000);
    assert.deepEqual(many, { values: { '/mod/voice2/freq': 440, '/mod/voice4/freq': 440 } });
    assert.equal(query['bpm'], 120);
  });

  await t.test('get: asks only', async () => {
    assert.equal((await refused('get', '/seq/start'))['code'], 'E_QUERY');
    assert.equal((await sequencer())['running'], false);
    assert.equal(((await refused('get', 'vioce1'))['nearest'] as string[])[0], 'voice1');
    assert.equal((await refused('get', 'voice9/freq'))['code'], 'E_VOICE');
  });

  await t.test('gate: on, off, and a voice that is not there', async () => {
    const open = await json('gate', '1');
    assert.deepEqual(open, { ok: true, address: '/gate/voice1', state: 'on' });
    await json('gate', 'voice1', 'off');
    const [voice, state] = await Promise.all([refused('gate', '99'), refused('gate', '1', 'perhaps')]);
    assert.deepEqual([voice['code'], state['code']], ['E_VOICE', 'E_WORD']);
  });

  await t.test('seq: a track from the command line', async () => {
    await json('seq', 'add', 'bass', 'voice2', 'X..x..X.', '55.0', '800', 'A1 C2');
    await Promise.all([json('seq', 'bpm', '128'), json('seq', 'swing', '0.12'), json('seq', 'start')]);
    const status = await json('seq', 'status');
    const track = (status['tracks'] as Doc[])[0] as Doc;
    assert.deepEqual([status['bpm'], status['swing'], status['running']], [128, 0.12, true]);
    assert.deepEqual(
      [track['id'], track['voice'], track['base_freq'], track['filter_freq']],
      ['bass', 'voice2', 55, 800],
    );
    await Promise.all([json('seq', 'pattern', 'bass', 'x.x.'), json('seq', 'notes', 'bass', '60', '69')]);
    const after = ((await sequencer())['tracks'] as Doc[])[0] as Doc;
    assert.equal(after['pattern'], 'x.x.');
    assert.equal((after['notes'] as number[])[1], 440);
    await Promise.all([json('seq', 'stop'), json('seq', 'remove', 'bass')]);
    assert.deepEqual((await sequencer())['tracks'], []);
  });

  await t.test('seq: refused and warned', async () => {
    const [voice, bpm, track] = await Promise.all([
      refused('seq', 'add', 'x', 'voise1', 'x'),
      json('seq', 'bpm', '500'),
      json('seq', 'pattern', 'nobody', 'x'),
    ]);
    assert.equal(voice['code'], 'E_VOICE');
    assert.match(String(bpm['warnings']), /E_RANGE/);
    assert.match(String(track['warnings']), /E_TRACK/);
  });

  await t.test('pattern: save, list, load', async () => {
    const saved = await json('pattern', 'save', '7', 'my', 'pattern');
    assert.equal(saved['path'], join(engine.home, 'patterns', 'slots', 'slot_007.json'));
    const list = (await json('pattern', 'list')) as unknown as Doc[];
    assert.ok(list.some(({ slot, name }) => slot === 7 && name === 'my pattern'));
    const loaded = await json('pattern', 'load', '7', 'now');
    assert.deepEqual([loaded['slot'], loaded['name'], loaded['at']], [7, 'my pattern', 'now']);
    const [free, none] = await Promise.all([
      refused('pattern', 'load', '77'),
      refused('pattern', 'load', '999'),
    ]);
    assert.deepEqual([free['code'], none['code']], ['E_SLOT_EMPTY', 'E_RANGE']);
  });

  await t.test('play: a slot, or what a slot holds', async () => {
    const name = 'slot_001';
    const absent = await refused('play', name);
    assert.equal(absent['code'], 'E_SOURCE');
    assert.match(String(absent['mend']), /chronus start --play slot_001/);
    await copyFile(join(ORIGINAL, `${name}.json`), join(engine.home, 'patterns', 'slots', 'slot_050.json'));
    const playing = await json('play', name);
    assert.deepEqual([playing['slot'], playing['playing']], [50, true]);
    assert.equal((await sequencer())['running'], true);
    const [seven, unknown] = await Promise.all([json('play', '7'), refused('play', 'nothing-like-it')]);
    assert.deepEqual([seven['slot'], unknown['code']], [7, 'E_SOURCE']);
  });

  await t.test('status: the state as JSON, and one screen for people', async () => {
    const status = await json('status');
    assert.deepEqual([status['pid'], status['voices']], [engine.pid, 8]);
    const { stdout } = await chronus(['status', ...at]);
    assert.ok(stdout.split('\n').length <= 24, stdout);
    for (const word of ['device', 'late blocks', 'load', 'latency', 'level', 'sequencer', 'takes'])
      assert.ok(stdout.includes(word), word);
  });

  await t.test(
    'schema: of the running engine, and the same from the tables when none runs',
    async (inner) => {
      const running = await json('schema');
      assert.equal(running['voices'], 8);
      const alone = await chronusJson(['schema', '--home', await tempHome(inner)]);
      assert.equal(alone['voices'], 16);
      assert.ok(isDeepStrictEqual(running['routes'], alone['routes']));
      const { stdout } = await chronus(['schema', ...at]);
      assert.match(stdout, /voice1 \.\. voice8/);
    },
  );

  await t.test('devices: the cards there are, and where this engine plays', async () => {
    const found = await json('devices');
    assert.equal(found['inUse'], 'null');
    assert.ok(Array.isArray(found['devices']));
  });

  await t.test('CHRONUS_HOME names the home as well', async () => {
    const { code, stdout } = await chronus(['get', 'voice3/freq'], { CHRONUS_HOME: engine.home });
    assert.deepEqual([code, stdout], [0, '440\n']);
  });
});
