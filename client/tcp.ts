/** OSC over TCP from Node, each packet behind its length. Connects again by itself when the engine comes back. */
import { connect, type Socket } from 'node:net';
import { Deframer, frame } from '../engine/control/framing.js';
import { fail, succeed, type Outcome } from '../engine/shared/outcome.js';
import type { Transport } from './transport.js';
import { unreachable } from './udp.js';

const RETRY_MS = 1000;

/** Resolves when it is connected. E_NO_ENGINE: nobody listens there. */
export function openTcp(host: string, port: number): Promise<Outcome<Transport>> {
  return new Promise((resolve) => {
    const way = new TcpTransport(host, port, (error) => {
      if (!error) return resolve(succeed(way));
      way.close();
      resolve(fail(unreachable('TCP', host, port, error)));
    });
  });
}

class TcpTransport implements Transport {
  readonly name: string;
  readonly windowBytes = Infinity;
  onPacket: (packet: Uint8Array) => void = () => {};
  onGone: (why: string, sure: boolean) => void = () => {};
  onBack: () => void = () => {};
  #socket: Socket;
  #open = true;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    first: (error?: Error) => void,
  ) {
    this.name = `TCP port ${port} of ${host}`;
    this.#socket = this.#connect(first);
  }

  #connect(told: (error?: Error) => void): Socket {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    const deframer = new Deframer();
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      told();
    });
    socket.on('data', (bytes) => {
      for (const packet of deframer.push(bytes)) this.onPacket(packet);
    });
    socket.on('error', (error) => {
      if (!connected) told(error);
    });
    socket.once('close', () => {
      if (!this.#open) return;
      if (connected) this.onGone('the connection was closed', true);
      this.#retry = setTimeout(() => {
        this.#socket = this.#connect((error) => {
          if (!error) this.onBack();
        });
      }, RETRY_MS).unref();
    });
    return socket;
  }

  send(packet: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(frame('length', packet));
    else this.onGone('the connection is closed', true);
  }

  close(): void {
    this.#open = false;
    clearTimeout(this.#retry);
    this.#socket.end();
  }
}
