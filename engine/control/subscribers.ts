/**
 * Who wants to be told what happens. A subscription is an address pattern and a time; it ends by word, when the client is
 * gone, or when the time is over: a client that lives sends it again. Runs on: main thread.
 */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { Sender } from './dispatch.js';
import { compilePattern, isPattern } from './pattern.js';

/** Senders, and patterns of one sender; more is no use to anybody. */
export const MAX_SUBSCRIPTIONS = 256;
export const MAX_OWN = 16;

interface Subscription {
  readonly sender: Sender;
  readonly pattern: string;
  readonly fits: (address: string) => boolean;
  readonly untilMs: number;
  readonly serial: number;
}

export class Subscribers {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #now: () => number;
  #serial = 0;

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
    const own = [...this.#subscriptions.values()].filter((each) => each.sender.key === sender.key);
    if (!this.#subscriptions.has(key) && own.length >= MAX_OWN) {
      return fail({
        code: 'E_BUSY',
        got: 'one more subscription of this sender',
        allowed: `${MAX_OWN} to a sender; one pattern may fit many addresses`,
        mend: 'Nothing was changed. End one with /unsubscribe.',
      });
    }
    if (!this.#subscriptions.has(key) && this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return fail({
        code: 'E_BUSY',
        got: 'one more subscription',
        allowed: `${MAX_SUBSCRIPTIONS} at a time`,
        mend: 'Nothing was changed. End one with /unsubscribe, or wait until one ends by itself.',
      });
    }
    this.#subscriptions.set(key, {
      sender,
      pattern,
      fits,
      untilMs: this.#now() + seconds * 1000,
      serial: ++this.#serial,
    });
    return succeed({ pattern, seconds });
  }

  /** Gives how many of the sender's subscriptions ended: that of the pattern, or all. */
  remove(key: string, pattern?: string): number {
    let ended = 0;
    for (const [place, subscription] of this.#subscriptions) {
      const own = subscription.sender.key === key;
      if (!own || (pattern !== undefined && subscription.pattern !== pattern)) continue;
      this.#subscriptions.delete(place);
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

  isHeard(address: string): boolean {
    if (this.#subscriptions.size === 0) return false;
    this.#drop();
    return [...this.#subscriptions.values()].some(({ fits }) => fits(address));
  }

  /** The keys of the senders, each with the number of its newest subscription. */
  newest(): ReadonlyMap<string, number> {
    this.#drop();
    const newest = new Map<string, number>();
    for (const { sender, serial } of this.#subscriptions.values())
      newest.set(sender.key, Math.max(serial, newest.get(sender.key) ?? 0));
    return newest;
  }

  count(): number {
    this.#drop();
    return this.#subscriptions.size;
  }

  #drop(): void {
    const now = this.#now();
    for (const [key, { untilMs, sender }] of this.#subscriptions)
      if (untilMs <= now || sender.gone === true) this.#subscriptions.delete(key);
  }
}
