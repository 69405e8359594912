/**
 * The schema against the control plane, both ways: what the schema names works, in every shape it says; what works is
 * named by the schema.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Arg } from '../../engine/control/decode.js';
import { handlers, type Ledger } from '../../engine/control/handlers.js';
import { lookup } from '../../engine/control/lookup.js';
import type { ControlPorts } from '../../engine/control/ports.js';
import { Subscribers } from '../../engine/control/subscribers.js';
import { findPath } from '../../engine/registry/address.js';
import { ROUTES } from '../../engine/registry/routes.js';
import { schema, type ParamSchema } from '../../engine/registry/schema.js';
import type { ArgRow, RouteRow } from '../../engine/shared/table.js';
import { clientShapes } from '../../scripts/fixtures.js';
import { documentShapes } from '../../scripts/fixtures-documents.js';
import { createDesk, type Desk } from './desk.js';

const VOICES = 3;
const SCHEMA = schema(VOICES);
const f32 = Math.fround;

/** A number in every type tag that can hold it. */
function shapesOf(value: number): Arg[] {
  const exact: Arg[] = [
    // A large whole number is another one in f32.
    ...(Number.isInteger(value) && f32(value) !== value ? [] : [{ type: 'f', value: f32(value) }]),
    { type: 'd', value },
    { type: 's', value: String(value) },
    { type: 's', value: ` ${value} ` },
  ];
  if (!Number.isInteger(value)) return exact;
  const whole: Arg[] = [
    { type: 'i', value },
    { type: 'h', value },
  ];
  if (value === 0) return [...exact, ...whole, { type: 'F', value: false }];
  return value === 1 ? [...exact, ...whole, { type: 'T', value: true }] : [...exact, ...whole];
}

const NO_NUMBERS: readonly Arg[] = [
  { type: 'f', value: NaN },
  { type: 'f', value: Infinity },
  { type: 'd', value: -Infinity },
  { type: 's', value: '1e999' },
  { type: 's', value: 'nonsense' },
  { type: 's', value: '' },
  { type: 'b', value: new Uint8Array(8) },
  { type: '[', value: [{ type: 'f', value: 1 }] },
];

/** Every address of a parameter, old names included, with its row, what its numbers are multiplied by and their order. */
function paramAddresses(): (readonly [
  address: string,
  path: string,
  param: ParamSchema,
  factor: number,
  order: readonly number[] | undefined,
])[] {
  const params = new Map(
    Object.values(SCHEMA.modules).flatMap((module) =>
      Object.values(module.params).map((param) => [param.address, param] as const),
    ),
  );
  const own = [...params.keys()].map((address) => [address, address] as const);
  const old = Object.entries(SCHEMA.aliases).filter(([, to]) => to.startsWith('/mod/'));
  return [...own, ...old]
    .filter(([, to]) => !to.startsWith('/mod/rec1/'))
    .map(([address, to]) => {
      const param = params.get(to);
      if (!param) throw new Error(`alias ${address} leads to ${to}, which does not exist`);
      const factor = SCHEMA.alias_units[address]?.factor ?? 1;
      return [address, to.slice('/mod/'.length), param, factor, SCHEMA.alias_orders[address]];
    });
}

function current(desk: Desk, path: string): number {
  return desk.session.getParam(findPath(path)?.address ?? -1) ?? NaN;
}

test('every parameter and every old name of one takes all shapes of numbers, clamps, refuses and answers', async () => {
  const desk = createDesk(VOICES);
  for (const [address, path, param, factor, order] of paramAddresses()) {
    const meant = (number: number): number => order?.[number] ?? number;
    if (param.type === 'text') continue;
    const { min, max } = param;
    const middle = param.type === 'int' ? Math.floor((min + max) / 2) : (min + max) / 2;
    for (const value of [min, middle, max]) {
      for (const arg of shapesOf(Number((value / factor).toPrecision(7)))) {
        assert.deepEqual(await desk.send(address, arg), [], `${address} ${arg.type} ${String(arg.value)}`);
        assert.ok(
          Math.abs(current(desk, path) - meant(value)) <= 1e-6 * Math.abs(value),
          `${address} ${value}`,
        );
      }
      const [answer = ''] = await desk.send(address);
      const [at, shown] = answer.split(' | ');
      assert.equal(at, `${address}/reply`);
      assert.ok(Math.abs(Number(shown) - value / factor) <= 1e-5 * Math.abs(value / factor), answer);
    }
    for (const [sent, set] of [
      [max / factor + 1, max],
      [min / factor - 1, min],
    ] as const) {
      const answers = await desk.send(address, { type: 'd', value: sent });
      assert.match(answers[0] ?? '', /^\/warn \| .* \| E_RANGE: got .*, allowed .*\. Set .*\./, address);
      assert.equal(answers.length, 1);
      assert.equal(current(desk, path), f32(meant(set)), address);
    }
    for (const arg of NO_NUMBERS) {
      // A switch takes a list of words; an empty text is none of them.
      const before = desk.sink.position();
      const [answer = ''] = await desk.send(address, arg);
      assert.match(
        answer,
        /^\/error \| E_(NUMBER|WORD|VOICE) \|/,
        `${address} ${arg.type} ${String(arg.value)}`,
      );
      assert.equal(desk.sink.position(), before, address);
    }
    for (const [i, word] of (param.words ?? []).entries()) {
      for (const text of [word, word.toUpperCase(), ` ${word}`]) {
        assert.deepEqual(await desk.send(address, text), [], `${address} ${text}`);
        assert.equal(current(desk, path), min + i);
      }
    }
    const [surplus = ''] = await desk.send(address, min / factor, 1);
    assert.match(surplus, /^\/warn \| .* \| E_ARGS: ignored the last 1 of 2/, address);
  }
  desk.close();
});

test('every gate and every old name of one opens and closes for numbers and words, and refuses the rest', async () => {
  const desk = createDesk(VOICES);
  const gates = [
    ...Object.values(SCHEMA.modules).flatMap((module) => module.gates),
    ...Object.entries(SCHEMA.aliases).flatMap(([alias, to]) => (to.startsWith('/gate/') ? [alias] : [])),
  ];
  assert.ok(gates.includes('/gate/adsr') && gates.includes('/gate/acid1'));
  const open = [1, 0.5, 100]
    .flatMap(shapesOf)
    .concat(['on', 'true', 'ON'].map((value) => ({ type: 's', value })));
  const closed = [0, -1].flatMap(shapesOf).concat(['off', 'false'].map((value) => ({ type: 's', value })));
  for (const gate of gates) {
    for (const [args, on] of [
      [open, true],
      [closed, false],
    ] as const) {
      for (const arg of args) {
        assert.deepEqual(await desk.send(gate, arg), [], `${gate} ${arg.type} ${String(arg.value)}`);
        const last = desk.sink.commands().at(-1);
        assert.ok(last?.kind === 'gate' && last.on === on, `${gate} ${arg.type} ${String(arg.value)}`);
      }
    }
    const before = desk.sink.position();
    for (const arg of [
      { type: 'f', value: NaN },
      { type: 's', value: 'maybe' },
      { type: 'b', value: new Uint8Array(4) },
    ])
      assert.match((await desk.send(gate, arg))[0] ?? '', /^\/error \| E_WORD/, gate);
    assert.match((await desk.send(gate))[0] ?? '', /^\/error \| E_ARGS/, gate);
    assert.equal(desk.sink.position(), before);
  }
  desk.close();
});

/** The example of a route with one argument replaced. */
function withArg(row: RouteRow, place: number, arg: Arg | string | number): (Arg | string | number)[] {
  const args: (Arg | string | number)[] = placesOf(row).map((each, i) => row.example[i] ?? exampleOf(each));
  args[place] = arg;
  return args.slice(0, Math.max(place + 1, row.example.length));
}

/** The arguments that have a place; those with a name may stand anywhere. */
function placesOf({ args }: RouteRow): readonly ArgRow[] {
  return args.filter(({ named }) => !named);
}

function exampleOf({ words, min = 1, type }: ArgRow): string | number {
  return words?.[0] ?? (type === 'text' || type === 'any' ? 'a' : min);
}

/** What an example needs to find. */
async function prepare(desk: Desk): Promise<void> {
  await desk.send('/pattern/save', 1);
  await desk.send('/seq/add', 'bass', 'voice1', 'x...');
}

/** What was taken, but names something this desk lacks, is no matter of shape. */
const bad = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^\/(error|warn)/.test(line) && !/E_(SLOT_EMPTY|VOICE|TRACK)\b/.test(line));

test('every route: numbers in all shapes and to both ends, words by text, what is missing refused, what is too much told', async () => {
  const desk = createDesk(VOICES);
  await prepare(desk);
  for (const row of ROUTES) {
    const places = placesOf(row);
    const required = places.filter(({ optional }) => !optional).length;
    if (required > 0)
      assert.match((await desk.send(row.address))[0] ?? '', /^\/error \| E_ARGS/, row.address);
    if (places.length === 0) assert.deepEqual(bad(await desk.send(row.address, 1)), [], row.address);
    else if (!places.at(-1)?.rest && places.every(({ type }) => type !== 'any')) {
      const full = places.map((each, i) => row.example[i] ?? exampleOf(each));
      // What a slot route names is there.
      if (row.address.startsWith('/pattern/')) await desk.send('/pattern/save', Number(row.example[0] ?? 1));
      const told = await desk.send(row.address, ...full, 1);
      assert.ok(
        told.some((line) => /E_ARGS: ignored the last 1/.test(line)),
        `${row.address}: ${told.join()}`,
      );
    }
    for (const [place, arg] of places.entries()) await tryArg(desk, row, place, arg);
    for (const { name, words = [] } of row.args.filter(({ named }) => named)) {
      for (const word of words)
        assert.deepEqual(
          bad(await desk.send(row.address, ...row.example, `${name}=${word}`)),
          [],
          `${row.address} ${word}`,
        );
      assert.match(
        (await desk.send(row.address, ...row.example, `${name}=nonsense`))[0] ?? '',
        /^\/error \| E_WORD/,
      );
    }
    for (const form of row.forms ?? [])
      assert.deepEqual(bad(await desk.send(row.address, ...form.example)), [], `${row.address}: ${form.doc}`);
  }
  desk.close();
});

async function tryArg(desk: Desk, row: RouteRow, place: number, arg: ArgRow): Promise<void> {
  const send = async (value: Arg | string): Promise<string[]> =>
    bad(await desk.send(row.address, ...withArg(row, place, value)));
  const what = `${row.address} ${arg.name}`;
  for (const word of arg.words ?? []) {
    assert.deepEqual(await send(word), [], `${what} ${word}`);
    assert.deepEqual(await send(word.toUpperCase()), [], `${what} ${word}`);
  }
  if (arg.words) assert.match((await send('nonsense'))[0] ?? '', /^\/error \| E_WORD/, what);
  if (arg.type !== 'number' && arg.type !== 'int') return;
  const { min = 0, max = 1 } = arg;
  for (const value of [min, max])
    for (const shape of shapesOf(value))
      assert.deepEqual(await send(shape), [], `${what} ${shape.type} ${value}`);
  for (const shape of NO_NUMBERS) assert.match((await send(shape))[0] ?? '', /^\/error \| E_NUMBER/, what);
  for (const value of [min - 1, max + 1]) {
    const [answer = ''] = await send({ type: 'd', value });
    assert.match(
      answer,
      arg.type === 'int' ? /^\/error \| E_RANGE/ : /^\/warn .* E_RANGE/,
      `${what} ${value}`,
    );
  }
}

/** Everything that may be sent, as far as anybody would think of it. */
function candidates(): Set<string> {
  const words = [
    ...ROUTES.flatMap(({ address }) => address.split('/')),
    ...Object.keys(SCHEMA.modules),
    ...Object.values(SCHEMA.modules).flatMap(({ params }) =>
      Object.keys(params).flatMap((name) => [name, ...name.split('/')]),
    ),
    ...Object.keys(SCHEMA.aliases).flatMap((address) => address.split('/')),
    ...Object.keys(SCHEMA.param_aliases),
    // What documents and notes name and never was, or is no more.
    ...'sine2 osc1 env1 filt1 filter_mode mode phase_offset glide_time shape size wave gain test tempo play pause mute voices'.split(
      ' ',
    ),
    ...'patch create connect commit abort disconnect levels spectrum gates state error progress slots save_file'.split(
      ' ',
    ),
    ...'load_file export_midi response create config param_lane assign reset reset_all gate_len voice4 acid2 x 0 1 2'.split(
      ' ',
    ),
  ];
  const unique = [...new Set(words)];
  const modules = [
    'voice1',
    'voice4',
    'acid1',
    'reverb1',
    'delay1',
    'dist1',
    'lfo2',
    'limiter1',
    'rec1',
    'meter1',
  ].concat(['sine1', 'filter1', 'adsr1', 'sine', 'filter', 'adsr', 'osc1', 'env1', 'filt1']);
  const families = [
    'engine',
    'seq',
    'pattern',
    'record',
    'recording',
    'mod',
    'gate',
    'viz',
    'patch',
    'test',
    'chaos',
    'note',
  ];
  return new Set([
    ...unique.map((word) => `/${word}`),
    ...families.flatMap((family) => unique.map((word) => `/${family}/${word}`)),
    ...['engine/record', 'engine/freq', 'seq/update', 'pattern/slot', 'gate/voice1', 'record/start'].flatMap(
      (family) => unique.map((word) => `/${family}/${word}`),
    ),
    ...modules.flatMap((id) => unique.map((word) => `/mod/${id}/${word}`)),
    ...['voice1', 'acid1', 'adsr'].flatMap((id) =>
      ['osc', 'filter', 'adsr', 'send', 'pitch', 'x'].flatMap((part) =>
        unique.map((word) => `/mod/${id}/${part}/${word}`),
      ),
    ),
    ...clientShapes().map(({ address }) => address),
    ...documentShapes().map(({ address }) => address),
  ]);
}

test('R157: what works is named by the schema: no address among some seven thousand works unnamed, and every named one does', () => {
  const named = new Set([
    ...Object.keys(SCHEMA.routes),
    ...Object.keys(SCHEMA.aliases),
    ...Object.values(SCHEMA.modules).flatMap(({ routes }) => routes),
  ]);
  const all = candidates();
  assert.ok(all.size > 7_000, `${all.size} addresses`);
  const works = (address: string): boolean => address.includes('*') || lookup(address, VOICES).ok;
  const unnamed = [...all].filter(
    (address) => !address.includes('*') && !/[[\]{}?]/.test(address) && works(address) && !named.has(address),
  );
  assert.deepEqual(
    unnamed.filter((address) => !isNamedBySynonym(address, named)),
    [],
  );
  for (const address of named) assert.ok(works(address), address);
});

/** `frequency` and `resonance` as the last part, as the schema says under param_aliases. */
function isNamedBySynonym(address: string, named: ReadonlySet<string>): boolean {
  const slash = address.lastIndexOf('/') + 1;
  const others = SCHEMA.param_aliases[address.slice(slash)] ?? [];
  return address.startsWith('/mod/') && others.some((name) => named.has(address.slice(0, slash) + name));
}

test('R147: every handler has its route, and every route its handler', () => {
  const ports = { session: createDesk(1).session, recorder: {}, engine: {} } as unknown as ControlPorts;
  const known = Object.keys(handlers(ports, {} as Ledger, new Subscribers(() => 0)));
  const routes = ROUTES.map(({ address }) => address).filter((address) => address !== '/sync');
  assert.deepEqual(known.sort(), [...routes].sort());
});
