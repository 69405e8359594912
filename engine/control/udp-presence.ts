/**
 * Notices that a subscriber on this machine has gone: its socket is no longer in the system's table. Nothing is sent to
 * it: a datagram to see whether it arrives would have to come from the engine's own port (a client that has connected
 * its socket refuses every other, as if it were gone), and Node does not tell of refusals there.
 *
 * Subscribers elsewhere, and on systems without such a table, end by their time. Runs on: main thread.
 */
import type { Control } from './dispatch.js';
import { udpSockets, type UdpSocketRow } from './udp-table.js';

export const LOOK_MS = 2000;
const OWN = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+):(\d+)$/;

interface Known {
  /** Of its newest subscription: when there is a newer one, whoever has the port now has asked for it. */
  readonly serial: number;
  /** The sockets of its port since then. Another program may get the port after it. */
  readonly inodes: ReadonlySet<string>;
}

export class UdpPresence {
  readonly #control: Pick<Control, 'subscribers' | 'gone'>;
  readonly #ownPort: number;
  readonly #sockets: () => Promise<UdpSocketRow[] | undefined>;
  #known = new Map<string, Known>();

  /** `ownPort`: a table without it does not show the sockets of this machine, and is not believed. */
  constructor(control: Pick<Control, 'subscribers' | 'gone'>, ownPort: number, sockets = udpSockets) {
    this.#control = control;
    this.#ownPort = ownPort;
    this.#sockets = sockets;
  }

  /** Ends the subscriptions of those who are gone. To be called now and then. */
  async look(): Promise<void> {
    const subscribers = [...this.#control.subscribers()].filter(([key]) => OWN.test(key));
    if (subscribers.length === 0) return this.#known.clear();
    const table = await this.#sockets();
    if (!table?.some(({ port }) => port === this.#ownPort)) return;
    const known = new Map<string, Known>();
    for (const [key, serial] of subscribers) {
      const port = Number(OWN.exec(key)?.[2]);
      const there = table.filter((row) => row.port === port).map(({ inode }) => inode);
      const before = this.#known.get(key);
      const same = before?.serial === serial ? before.inodes : undefined;
      const inodes = new Set(there.filter((inode) => same?.has(inode) ?? true));
      if (inodes.size > 0) known.set(key, { serial, inodes });
      else if (this.#control.subscribers().get(key) === serial) this.#control.gone(key);
    }
    this.#known = known;
  }
}
