/**
 * First step: bytes -> messages. OSC 1.0 with the type tags of 1.1; bundles are flattened in order. Never throws, and takes
 * time and memory in proportion to the bytes.
 *
 * What is broken inside one message is that message's problem: the others of its bundle are done. Where the bundle itself
 * is broken (lengths that lie, too deep), nothing of the datagram can be trusted and nothing of it is done.
 */
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { MAX_LIST_DEPTH, readArguments, Reader, TYPE_TAGS, Unreadable, type Arg } from './arguments.js';

export type { Arg } from './arguments.js';

export interface Message {
  readonly address: string;
  readonly args: readonly Arg[];
  /** When it is to act, milliseconds since 1970; absent: now. */
  readonly timeMs?: number;
  /** It cannot be read and is to be refused with this. */
  readonly problem?: Problem;
}

/** The largest UDP datagram. */
export const MAX_PACKET_BYTES = 65_507;
/** Bundles in bundles. */
export const MAX_BUNDLE_DEPTH = 32;
const BUNDLE = Buffer.from('#bundle\0');
/** Seconds from 1900 to 1970. */
const NTP_EPOCH_S = 2_208_988_800;
const TWO_32 = 4_294_967_296;

/** All messages of a datagram, in order; E_PACKET: none of them. */
export function decode(bytes: Uint8Array): Outcome<Message[]> {
  if (bytes.length > MAX_PACKET_BYTES) return malformed(`${bytes.length} bytes`);
  const messages: Message[] = [];
  try {
    readPacket(bytes, undefined, 0, messages);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return malformed(`${bytes.length} bytes: ${error.message}`);
  }
  const [only] = messages;
  if (messages.length === 1 && only?.problem && only.address === '') return fail(only.problem);
  return succeed(messages);
}

/** `timeMs`: when the bundle around it acts. */
function readPacket(bytes: Uint8Array, timeMs: number | undefined, depth: number, into: Message[]): void {
  const isBundle = BUNDLE.equals(bytes.subarray(0, BUNDLE.length));
  if (isBundle) readBundle(bytes, timeMs, depth, into);
  else into.push({ ...readMessage(bytes), ...(timeMs !== undefined && { timeMs }) });
}

function readBundle(bytes: Uint8Array, outerMs: number | undefined, depth: number, into: Message[]): void {
  if (depth >= MAX_BUNDLE_DEPTH) throw new Unreadable(`bundles in bundles, more than ${MAX_BUNDLE_DEPTH}`);
  const reader = new Reader(bytes);
  reader.take(BUNDLE.length);
  const { seconds, fraction } = reader.timeTag();
  const immediately = seconds === 0 && fraction <= 1;
  const ownMs = (seconds - NTP_EPOCH_S) * 1000 + (fraction * 1000) / TWO_32;
  // OSC 1.0 wants no inner time before the outer one: it acts with the outer one.
  const timeMs = immediately ? outerMs : Math.max(ownMs, outerMs ?? ownMs);
  while (reader.left > 0) {
    const length = reader.int();
    if (length <= 0 || length > reader.left)
      throw new Unreadable(`${length} bytes announced in a bundle, ${reader.left} left`);
    readPacket(reader.part(length), timeMs, depth + 1, into);
  }
}

function readMessage(bytes: Uint8Array): Message {
  const bare = bareAddress(bytes);
  if (bare !== undefined) return { address: bare, args: [] };
  let address = '';
  try {
    const reader = new Reader(bytes);
    const first = reader.text();
    if (!first.startsWith('/')) throw new Unreadable(`${show(first, 24)} where an address should be`);
    address = first;
    return { address, args: readArguments(reader) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const problem = error.unknown
      ? unknownType(error.message)
      : notOsc(`${bytes.length} bytes: ${error.message}`);
    return { address, args: [], problem };
  }
}

/** Old senders leave the type tags out when there are no arguments, and some the padding. */
function bareAddress(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x2f || bytes.includes(0x2c)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/\0{1,4}$/, '');
  return /^\/[\x21-\x7e]*$/.test(text) ? text : undefined;
}

function malformed(got: string): Outcome<Message[]> {
  return fail({ ...notOsc(got), mend: `Nothing of this datagram was done. ${SEND}` });
}

const SEND = 'Send OSC 1.0: an address that begins with /, type tags, arguments.';

function notOsc(got: string): Problem {
  return {
    code: 'E_PACKET',
    got,
    allowed: `an OSC message or bundle of at most ${MAX_PACKET_BYTES} bytes`,
    mend: `Nothing was changed. ${SEND}`,
  };
}

function unknownType(got: string): Problem {
  return {
    code: 'E_TYPE',
    got,
    allowed: `arguments of the types ${TYPE_TAGS}, lists at most ${MAX_LIST_DEPTH} deep`,
    mend: 'Nothing was changed by this message. Send it with these types.',
  };
}
