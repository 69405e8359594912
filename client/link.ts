/**
 * Messages out, answers in, and which belong together. Knows no socket and no route.
 *
 * What is sent in one turn of the program is gathered and leaves together at its end. An awaited command is followed by a
 * /sync; an /error or /warn before its /synced belongs to the command of that address. OSC numbers no message: when one
 * address is sent to several times within a round trip, the one that is awaited gets the error.
 */
import { decode, type Arg, type Message } from '../engine/control/decode.js';
import { int } from '../engine/control/encode.js';
import { plain } from '../engine/control/value.js';
import { Pages } from '../engine/cli/pages.js';
import { fail, succeed, type Outcome, type Problem } from '../engine/shared/outcome.js';
import { packets, type Timed } from './bundle.js';
import { about, problemOf, readDocument, textAt } from './errors.js';
import type { Transport } from './transport.js';

export interface LinkEvents {
  /** An /error nobody waits for. */
  onError(problem: Problem): void;
  onWarning(address: string, sentence: string): void;
  /** Everything else that comes. */
  onMessage(message: Message): void;
  /** The engine is there again. */
  onBack(): void;
}

export interface Item extends Timed {
  readonly warnings: string[];
  problem?: Problem;
  sent: boolean;
  /** Somebody waits for it, or for one that was sent with it. */
  wanted?: boolean;
  settle?: (outcome: Outcome<unknown>) => void;
  /** It ends with its reply. */
  pages?: Pages;
  /** It ends with this /synced. */
  sync?: number;
}

/** Those sent and not awaited that an /error may still be put to. */
const REMEMBERED = 4096;
/** What a datagram costs a buffer beyond its bytes. */
const OVERHEAD_BYTES = 768;
/** A /synced that does not come holds the rest no longer than that. */
const PATIENCE_MS = 1000;
/** An engine that is gone is not waited for longer. */
const GONE_MS = 1000;

export class Link {
  readonly #transport: Transport;
  readonly #events: LinkEvents;
  readonly #timeoutMs: number;
  #outbox: Item[] = [];
  #flushing = false;
  /** Sent, and not known to be done. */
  #flying: Item[] = [];
  #held: Uint8Array[] = [];
  #underWay = 0;
  #windowSync: number | undefined;
  #patience: NodeJS.Timeout | undefined;
  #serial = 0;
  #gone: Problem | undefined;
  #closed = false;

  constructor(transport: Transport, events: LinkEvents, timeoutMs: number) {
    this.#transport = transport;
    this.#events = events;
    this.#timeoutMs = timeoutMs;
    transport.onPacket = (packet) => this.#receive(packet);
    transport.onGone = (why, sure) => this.#lose(gone(transport.name, why), sure);
    transport.onBack = () => this.#return();
  }

  /** Not there, as far as is known. */
  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /** `replies`: it is answered at `<address>/reply`. */
  post(address: string, args: readonly Arg[], timeMs: number | undefined, replies = false): Item {
    const item: Item = { address, args, timeMs, warnings: [], sent: false };
    if (replies) item.pages = new Pages();
    if (this.#closed) item.problem = closed();
    else {
      this.#outbox.push(item);
      this.#schedule();
    }
    return item;
  }

  /** That all of these have been applied, with their warnings; or the first problem. */
  async applied(items: readonly Item[]): Promise<Outcome<readonly string[]>> {
    for (const item of items) item.wanted = true;
    const last = items.at(-1);
    const end = last ? await this.ended(last) : succeed(undefined);
    const problem = items.find((item) => item.problem)?.problem;
    if (problem) return fail(problem);
    return end.ok ? succeed(items.flatMap((item) => item.warnings)) : end;
  }

  /** The end of an item: its reply, or that it has been applied. */
  ended(item: Item): Promise<Outcome<unknown>> {
    item.wanted = true;
    if (item.problem) return Promise.resolve(fail(item.problem));
    if (this.#closed) return Promise.resolve(fail(closed()));
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => item.settle?.(fail(this.#gone ?? silent(item.address, this.#timeoutMs, this.#transport.name))),
        this.#gone ? Math.min(this.#timeoutMs, GONE_MS) : this.#timeoutMs,
      );
      item.settle = (outcome) => {
        clearTimeout(timer);
        delete item.settle;
        this.#flying = this.#flying.filter((other) => other !== item);
        resolve(outcome);
      };
      if (item.pages) return;
      item.sync = ++this.#serial;
      // Already gone: a /sync of its own follows it.
      if (item.sent) {
        this.post('/sync', [int(item.sync)], undefined);
        if (!this.#flying.includes(item)) this.#flying.push(item);
      }
    });
  }

  /** Sends what has been gathered now. */
  flush(): void {
    const items = this.#outbox;
    this.#outbox = [];
    if (items.length === 0 || this.#closed) return;
    const messages: Timed[] = [];
    for (const item of items) {
      item.sent = true;
      messages.push(item);
      if (item.sync !== undefined)
        messages.push({ address: '/sync', args: [int(item.sync)], timeMs: undefined });
      if (item.address !== '/sync' || item.sync !== undefined) this.#flying.push(item);
    }
    this.#forget();
    this.#held.push(...packets(messages));
    this.#pump();
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    clearTimeout(this.#patience);
    for (const packet of this.#held.splice(0)) this.#transport.send(packet);
    for (const item of this.#flying.splice(0)) item.settle?.(fail(closed()));
    this.#transport.close();
  }

  /** Behind the `await` of who sends and waits, so that the two go out together. */
  #schedule(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#flushing = false;
        this.flush();
      }),
    );
  }

  #pump(): void {
    const { windowBytes } = this.#transport;
    while (this.#windowSync === undefined) {
      const packet = this.#held.shift();
      if (!packet) return;
      this.#transport.send(packet);
      this.#underWay += packet.length + OVERHEAD_BYTES;
      if (this.#underWay < windowBytes) continue;
      this.#windowSync = ++this.#serial;
      for (const sync of packets([{ address: '/sync', args: [int(this.#windowSync)], timeMs: undefined }]))
        this.#transport.send(sync);
      this.#patience = setTimeout(() => this.#open(), PATIENCE_MS).unref();
    }
  }

  #open(): void {
    clearTimeout(this.#patience);
    this.#windowSync = undefined;
    this.#underWay = 0;
    this.#pump();
  }

  #receive(packet: Uint8Array): void {
    const messages = decode(packet);
    if (!messages.ok) return;
    if (this.#gone) this.#return();
    for (const message of messages.value) if (!message.problem) this.#take(message);
  }

  #take(message: Message): void {
    const { address, args } = message;
    if (address === '/error') return this.#refused(message);
    if (address === '/warn') return this.#warned(message);
    if (address === '/synced') return this.#synced(args[0]?.value);
    const asked = address.endsWith('/reply') ? address.slice(0, -'/reply'.length) : undefined;
    const item = this.#flying.find((each) => each.pages && each.address === asked);
    if (!item?.pages) return this.#events.onMessage(message);
    if (item.address.startsWith('/mod/')) return this.#end(item, succeed(valueOf(args[0]), item.warnings));
    const whole = item.pages.add(args);
    if (whole !== undefined) this.#end(item, readDocument(whole, item.warnings));
  }

  #end(item: Item, outcome: Outcome<unknown>): void {
    this.#flying = this.#flying.filter((other) => other !== item);
    item.settle?.(outcome);
  }

  #refused(message: Message): void {
    const problem = problemOf(message);
    const address = about(message);
    const fits = this.#flying.filter((item) => item.address === address && !item.problem);
    const waited = fits.find((item) => item.wanted);
    const forgotten = fits.find((item) => !item.wanted);
    const item = waited ?? forgotten;
    if (item) item.problem = problem;
    if (item?.pages) this.#end(item, fail(problem));
    if (!waited || forgotten) this.#events.onError(problem);
  }

  #warned(message: Message): void {
    const address = about(message);
    const fits = this.#flying.filter((item) => item.address === address);
    const sentence = textAt(message.args, 1);
    (fits.find((item) => item.wanted) ?? fits[0])?.warnings.push(sentence);
    this.#events.onWarning(address, sentence);
  }

  #synced(id: unknown): void {
    if (id === this.#windowSync) return this.#open();
    const item = this.#flying.find((each) => each.sync === id);
    if (!item) return;
    this.#end(item, item.problem ? fail(item.problem) : succeed(item.warnings, item.warnings));
  }

  #forget(): void {
    const surplus = this.#flying.length - REMEMBERED;
    if (surplus <= 0) return;
    let left = surplus;
    this.#flying = this.#flying.filter((item) => item.wanted === true || left-- <= 0);
  }

  /** Not sure: the system may speak of a packet before those that wait; their time ends soon if it does not. */
  #lose(problem: Problem, sure: boolean): void {
    const first = this.#gone === undefined;
    this.#gone = problem;
    if (!first && !sure) return;
    const waiting = this.#flying;
    this.#flying = [];
    let told = false;
    for (const item of waiting) {
      item.problem ??= problem;
      if (item.wanted) told = true;
      item.settle?.(fail(problem));
    }
    if (first && !told) this.#events.onError(problem);
  }

  #return(): void {
    if (!this.#gone) return;
    this.#gone = undefined;
    this.#events.onBack();
  }
}

function valueOf(arg: Arg | undefined): unknown {
  return arg?.type === 'f' ? plain(Number(arg.value)) : arg?.value;
}

function gone(name: string, why: string): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `no engine at ${name}: ${why}`,
    allowed: 'a running engine',
    mend: 'Run `chronus start`; what is sent then arrives again.',
  };
}

function closed(): Problem {
  return {
    code: 'E_CLOSED',
    got: 'a connection that was closed with close()',
    allowed: 'an open one',
    mend: 'Nothing was sent. Connect again.',
  };
}

function silent(address: string, timeoutMs: number, name: string): Problem {
  return {
    code: 'E_TIMEOUT',
    got: `${address} was not answered within ${timeoutMs / 1000} s`,
    allowed: `an answer of the engine at ${name}`,
    mend: 'Is it running, and is this its port? `chronus status` says both. What was sent may still act.',
  };
}
