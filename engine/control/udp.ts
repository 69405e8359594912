/** The OSC socket. UDP on the loopback unless told otherwise; replies leave by the socket the message came to. */
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { Control } from './dispatch.js';

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
      if (open) socket.send(reply, from.port, from.address, ignore);
    };
    control.receive(bytes, { key, send });
  });
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(fail(portProblem(host, port, error.code ?? error.message)));
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      // A reply to somebody who is gone must not end the engine.
      socket.on('error', ignore);
      growBuffer(socket);
      resolve(
        succeed({
          port: socket.address().port,
          drops: () => dropsOf(socket.address().port),
          close: () => {
            open = false;
            return new Promise((done) => socket.close(() => done()));
          },
        }),
      );
    });
  });
}

/** Last column of /proc/net/udp, in the line of the local port (hexadecimal). */
function dropsOf(port: number): number | undefined {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    const lines = ['/proc/net/udp', '/proc/net/udp6'].flatMap((file) =>
      readFileSync(file, 'utf8').split('\n'),
    );
    const line = lines.map((text) => text.trim().split(/\s+/)).find((columns) => columns[1]?.endsWith(place));
    const drops = Number(line?.at(-1));
    return Number.isFinite(drops) ? drops : undefined;
  } catch {
    return undefined;
  }
}

function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size is enough for a player; only great bursts lose messages then.
  }
}

function ignore(): void {}

function portProblem(host: string, port: number, code: string) {
  const taken = code === 'EADDRINUSE';
  return {
    code: 'E_PORT',
    got: `UDP ${host}:${port}${taken ? ', which another program uses' : ` (${code})`}`,
    allowed: 'a free port, or 0 for any free one',
    mend: taken
      ? 'End the other program (perhaps another engine), or start with --osc-port 0 or another number.'
      : 'Start with --osc-port 0 or another number.',
  };
}
