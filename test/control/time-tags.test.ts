import assert from 'node:assert/strict';
import test from 'node:test';
import { MAX_AHEAD_MS, TimeTags } from '../../engine/control/time-tags.js';
import { errorOf, valueOf } from '../helpers/outcome.js';
import { createDesk, typed } from './desk.js';

function stage() {
  let now = 1_000_000;
  // 48 frames a millisecond; rendered up to 20 ms from now.
  const engine = {
    frameAt: (ms: number) => (ms > now + 20 ? ms * 48 : undefined),
    lateMs: (ms: number) => now + 20 - ms,
  };
  return { times: new TimeTags(engine, () => now), pass: (ms: number) => (now += ms), now: () => now };
}

test('ahead of what is rendered: its frame; behind: at once, and by how much; too far: refused', () => {
  const { times, now } = stage();
  assert.deepEqual(valueOf(times.when(undefined)), { when: { at: 'now' } });
  assert.deepEqual(valueOf(times.when(now() + 21)), { when: { at: 'frame', frame: (now() + 21) * 48 } });
  assert.deepEqual(valueOf(times.when(now() + 20)), { when: { at: 'now' }, late: 0 });
  assert.deepEqual(valueOf(times.when(now())), { when: { at: 'now' }, late: 20 });
  assert.deepEqual(valueOf(times.when(now() - 1000)), { when: { at: 'now' }, late: 1020 });
  valueOf(times.when(now() + MAX_AHEAD_MS));
  errorOf(times.when(now() + MAX_AHEAD_MS + 1), 'E_TIME');
});

test('a sender is told once a second, with the number it was not told of; others are told themselves', () => {
  const { times, pass } = stage();
  assert.equal(times.warning('a', 20.04), 'E_LATE: 20.0 ms late. Acted at once.');
  for (let i = 0; i < 7; i++) assert.equal(times.warning('a', 1), undefined);
  assert.equal(times.warning('b', 3), 'E_LATE: 3.0 ms late. Acted at once.');
  pass(999);
  assert.equal(times.warning('a', 1), undefined);
  pass(1);
  assert.match(times.warning('a', 5) ?? '', /^E_LATE: 5.0 ms late. Acted at once. 8 more /);
  pass(5000);
  assert.equal(times.warning('a', 5), 'E_LATE: 5.0 ms late. Acted at once.');
});

test('a clock that is set back does not silence the warnings', () => {
  const { times, pass } = stage();
  times.warning('a', 1);
  pass(-60_000);
  assert.ok(times.warning('a', 1));
});

test('late messages act, are counted and told; those too far ahead change nothing', async () => {
  const desk = createDesk();
  const sent: string[] = [];
  const sender = {
    key: 'a',
    send: (bytes: Uint8Array) => void sent.push(Buffer.from(bytes).toString('latin1')),
  };
  const now = new Date(2026, 0, 2, 3, 4, 5).getTime();
  const at = (timeMs: number): void =>
    desk.control.receiveMessage({ address: '/gate/voice1', args: [typed(1)], timeMs }, sender);
  for (let i = 0; i < 3; i++) at(now - 5);
  assert.deepEqual(desk.sink.kinds(), ['gate', 'gate', 'gate']);
  assert.equal(desk.control.counters().late, 3);
  assert.equal(sent.length, 1);
  assert.match(sent[0] ?? '', /^\/warn.*\/gate\/voice1.*E_LATE: 12\.5 ms late/s);
  desk.engine.frameAt = (ms) => ms * 48;
  at(now + MAX_AHEAD_MS + 1);
  assert.equal(desk.sink.entries.length, 3);
  assert.match(sent[1] ?? '', /^\/error.*E_TIME/s);
  desk.engine.frameAt = () => undefined;
  const status = await desk.send('/engine/status');
  assert.match(status[0] ?? '', /"late":3/);
  desk.close();
});

test('a parameter or gate that gets what is no number: an error, and nothing is changed', async () => {
  const desk = createDesk();
  const wrong = [
    { type: 'b', value: Uint8Array.of(1, 2, 3) },
    { type: 'I' },
    { type: '[', value: [typed(440)] },
    { type: 't', value: { seconds: 1, fraction: 2 } },
    { type: 'm', value: new Uint8Array(4) },
    { type: 'r', value: new Uint8Array(4) },
  ];
  for (const arg of wrong) {
    for (const address of ['/mod/voice1/freq', '/gate/voice1', '/seq/bpm', '/record/start']) {
      const [answer, ...more] = await desk.send(address, arg);
      assert.match(
        answer ?? '',
        /^\/error \| E_(NUMBER|WORD|TEXT) \| .* \| .*(blob|impulse|list|time tag|MIDI|colour)/,
      );
      assert.equal(more.length, 0);
    }
  }
  assert.equal(desk.sink.entries.length, 0);
  assert.deepEqual(desk.asked, []);
  desk.close();
});
