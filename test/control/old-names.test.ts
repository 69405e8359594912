import assert from 'node:assert/strict';
import test from 'node:test';
import { findPath } from '../../engine/registry/address.js';
import { createDesk, type Desk } from './desk.js';

const value = (desk: Desk, path: string): number =>
  desk.session.getParam(findPath(path)?.address ?? -1) ?? NaN;

test('times of adsr are milliseconds, of adsr1 seconds; answers and warnings are in the unit of the name', async () => {
  const desk = createDesk(2);
  assert.deepEqual(await desk.send('/mod/adsr/attack', 250), []);
  assert.equal(value(desk, 'voice1/adsr/attack'), 0.25);
  assert.deepEqual(await desk.send('/mod/adsr/attack'), ['/mod/adsr/attack/reply | 250']);
  assert.deepEqual(await desk.send('/mod/adsr1/attack'), ['/mod/adsr1/attack/reply | 0.25']);
  assert.deepEqual(await desk.send('/mod/adsr/decay', '100'), []);
  assert.equal(value(desk, 'voice1/adsr/decay'), Math.fround(0.1));
  assert.deepEqual(await desk.send('/mod/adsr/sustain', { type: 'f', value: 0.5 }), []);
  assert.equal(value(desk, 'voice1/adsr/sustain'), 0.5);
  assert.deepEqual(await desk.send('/mod/adsr/attack', 1), []);
  assert.deepEqual(await desk.send('/mod/adsr/release', 5000), [
    '/warn | /mod/adsr/release | E_RANGE: got 5000, allowed 10..3000 ms. Set 3000. adsr takes milliseconds, adsr1 seconds.',
  ]);
  assert.deepEqual(await desk.send('/mod/adsr/attack', 0.01), [
    '/warn | /mod/adsr/attack | E_RANGE: got 0.01, allowed 1..2000 ms. Set 1. adsr takes milliseconds, adsr1 seconds.',
  ]);
  assert.deepEqual(await desk.send('/mod/adsr1/attack', 10), [
    '/warn | /mod/adsr1/attack | E_RANGE: got 10, allowed 0.001..2 s. Set 2. adsr1 takes seconds, adsr milliseconds.',
  ]);
  assert.match((await desk.send('/mod/adsr/attack', 'slow'))[0] ?? '', /a number, 1\.\.2000 ms/);
  assert.match((await desk.send('/mod/adsr/attack', { type: 'f', value: NaN }))[0] ?? '', /1\.\.2000 ms/);
  desk.close();
});

test('a name with another unit is none where numbers come in the unit of the parameter', () => {
  assert.equal(findPath('adsr/attack'), undefined);
  assert.equal(findPath('adsr1/attack')?.path, 'voice1/adsr/attack');
  assert.equal(findPath('adsr/sustain')?.path, 'voice1/adsr/sustain');
});

test('sine, filter and the tone of the first engine act on voice1', async () => {
  const desk = createDesk(2);
  for (const [address, sent, path, set] of [
    ['/mod/sine/freq', 220, 'voice1/freq', 220],
    ['/mod/sine/frequency', 330, 'voice1/freq', 330],
    ['/mod/sine/gain', 0.25, 'voice1/amp', 0.25],
    ['/mod/filter/cutoff', 2000, 'voice1/filter/freq', 2000],
    ['/mod/filter/frequency', 900, 'voice1/filter/freq', 900],
    ['/mod/filter/q', 1, 'voice1/filter/q', 1],
    ['/mod/filter/resonance', 2, 'voice1/filter/q', 2],
    ['/engine/freq', 550, 'voice1/freq', 550],
    ['/engine/gain', 0.5, 'voice1/amp', 0.5],
  ] as const) {
    assert.deepEqual(await desk.send(address, sent), [], address);
    assert.equal(value(desk, path), set, address);
    assert.deepEqual(await desk.send(address), [`${address}/reply | ${set}`]);
  }
  assert.deepEqual(await desk.send('/engine/freq', 20000), [
    '/warn | /engine/freq | E_RANGE: got 20000, allowed 20..5000 Hz. Set 5000.',
  ]);
  assert.match((await desk.send('/mod/sine/phase_offset', 1))[0] ?? '', /^\/error \| E_ROUTE/);
  desk.close();
});

test('the modes of the old filter keep their numbers; words and answers are of the name', async () => {
  const desk = createDesk(2);
  for (const address of ['/mod/filter/mode', '/mod/filter/filter_mode', '/mod/filter1/filter_mode']) {
    for (const [sent, set, shown] of [
      [0, 0, 0],
      [1, 2, 1],
      [2, 1, 2],
      [3, 3, 3],
      [1.9, 2, 1],
      ['1', 2, 1],
      ['highpass', 2, 1],
      ['bandpass', 1, 2],
      ['lowpass', 0, 0],
    ] as const) {
      assert.deepEqual(await desk.send(address, sent), [], `${address} ${sent}`);
      assert.equal(value(desk, 'voice1/filter/type'), set, `${address} ${sent}`);
      assert.deepEqual(await desk.send(address), [`${address}/reply | ${shown}`]);
    }
    assert.match((await desk.send(address, 7))[0] ?? '', /E_RANGE: got 7, allowed 0\.\.3\. Set 3\./);
    assert.equal(value(desk, 'voice1/filter/type'), 3);
    assert.match((await desk.send(address, 'comb'))[0] ?? '', /^\/error \| E_WORD/);
  }
  assert.equal(findPath('filter/mode'), undefined);
  assert.equal(findPath('filter/q')?.path, 'voice1/filter/q');
  desk.close();
});

test('/gate/adsr takes words; /test is a tone, all of it or nothing', async () => {
  const desk = createDesk(2);
  for (const [arg, on] of [
    ['on', true],
    ['off', false],
    [1, true],
    [0, false],
    ['0', false],
  ] as const) {
    assert.deepEqual(await desk.send('/gate/adsr', arg), []);
    assert.deepEqual(desk.sink.commands().at(-1), { kind: 'gate', voice: 0, on, velocity: 1, accent: 0 });
  }
  await desk.send('/mod/voice1/osc/type', 'saw');
  await desk.send('/mod/voice1/freq', 100);
  desk.sink.full = true;
  assert.match((await desk.send('/test'))[0] ?? '', /^\/error \| E_BUSY/);
  assert.equal(value(desk, 'voice1/freq'), 100);
  desk.sink.full = false;
  const before = desk.sink.position();
  assert.deepEqual(await desk.send('/test', 1), []);
  assert.deepEqual(desk.sink.kinds().slice(before), ['set', 'set', 'set', 'gate']);
  assert.equal(value(desk, 'voice1/osc/type'), 0);
  assert.equal(value(desk, 'voice1/freq'), 440);
  assert.equal(value(desk, 'voice1/amp'), Math.fround(0.3));
  desk.close();
});

test('an unknown address is told to its sender each time, and to the log once', async () => {
  const desk = createDesk(1);
  for (let i = 0; i < 3; i++) {
    assert.match((await desk.send('/nowhere'))[0] ?? '', /^\/error \| E_ROUTE/);
    await desk.send('/mod/voice1/wave', 'saw');
  }
  assert.deepEqual(desk.unknown, ['/nowhere', '/mod/voice1/wave']);
  for (let i = 0; i < 200; i++) await desk.send(`/nowhere/${i}`);
  assert.equal(desk.unknown.length, 64);
  assert.equal(desk.control.counters().unknown, 206);
  desk.close();
});
