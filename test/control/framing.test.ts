import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { MAX_PACKET_BYTES } from '../../engine/control/decode.js';
import { Deframer, frame, type Framing } from '../../engine/control/framing.js';
import { holds } from '../helpers/property.js';

const FRAMINGS: readonly Framing[] = ['length', 'slip'];
const packets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
/** Bytes that mean something in SLIP. */
const nasty = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 9, max: 4 }), { maxLength: 8 })
  .map((all) => all.map((bytes) => bytes.map((byte) => [0xc0, 0xdb, 0xdc, 0xdd, 0][byte] as number)));

function read(deframer: Deframer, stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const got: Uint8Array[] = [];
  for (let at = 0, i = 0; at < stream.length; i++) {
    const length = (cuts[i % cuts.length] as number) + 1;
    got.push(...deframer.push(stream.subarray(at, at + length)));
    at += length;
  }
  return got;
}

test('packets come out as they went in, however the stream is cut', (t) => {
  const cuts = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 });
  for (const framing of FRAMINGS) {
    holds(t, fc.tuple(fc.oneof(packets, nasty), cuts), ([sent, where]) => {
      const deframer = new Deframer();
      const got = read(deframer, Buffer.concat(sent.map((packet) => frame(framing, packet))), where);
      assert.deepEqual(
        got.map((bytes) => [...bytes]),
        sent.map((bytes) => [...bytes]),
      );
      assert.equal(deframer.midway, false);
      assert.equal(deframer.broken, undefined);
      assert.equal(deframer.framing, sent.length > 0 ? framing : undefined);
    });
  }
});

test('SLIP with one END between packets, many, or none in front', () => {
  const stream = Buffer.from([0x2f, 0x61, 0xc0, 0xc0, 0xc0, 0x2f, 0x62, 0xc0, 0x2f, 0x63, 0xc0]);
  assert.deepEqual(
    read(new Deframer(), stream, [0]).map((bytes) => Buffer.from(bytes).toString()),
    ['/a', '/b', '/c'],
  );
});

test('a length of 0 is an empty packet, also as the last bytes of a piece', () => {
  const deframer = new Deframer();
  const lengths = read(deframer, Buffer.alloc(8), [7]).map(({ length }) => length);
  assert.deepEqual(lengths, [0, 0]);
  assert.equal(deframer.midway, false);
});

test('a broken stream is over: nothing more comes out of it, and it keeps nothing', () => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(MAX_PACKET_BYTES + 1);
  const good = frame('length', Buffer.from('/a'));
  const slip = frame('slip', Buffer.from('/a'));
  const broken: readonly [name: string, stream: Uint8Array, whole: number][] = [
    ['a length beyond any packet', Buffer.concat([good, length]), 1],
    ['no framing', Buffer.from('GET / HTTP/1.1\r\n'), 0],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), 0],
    ['a wrong escape', Buffer.concat([slip, Buffer.from([0xc0, 0xdb, 1])]), 1],
    ['an escape of END', Buffer.concat([slip, Buffer.from([0xc0, 0xdb, 0xc0])]), 1],
    ['SLIP without end', Buffer.concat([Buffer.from([0xc0]), Buffer.alloc(MAX_PACKET_BYTES + 1, 1)]), 0],
  ];
  for (const [name, stream, whole] of broken) {
    const deframer = new Deframer();
    assert.equal(read(deframer, stream, [999]).length, whole, name);
    assert.ok(deframer.broken, name);
    assert.deepEqual([...deframer.push(good)], [], name);
  }
});

test('any bytes: no throw, and never more out than in', (t) => {
  holds(t, fc.uint8Array({ maxLength: 200 }), (bytes) => {
    for (const first of [0, 0xc0, 0x2f]) {
      const out = read(new Deframer(), Buffer.concat([Buffer.from([first]), bytes]), [6]);
      assert.ok(out.reduce((sum, { length }) => sum + length, 0) <= bytes.length + 1);
    }
  });
});
