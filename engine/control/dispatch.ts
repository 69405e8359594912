/**
 * The way of a message: decode -> look up -> check -> apply -> answer, strictly in the order of arrival. Knows no
 * socket; a sender is a name and a function. Never throws. Runs on: main thread.
 *
 * What takes time (files) is begun in its turn and answered when it is done; other messages go on meanwhile. Only a
 * load holds the messages behind it, as they change what it loads.
 */
import { inCore } from '../registry/address.js';
import { fail, type Outcome, type Problem } from '../shared/outcome.js';
import type { RouteRow } from '../shared/table.js';
import { actor, type Act } from './act.js';
import * as answer from './answer.js';
import { surplus } from './check.js';
import { checkMany } from './check-many.js';
import { decode, type Arg, type Message } from './decode.js';
import { encode } from './encode.js';
import { handlers, type Answer } from './handlers.js';
import { GateBook } from './gate-book.js';
import { ControlLedger, type Counters } from './ledger.js';
import { lookup, type Found } from './lookup.js';
import { Players } from './player.js';
import type { ControlPorts } from './ports.js';
import { recordingParam } from './recorder-handlers.js';
import { busy, defectProblem, queueFull } from './refusals.js';
import type { By } from './session.js';
import { Subscribers } from './subscribers.js';
import { TimeTags } from './time-tags.js';

export interface Sender {
  /** Names the sender: host:port or the name of a connection. */
  readonly key: string;
  /** Nobody is there any more; subscriptions end with it. */
  readonly gone?: boolean;
  send(bytes: Uint8Array): void;
}

export interface ControlOptions {
  /** Messages that may wait behind a load; more are refused (E_BUSY). A second of the fastest client fits many times. */
  readonly maxWaiting?: number;
  /** Gets an address that does not exist, when it comes for the first time; the first 64 of them. */
  readonly onUnknown?: (address: string) => void;
  /** Gets the number of a sender that is new, and its key. */
  readonly onPlayer?: (source: number, key: string) => void;
  /** Gets what is a defect of the engine and not of a message. */
  readonly onDefect?: (defect: unknown) => void;
}

export interface Control {
  /** Takes one datagram. */
  receive(bytes: Uint8Array, sender: Sender): void;
  /** Takes one message, from a sender that has it already. */
  receiveMessage(message: Message, sender: Sender): void;
  /** Tells those who have subscribed to that address. */
  publish(address: string, args: readonly Arg[]): void;
  /** Keys of those who have subscribed to anything, each with the number of its newest subscription. */
  subscribers(): ReadonlyMap<string, number>;
  /** Somebody is told of that address when it is published. */
  isHeard(address: string): boolean;
  /** Ends the subscriptions of a sender that is gone. */
  gone(key: string): void;
  /** Resolves when everything received so far is done and answered. */
  idle(): Promise<void>;
  counters(): Counters;
  readonly players: Players;
  readonly gates: GateBook;
}

interface Waiting {
  readonly message: Message;
  readonly sender: Sender;
}

/** Entries one timed message may become: the tracks that forget a field, and the change itself. */
const MOST_ENTRIES = 4;
/** Answers to one message with an address pattern; the rest is counted. */
const MAX_ANSWERS = 16;
/** Values answered to one address pattern: all of an engine with 16 voices. */
const MAX_REPLIES = 512;

export function createControl(ports: ControlPorts, options: ControlOptions = {}): Control {
  return new Dispatcher(ports, options);
}

class Dispatcher implements Control {
  readonly players: Players;
  readonly gates = new GateBook();
  readonly #ports: ControlPorts;
  readonly #options: ControlOptions;
  readonly #act: Act;
  readonly #recording: ReturnType<typeof recordingParam>;
  readonly #ledger = new ControlLedger();
  readonly #subscribers: Subscribers;
  readonly #times: TimeTags;
  readonly #underWay = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  #held = false;

  constructor(ports: ControlPorts, options: ControlOptions) {
    this.#ports = ports;
    this.#options = options;
    this.players = new Players(options.onPlayer);
    const now = (): number => ports.now().getTime();
    this.#subscribers = new Subscribers(now);
    this.#times = new TimeTags(ports.engine, now);
    this.#recording = recordingParam(ports);
    const routes = handlers(ports, this.#ledger, this.#subscribers);
    this.#act = actor(ports.session, this.#recording, routes);
  }

  counters(): Counters {
    return this.#ledger.counters();
  }

  publish(address: string, args: readonly Arg[]): void {
    this.#subscribers.publish(address, () => encode(address, args));
  }

  subscribers(): ReadonlyMap<string, number> {
    return this.#subscribers.newest();
  }

  isHeard(address: string): boolean {
    return this.#subscribers.isHeard(address);
  }

  gone(key: string): void {
    this.#subscribers.remove(key);
  }

  receive(bytes: Uint8Array, sender: Sender): void {
    const messages = decode(bytes);
    if (!messages.ok) {
      this.#ledger.count('malformed');
      sender.send(answer.error('', messages.error));
      return;
    }
    for (const message of messages.value) this.receiveMessage(message, sender);
  }

  receiveMessage(message: Message, sender: Sender): void {
    this.#ledger.count('received');
    if (!this.#held) this.#process(message, sender);
    else if (this.#waiting.length < (this.#options.maxWaiting ?? 10_000))
      this.#waiting.push({ message, sender });
    else this.#refuse(message.address, busy(this.#waiting.length), sender);
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #process(message: Message, sender: Sender): void {
    const { address, args, problem } = message;
    if (problem) {
      this.#ledger.count(problem.code === 'E_PACKET' ? 'malformed' : 'refused');
      return sender.send(answer.error(address, problem));
    }
    if (address === '/sync') return this.#sync(args, sender);
    const found = lookup(address, this.#ports.session.voices);
    if (!found.ok) {
      if (found.error.code === 'E_ROUTE') this.#unknown(address);
      else this.#ledger.count('refused');
      sender.send(answer.error(address, found.error));
      return;
    }
    const time = this.#times.when(message.timeMs);
    if (!time.ok) return this.#refuse(address, time.error, sender);
    const { when, late } = time.value;
    if (late !== undefined) this.#late(address, late, sender);
    const by: By = { source: this.players.numberOf(sender.key), when };
    if (when.at === 'frame' && this.#ports.engine.queueRoom() < found.value.length * MOST_ENTRIES) {
      return this.#refuse(address, queueFull(), sender);
    }
    this.gates.note(address, args[0], found.value);
    const [first] = found.value;
    if (first?.kind === 'param' && isQuery(args)) this.#queries(address, found.value, sender);
    else if (found.value.length === 1 && first) this.#apply(first, args, by, sender);
    else this.#applyMany(message, found.value, by, sender);
  }

  /** What an address pattern fits: parameters all at once or not at all, or gates one after the other. */
  #applyMany(message: Message, found: readonly Found[], by: By, sender: Sender): void {
    if (found[0]?.kind === 'gate') {
      const limited = limit(sender, MAX_ANSWERS);
      for (const gate of found) this.#apply(gate, message.args, by, limited);
      return;
    }
    const { session } = this.#ports;
    const checked = checkMany(found, message.args[0] as Arg, session.voices, MAX_ANSWERS);
    this.#ledger.count('clamped', checked.clamped);
    this.#ledger.count('refused', checked.refused);
    const done = this.#guarded(() => session.setMany(checked.values, [], by));
    if (!done.ok) return this.#refuse(message.address, done.error, sender);
    for (const warning of surplus(message.args)) sender.send(answer.warn(message.address, warning));
    for (const each of checked.answers) sender.send(each);
  }

  #unknown(address: string): void {
    const first = this.#ledger.countUnknown(address);
    if (first !== undefined) this.#options.onUnknown?.(first);
  }

  #late(address: string, ms: number, sender: Sender): void {
    this.#ledger.count('late');
    const warning = this.#times.warning(sender.key, ms);
    if (warning !== undefined) sender.send(answer.warn(address, warning));
  }

  #apply(found: Found, args: readonly Arg[], by: By, sender: Sender): void {
    const hasReply = found.kind === 'route' && answers(found.row, args);
    try {
      const result = this.#act(found, args, by, sender);
      if ('hold' in result) this.#hold(found.address, result.hold, sender, hasReply);
      else if ('then' in result) this.#later(found.address, result, sender, hasReply);
      else this.#answer(found.address, result, sender, hasReply);
    } catch (defect) {
      this.#answer(found.address, this.#defect(defect), sender, hasReply);
    }
  }

  #queries(address: string, found: readonly Found[], sender: Sender): void {
    for (const each of found.slice(0, MAX_REPLIES)) if (each.kind === 'param') this.#query(each, sender);
    if (found.length <= MAX_REPLIES) return;
    const all = `${MAX_REPLIES} of ${found.length} values answered; /engine/list answers all of them at once`;
    sender.send(answer.warn(address, all));
  }

  #query(found: Found & { kind: 'param' }, sender: Sender): void {
    const { parameter, address } = found;
    const value = inCore(parameter) ? this.#ports.session.getParam(parameter.address) : this.#recording.get();
    sender.send(answer.valueReply(address, found, value ?? parameter.row.default));
  }

  #sync(args: readonly Arg[], sender: Sender): void {
    const before = [...this.#underWay, this.#ports.engine.applied()];
    this.#track(Promise.allSettled(before).then(() => sender.send(answer.synced(args))));
  }

  #later(address: string, result: Promise<Answer>, sender: Sender, hasReply: boolean): void {
    this.#track(
      result
        .catch((defect: unknown) => this.#defect(defect))
        .then((done) => this.#answer(address, done, sender, hasReply)),
    );
  }

  #hold(address: string, result: Promise<Answer>, sender: Sender, hasReply: boolean): void {
    this.#held = true;
    const done = result
      .catch((defect: unknown) => this.#defect(defect))
      .then((outcome) => {
        this.#answer(address, outcome, sender, hasReply);
        this.#held = false;
        this.#release();
      });
    this.#track(done);
  }

  /** The messages that waited, until one of them holds again. */
  #release(): void {
    const waiting = this.#waiting;
    let next = 0;
    while (!this.#held && next < waiting.length) {
      const { message, sender } = waiting[next++] as Waiting;
      this.#process(message, sender);
    }
    this.#waiting = waiting.slice(next);
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    const end = (): boolean => this.#underWay.delete(work);
    work.then(end, (defect: unknown) => {
      this.#options.onDefect?.(defect);
      end();
    });
  }

  #answer(address: string, outcome: Answer, sender: Sender, hasReply: boolean): void {
    if (!outcome.ok) return this.#refuse(address, outcome.error, sender);
    for (const warning of outcome.warnings) {
      this.#ledger.count('clamped');
      sender.send(answer.warn(address, warning));
    }
    if (hasReply) for (const bytes of answer.reply(address, outcome.value ?? null)) sender.send(bytes);
  }

  #refuse(address: string, problem: Problem, sender: Sender): void {
    this.#ledger.count('refused');
    sender.send(answer.error(address, problem));
  }

  #guarded<T>(act: () => Outcome<T>): Outcome<T> {
    try {
      return act();
    } catch (defect) {
      return this.#defect(defect);
    }
  }

  #defect(defect: unknown): Outcome<never> {
    this.#options.onDefect?.(defect);
    return fail(defectProblem(defect));
  }
}

/** `/mod/...` without an argument asks for the value. */
function isQuery(args: readonly Arg[]): boolean {
  return args.length === 0 || args[0]?.type === 'N';
}

/** Whether the value of a handler goes back to the sender. */
function answers({ reply, query }: RouteRow, args: readonly Arg[]): boolean {
  return reply !== undefined || (query !== undefined && isQuery(args));
}

function limit(sender: Sender, most: number): Sender {
  let left = most;
  return { key: sender.key, send: (bytes) => (left-- > 0 ? sender.send(bytes) : undefined) };
}
