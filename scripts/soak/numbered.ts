/**
 * A row of messages that can be told apart in the journal: message number n sets the filter of voice n mod 16 to a value
 * that says n mod 3907. Both together say n up to 62512, so what was lost can be counted and what came out of order seen.
 */
import { encode, float } from '../../engine/control/encode.js';
import { findPath } from '../../engine/registry/address.js';

const VOICES = 16;
const VALUES = 3907;
const PERIOD = VOICES * VALUES;
const LOWEST_HZ = 100;

const ADDRESSES = Array.from({ length: VOICES }, (_, i) => `/mod/voice${i + 1}/filter/freq`);
const VOICE_OF = new Map(
  Array.from({ length: VOICES }, (_, i) => [findPath(`voice${i + 1}/filter/freq`)?.address ?? -1, i]),
);

export function numbered(n: number): Uint8Array {
  return encode(ADDRESSES[n % VOICES] as string, [float(LOWEST_HZ + (n % VALUES))]);
}

/** n modulo PERIOD; undefined: none of these messages. */
function numberOf(address: number, value: number): number | undefined {
  const voice = VOICE_OF.get(address);
  const rest = value - LOWEST_HZ;
  if (voice === undefined || !Number.isInteger(rest) || rest < 0 || rest >= VALUES) return undefined;
  // 3907 = 3 modulo 16, and 3 x 11 = 1 modulo 16.
  const turns = ((((voice - rest) * 11) % VOICES) + VOICES) % VOICES;
  return rest + VALUES * turns;
}

export interface Tally {
  readonly seen: number;
  /** Numbers that never came. */
  readonly missing: number;
  /** Messages that came before one with a lower number. A jump of more than half the period counts as one. */
  readonly outOfOrder: number;
}

/** Looks at what was set, in the order of the journal. */
export function tally(
  sets: Iterable<{ readonly address: number; readonly value: number }>,
  sent: number,
): Tally {
  let seen = 0;
  let outOfOrder = 0;
  let next = 0;
  for (const { address, value } of sets) {
    const n = numberOf(address, value);
    if (n === undefined) continue;
    const ahead = (((n - next) % PERIOD) + PERIOD) % PERIOD;
    seen++;
    if (ahead > PERIOD / 2) outOfOrder++;
    else next += ahead + 1;
  }
  return { seen, missing: sent - seen, outOfOrder };
}
