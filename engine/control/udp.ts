/** The OSC socket. UDP on the loopback unless told otherwise; replies leave by the socket the message came to. */
import { createSocket, type Socket } from 'node:dgram';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { Control } from './dispatch.js';
import { portProblem } from './port-problem.js';
import { LOOK_MS, UdpPresence } from './udp-presence.js';
import { udpSocketsNow } from './udp-table.js';

export interface UdpOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly host?: string;
}

export interface UdpServer {
  readonly port: number;
  /** Datagrams the system threw away because they came faster than they were read; undefined where it does not tell. */
  drops(): number | undefined;
  close(): Promise<void>;
}

/** A burst of some ten thousand messages; the system may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** Resolves when the socket listens. A port that is taken or forbidden: E_PORT. */
export function listenUdp(
  control: Control,
  { port, host = '127.0.0.1' }: UdpOptions,
): Promise<Outcome<UdpServer>> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
  let open = true;
  socket.on('message', (bytes, from) => {
    const key = `${from.address}:${from.port}`;
    const send = (reply: Uint8Array): void => {
      // Port 0, from a forged sender: there is nowhere to answer, and the system's call would throw.
      if (open && from.port > 0) socket.send(reply, from.port, from.address, ignore);
    };
    control.receive(bytes, { key, send });
  });
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(fail(portProblem('UDP', host, port, error)));
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      // A reply to somebody who is gone must not end the engine.
      socket.on('error', ignore);
      growBuffer(socket);
      const presence = new UdpPresence(control, socket.address().port);
      const looking = setInterval(() => void presence.look(), LOOK_MS).unref();
      resolve(
        succeed({
          port: socket.address().port,
          drops: () => dropsOf(socket.address().port),
          close: () => {
            open = false;
            clearInterval(looking);
            return new Promise((done) => socket.close(() => done()));
          },
        }),
      );
    });
  });
}

function dropsOf(port: number): number | undefined {
  const row = udpSocketsNow()?.find((each) => each.port === port);
  return row && Number.isFinite(row.drops) ? row.drops : undefined;
}

function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size is enough for a player; only great bursts lose messages then.
  }
}

function ignore(): void {}
