/**
 * The arguments of an OSC message <-> bytes: all type tags of OSC 1.0 and 1.1, lists in lists. Written here and not taken
 * from the npm package `osc`: that one ends a list at the first `]`, throws for a character above U+10FFFF, and knows of no
 * argument it could leave out.
 *
 *      i f         number, 32 bit            T F     true, false
 *      d           number, 64 bit            N I     null: nil, impulse
 *      h           number; a bigint where no number is exact
 *      s S         text (an S is told as s)  c       text of one character
 *      b           bytes                     r m     four bytes: red green blue alpha; port, status, two data bytes
 *      t           TimeTag                   [ ]     list of arguments
 */

/** One argument: its type tag and its value. */
export interface Arg {
  readonly type: string;
  readonly value?: unknown;
}

/** NTP: seconds since 1900 and 2^-32 seconds, both as they came. */
export interface TimeTag {
  readonly seconds: number;
  readonly fraction: number;
}

/** Lists in lists; whoever takes them may recurse. */
export const MAX_LIST_DEPTH = 16;
export const TYPE_TAGS = 'i f s S b h d t T F N I c r m [ ]';

/** Why arguments cannot be read: `unknown` names what only this message suffers from. */
export class Unreadable extends Error {
  constructor(
    message: string,
    readonly unknown = false,
  ) {
    super(message);
  }
}

/** Reads forward through bytes. Throws Unreadable beyond their end; a last padding may be absent. */
export class Reader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** The place of so many bytes, which are passed. */
  take(count: number): number {
    if (count > this.left)
      throw new Unreadable(`${count} bytes wanted at byte ${this.at}, ${this.left} left`);
    const at = this.at;
    this.at += count;
    return at;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw new Unreadable(`a text at byte ${this.at} that does not end`);
    const text = this.#bytes.toString('utf8', this.at, end);
    this.#pass(end + 1);
    return text;
  }

  blob(): Uint8Array {
    const length = this.int();
    if (length < 0) throw new Unreadable(`a blob of ${length} bytes`);
    const bytes = this.bytes(length);
    this.#pass(this.at);
    return bytes;
  }

  /** A copy: a datagram's memory may be used again. */
  bytes(count: number): Uint8Array {
    const at = this.take(count);
    return Uint8Array.from(this.#bytes.subarray(at, at + count));
  }

  /** The bytes themselves. */
  part(count: number): Uint8Array {
    const at = this.take(count);
    return this.#bytes.subarray(at, at + count);
  }

  int(): number {
    return this.#bytes.readInt32BE(this.take(4));
  }
  unsigned(): number {
    return this.#bytes.readUInt32BE(this.take(4));
  }
  float(): number {
    return this.#bytes.readFloatBE(this.take(4));
  }
  double(): number {
    return this.#bytes.readDoubleBE(this.take(8));
  }
  long(): number | bigint {
    const value = this.#bytes.readBigInt64BE(this.take(8));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  timeTag(): TimeTag {
    return { seconds: this.unsigned(), fraction: this.unsigned() };
  }

  #pass(end: number): void {
    this.at = Math.min((end + 3) & ~3, this.#bytes.length);
  }
}

/** The arguments behind the address. Throws Unreadable. */
export function readArguments(reader: Reader): Arg[] {
  if (reader.left === 0) return [];
  const tags = reader.text();
  if (!tags.startsWith(',')) throw new Unreadable(`'${tags.slice(0, 20)}' where type tags should be`);
  const open: Arg[][] = [[]];
  for (let i = 1; i < tags.length; i++) {
    const type = tags[i] as string;
    const list = open.at(-1) as Arg[];
    if (type === '[') {
      if (open.length > MAX_LIST_DEPTH)
        throw new Unreadable(`lists in lists, more than ${MAX_LIST_DEPTH}`, true);
      const value: Arg[] = [];
      list.push({ type, value });
      open.push(value);
    } else if (type === ']') {
      if (open.length === 1) throw new Unreadable('a ] without a [ in the type tags');
      open.pop();
    } else {
      list.push(readArgument(type, reader));
    }
  }
  if (open.length > 1) throw new Unreadable('a [ without a ] in the type tags');
  return open[0] as Arg[];
}

function readArgument(type: string, reader: Reader): Arg {
  switch (type) {
    case 'i':
      return { type, value: reader.int() };
    case 'f':
      return { type, value: reader.float() };
    case 's':
    case 'S':
      return { type: 's', value: reader.text() };
    case 'b':
      return { type, value: reader.blob() };
    case 'h':
      return { type, value: reader.long() };
    case 'd':
      return { type, value: reader.double() };
    case 't':
      return { type, value: reader.timeTag() };
    case 'c':
      return { type, value: character(reader.unsigned()) };
    case 'r':
    case 'm':
      return { type, value: reader.bytes(4) };
    case 'T':
    case 'F':
      return { type, value: type === 'T' };
    case 'N':
    case 'I':
      return { type, value: null };
    default:
      throw new Unreadable(`the type tag '${type}'`, true);
  }
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** Type tags and contents. A type that does not exist is a defect of the caller: RangeError. */
export function writeArguments(args: readonly Arg[]): Buffer {
  const tags: string[] = [','];
  const parts: Uint8Array[] = [];
  for (const arg of args) writeArgument(arg, tags, parts);
  return Buffer.concat([writeText(tags.join('')), ...parts]);
}

function writeArgument({ type, value }: Arg, tags: string[], parts: Uint8Array[]): void {
  tags.push(type);
  if (type === '[') {
    for (const inner of value as readonly Arg[]) writeArgument(inner, tags, parts);
    tags.push(']');
    return;
  }
  const bytes = contents(type, value);
  if (bytes) parts.push(bytes);
}

function contents(type: string, value: unknown): Buffer | undefined {
  switch (type) {
    case 'i':
      return written(4, (bytes) => bytes.writeInt32BE(Number(value) | 0));
    case 'f':
      return written(4, (bytes) => bytes.writeFloatBE(Number(value)));
    case 'd':
      return written(8, (bytes) => bytes.writeDoubleBE(Number(value)));
    case 'h':
      return written(8, (bytes) => bytes.writeBigInt64BE(whole(value)));
    case 's':
    case 'S':
      return writeText(String(value));
    case 'b':
      return writeBlob(value as Uint8Array);
    case 't': {
      const { seconds, fraction } = value as TimeTag;
      return written(8, (bytes) => bytes.writeUInt32BE(fraction, bytes.writeUInt32BE(seconds)));
    }
    case 'c':
      return written(4, (bytes) => bytes.writeUInt32BE(String(value).codePointAt(0) ?? 0));
    case 'r':
    case 'm':
      return Buffer.from(value as Uint8Array);
    case 'T':
    case 'F':
    case 'N':
    case 'I':
      return undefined;
    default:
      throw new RangeError(`no type tag '${type}'`);
  }
}

function whole(value: unknown): bigint {
  return BigInt.asIntN(64, typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value))));
}

function written(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  write(bytes);
  return bytes;
}

/** A NUL ends a text on the wire, so what comes behind one is left out. */
export function writeText(text: string): Buffer {
  const nul = text.indexOf('\0');
  const bytes = Buffer.from(nul < 0 ? text : text.slice(0, nul));
  const padded = Buffer.alloc((bytes.length + 4) & ~3);
  bytes.copy(padded);
  return padded;
}

function writeBlob(blob: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + ((blob.length + 3) & ~3));
  bytes.writeInt32BE(blob.length);
  bytes.set(blob, 4);
  return bytes;
}
