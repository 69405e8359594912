import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import osc from 'osc/src/osc.js';
import { MAX_LIST_DEPTH } from '../../engine/control/arguments.js';
import {
  decode,
  MAX_BUNDLE_DEPTH,
  MAX_PACKET_BYTES,
  type Arg,
  type Message,
} from '../../engine/control/decode.js';
import { encode } from '../../engine/control/encode.js';
import { holds } from '../helpers/property.js';
import { errorOf, valueOf } from '../helpers/outcome.js';

const word = (text: string): Buffer => {
  const bytes = Buffer.alloc((text.length + 4) & ~3);
  bytes.write(text);
  return bytes;
};
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
/** `seconds` since 1900. */
const bundle = (seconds: number, fraction: number, ...parts: Uint8Array[]): Buffer => {
  const tag = Buffer.alloc(8);
  tag.writeUInt32BE(seconds, 0);
  tag.writeUInt32BE(fraction, 4);
  return Buffer.concat([word('#bundle'), tag, ...parts.flatMap((part) => [int(part.length), part])]);
};

test('every type tag comes with its value', () => {
  const args = [
    { type: 'i', value: -7 },
    { type: 'f', value: 0.5 },
    { type: 's', value: 'gr\u00fcn' },
    { type: 'h', value: -8589934593 },
    { type: 'd', value: 1e300 },
    { type: 'T', value: true },
    { type: 'F', value: false },
    { type: 'N', value: null },
    { type: 'I', value: null },
    { type: 'c', value: '\u{1d11e}' },
    { type: 'h', value: 2n ** 62n + 1n },
    { type: 't', value: { seconds: 4_000_000_000, fraction: 1 } },
  ];
  assert.deepEqual(valueOf(decode(encode('/a', args))), [{ address: '/a', args }]);
});

test('blobs, MIDI, colours, lists and S are tolerated, also from the middle of a larger buffer', () => {
  const message = Buffer.concat([
    word('/a'),
    word(',bmrS[if]'),
    int(3),
    Buffer.from([1, 2, 3, 0]),
    int(0x0090403f),
  ]);
  const whole = Buffer.concat([message, int(0x11223344), word('old'), int(5), int(0)]);
  const pooled = Buffer.concat([Buffer.alloc(40, 9), whole]).subarray(40);
  const [first] = valueOf(decode(pooled));
  assert.deepEqual(
    first?.args.map(({ type }) => type),
    ['b', 'm', 'r', 's', '['],
  );
  assert.deepEqual([...(first?.args[1]?.value as Uint8Array)], [0, 0x90, 0x40, 0x3f]);
});

test('a message without type tags has no arguments', () => {
  assert.deepEqual(valueOf(decode(word('/seq/start'))), [{ address: '/seq/start', args: [] }]);
});

/** The messages, as address and time in ms. */
const times = (bytes: Uint8Array): unknown[] =>
  valueOf(decode(bytes)).map(({ address, timeMs }) => [address, timeMs]);
const [a, b, c, d] = ['/a', '/b', '/c', '/d'].map((address) => encode(address, [])) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const UNIX = 2_208_988_800;

test('nested bundles are flattened in order; "immediately" inside acts with the bundle around it', () => {
  const inner = bundle(UNIX + 20, 0x80000000, b);
  const now = bundle(0, 1, c);
  assert.deepEqual(times(bundle(UNIX + 10, 0, a, inner, now, d)), [
    ['/a', 10_000],
    ['/b', 20_500],
    ['/c', 10_000],
    ['/d', 10_000],
  ]);
  assert.deepEqual(times(bundle(0, 1, a, inner)), [
    ['/a', undefined],
    ['/b', 20_500],
  ]);
});

test('an inner time before the outer one, which OSC 1.0 forbids, acts with the outer one', () => {
  assert.deepEqual(times(bundle(UNIX + 10, 0, bundle(UNIX + 9, 0, a, bundle(UNIX + 11, 0, b)), c)), [
    ['/a', 10_000],
    ['/b', 11_000],
    ['/c', 10_000],
  ]);
});

test('a message that cannot be read is refused by itself; the others of its bundle are done', () => {
  const unknown = Buffer.concat([word('/b'), word(',iq'), int(1), int(2)]);
  const short = Buffer.concat([word('/c'), word(',ii'), int(1)]);
  const open = Buffer.concat([word('/d'), word(',[i'), int(1)]);
  const messages = valueOf(decode(bundle(0, 1, a, unknown, short, open, word('nothing'), d)));
  assert.deepEqual(
    messages.map(({ address, problem }) => [address, problem?.code]),
    [
      ['/a', undefined],
      ['/b', 'E_TYPE'],
      ['/c', 'E_PACKET'],
      ['/d', 'E_PACKET'],
      ['', 'E_PACKET'],
      ['/d', undefined],
    ],
  );
  assert.match(messages[1]?.problem?.got ?? '', /type tag 'q'/);
});

test('a bundle that is broken itself is refused whole', () => {
  const lies = (length: number): Buffer => Buffer.concat([bundle(0, 1, a), int(length), b]);
  for (const length of [0, -1, 9, 0x7fffffff, -0x80000000]) errorOf(decode(lies(length)), 'E_PACKET');
  errorOf(decode(Buffer.concat([bundle(0, 1, a), Buffer.from([0, 0])])), 'E_PACKET');
  errorOf(decode(Buffer.concat([word('#bundle'), int(0)])), 'E_PACKET');
  let deep: Uint8Array = a;
  for (let i = 0; i < MAX_BUNDLE_DEPTH; i++) deep = bundle(0, 1, deep);
  assert.deepEqual(times(deep), [['/a', undefined]]);
  errorOf(decode(bundle(0, 1, deep)), 'E_PACKET');
  assert.deepEqual(times(bundle(0, 1)), []);
});

test('what is no OSC is one problem', () => {
  const bad = [
    Buffer.alloc(0),
    Buffer.from('hello'),
    Buffer.from([0, 0, 0, 0]),
    Buffer.from('/a,i'),
    Buffer.alloc(MAX_PACKET_BYTES + 1, 47),
  ];
  for (const bytes of bad) errorOf(decode(bytes), 'E_PACKET');
  for (const tail of [word(',i'), Buffer.concat([word('no tags'), int(1)])])
    assert.equal(valueOf(decode(Buffer.concat([word('/a'), tail])))[0]?.problem?.code, 'E_PACKET');
});

test('the last padding may be absent, as some senders leave it out', () => {
  const message = encode('/a', [
    { type: 'b', value: Uint8Array.of(1, 2) },
    { type: 's', value: 'x' },
  ]);
  assert.deepEqual(valueOf(decode(message.subarray(0, -2))), valueOf(decode(message)));
});

test('lists in lists as deep as is told, and no deeper', () => {
  const nested = (depth: number): Arg => ({ type: '[', value: depth > 1 ? [nested(depth - 1)] : [] });
  const read = (depth: number): Message | undefined => valueOf(decode(encode('/a', [nested(depth)])))[0];
  assert.deepEqual(read(MAX_LIST_DEPTH)?.args, [nested(MAX_LIST_DEPTH)]);
  assert.equal(read(MAX_LIST_DEPTH + 1)?.problem?.code, 'E_TYPE');
  const brackets = (text: string): Buffer => Buffer.concat([word('/a'), word(text)]);
  for (const tags of [',]', ',[', ',[]]', ',][']) {
    assert.equal(valueOf(decode(brackets(tags)))[0]?.problem?.code, 'E_PACKET', tags);
  }
});

test('a blob as large as a datagram can hold, and one that says it is larger', () => {
  const value = new Uint8Array(MAX_PACKET_BYTES - 15).fill(7);
  const whole = encode('/a', [{ type: 'b', value }]);
  const bytes = whole.subarray(0, MAX_PACKET_BYTES);
  assert.deepEqual(valueOf(decode(bytes))[0]?.args[0]?.value, value);
  for (const length of [-1, 5, 0x7fffffff]) {
    const lie = Buffer.concat([word('/a'), word(',b'), int(length), int(0)]);
    assert.equal(valueOf(decode(lie))[0]?.problem?.code, 'E_PACKET', String(length));
  }
});

const ARGS = arguments_();

test('decode gives back whatever encode was given', (t) => {
  holds(t, ARGS, (args) =>
    assert.deepEqual(valueOf(decode(encode('/a/b', args))), [{ address: '/a/b', args }]),
  );
});

test('another implementation reads what encode writes, and the other way round', (t) => {
  holds(t, fc.array(plainArgument(), { maxLength: 8 }), (args) => {
    const ours = Buffer.from(encode('/a', args));
    const theirs = osc.writePacket({ address: '/a', args }, { metadata: true });
    assert.deepEqual(ours, Buffer.from(theirs));
    const read = osc.readPacket(ours, { metadata: true }) as { readonly args: readonly Arg[] };
    assert.deepEqual(
      read.args.map(({ type }) => type),
      args.map(({ type }) => type),
    );
  });
});

test('valid packets that were mutated never make it throw, nor cost more than their bytes', (t) => {
  const packet = fc
    .tuple(ARGS, ARGS)
    .map(([x, y]) => bundle(0, 1, encode('/a', x), bundle(5, 5, encode('/b', y))));
  const change = fc.tuple(
    fc.nat(),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom('set', 'cut', 'insert'),
  );
  const mutated = fc.tuple(packet, fc.array(change, { minLength: 1, maxLength: 6 }));
  holds(
    t,
    mutated,
    ([whole, changes]) => {
      let bytes = Buffer.from(whole);
      for (const [place, byte, how] of changes) {
        const at = place % Math.max(1, bytes.length);
        if (how === 'set') bytes[at] = byte;
        else if (how === 'cut')
          bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (byte % 9))]);
        else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(byte % 9, byte), bytes.subarray(at)]);
      }
      const messages = decode(bytes);
      if (messages.ok) assert.ok(messages.value.length <= bytes.length / 8 + 1);
    },
    2000,
  );
});

test('no bytes whatever make it throw', (t) => {
  const noise = fc.uint8Array({ maxLength: 64 });
  holds(t, noise, (bytes) => void decode(bytes));
  holds(t, noise, (bytes) => void decode(Buffer.concat([word('/a'), word(',ifsb[T]'), bytes])));
  holds(t, noise, (bytes) => void decode(Buffer.concat([word('#bundle'), int(0), int(1), bytes])));
});

/** Types the npm package `osc` writes as the specification says. */
function plainArgument(): fc.Arbitrary<Arg> {
  const of = (type: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Arg> =>
    value.map((x) => ({ type, value: x }));
  return fc.oneof(
    of('i', fc.integer()),
    of('f', fc.float({ noNaN: true })),
    of('d', fc.double({ noNaN: true })),
    of('s', wireText()),
    of('b', fc.uint8Array({ maxLength: 70 })),
    of('m', fc.uint8Array({ minLength: 4, maxLength: 4 })),
    of('T', fc.constant(true)),
    of('F', fc.constant(false)),
    of('N', fc.constant(null)),
  );
}

function wireText(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\0', ''));
}

function arguments_(): fc.Arbitrary<Arg[]> {
  const word32 = fc.nat(0xffffffff);
  const { list } = fc.letrec<{ list: Arg[]; arg: Arg }>((tie) => ({
    arg: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      plainArgument(),
      fc.constant({ type: 'I', value: null }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({
        type: 'h',
        value: Number.isSafeInteger(Number(value)) ? Number(value) : value,
      })),
      fc.tuple(word32, word32).map(([seconds, fraction]) => ({ type: 't', value: { seconds, fraction } })),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).map((value) => ({
        type: 'c',
        value: String.fromCodePoint(value.codePointAt(0) ?? 0),
      })),
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => ({ type: 'r', value })),
      tie('list').map((value) => ({ type: '[', value })),
    ),
    list: fc.array(tie('arg'), { maxLength: 6 }),
  }));
  return list;
}
