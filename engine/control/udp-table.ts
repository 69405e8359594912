/**
 * The system's table of UDP sockets (Linux: /proc/net/udp, udp6): what was dropped, and who still listens. Elsewhere there
 * is none, and nothing is known.
 *
 *      sl  local_address rem_address  st tx_queue:rx_queue ... uid timeout inode ref pointer drops
 *          0100007F:1389              hexadecimal, the port behind the colon
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const IPV4 = '/proc/net/udp';
/** Absent where the system has no IPv6. */
const IPV6 = '/proc/net/udp6';

export interface UdpSocketRow {
  readonly port: number;
  /** Names the socket for as long as it is open. */
  readonly inode: string;
  readonly drops: number;
}

/** Undefined where the system does not tell. */
export function udpSocketsNow(): UdpSocketRow[] | undefined {
  try {
    const more = existsSync(IPV6) ? rows(readFileSync(IPV6, 'utf8')) : [];
    return [...rows(readFileSync(IPV4, 'utf8')), ...more];
  } catch {
    return undefined;
  }
}

export async function udpSockets(): Promise<UdpSocketRow[] | undefined> {
  try {
    const texts = await Promise.all([readFile(IPV4, 'utf8'), readFile(IPV6, 'utf8').catch(() => '')]);
    return texts.flatMap(rows);
  } catch {
    return undefined;
  }
}

function rows(table: string): UdpSocketRow[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length > 10)
    .map((columns) => ({
      port: parseInt(columns[1]?.split(':')[1] ?? '', 16),
      inode: columns[9] ?? '',
      drops: Number(columns.at(-1)),
    }));
}
