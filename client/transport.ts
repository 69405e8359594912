/** How packets travel. The layers above know this and no socket, so that another way can take its place. */
export interface Transport {
  /** What it leads to, for people: `UDP port 5005`. */
  readonly name: string;
  /** Bytes that may be under way unanswered; the rest waits for a /synced, as what fills a buffer is lost. */
  readonly windowBytes: number;
  send(packet: Uint8Array): void;
  close(): void;
  onPacket: (packet: Uint8Array) => void;
  /** The way is broken; `sure`: and everything on it is lost. */
  onGone: (why: string, sure: boolean) => void;
  /** It leads somewhere again. */
  onBack: () => void;
}

/** What passes time: the system's clock, or one that is rendered. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves when that time has come; at once when it is past. */
  until(ms: number): Promise<void>;
}
