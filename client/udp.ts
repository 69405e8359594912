/** UDP from Node. */
import { createSocket, type Socket } from 'node:dgram';
import { fail, succeed, type Outcome } from '../engine/shared/outcome.js';
import type { Transport } from './transport.js';

/** A schema of 256 voices comes in one burst; the system may grant less. */
export const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** Well below the receive buffer Linux gives without being asked (208 KiB, with its own overhead counted). */
const WINDOW_BYTES = 64 * 1024;

export function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size does for everything but the longest answers.
  }
}

/** Resolves when the socket is bound and knows its peer; nobody need be there yet. E_NO_ENGINE: there is no such host. */
export function openUdp(host: string, port: number): Promise<Outcome<Transport>> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', (error) => {
      socket.close();
      resolve(fail(unreachable('UDP', host, port, error)));
    });
    socket.connect(port, host, () => {
      socket.removeAllListeners('error');
      growBuffer(socket);
      let open = true;
      const transport: Transport = {
        name: `UDP port ${port} of ${host}`,
        windowBytes: WINDOW_BYTES,
        send(packet) {
          // A refusal of an earlier packet comes with the next send, which then does not happen: it is made once more.
          socket.send(packet, (error) => {
            if (error && open) socket.send(packet, () => {});
          });
        },
        close() {
          open = false;
          socket.close();
        },
        onPacket: () => {},
        onGone: () => {},
        onBack: () => {},
      };
      socket.on('message', (bytes) => transport.onPacket(bytes));
      // The system says so when nobody listens on the port.
      socket.on('error', () => transport.onGone('nobody listens there', false));
      resolve(succeed(transport));
    });
  });
}

export function unreachable(kind: string, host: string, port: number, error: Error) {
  return {
    code: 'E_NO_ENGINE',
    got: `no engine: ${kind} port ${port} of ${host} cannot be reached (${error.message})`,
    allowed: 'the host and port of a running engine',
    mend: 'Run `chronus start` there; to be reached from another machine it needs --osc-host.',
  };
}
