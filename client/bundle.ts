/** Messages -> packets: what is sent in one breath travels in few datagrams, in order. Pure. */
import { encode } from '../engine/control/encode.js';
import { writeText, type Arg } from '../engine/control/arguments.js';

export interface Timed {
  readonly address: string;
  readonly args: readonly Arg[];
  /** When it is to act, Unix milliseconds; undefined: now. */
  readonly timeMs: number | undefined;
}

/** Of a bundle: most ways take it, and the engine looks at it in one go. */
const MOST_BYTES = 8192;
/** Seconds from 1900 to 1970. */
const NTP_EPOCH_S = 2_208_988_800;
const TWO_32 = 4_294_967_296;
const HEAD = writeText('#bundle');
const IMMEDIATELY = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);

/** A single message without a time goes as it is. */
export function packets(messages: readonly Timed[]): Uint8Array[] {
  const made: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let time: number | undefined;
  const close = (): void => {
    const [only] = parts;
    if (only && parts.length === 1 && time === undefined) made.push(only);
    else if (only) made.push(bundle(time, parts));
    [parts, bytes] = [[], 0];
  };
  for (const { address, args, timeMs } of messages) {
    const message = encode(address, args);
    if (timeMs !== time || bytes + message.length > MOST_BYTES) close();
    time = timeMs;
    parts.push(message);
    bytes += message.length + 4;
  }
  close();
  return made;
}

function bundle(timeMs: number | undefined, messages: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [HEAD, timeMs === undefined ? IMMEDIATELY : timeTag(timeMs)];
  for (const message of messages) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(message.length);
    parts.push(length, message);
  }
  return Buffer.concat(parts);
}

function timeTag(ms: number): Uint8Array {
  const seconds = Math.floor(ms / 1000);
  const fraction = Math.min(TWO_32 - 1, Math.round(((ms - seconds * 1000) * TWO_32) / 1000));
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(seconds + NTP_EPOCH_S);
  bytes.writeUInt32BE(fraction, 4);
  return bytes;
}
