import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ChronusError, connect, type Synth } from '../../client/index.js';
import { RENEW_MS, SUBSCRIBED_S } from '../../client/subscriptions.js';
import { listen, type Ears } from '../../engine/control/listen.js';
import { createDesk, type Desk } from '../control/desk.js';
import { valueOf } from '../helpers/outcome.js';

interface Room {
  readonly desk: Desk;
  readonly ears: Ears;
  readonly synth: Synth;
  readonly errors: ChronusError[];
  readonly warnings: string[];
}

/** A control plane on a real port, and a client of it. */
async function room(t: TestContext, transport: 'udp' | 'tcp' = 'udp', timeoutMs = 5000): Promise<Room> {
  const desk = createDesk(4);
  const ears = valueOf(await listen(desk.control, { port: 0 }));
  const synth = await connect({ port: ears.port, transport, timeoutMs });
  const errors: ChronusError[] = [];
  const warnings: string[] = [];
  synth.on('error', (error) => errors.push(error));
  synth.on('warning', (address, sentence) => warnings.push(`${address} ${sentence}`));
  let open = true;
  const end = async (): Promise<void> => {
    if (open) await ears.close();
    open = false;
  };
  t.after(async () => {
    synth.close();
    await end();
    desk.close();
  });
  return { desk, ears: { ...ears, port: ears.port, close: end }, synth, errors, warnings };
}

/** Until it is so; real sockets take their time. */
async function until(so: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 2000 && !so(); i++) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 300 && !so(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(so(), what);
}

for (const transport of ['udp', 'tcp'] as const) {
  test(`${transport}: an awaited command rejects with the error of the engine, whole`, async (t) => {
    const { synth, errors } = await room(t, transport);
    await assert.rejects(
      Promise.resolve(synth.voice(1).set({ 'osc/type': 'sawtooth' as 'saw' })),
      (error: unknown) => {
        assert.ok(error instanceof ChronusError);
        const { code, address, got, allowed, nearest, mend } = error;
        assert.deepEqual([code, address, got], ['E_WORD', '/mod/voice1/osc/type', "'sawtooth'"]);
        assert.match(allowed, /sine, saw/);
        assert.ok(Array.isArray(nearest));
        assert.match(mend, /Nothing was changed/);
        return true;
      },
    );
    await assert.rejects(Promise.resolve(synth.send('/mod/voice1/frek', 1)), /E_ROUTE.*\/mod\/voice1\/freq/);
    await assert.rejects(Promise.resolve(synth.record.stop('a b')), { code: 'E_ID' });
    assert.deepEqual(errors, []);
  });

  test(`${transport}: a burst of 20 000 messages arrives whole and in order`, async (t) => {
    const { synth, desk, errors } = await room(t, transport);
    for (let i = 0; i < 20_000; i++) synth.voice(1).set({ freq: 100 + (i % 1000) });
    await synth.sync();
    const sets = desk.sink.commands().flatMap((command) => (command.kind === 'set' ? [command.value] : []));
    assert.equal(sets.length, 20_000);
    assert.ok(sets.every((value, i) => value === 100 + (i % 1000)));
    assert.deepEqual(errors, []);
  });
}

test('send and forget: nothing is rejected, the error comes as an event; later awaited it rejects', async (t) => {
  const { synth, errors } = await room(t);
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  t.after(() => void process.off('unhandledRejection', onUnhandled));
  const bad = synth.seq.add('a', 'voice99x', 'x');
  synth.pattern.load(77);
  await synth.sync();
  await until(() => errors.length === 2, 'two errors');
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['E_VOICE', 'E_SLOT_EMPTY'],
  );
  await assert.rejects(Promise.resolve(bad), { code: 'E_VOICE' });
  assert.deepEqual(unhandled, []);
});

test('without a listener an error is one warning of the process', async (t) => {
  const desk = createDesk(4);
  const ears = valueOf(await listen(desk.control, { port: 0 }));
  const synth = await connect({ port: ears.port });
  t.after(async () => {
    synth.close();
    await ears.close();
    desk.close();
  });
  const seen: Error[] = [];
  const onWarning = (warning: Error): number => seen.push(warning);
  process.on('warning', onWarning);
  t.after(() => void process.off('warning', onWarning));
  for (let i = 0; i < 5; i++) synth.send('/nowhere', i);
  await synth.sync();
  await until(() => seen.length > 0, 'a warning');
  assert.deepEqual(
    seen.map(({ name }) => name),
    ['ChronusError'],
  );
});

test('a warning comes as an event and with the command that was awaited', async (t) => {
  const { synth, warnings } = await room(t);
  const own = await synth.voice(1).set({ pan: 7, freq: 440 });
  assert.equal(own.length, 1);
  assert.match(own[0] ?? '', /E_RANGE: got 7, allowed -1\.\.1\. Set 1\./);
  assert.equal(warnings.length, 1);
  assert.equal(await synth.voice(1).get('pan'), 1);
});

test('an answer in many pages, and answers to questions asked at once, each to its own', async (t) => {
  const { synth } = await room(t);
  const schema = await synth.engine.schema<{ modules: Record<string, unknown> }>();
  assert.ok('voice4' in schema.modules);
  synth.voice(1).set({ freq: 101 });
  synth.voice(2).set({ freq: 202 });
  const values = await Promise.all([synth.voice(1).get('freq'), synth.voice(2).get('freq'), synth.seq.bpm()]);
  assert.deepEqual(values, [101, 202, 120]);
});

test('time-tagged: what is sent in at() acts at its frame, in one bundle', async (t) => {
  const { synth, desk } = await room(t);
  desk.engine.frameAt = (ms) => Math.round(ms % 1e9);
  const time = Date.UTC(2026, 0, 2, 3, 4, 6) + 0.25;
  synth.at(time, () => {
    synth.voice(1).set({ freq: 300 });
    synth.voice(1).gate();
  });
  synth.voice(2).set({ freq: 400 });
  await synth.sync();
  const whens = desk.sink.entries.map(({ when }) => when.at);
  assert.deepEqual(whens, ['frame', 'frame', 'now']);
  const [first] = desk.sink.entries;
  assert.equal(first?.when.at === 'frame' && first.when.frame, Math.round(time % 1e9));
});

test('subscriptions are renewed by themselves and end with the last handler', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { synth, desk } = await room(t);
  const heard: unknown[] = [];
  const end = synth.on('/seq/step', ([step]) => heard.push(step));
  await synth.sync();
  assert.ok(desk.control.isHeard('/seq/step'));
  desk.control.publish('/seq/step', [{ type: 'i', value: 7 }]);
  await until(() => heard.length === 1, 'a step');
  const before = [...desk.control.subscribers().values()][0] ?? 0;
  for (let i = 1; i <= 3; i++) {
    t.mock.timers.tick(RENEW_MS);
    await synth.sync();
    assert.equal([...desk.control.subscribers().values()][0], before + i);
  }
  assert.ok(RENEW_MS < SUBSCRIBED_S * 1000);
  end();
  await synth.sync();
  assert.ok(!desk.control.isHeard('/seq/step'));
  assert.throws(() => synth.on('/viz/[1', () => {}), /no address pattern/);
});

test('udp: an engine that is gone is said so; one that is back on its port is heard again', async (t) => {
  const { synth, desk, ears, errors } = await room(t, 'udp', 300);
  const { port } = ears;
  await ears.close();
  await assert.rejects(Promise.resolve(synth.sync()), { code: 'E_NO_ENGINE' });
  synth.voice(1).set({ freq: 100 });
  const again = valueOf(await listen(desk.control, { port }));
  t.after(() => again.close());
  let back = 0;
  synth.on('back', () => back++);
  await synth.sync();
  assert.equal(back, 1);
  assert.deepEqual(
    errors.map(({ code }) => code).filter((code) => code !== 'E_NO_ENGINE'),
    [],
  );
});

test('tcp: the end of the connection rejects what waits', async (t) => {
  const { synth, ears } = await room(t, 'tcp');
  const waiting = assert.rejects(Promise.resolve(synth.ask('/nothing/comes')), (error: unknown) =>
    /E_(NO_ENGINE|ROUTE)/.test(String(error)),
  );
  await ears.close();
  await waiting;
  await assert.rejects(Promise.resolve(synth.sync()), { code: 'E_NO_ENGINE' });
});

test('connect: no engine in a home, nobody on a port, a port that is silent, and after close', async (t) => {
  await assert.rejects(connect({ home: '/nonexistent' }), { code: 'E_NO_ENGINE' });
  const { synth, ears } = await room(t);
  const { port } = ears;
  synth.close();
  await assert.rejects(Promise.resolve(synth.seq.start()), { code: 'E_CLOSED' });
  await ears.close();
  await assert.rejects(connect({ port, timeoutMs: 200 }), { code: 'E_NO_ENGINE' });
  await assert.rejects(connect({ port, transport: 'tcp' }), { code: 'E_NO_ENGINE' });
});
