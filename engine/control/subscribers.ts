/**
 * Who wants to be told what happens. A subscription is an address pattern and a time; it ends by word, or when the time is
 * over: a client that lives sends it again. Runs on: main thread.
 */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { Sender } from './dispatch.js';
import { compilePattern, isPattern } from './pattern.js';

/** Senders, and patterns of one sender; more is no use to anybody. */
export const MAX_SUBSCRIPTIONS = 256;

interface Subscription {
  readonly sender: Sender;
  readonly pattern: string;
  readonly fits: (address: string) => boolean;
  readonly untilMs: number;
}

export class Subscribers {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The same pattern of the same sender once more makes it last longer. */
  add(sender: Sender, pattern: string, seconds: number): Outcome<{ pattern: string; seconds: number }> {
    const fits = isPattern(pattern) ? compilePattern(pattern) : (address: string) => address === pattern;
    if (!pattern.startsWith('/') || !fits) {
      return fail({
        code: 'E_WILDCARD',
        got: `'${pattern}'`,
        allowed: 'an address that begins with /, with *, ?, [1-4], {a,b}',
        mend: 'Nothing was changed. Send for example /subscribe /engine/fault.',
      });
    }
    this.#drop();
    const key = `${sender.key} ${pattern}`;
    if (!this.#subscriptions.has(key) && this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return fail({
        code: 'E_BUSY',
        got: 'one more subscription',
        allowed: `${MAX_SUBSCRIPTIONS} at a time`,
        mend: 'Nothing was changed. End one with /unsubscribe, or wait until one ends by itself.',
      });
    }
    this.#subscriptions.set(key, { sender, pattern, fits, untilMs: this.#now() + seconds * 1000 });
    return succeed({ pattern, seconds });
  }

  /** Gives how many of the sender's subscriptions ended: that of the pattern, or all. */
  remove(sender: Sender, pattern?: string): number {
    let ended = 0;
    for (const [key, subscription] of this.#subscriptions) {
      const own = subscription.sender.key === sender.key;
      if (!own || (pattern !== undefined && subscription.pattern !== pattern)) continue;
      this.#subscriptions.delete(key);
      ended++;
    }
    return ended;
  }

  /** Sends to everybody whose pattern fits the address, once each. `encode` is called when there is somebody. */
  publish(address: string, encode: () => Uint8Array): void {
    if (this.#subscriptions.size === 0) return;
    this.#drop();
    const told = new Set<string>();
    let bytes: Uint8Array | undefined;
    for (const { sender, fits } of this.#subscriptions.values()) {
      if (told.has(sender.key) || !fits(address)) continue;
      told.add(sender.key);
      sender.send((bytes ??= encode()));
    }
  }

  count(): number {
    this.#drop();
    return this.#subscriptions.size;
  }

  #drop(): void {
    const now = this.#now();
    for (const [key, { untilMs }] of this.#subscriptions) if (untilMs <= now) this.#subscriptions.delete(key);
  }
}
