/** A connection to an engine, with everything the tables name as methods (generated/api.ts). */
import type { Problem } from '../engine/shared/outcome.js';
import { ChronusError } from './errors.js';
import { Api } from './generated/api.js';
import { Link } from './link.js';
import type { Port } from './port.js';
import { Score, type ScoreOptions } from './score.js';
import { Sent, type Answer, type Command } from './sent.js';
import { Subscriptions, type Handler } from './subscriptions.js';
import type { Clock, Transport } from './transport.js';
import { argumentsOf, toArg, type Shape, type Value } from './values.js';

/** What a connection tells of itself. */
export interface SynthEvents {
  /** A message was refused and nobody waits for it. Without a listener: a warning of the process, once for each kind. */
  error: (error: ChronusError) => void;
  /** Something was done differently from what was sent: an address and one sentence. */
  warning: (address: string, sentence: string) => void;
  /** The engine is there again after it was gone; subscriptions go on. */
  back: () => void;
}

export interface LinkOptions {
  /** How long an answer is waited for, milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

/** The messages of one `set`, or of one call. */
class SynthPort implements Port {
  timeMs: number | undefined;

  constructor(
    readonly link: Link,
    private readonly onError: (problem: Problem) => void,
  ) {}

  command(shape: Shape, given: readonly unknown[]): Command {
    const item = this.link.post(shape.address, argumentsOf(shape, given), this.timeMs);
    return new Sent(() => this.link.applied([item]));
  }

  ask(shape: Shape, given: readonly unknown[]): Answer<unknown> {
    const item = this.link.post(shape.address, argumentsOf(shape, given), this.timeMs, true);
    // An answer may come before somebody asks for it.
    const outcome = this.link.ended(item);
    let waited = false;
    void outcome.then((end) => {
      if (!end.ok && !waited) this.onError(end.error);
    });
    return new Sent(() => {
      waited = true;
      return outcome;
    });
  }

  setAll(messages: readonly (readonly [address: string, value: Value])[]): Command {
    const items = messages.map(([address, value]) => this.link.post(address, [toArg(value)], this.timeMs));
    return new Sent(() => this.link.applied(items));
  }
}

export class Synth extends Api {
  readonly clock: Clock;
  readonly #port: SynthPort;
  readonly #listeners: { [N in keyof SynthEvents]: Set<SynthEvents[N]> } = {
    error: new Set(),
    warning: new Set(),
    back: new Set(),
  };
  readonly #subscriptions: Subscriptions;
  readonly #warned = new Set<string>();

  /** Use `connect` or `offline`. */
  constructor(transport: Transport, clock: Clock, options: LinkOptions = {}) {
    const link = new Link(
      transport,
      {
        onError: (problem) => this.#fail(problem),
        onWarning: (address, sentence) =>
          this.#listeners.warning.forEach((listener) => listener(address, sentence)),
        onMessage: (message) => this.#subscriptions.take(message),
        onBack: () => {
          this.#subscriptions.renew();
          this.#listeners.back.forEach((listener) => listener());
        },
      },
      options.timeoutMs ?? 5000,
    );
    const port = new SynthPort(link, (problem) => this.#fail(problem));
    super(port);
    this.#port = port;
    this.clock = clock;
    this.#subscriptions = new Subscriptions((address, args) =>
      link.post(address, args.map(toArg), undefined),
    );
  }

  /** Any message: what has no method, or an address pattern. Awaited, it has been applied. */
  send(address: string, ...args: readonly Value[]): Command {
    const places = args.map((_, i) => String(i));
    return this.#port.command({ address, places, positional: args.length }, args);
  }

  /** Any question: the document or value at `<address>/reply`. */
  ask<T = unknown>(address: string, ...args: readonly Value[]): Answer<T> {
    const places = args.map((_, i) => String(i));
    return this.#port.ask({ address, places, positional: args.length }, args) as Answer<T>;
  }

  /** Resolves when everything sent before has been applied. Rejects when nobody answers. */
  sync(): Command {
    return this.send('/sync', 0);
  }

  /**
   * Everything that is sent in `play` before it returns acts at that time (a Date, or Unix milliseconds; fractions count)
   * at its exact frame. Send some 50 ms ahead; what comes too late acts at once, with a warning.
   */
  at<T>(time: Date | number, play: () => T): T {
    const before = this.#port.timeMs;
    this.#port.timeMs = Number(time);
    try {
      return play();
    } finally {
      this.#port.timeMs = before;
    }
  }

  /** A connection tells of itself. */
  on<N extends keyof SynthEvents>(event: N, listener: SynthEvents[N]): () => void;
  /**
   * The engine tells what happens at an address or pattern: /seq/step, /recording/*, /engine/fault, /viz/levels. Lasts
   * until the function it gives back is called.
   */
  on(pattern: `/${string}`, handler: Handler): () => void;
  on(name: string, listener: SynthEvents[keyof SynthEvents] | Handler): () => void {
    if (name.startsWith('/')) return this.#subscriptions.add(name, listener as Handler);
    const listeners = this.#listeners[name as keyof SynthEvents] as Set<unknown> | undefined;
    if (!listeners)
      throw new RangeError(`no event '${name}': error, warning, back, or an address that begins with /`);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** A piece in bars: see Score. */
  score(options: ScoreOptions): Score {
    return new Score(this, options);
  }

  /** Sends what is gathered at once, and not at the end of this turn of the program. */
  flush(): void {
    this.#port.link.flush();
  }

  /** Sends what is left and ends. The engine plays on. */
  close(): void {
    this.#subscriptions.close();
    this.#port.link.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #fail(problem: Problem): void {
    const error = new ChronusError(problem);
    if (this.#listeners.error.size > 0) return this.#listeners.error.forEach((listener) => listener(error));
    const kind = `${error.code} ${error.address}`;
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    process.emitWarning(error.message, { type: 'ChronusError', code: error.code });
  }
}
