/** What a connection listens to. A subscription of the engine ends after a while; these are asked for again before. */
import type { Message } from '../engine/control/decode.js';
import { compilePattern, isPattern } from '../engine/control/pattern.js';
import type { Value } from './values.js';

/** `args`: as they came; `address`: which of those that fit. */
export type Handler = (args: readonly unknown[], address: string) => void;

/** As long as the engine is asked for, and how often. One that comes back elsewhere is told within the latter. */
export const SUBSCRIBED_S = 60;
export const RENEW_MS = 20_000;

interface Listener {
  readonly pattern: string;
  readonly fits: (address: string) => boolean;
  readonly handler: Handler;
}

export class Subscriptions {
  readonly #send: (address: string, args: readonly Value[]) => void;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (address: string, args: readonly Value[]) => void) {
    this.#send = send;
  }

  /** Gives what ends it. Throws RangeError for a pattern no address can fit. */
  add(pattern: string, handler: Handler): () => void {
    const fits = isPattern(pattern) ? compilePattern(pattern) : (address: string) => address === pattern;
    if (!fits) throw new RangeError(`'${pattern}' is no address pattern: close every bracket and brace`);
    const listener = { pattern, fits, handler };
    this.#listeners.add(listener);
    this.#send('/subscribe', [pattern, SUBSCRIBED_S]);
    this.#timer ??= setInterval(() => this.renew(), RENEW_MS).unref();
    return () => this.#remove(listener);
  }

  renew(): void {
    for (const pattern of this.#patterns()) this.#send('/subscribe', [pattern, SUBSCRIBED_S]);
  }

  take({ address, args }: Message): void {
    const values = args.map(({ value }) => value);
    for (const { fits, handler } of [...this.#listeners]) if (fits(address)) handler(values, address);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const pattern of this.#patterns()) this.#send('/unsubscribe', [pattern]);
    this.#listeners.clear();
  }

  #remove(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    if (!this.#patterns().has(listener.pattern)) this.#send('/unsubscribe', [listener.pattern]);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #patterns(): Set<string> {
    return new Set([...this.#listeners].map(({ pattern }) => pattern));
  }
}
