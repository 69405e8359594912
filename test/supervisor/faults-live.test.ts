/** Faults in a running engine, as a player meets them: over OSC, with recordings, loads and tempo changes under way. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { decode, type Arg } from '../../engine/control/decode.js';
import { encode } from '../../engine/control/encode.js';
import { chronus, chronusJson, startEngine, type TestEngine } from '../helpers/engine.js';
import { errorOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

const text = (value: string): Arg => ({ type: 's', value });
const int = (value: number): Arg => ({ type: 'i', value });
const float = (value: number): Arg => ({ type: 'f', value });

interface Status {
  readonly frame: number;
  readonly slots: readonly { readonly slot: string; readonly state: string; readonly workers: number }[];
  readonly promotions: { readonly count: number; readonly last: { readonly cause: string } | null };
  readonly bypassed: readonly { readonly module: string; readonly strikes: number; readonly why: string }[];
  readonly faults: readonly { readonly kind: string; readonly text: string }[];
}

const status = async (engine: TestEngine): Promise<Status> =>
  (await engine.request('/engine/status')) as Status;

/** Asks until it is so: how long a worker takes to start is the machine's affair. */
async function until(engine: TestEngine, condition: (status: Status) => boolean): Promise<Status> {
  for (let tries = 0; tries < 400; tries++) {
    const now = await status(engine);
    if (condition(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within 8 s: ${String(condition)}`);
}

const whole = ({ slots }: Status): boolean =>
  ['active', 'standby', 'spare'].every((state) => slots.some((slot) => slot.state === state));

/** The take and its rendering are the same, sample by sample. */
async function equalsItsJournal(t: TestContext, engine: TestEngine, path: string): Promise<void> {
  const verified = await chronusJson(['verify', path, '--home', engine.home]);
  t.diagnostic(`${String(verified['comparedFrames'])} frames`);
  assert.ok(Number(verified['comparedFrames']) > 3000);
  assert.equal(verified['identical'], true, JSON.stringify(verified));
}

test('R55, R161: slots are killed while a load waits, a take starts and stops, and the tempo moves: nothing is heard', async (t) => {
  const engine = await startEngine(t, { args: ['--chaos', '--play', 'sunday-house'] });
  await until(engine, whole);
  engine.send('/chaos/exit');
  const started = (await engine.request('/record/start', text('killed'))) as { path: string };
  const slot = join(ROOT, 'patterns', 'library', 'original', 'slot_001.json');
  writeFileSync(join(engine.home, 'patterns', 'slots', 'slot_099.json'), readFileSync(slot));
  await until(engine, whole);
  engine.send('/chaos/throw');
  engine.send('/pattern/load', int(99));
  engine.send('/chaos/terminate', text('standby'));
  for (let i = 0; i < 40; i++) {
    engine.send('/seq/bpm', float(100 + 2 * i));
    if (i === 20) engine.send('/chaos/hang', text('active'));
    await engine.client.sync();
  }
  await until(engine, whole);
  engine.send('/pattern/load', int(99), text('now'));
  engine.send('/chaos/oom', text('active'));
  for (let i = 0; i < 20; i++) {
    engine.send('/mod/voice*/filter/freq', float(200 + 200 * i));
    await engine.client.sync();
  }
  engine.send('/chaos/throw');
  const stopped = (await engine.request('/record/stop')) as { lostBlocks: number; rmsDb: number };
  assert.equal(stopped.lostBlocks, 0);
  assert.ok(stopped.rmsDb > -60);
  const after = await until(engine, whole);
  assert.ok(after.promotions.count >= 4, `${after.promotions.count} promotions`);
  const { marks } = JSON.parse(readFileSync(`${started.path}.json`, 'utf8')) as { marks: { kind: string }[] };
  for (const kind of ['died', 'hung', 'restored'])
    assert.ok(
      marks.some((mark) => mark.kind === kind),
      `the take names what ${kind}`,
    );
  const view = (await chronus(['status', '--home', engine.home])).stdout;
  assert.match(view, /slots +.*[ABC]: active at frame \d+/);
  assert.match(view, /promoted +\d+ times, last from [ABC] to [ABC] at block \d+/);
  assert.equal((await engine.stop('SIGINT')).code, 0);
  await equalsItsJournal(t, engine, started.path);
});

test('/engine/fault tells who has subscribed, and /engine/bypass switches a module on again, once', async (t) => {
  const engine = await startEngine(t, { args: ['--chaos', '--play', 'sunday-house'] });
  await until(engine, whole);
  const told: string[][] = [];
  const listener = createSocket('udp4');
  t.after(() => new Promise<void>((resolve) => listener.close(() => resolve())));
  listener.on('message', (bytes) => {
    const messages = decode(bytes);
    if (messages.ok)
      for (const { address, args } of messages.value)
        told.push([address, ...args.map(({ value }) => String(value))]);
  });
  listener.bind(0, '127.0.0.1');
  await once(listener, 'listening');
  listener.send(encode('/subscribe', [text('/engine/*')]), engine.port, '127.0.0.1');
  listener.send(encode('/subscribe', [text('/engine/fault')]), engine.port, '127.0.0.1');
  const started = (await engine.request('/record/start', text('bypassed'))) as { path: string };

  engine.send('/chaos/trap', text('reverb1'), text('always'));
  const bypassed = await until(engine, ({ bypassed }) => /block/.test(bypassed[0]?.why ?? ''));
  assert.deepEqual(
    bypassed.bypassed.map(({ module, strikes }) => ({ module, strikes })),
    [{ module: 'reverb1', strikes: 1 }],
  );
  assert.match(bypassed.bypassed[0]?.why ?? '', /^failed in block \d+$/);
  const aboutIt = (): string[][] =>
    told.filter(([address, kind]) => address === '/engine/fault' && kind === 'bypassed');
  await until(engine, () => aboutIt().length > 0);
  const about = aboutIt();
  assert.equal(about.length, 1, 'once, though two patterns fit');
  assert.match(
    about[0]?.[2] ?? '',
    /reverb1 is bypassed: failed in block \d+\. Switch it on again with \/engine\/bypass reverb1 0\./,
  );
  assert.equal((JSON.parse(about[0]?.[3] ?? '') as { module: string }).module, 'reverb1');

  await until(engine, whole);
  const on = await engine.request('/engine/bypass', text('reverb1'), int(0));
  assert.deepEqual(on, { module: 'reverb1', bypassed: false, strikes: 1, stays: false });
  await until(engine, ({ bypassed }) => bypassed[0]?.strikes === 2);
  assert.match((await status(engine)).bypassed[0]?.why ?? '', /the second time: it stays bypassed|just now/);
  const refused = await engine.client.request('/engine/bypass', [text('reverb1'), int(0)]);
  assert.match(errorOf(refused, 'E_BYPASSED').mend, /stays bypassed/);

  await engine.request('/engine/bypass', text('voice7'), int(1));
  await until(engine, ({ bypassed }) => bypassed.some(({ module }) => module === 'voice5-8'));
  engine.send('/chaos/nan', int(2));
  await until(engine, ({ faults }) => faults.some(({ kind }) => kind === 'poisoned'));
  engine.send('/chaos/poison');
  const skipped = await until(engine, ({ faults }) => faults.some(({ kind }) => kind === 'decided'));
  assert.match(skipped.faults.find(({ kind }) => kind === 'decided')?.text ?? '', /were skipped/);
  await until(engine, whole);
  await engine.request('/record/stop');

  listener.send(encode('/unsubscribe', []), engine.port, '127.0.0.1');
  await engine.client.sync();
  const before = told.length;
  engine.send('/chaos/throw');
  await until(engine, (now) => whole(now) && now.faults.at(-1)?.kind !== 'decided');
  const later = told.slice(before).filter(([address]) => address === '/engine/fault');
  assert.deepEqual(later, [], 'told nothing after /unsubscribe');
  assert.equal((await engine.stop()).code, 0);
  await equalsItsJournal(t, engine, started.path);
});

test('what cannot be done is refused: faults without --chaos, unknown modules, slots and patterns', async (t) => {
  const engine = await startEngine(t);
  const ask = (address: string, ...args: Arg[]): Promise<unknown> => engine.client.command(address, args);
  for (const [code, address, ...args] of [
    ['E_CHAOS', '/chaos/throw'],
    ['E_CHAOS', '/chaos/stall', int(20)],
    ['E_CHAOS', '/chaos/trap', text('reverb1')],
    ['E_CHAOS', '/chaos/nan', int(1)],
    ['E_CHAOS', '/chaos/poison'],
    ['E_WORD', '/chaos/throw', text('z')],
    ['E_RANGE', '/chaos/throw', text('a'), int(-1)],
    ['E_MODULE', '/engine/bypass', text('reverb2'), int(1)],
    ['E_MODULE', '/engine/bypass', text('rec1'), int(1)],
    ['E_MODULE', '/chaos/trap', text('voice99')],
    ['E_ARGS', '/engine/bypass'],
    ['E_WORD', '/engine/bypass', text('reverb1'), text('perhaps')],
    ['E_VOICE', '/chaos/nan', int(17)],
    ['E_WILDCARD', '/subscribe', text('engine')],
    ['E_WILDCARD', '/subscribe', text('/engine/[')],
  ] as [string, string, ...Arg[]][]) {
    errorOf((await ask(address, ...args)) as Parameters<typeof errorOf>[0], code);
  }
  const { slots, bypassed } = await status(engine);
  assert.ok(
    slots.every(({ workers }) => workers <= 1),
    'nobody has died',
  );
  assert.deepEqual(bypassed, []);
});

test('an engine that is told to end while its slots hang and die ends, and leaves nobody behind', async (t) => {
  const engine = await startEngine(t, { args: ['--chaos', '--play', 'sunday-house'] });
  await until(engine, whole);
  engine.send('/chaos/trap', text('delay1'), text('hang'));
  engine.send('/chaos/hang', text('standby'));
  engine.send('/chaos/throw', text('active'));
  await engine.client.sync();
  const ended = await engine.stop('SIGTERM');
  assert.equal(ended.code, 0, ended.stderr);
  assert.throws(() => process.kill(engine.pid, 0), { code: 'ESRCH' });
});

test('--no-standby: one worker; when it dies the music goes on from a checkpoint', async (t) => {
  const engine = await startEngine(t, { args: ['--chaos', '--no-standby', '--play', 'sunday-house'] });
  const started = (await engine.request('/record/start', text('alone'))) as { path: string };
  const before = await status(engine);
  assert.deepEqual(
    before.slots.map(({ state }) => state),
    ['active', 'empty', 'empty'],
  );
  engine.send('/chaos/throw');
  await until(engine, ({ slots }) => slots.some(({ slot, state }) => slot !== 'A' && state === 'active'));
  const { frame } = await status(engine);
  await until(engine, (now) => now.frame > frame + 20_000);
  const stopped = (await engine.request('/record/stop')) as { lostBlocks: number };
  assert.equal(stopped.lostBlocks, 0);
  await engine.stop();
  await equalsItsJournal(t, engine, started.path);
});
