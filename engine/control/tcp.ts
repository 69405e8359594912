/**
 * OSC over TCP, on the same port number as UDP. Each connection is a sender of its own; what it sends acts in its order,
 * answers go back on it in the framing it speaks. Runs on: main thread.
 *
 * Nothing a client does makes memory grow without bound, and a client that breaks a bound is closed for a counted reason.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import * as answer from './answer.js';
import type { Control, Sender } from './dispatch.js';
import { Deframer, frame } from './framing.js';
import { portProblem } from './port-problem.js';

export interface TcpLimits {
  readonly connections: number;
  /** Answers a client has not read yet; the longest answer of all, the schema of 256 voices, fits several times. */
  readonly unreadBytes: number;
  /** Milliseconds until a packet that has begun must be whole, and the first one must have come. */
  readonly packetMs: number;
  /** Milliseconds without a byte after which a connection may be closed to make room for another. */
  readonly idleMs: number;
  /** Milliseconds a client that has said its last word is given to read the answers. */
  readonly lastWordMs: number;
}

const LIMITS: TcpLimits = {
  connections: 64,
  unreadBytes: 4 * 1024 * 1024,
  packetMs: 30_000,
  idleMs: 60_000,
  lastWordMs: 5000,
};
/** The system asks a silent client so often whether it is still there. */
const KEEP_ALIVE_MS = 30_000;

/** Why connections were closed that the client had not closed. */
export interface TcpClosed {
  /** It did not read its answers. */
  readonly slow: number;
  /** Its stream was no OSC. */
  readonly broken: number;
  /** A packet, or the first one, did not come. */
  readonly stalled: number;
  /** It was silent, and another one needed the place. */
  readonly idle: number;
  /** There was no place. */
  readonly refused: number;
}

export interface TcpServer {
  readonly port: number;
  connections(): number;
  closed(): TcpClosed;
  close(): Promise<void>;
}

export interface TcpOptions {
  readonly port: number;
  readonly host?: string;
  readonly limits?: Partial<TcpLimits>;
}

/** Resolves when the port listens. A port that is taken or forbidden: E_PORT. */
export function listenTcp(
  control: Control,
  { port, host = '127.0.0.1', limits = {} }: TcpOptions,
): Promise<Outcome<TcpServer>> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const hall = new Hall(server, control, { ...LIMITS, ...limits });
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(fail(portProblem('TCP', host, port, error)));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      // Out of file handles: the next client may have more luck.
      server.on('error', () => {});
      resolve(succeed(hall));
    });
  });
}

class Hall implements TcpServer {
  readonly #server: Server;
  readonly #control: Control;
  readonly #limits: TcpLimits;
  readonly #open = new Set<Connection>();
  readonly #closed = { slow: 0, broken: 0, stalled: 0, idle: 0, refused: 0 };

  constructor(server: Server, control: Control, limits: TcpLimits) {
    this.#server = server;
    this.#control = control;
    this.#limits = limits;
    server.on('connection', (socket) => this.#enter(socket));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  connections(): number {
    return this.#open.size;
  }

  closed(): TcpClosed {
    return { ...this.#closed };
  }

  close(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#open) connection.destroy();
    return done;
  }

  #enter(socket: Socket): void {
    if (this.#open.size >= this.#limits.connections && !this.#makeRoom()) {
      this.#closed.refused++;
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.#control, this.#limits, (why) => {
      this.#open.delete(connection);
      if (why) this.#closed[why]++;
    });
    this.#open.add(connection);
  }

  /** The one that is silent longest goes, unless it listens to something. */
  #makeRoom(): boolean {
    const heard = this.#control.subscribers();
    const [oldest] = [...this.#open]
      .filter(({ key }) => !heard.has(key))
      .sort((a, b) => a.heardAt - b.heardAt);
    if (!oldest || performance.now() - oldest.heardAt < this.#limits.idleMs) return false;
    oldest.destroy('idle');
    return true;
  }
}

class Connection implements Sender {
  readonly key: string;
  heardAt = performance.now();
  /** It has closed its side: nobody is there to be told of what is to come. */
  gone = false;
  readonly #socket: Socket;
  readonly #control: Control;
  readonly #limits: TcpLimits;
  readonly #deframer = new Deframer();
  /** Nothing more is taken or sent. */
  #over = false;
  #why: keyof TcpClosed | undefined;
  /** Runs while something is owed: the first packet, the rest of one, or the end of the connection. */
  #patience: NodeJS.Timeout | undefined;

  constructor(socket: Socket, control: Control, limits: TcpLimits, onEnd: (why?: keyof TcpClosed) => void) {
    this.#socket = socket;
    this.#control = control;
    this.#limits = limits;
    this.key = `tcp:${socket.remoteAddress}:${socket.remotePort}`;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('end', () => void this.#lastWord());
    socket.on('error', () => this.destroy());
    socket.once('close', () => {
      this.destroy();
      onEnd(this.#why);
    });
    this.#owed('stalled', limits.packetMs);
  }

  /** Answers in the framing of the client; a client that does not read is closed instead of remembered. */
  send(bytes: Uint8Array): void {
    if (this.#over || !this.#socket.writable) return;
    this.#socket.write(frame(this.#deframer.framing ?? 'length', bytes));
    if (this.#socket.writableLength > this.#limits.unreadBytes) this.destroy('slow');
  }

  destroy(why?: keyof TcpClosed): void {
    this.#why ??= why;
    this.#over = this.gone = true;
    clearTimeout(this.#patience);
    this.#socket.destroy();
  }

  #take(bytes: Uint8Array): void {
    if (this.#over) return;
    this.heardAt = performance.now();
    const wasMidway = this.#deframer.midway;
    let whole = false;
    for (const packet of this.#deframer.push(bytes)) {
      whole = true;
      this.#control.receive(packet, this);
      if (this.#over) return;
    }
    const { broken, midway } = this.#deframer;
    if (broken !== undefined) return this.#break(broken);
    // The time runs from the first byte of a packet: one byte now and then does not lengthen it.
    if (whole || (midway && !wasMidway)) clearTimeout(this.#patience);
    if (midway && (whole || !wasMidway)) this.#owed('stalled', this.#limits.packetMs);
  }

  #owed(why: keyof TcpClosed, ms: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.destroy(why), ms).unref();
  }

  /** Says why, and closes as soon as the client has read it. */
  #break(why: string): void {
    this.send(answer.error('', brokenStream(why)));
    if (this.#over) return;
    this.#why = 'broken';
    this.#over = this.gone = true;
    this.#socket.end();
    this.#owed('broken', this.#limits.lastWordMs);
  }

  /** The client has closed its side: what it sent is answered, then the connection ends. */
  async #lastWord(): Promise<void> {
    this.gone = true;
    if (this.#over) return;
    if (this.#deframer.midway) return this.#break('an end in the middle of a packet');
    this.#owed('slow', this.#limits.lastWordMs);
    await this.#control.idle();
    this.#socket.end();
  }
}

function brokenStream(why: string) {
  return {
    code: 'E_STREAM',
    got: why,
    allowed: 'OSC packets, each behind its length as int32, or in SLIP',
    mend: 'The connection is closed; what came before has been done. Connect again.',
  };
}
