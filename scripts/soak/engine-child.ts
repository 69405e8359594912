/** A real engine as a child process, on the null device. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Arg } from '../../engine/control/decode.js';
import { connect } from '../../engine/cli/osc-client.js';
import { describeProblem } from '../../engine/shared/outcome.js';

export interface EngineChild {
  readonly child: ChildProcess;
  /** Resolves when it has ended, however. */
  readonly gone: Promise<void>;
  /** The answer; throws when an error comes. */
  ask(address: string, ...args: readonly (string | number)[]): Promise<unknown>;
  send(address: string, ...args: readonly (string | number)[]): void;
  /** Ends it and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** `node`: which one runs it. */
export async function startChild(
  home: string,
  flags: readonly string[] = [],
  node = process.execPath,
): Promise<EngineChild> {
  const bin = fileURLToPath(new URL('../../../bin/chronus.mjs', import.meta.url));
  const given = ['start', '--home', home, '--osc-port', '0', '--device', 'null', '--json', '--quiet'];
  const child = spawn(node, [bin, ...given, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = once(child, 'exit').then(() => void process.removeListener('exit', kill));
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line').then(() => true);
  if (!(await Promise.race([ready, gone.then(() => false)])))
    throw new Error('the engine ended before it was ready');
  const connected = await connect(home);
  if (!connected.ok) throw new Error(describeProblem(connected.error));
  const client = connected.value;
  return {
    child,
    gone,
    async ask(address, ...args) {
      const reply = await client.request(address, args.map(typed), { timeoutMs: 30_000 });
      if (!reply.ok) throw new Error(describeProblem(reply.error));
      return reply.value;
    },
    send: (address, ...args) => client.send(address, args.map(typed)),
    async end(signal) {
      child.kill(signal);
      await gone;
      client.close();
    },
  };
}

function typed(value: string | number): Arg {
  if (typeof value === 'string') return { type: 's', value };
  return { type: Number.isInteger(value) ? 'i' : 'f', value };
}
