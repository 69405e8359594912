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
}

const UNKNOWN_KEPT = 64;

export class ControlLedger {
  readonly #counts = { received: 0, malformed: 0, unknown: 0, refused: 0, clamped: 0 };
  readonly #unknown = new Set<string>();

  count(what: keyof Counters): void {
    this.#counts[what]++;
  }

  /** Remembers the first few, for the schema. */
  countUnknown(address: string): void {
    this.count('unknown');
    if (this.#unknown.size < UNKNOWN_KEPT) this.#unknown.add(address.slice(0, 128));
  }

  counters(): Counters {
    return { ...this.#counts };
  }

  unknownRoutes(): readonly string[] {
    return [...this.#unknown];
  }
}
