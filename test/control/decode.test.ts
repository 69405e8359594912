import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decode, MAX_PACKET_BYTES } from '../../engine/control/decode.js';
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
    { type: 'I', value: 1 },
    { type: 'c', value: 'x' },
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

test('nested bundles are flattened in order; the innermost time tag that is no "immediately" counts', () => {
  const [a, b, c, d] = ['/a', '/b', '/c', '/d'].map((address) => encode(address, [])) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const inner = bundle(2208988800 + 20, 0x80000000, b);
  const now = bundle(0, 1, c);
  const messages = valueOf(decode(bundle(2208988800 + 10, 0, a, inner, now, d)));
  assert.deepEqual(
    messages.map(({ address, timeMs }) => [address, timeMs]),
    [
      ['/a', 10_000],
      ['/b', 20_500],
      ['/c', 10_000],
      ['/d', 10_000],
    ],
  );
  assert.equal(valueOf(decode(bundle(0, 1, a)))[0]?.timeMs, undefined);
});

test('what is no OSC is one problem', () => {
  const bad = [
    Buffer.alloc(0),
    Buffer.from('hello'),
    Buffer.from([0, 0, 0, 0]),
    Buffer.concat([word('/a'), word(',i')]),
    Buffer.concat([word('/a'), word(',q'), int(1)]),
    Buffer.concat([word('/a'), word('no tags'), int(1)]),
    Buffer.concat([word('#bundle'), int(0)]),
    bundle(0, 1, word('nothing')),
    Buffer.alloc(MAX_PACKET_BYTES + 1, 47),
  ];
  for (const bytes of bad) errorOf(decode(bytes), 'E_PACKET');
});

test('deep nesting ends in messages or a problem, never in a thrown error', () => {
  let nested: Uint8Array = encode('/a', []);
  while (nested.length < 60_000) nested = bundle(0, 1, nested);
  assert.equal(typeof decode(nested).ok, 'boolean');
});

test('no bytes whatever make it throw', (t) => {
  const noise = fc.uint8Array({ maxLength: 64 });
  holds(t, noise, (bytes) => void decode(bytes));
  holds(t, noise, (bytes) => void decode(Buffer.concat([word('/a'), word(',ifsb[T]'), bytes])));
  holds(t, noise, (bytes) => void decode(Buffer.concat([word('#bundle'), int(0), int(1), bytes])));
});
