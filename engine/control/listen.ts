/** The ears: one port number for UDP and TCP. Runs on: main thread. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { Control } from './dispatch.js';
import { listenTcp, type TcpClosed, type TcpServer } from './tcp.js';
import { listenUdp, type UdpOptions, type UdpServer } from './udp.js';

export interface Ears {
  readonly port: number;
  /** For `/engine/status`. */
  status(): {
    readonly udp_dropped: number | null;
    readonly tcp: { readonly connections: number; readonly closed: TcpClosed };
  };
  close(): Promise<void>;
}

/** With port 0: another number is tried where one is free for UDP only. */
const TRIES = 16;

/** Resolves when both listen, or neither: E_PORT. */
export async function listen(control: Control, options: UdpOptions): Promise<Outcome<Ears>> {
  for (let left = TRIES - 1; ; left--) {
    const udp = await listenUdp(control, options);
    if (!udp.ok) return udp;
    const tcp = await listenTcp(control, { ...options, port: udp.value.port });
    if (tcp.ok) return succeed(ears(udp.value, tcp.value));
    await udp.value.close();
    if (options.port !== 0 || left === 0) return fail(tcp.error);
  }
}

function ears(udp: UdpServer, tcp: TcpServer): Ears {
  return {
    port: udp.port,
    status: () => ({
      udp_dropped: udp.drops() ?? null,
      tcp: { connections: tcp.connections(), closed: tcp.closed() },
    }),
    close: async () => void (await Promise.all([udp.close(), tcp.close()])),
  };
}
