/**
 * Speaks to a running engine over OSC on the loopback. One question at a time: what comes back belongs to it.
 * Nothing here throws for what an engine answers or fails to answer.
 */
import { createSocket, type Socket } from 'node:dgram';
import { about, problemOf, readDocument, textAt } from '../../client/errors.js';
import { decode, type Arg, type Message } from '../control/decode.js';
import { encode, int } from '../control/encode.js';
import { plain } from '../control/value.js';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { engineFile, runningEngine, type EngineFile } from '../supervisor/home.js';
import { Pages } from './pages.js';

export interface AskOptions {
  readonly timeoutMs?: number;
}

export interface OscClient {
  /** What the engine says of itself in its home. */
  readonly engine: EngineFile;
  send(address: string, args?: readonly Arg[]): void;
  /** The document or value that answers, with what the engine warned of; its /error as the problem. */
  request(address: string, args?: readonly Arg[], options?: AskOptions): Promise<Outcome<unknown>>;
  /** For what is not answered: resolves when it has been applied, with its warnings, or with its /error. */
  command(address: string, args?: readonly Arg[], options?: AskOptions): Promise<Outcome<undefined>>;
  /** Resolves when everything sent before has been applied; an /error that comes meanwhile is its problem. */
  sync(options?: AskOptions): Promise<Outcome<undefined>>;
  close(): void;
}

const HOST = '127.0.0.1';
const TIMEOUT_MS = 5000;
/** A schema of 256 voices comes in one burst; the system may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** The engine of that home, or E_NO_ENGINE. */
export async function connect(home: string): Promise<Outcome<OscClient>> {
  const engine = runningEngine(home);
  if (!engine) return fail(noEngine(`none runs in ${home}`));
  if (typeof engine.oscPort !== 'number') return fail(starting(engine.pid));
  return connectTo(engine, home);
}

/** For whoever knows the port. `home` is for messages to people. */
export function connectTo(engine: EngineFile, home: string): Promise<Outcome<OscClient>> {
  const socket = createSocket(hostOf(engine).includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', (error) => {
      socket.close();
      resolve(fail(noEngine(`port ${engine.oscPort} cannot be reached (${error.message})`)));
    });
    socket.connect(engine.oscPort, hostOf(engine), () => {
      socket.removeAllListeners('error');
      growBuffer(socket);
      resolve(succeed(new Client(socket, engine, home)));
    });
  });
}

/** Where to reach an engine on this machine: one that listens everywhere listens on the loopback too. */
function hostOf({ oscHost }: EngineFile): string {
  if (oscHost === undefined || oscHost === '0.0.0.0') return HOST;
  return oscHost === '::' ? '::1' : oscHost;
}

/** Undefined: this message was not the last one that is waited for. */
type Take<T> = (message: Message) => Outcome<T> | undefined;

class Client implements OscClient {
  readonly #socket: Socket;
  readonly #home: string;
  readonly #takers = new Set<(event: Message | Problem) => void>();
  #serial = 0;

  constructor(
    socket: Socket,
    readonly engine: EngineFile,
    home: string,
  ) {
    this.#socket = socket;
    this.#home = home;
    socket.on('message', (bytes) => {
      const messages = decode(bytes);
      if (messages.ok) for (const message of messages.value) if (!message.problem) this.#tell(message);
    });
    // The system says so when nobody listens on the port.
    socket.on('error', () => this.#tell(gone(engine, engineFile(home))));
  }

  send(address: string, args: readonly Arg[] = []): void {
    this.#socket.send(encode(address, args));
  }

  request(address: string, args: readonly Arg[] = [], options: AskOptions = {}): Promise<Outcome<unknown>> {
    const pages = new Pages();
    const warnings: string[] = [];
    const answer = this.#wait(
      `${address} was not answered`,
      options,
      (message): Outcome<unknown> | undefined => {
        const from = about(message);
        if (message.address === '/error' && (from === address || from === ''))
          return fail(problemOf(message));
        if (message.address === '/warn' && from === address) warnings.push(textAt(message.args, 1));
        if (message.address !== `${address}/reply`) return undefined;
        if (address.startsWith('/mod/')) return succeed(valueOf(message.args[0]), warnings);
        const whole = pages.add(message.args);
        return whole === undefined ? undefined : readDocument(whole, warnings);
      },
    );
    this.send(address, args);
    return answer;
  }

  command(address: string, args: readonly Arg[] = [], options: AskOptions = {}): Promise<Outcome<undefined>> {
    this.send(address, args);
    return this.sync(options);
  }

  sync(options: AskOptions = {}): Promise<Outcome<undefined>> {
    const id = ++this.#serial;
    const warnings: string[] = [];
    let problem: Problem | undefined;
    const synced = this.#wait(
      `/sync ${id} was not answered`,
      options,
      (message): Outcome<undefined> | undefined => {
        if (message.address === '/error') problem ??= problemOf(message);
        if (message.address === '/warn') warnings.push(textAt(message.args, 1));
        if (message.address !== '/synced' || message.args[0]?.value !== id) return undefined;
        return problem ? fail(problem) : succeed(undefined, warnings);
      },
    );
    this.send('/sync', [int(id)]);
    return synced;
  }

  close(): void {
    // What still waits would keep the process alive until its time is up.
    this.#tell(closed(this.engine));
    this.#socket.close();
  }

  #tell(event: Message | Problem): void {
    for (const take of [...this.#takers]) take(event);
  }

  #wait<T>(what: string, { timeoutMs = TIMEOUT_MS }: AskOptions, take: Take<T>): Promise<Outcome<T>> {
    return new Promise((resolve) => {
      const end = (outcome: Outcome<T>): void => {
        clearTimeout(timer);
        this.#takers.delete(onEvent);
        resolve(outcome);
      };
      const onEvent = (event: Message | Problem): void => {
        if ('code' in event) return end(fail(event));
        const outcome = take(event);
        if (outcome) end(outcome);
      };
      const timer = setTimeout(() => end(fail(silent(what, timeoutMs, this.engine, this.#home))), timeoutMs);
      this.#takers.add(onEvent);
    });
  }
}

function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size does for everything but the longest answers.
  }
}

function valueOf(arg: Arg | undefined): unknown {
  return arg?.type === 'f' ? plain(Number(arg.value)) : arg?.value;
}

function noEngine(why: string): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `no engine: ${why}`,
    allowed: 'the home of a running engine',
    mend: 'Run `chronus start` there, or name its home with --home DIR.',
  };
}

function starting(pid: number): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `an engine that is not ready yet (pid ${pid})`,
    allowed: 'a running engine',
    mend: 'Try again in a moment.',
  };
}

function gone({ pid, oscPort }: EngineFile, file: string): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `no engine on UDP port ${oscPort}, though ${file} names one (pid ${pid})`,
    allowed: 'a running engine that listens on the loopback',
    mend: `Run \`chronus start\`. If it says that the home is busy, and process ${pid} is no engine, delete that file.`,
  };
}

function closed({ oscPort }: EngineFile): Problem {
  return {
    code: 'E_CLOSED',
    got: `a request to UDP port ${oscPort} whose answer nobody waits for any more`,
    allowed: 'requests whose answer comes before close()',
    mend: 'Wait for the answer before close(). What was sent may still act.',
  };
}

function silent(what: string, timeoutMs: number, { pid, oscPort }: EngineFile, home: string): Problem {
  return {
    code: 'E_TIMEOUT',
    got: `${what} within ${timeoutMs / 1000} s`,
    allowed: `an answer of the engine in ${home} (pid ${pid}, UDP port ${oscPort})`,
    mend: 'Look at its terminal; what was sent may still act. End it and start it again if it hangs.',
  };
}
