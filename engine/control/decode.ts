/**
 * First step: bytes -> messages. OSC 1.0 with the type tags of 1.1; bundles are flattened in order. Never throws.
 */
import osc from 'osc/src/osc.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';

/** One argument: its type tag and its value. int64 comes as a number, time tags as milliseconds since 1970. */
export interface Arg {
  readonly type: string;
  readonly value?: unknown;
}

export interface Message {
  readonly address: string;
  readonly args: readonly Arg[];
  /** The time tag of the innermost bundle that has one, milliseconds since 1970; absent: now. */
  readonly timeMs?: number;
}

/** The largest UDP datagram. */
export const MAX_PACKET_BYTES = 65_507;
const OPTIONS = { metadata: true, unpackSingleArgs: false };

type Packet = ReturnType<typeof osc.readPacket>;

/** All messages of a datagram, or none of them (E_PACKET). */
export function decode(bytes: Uint8Array): Outcome<Message[]> {
  if (bytes.length > MAX_PACKET_BYTES) return malformed(`${bytes.length} bytes`);
  const bare = bareAddress(bytes);
  if (bare !== undefined) return succeed([{ address: bare, args: [] }]);
  try {
    // A copy: the reader takes MIDI and colour bytes from the start of the underlying buffer.
    return succeed([...flatten(osc.readPacket(Uint8Array.from(bytes), OPTIONS), undefined)]);
  } catch (error) {
    return malformed(
      `${bytes.length} bytes: ${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'}`,
    );
  }
}

/** Old senders leave the type tags out when there are no arguments. */
function bareAddress(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/\0+$/, '');
  return /^\/[\x21-\x7e]*$/.test(text) && !text.includes(',') && bytes.length - text.length <= 4
    ? text
    : undefined;
}

function* flatten(packet: Packet, timeMs: number | undefined): Generator<Message> {
  if ('address' in packet) {
    yield {
      address: packet.address,
      args: packet.args.map(plainArg),
      ...(timeMs !== undefined && { timeMs }),
    };
    return;
  }
  const [seconds, fraction] = packet.timeTag.raw;
  const immediately = seconds === 0 && fraction <= 1;
  for (const inner of packet.packets) yield* flatten(inner, immediately ? timeMs : packet.timeTag.native);
}

function plainArg(arg: Extract<Packet, { args: unknown }>['args'][number]): Arg {
  if (!('type' in arg)) return { type: '[', value: arg.map((inner) => plainArg(inner)) };
  if (arg.type === 'h') return { type: 'h', value: Number(String(arg.value)) };
  if (arg.type === 't') return { type: 't', value: (arg.value as { native: number }).native };
  if (arg.type === 'S') return { type: 's', value: arg.value };
  return { type: arg.type, value: arg.value };
}

function malformed(got: string): Outcome<Message[]> {
  return fail({
    code: 'E_PACKET',
    got,
    allowed: `an OSC message or bundle of at most ${MAX_PACKET_BYTES} bytes`,
    mend: 'Nothing of this datagram was done. Send OSC 1.0: an address that begins with /, type tags, arguments.',
  });
}
