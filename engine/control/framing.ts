/**
 * Packets in a stream of bytes, as OSC knows it. The first byte of a connection tells which:
 *
 *      OSC 1.0   int32 length, packet, int32 length, packet ...     begins with 0, as no packet has 16 MB
 *      OSC 1.1   SLIP (RFC 1055): END, packet, END, END, packet, END ...    begins with END, or with a bare / or #
 *
 * Takes memory for one packet and no more. What comes behind a broken place cannot be told from noise: the stream is over.
 */
import { MAX_PACKET_BYTES } from './decode.js';

export type Framing = 'length' | 'slip';

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** One packet, framed. */
export function frame(framing: Framing, packet: Uint8Array): Uint8Array {
  return framing === 'length' ? lengthFrame(packet) : slipFrame(packet);
}

function lengthFrame(packet: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(4 + packet.length);
  bytes.writeUInt32BE(packet.length);
  bytes.set(packet, 4);
  return bytes;
}

function slipFrame(packet: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(2 * packet.length + 2);
  let at = 0;
  bytes[at++] = END;
  for (const byte of packet) {
    if (byte === END || byte === ESC) {
      bytes[at++] = ESC;
      bytes[at++] = byte === END ? ESC_END : ESC_ESC;
    } else {
      bytes[at++] = byte;
    }
  }
  bytes[at++] = END;
  return bytes.subarray(0, at);
}

/** Takes bytes as they come and gives whole packets. */
export class Deframer {
  /** Undefined: no byte has come. */
  framing: Framing | undefined;
  /** Why the stream is over. */
  broken: string | undefined;
  #packet = Buffer.alloc(256);
  #length = 0;
  /** Length framing: bytes of the packet that is under way; undefined while its length comes. */
  #wanted: number | undefined;
  #escaped = false;

  /** True between the first and the last byte of a packet. */
  get midway(): boolean {
    return this.#length > 0 || this.#wanted !== undefined || this.#escaped;
  }

  /** Whole packets, in order, each a memory of its own. Ends early when the stream is broken. */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    if (this.broken !== undefined || bytes.length === 0) return;
    this.framing ??= this.#detect(bytes[0] as number);
    if (this.framing === 'length') yield* this.#lengths(bytes);
    else if (this.framing === 'slip') yield* this.#slip(bytes);
  }

  #detect(first: number): Framing | undefined {
    if (first === 0) return 'length';
    if (first === END || first === 0x2f || first === 0x23) return 'slip';
    this.broken = `a stream that begins with byte ${first}`;
    return undefined;
  }

  *#lengths(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length || this.#wanted === 0;) {
      const part = bytes.subarray(at, at + (this.#wanted ?? 4) - this.#length);
      this.#append(part);
      at += part.length;
      if (this.#wanted === undefined) {
        if (this.#length < 4) return;
        this.#wanted = this.#packet.readUInt32BE(0);
        this.#length = 0;
        if (this.#wanted > MAX_PACKET_BYTES) {
          this.broken = `a packet of ${this.#wanted} bytes announced`;
          return;
        }
      }
      if (this.#length === this.#wanted) {
        this.#wanted = undefined;
        yield this.#take();
      }
    }
  }

  *#slip(bytes: Uint8Array): Generator<Uint8Array> {
    for (const byte of bytes) {
      if (byte === END) {
        if (this.#escaped) return void (this.broken = 'an END behind an ESC');
        if (this.#length > 0) yield this.#take();
      } else if (this.#escaped) {
        if (byte !== ESC_END && byte !== ESC_ESC) return void (this.broken = `byte ${byte} behind an ESC`);
        this.#escaped = false;
        this.#put(byte === ESC_END ? END : ESC);
      } else if (byte === ESC) {
        this.#escaped = true;
      } else {
        this.#put(byte);
      }
      if (this.#length > MAX_PACKET_BYTES)
        return void (this.broken = `a packet of more than ${MAX_PACKET_BYTES} bytes`);
    }
  }

  #take(): Uint8Array {
    const packet = Uint8Array.from(this.#packet.subarray(0, this.#length));
    this.#length = 0;
    return packet;
  }

  #append(bytes: Uint8Array): void {
    this.#grow(this.#length + bytes.length);
    this.#packet.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #put(byte: number): void {
    this.#grow(this.#length + 1);
    this.#packet[this.#length++] = byte;
  }

  #grow(length: number): void {
    if (length <= this.#packet.length) return;
    const larger = Buffer.alloc(Math.max(length, 2 * this.#packet.length));
    larger.set(this.#packet.subarray(0, this.#length));
    this.#packet = larger;
  }
}
