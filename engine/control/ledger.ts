/** What the control plane counts. */
export interface Counters {
  /** Messages, also those inside bundles. */
  readonly received: number;
  /** Datagrams that were no OSC. */
  readonly malformed: number;
  /** Messages to addresses that do not exist. */
  readonly unknown: number;
  /** Messages that were refused for another reason. */
  readonly refused: number;
  /** Values that were moved into their range, and other warnings. */
  readonly clamped: number;
  /** Messages whose time tag could not be met: they acted at once. */
  readonly late: number;
}

const UNKNOWN_KEPT = 64;

export class ControlLedger {
  readonly #counts = { received: 0, malformed: 0, unknown: 0, refused: 0, clamped: 0, late: 0 };
  readonly #unknown = new Set<string>();

  count(what: keyof Counters, times = 1): void {
    this.#counts[what] += times;
  }

  /** Remembers the first few, for the schema. Gives back the address, shortened, when it is one more of them. */
  countUnknown(address: string): string | undefined {
    this.count('unknown');
    const kept = address.slice(0, 128);
    if (this.#unknown.size >= UNKNOWN_KEPT || this.#unknown.has(kept)) return undefined;
    this.#unknown.add(kept);
    return kept;
  }

  counters(): Counters {
    return { ...this.#counts };
  }

  unknownRoutes(): readonly string[] {
    return [...this.#unknown];
  }
}
