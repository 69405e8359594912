import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Synth } from '../../client/synth.js';
import { systemClock } from '../../client/clock.js';
import type { Transport } from '../../client/transport.js';
import { decode, type Message } from '../../engine/control/decode.js';
import { parameters } from '../../engine/registry/address.js';
import { instanceIds, MODULES } from '../../engine/registry/modules.js';
import { ROUTES } from '../../engine/registry/routes.js';
import { isWhole, type RouteRow } from '../../engine/shared/table.js';
import { arrange, clientSource, methodOf } from '../../scripts/generate/client.js';
import { outdated } from '../../scripts/generate/write.js';
import { createDesk, type Desk } from '../control/desk.js';
import { ROOT } from '../helpers/root.js';

const VOICES = 3;
const OWN = new Set(['/sync', '/subscribe', '/unsubscribe', '/record']);
type Method = (...given: readonly unknown[]) => PromiseLike<unknown>;

/** A synth whose packets go straight into a control plane; `seen` holds what it was sent. */
function onDesk(desk: Desk): { synth: Synth; seen: Message[]; problems: string[] } {
  const seen: Message[] = [];
  const problems: string[] = [];
  const transport: Transport = {
    name: 'the desk',
    windowBytes: Infinity,
    send(packet) {
      const messages = decode(packet);
      assert.ok(messages.ok);
      seen.push(...messages.value);
      desk.control.receive(packet, { key: 'desk', send: (bytes) => transport.onPacket(bytes) });
    },
    close: () => {},
    onPacket: () => {},
    onGone: () => {},
    onBack: () => {},
  };
  const synth = new Synth(transport, systemClock());
  synth.on('error', ({ message }) => problems.push(message));
  synth.on('warning', (address, sentence) => problems.push(`${address} ${sentence}`));
  return { synth, seen, problems };
}

function methodAt(synth: Synth, path: readonly string[]): Method {
  const owner = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], synth);
  const method = (owner as Record<string, Method | undefined>)[path.at(-1) ?? ''];
  assert.ok(method, `no method ${path.join('.')}`);
  return method.bind(owner);
}

/** The example of a route as the method takes it: in place, then by name. */
function callOf(row: RouteRow): unknown[] {
  const { positional, places } = arrange(row, row.args);
  const pairs = row.example.flatMap((value) => {
    const match = /^([a-z_]+)=(.*)$/.exec(String(value));
    return match ? [[match[1], match[2]]] : [];
  });
  const values = row.example.filter((value) => !/^[a-z_]+=/.test(String(value)));
  const rest = positional.at(-1)?.rest ? values.slice(positional.length - 1) : undefined;
  const placed = rest
    ? [...values.slice(0, positional.length - 1), rest]
    : values.slice(0, positional.length);
  const byName = rest
    ? []
    : values.slice(positional.length).flatMap((value, i) => {
        const name = places[positional.length + i];
        return name === undefined ? [] : [[name, value]];
      });
  const options = Object.fromEntries([...pairs, ...byName]) as object;
  return Object.keys(options).length > 0 ? [...placed, options] : placed;
}

test('every route has a method, and it reaches the route with what it was given', async () => {
  const desk = createDesk(VOICES);
  const { synth, seen, problems } = onDesk(desk);
  try {
    let walked = 0;
    for (const row of ROUTES.filter(({ address }) => !OWN.has(address))) {
      // The tracks and slots that the examples speak of.
      await synth.seq.add('bass', 'voice1', 'x.......');
      await synth.seq.lock('bass', 4, 'filter/freq', 2400);
      await synth.seq.add('lead', 'voice2', 'x.......');
      if (row.address.startsWith('/pattern/')) {
        await synth.pattern.save(1);
        await synth.pattern.save(100);
      }
      seen.length = problems.length = 0;
      await methodAt(
        synth,
        methodOf(row),
      )(...callOf(row)).then(undefined, (error: unknown) => {
        // The control plane of the desk has no such file; it was reached all the same.
        if (!/E_(SLOT|BACKUP)/.test(String(error))) throw error;
      });
      assert.deepEqual(problems, [], row.address);
      const [message] = seen;
      assert.equal(message?.address, row.address);
      const sent = (message?.args ?? []).filter(({ type }) => type !== 'N').map(({ value }) => value);
      const asked = row.example.slice(0, row.address === '/seq/add' ? 3 : undefined);
      assert.deepEqual(sent, asked, row.address);
      walked++;
    }
    assert.ok(walked > 40, `${walked} routes`);
  } finally {
    synth.close();
    desk.close();
  }
});

test('every parameter of every module is set and asked for by its name, every gate opens', async () => {
  const desk = createDesk(VOICES);
  const { synth, seen, problems } = onDesk(desk);
  const handles = synth as unknown as Record<string, Synth['reverb'] | Synth['voice']>;
  try {
    for (const { id, type, name, row, path } of parameters(VOICES)) {
      const table = MODULES[type];
      assert.ok(table);
      const own = handles[table.type];
      const module =
        typeof own === 'function' ? own.call(synth, instanceIds(table, VOICES).indexOf(id) + 1) : own;
      assert.ok(module, table.type);
      seen.length = 0;
      const value =
        row.unit === 'target' ? 'none' : isWhole(row) ? row.max - (row.max > 1 ? row.max - 1 : 0) : row.min;
      await module.set({ [name]: value } as object);
      assert.equal(seen[0]?.address, `/mod/${path}`);
      const got: unknown = await (module.get as (name: string) => PromiseLike<unknown>).call(module, name);
      assert.equal(
        typeof got === 'number' ? Math.fround(got) : got,
        typeof value === 'number' ? Math.fround(value) : value,
        path,
      );
    }
    seen.length = 0;
    await synth.voice(2).gate();
    await synth.acid.gate(false);
    await synth.voice('*').set({ pan: 0.5 });
    const addresses = seen.filter(({ address }) => address !== '/sync').map(({ address }) => address);
    assert.deepEqual(addresses, ['/gate/voice2', '/gate/acid1', '/mod/voice*/pan']);
    assert.deepEqual(problems, []);
  } finally {
    synth.close();
    desk.close();
  }
});

test('options go to the places of their names, behind all as name=value, lists joined; what is left out goes as nil', async () => {
  const desk = createDesk(VOICES);
  const { synth, seen } = onDesk(desk);
  const last = (): string =>
    (seen.filter(({ address }) => address !== '/sync').at(-1)?.args ?? [])
      .map(({ type, value }) => `${type}:${String(value)}`)
      .join(' ');
  try {
    await synth.seq.add('kick', 'voice1', 'X...', {
      base_freq: 55,
      notes: ['A1', 'C2'],
      mute: false,
      at: 'bar',
    });
    assert.equal(last(), 's:kick s:voice1 s:X... s:base_freq=55 s:notes=A1 C2 s:mute=0 s:at=bar');
    await synth.seq.mute('kick', { at: 'step' });
    assert.equal(last(), 's:kick s:at=step');
    await synth.seq.mute('kick', false, { at: 'step' });
    assert.equal(last(), 's:kick F:false s:at=step');
    await synth.note('poly', 'C4', { beats: 2 });
    assert.equal(last(), 's:poly s:C4 N:undefined i:2'.replace('undefined', 'null'));
    await synth.note(1, 60.5, { velocity: 0.5 });
    assert.equal(last(), 'i:1 d:60.5 d:0.5');
    await synth.seq.updateNotes('kick', ['C2', 'E2']);
    assert.equal(last(), 's:kick s:C2 s:E2');
    assert.equal(await synth.seq.bpm(), 120);
    await synth.seq.bpm(131.5);
    assert.equal(await synth.seq.bpm(), 131.5);
  } finally {
    synth.close();
    desk.close();
  }
});

test('what is committed in client/generated is what the tables say (npm run generate)', () => {
  assert.ok(clientSource().length > 10_000);
  assert.ok(!outdated(ROOT).includes('client/generated/api.ts'), 'out of date: npm run generate');
});
