/**
 * The way of a message: decode -> look up -> check -> apply -> answer, strictly in the order of arrival. Knows no
 * socket; a sender is a name and a function. Never throws. Runs on: main thread.
 *
 * What takes time (files) is begun in its turn and answered when it is done; other messages go on meanwhile. Only a
 * load holds the messages behind it, as they change what it loads.
 */
import { inCore } from '../registry/address.js';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { NOW, type When } from '../shared/command.js';
import { QUEUE_ENTRIES } from '../shared/core-layout.js';
import * as answer from './answer.js';
import { checkArgs, checkGate, checkParam } from './check.js';
import { decode, type Arg, type Message } from './decode.js';
import { encode } from './encode.js';
import { handlers, type Answer, type Handler, type Result } from './handlers.js';
import { ControlLedger, type Counters } from './ledger.js';
import { lookup, type Found } from './lookup.js';
import { Players } from './player.js';
import type { ControlPorts } from './ports.js';
import { recordingParam } from './recorder-handlers.js';
import { DEFAULT_VELOCITY, type By } from './session.js';
import { Subscribers } from './subscribers.js';

export interface Sender {
  /** Names the sender: host:port or the name of a connection. */
  readonly key: string;
  send(bytes: Uint8Array): void;
}

export interface ControlOptions {
  /** Messages that may wait behind a load; more are refused (E_BUSY). A second of the fastest client fits many times. */
  readonly maxWaiting?: number;
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
  /** Resolves when everything received so far is done and answered. */
  idle(): Promise<void>;
  counters(): Counters;
  readonly players: Players;
}

interface Waiting {
  readonly message: Message;
  readonly sender: Sender;
}

/** Entries one timed message may become: the tracks that forget a field, and the change itself. */
const MOST_ENTRIES = 4;
/** Answers to one message with an address pattern; the rest is counted. */
const MAX_ANSWERS = 16;

export function createControl(ports: ControlPorts, options: ControlOptions = {}): Control {
  return new Dispatcher(ports, options);
}

class Dispatcher implements Control {
  readonly players = new Players();
  readonly #ports: ControlPorts;
  readonly #options: ControlOptions;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #recording: ReturnType<typeof recordingParam>;
  readonly #ledger = new ControlLedger();
  readonly #subscribers: Subscribers;
  readonly #underWay = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  #held = false;

  constructor(ports: ControlPorts, options: ControlOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#subscribers = new Subscribers(() => ports.now().getTime());
    this.#handlers = handlers(ports, this.#ledger, this.#subscribers);
    this.#recording = recordingParam(ports);
  }

  counters(): Counters {
    return this.#ledger.counters();
  }

  publish(address: string, args: readonly Arg[]): void {
    this.#subscribers.publish(address, () => encode(address, args));
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
    const { address, args } = message;
    if (address === '/sync') return this.#sync(args, sender);
    const found = lookup(address, this.#ports.session.voices);
    if (!found.ok) {
      if (found.error.code === 'E_ROUTE') this.#ledger.countUnknown(address);
      else this.#ledger.count('refused');
      sender.send(answer.error(address, found.error));
      return;
    }
    const by: By = { source: this.players.numberOf(sender.key), when: this.#when(message) };
    if (by.when?.at === 'frame' && this.#ports.engine.queueRoom() < found.value.length * MOST_ENTRIES) {
      return this.#refuse(address, queueFull(), sender);
    }
    const limited = found.value.length > 1 ? limit(sender, MAX_ANSWERS) : sender;
    for (const each of found.value) {
      const query = each.kind === 'param' && isQuery(args);
      if (query) this.#query(each, sender);
      else this.#apply(each, args, by, limited);
    }
  }

  #when({ timeMs }: Message): When {
    const frame = timeMs === undefined ? undefined : this.#ports.engine.frameAt(timeMs);
    return frame === undefined ? NOW : { at: 'frame', frame };
  }

  #apply(found: Found, args: readonly Arg[], by: By, sender: Sender): void {
    const hasReply = found.kind === 'route' && found.row.reply !== undefined;
    try {
      const result = this.#act(found, args, by, sender);
      if ('hold' in result) this.#hold(found.address, result.hold, sender, hasReply);
      else if ('then' in result) this.#later(found.address, result, sender, hasReply);
      else this.#answer(found.address, result, sender, hasReply);
    } catch (defect) {
      this.#answer(found.address, this.#defect(defect), sender, hasReply);
    }
  }

  #act(found: Found, args: readonly Arg[], by: By, sender: Sender): Result {
    const { session } = this.#ports;
    switch (found.kind) {
      case 'param': {
        const { parameter } = found;
        const value = checkParam(parameter, args[0] as Arg, session.voices);
        if (!value.ok) return value;
        if (!inCore(parameter)) return this.#recording.set(value.value);
        return withWarnings(session.setParam(parameter.address, value.value, by), value.warnings);
      }
      case 'gate': {
        const open = checkGate(args[0]);
        if (!open.ok) return open;
        if (found.module === 'acid') return session.acidGate(open.value, by);
        return session.gate(found.index, open.value, DEFAULT_VELOCITY, session.accentOf(found.index), by);
      }
      case 'route': {
        const checked = checkArgs(found.row, args);
        if (!checked.ok) return checked;
        const handler = this.#handlers[found.row.address];
        if (!handler) throw new Error(`no handler for ${found.row.address}`);
        return also(handler({ ...checked.value, by, sender }), checked.warnings);
      }
    }
  }

  #query(found: Found & { kind: 'param' }, sender: Sender): void {
    const { parameter, address } = found;
    const value = inCore(parameter) ? this.#ports.session.getParam(parameter.address) : this.#recording.get();
    sender.send(answer.valueReply(address, parameter, value ?? parameter.row.default));
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

  #defect(defect: unknown): Outcome<never> {
    this.#options.onDefect?.(defect);
    return fail({
      code: 'E_INTERNAL',
      got: defect instanceof Error ? defect.message : String(defect),
      allowed: 'nothing: this is a defect of the engine',
      mend: 'The music goes on. Please report it with this text.',
    });
  }
}

/** `/mod/...` without an argument asks for the value. */
function isQuery(args: readonly Arg[]): boolean {
  return args.length === 0 || args[0]?.type === 'N';
}

function limit(sender: Sender, most: number): Sender {
  let left = most;
  return { key: sender.key, send: (bytes) => (left-- > 0 ? sender.send(bytes) : undefined) };
}

function withWarnings<T>(outcome: Outcome<T>, warnings: readonly string[]): Outcome<T> {
  return outcome.ok && warnings.length > 0
    ? succeed(outcome.value, [...warnings, ...outcome.warnings])
    : outcome;
}

function also(result: Result, warnings: readonly string[]): Result {
  if (warnings.length === 0) return result;
  if ('hold' in result) return { hold: result.hold.then((outcome) => withWarnings(outcome, warnings)) };
  if ('then' in result) return result.then((outcome) => withWarnings(outcome, warnings));
  return withWarnings(result, warnings);
}

function queueFull(): Problem {
  return {
    code: 'E_QUEUE',
    got: 'a message for a later time',
    allowed: `${QUEUE_ENTRIES} commands that wait for their frame`,
    mend: 'Nothing was changed. Send it nearer to its time, or fewer ahead.',
  };
}

function busy(waiting: number): Problem {
  return {
    code: 'E_BUSY',
    got: 'a message while a slot file is being read',
    allowed: `${waiting} messages waiting`,
    mend: 'Nothing was changed. Send it again in a moment.',
  };
}
