/**
 * Real engines and commands as child processes. Nothing survives a test: what it started is ended when its scope ends,
 * also after a failure, and killed when the process of the tests goes.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arg } from '../../engine/control/decode.js';
import { connectTo, type OscClient } from '../../engine/cli/osc-client.js';
import type { EngineFile } from '../../engine/supervisor/home.js';
import { chronusInThread, plainEnv } from './cli-host.js';
import { valueOf } from './outcome.js';
import { ROOT } from './root.js';

const BIN = join(ROOT, 'bin', 'chronus.mjs');
/** An engine that does not end within this time of a signal is killed, and the test fails. */
const END_MS = 10_000;

/** A test or whatever else can clean up: `t` of node:test. */
export interface Scope {
  after(cleanUp: () => Promise<void> | void): void;
}

const cleanUps = new WeakMap<Scope, (() => unknown)[]>();

/** Last in, first out, so that an engine has ended before its home is removed; all of them, whatever fails. */
function finallyDo(scope: Scope, cleanUp: () => unknown): void {
  const known = cleanUps.get(scope);
  if (known) return void known.push(cleanUp);
  const all = [cleanUp];
  cleanUps.set(scope, all);
  scope.after(async () => {
    const problems: unknown[] = [];
    for (const each of all.reverse()) {
      try {
        await each();
      } catch (problem) {
        problems.push(problem);
      }
    }
    if (problems.length > 0) throw problems[0];
  });
}

/** How a process ended and what it wrote. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** After `start`; the home, a free port, the null device and --json are given anyway. */
  readonly args?: readonly string[];
  /** Default: a new temporary one. */
  readonly home?: string;
}

export interface TestEngine {
  readonly home: string;
  readonly port: number;
  readonly pid: number;
  /** The line it printed when it was ready. */
  readonly ready: EngineFile & { readonly ready: boolean };
  readonly client: OscClient;
  send(address: string, ...args: Arg[]): void;
  /** The answer; fails the test when an error comes. */
  request(address: string, ...args: Arg[]): Promise<unknown>;
  /** Resolves when it is gone. */
  readonly ended: Promise<Ran>;
  stop(signal?: NodeJS.Signals): Promise<Ran>;
}

export async function tempHome(scope: Scope): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'chronus-test-'));
  finallyDo(scope, () => rm(home, { recursive: true, force: true }));
  return home;
}

/** Runs one command to its end. Its environment has no CHRONUS_ variables but those given. */
export function chronus(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return ending(launch(args, env));
}

/** Those that listen to signals, start workers or count time. */
const IN_PROCESSES = ['start', 'render', 'bench'];

/** As chronus, but in a thread of this process where that is the same. How a process ends is for `chronus` to show. */
export function chronusQuick(args: readonly string[]): Promise<Ran> {
  return IN_PROCESSES.includes(args[0] ?? '') ? chronus(args) : chronusInThread(args);
}

/** As chronusQuick, for commands with --json: checks the exit code and that stdout is one JSON document. */
export async function chronusJson(args: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const ran = await chronusQuick([...args, '--json']);
  assert.equal(ran.code, code, `chronus ${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
  assert.match(ran.stdout, /^[^\n]+\n$/, 'one line on stdout');
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

/** Acts on each, two at a time: as many as a small machine has cores. */
export async function forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const run = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all([run(), run()]);
}

/** Resolves when the engine is ready; fails the test with what it wrote when it ends before. */
export async function startEngine(scope: Scope, options: StartOptions = {}): Promise<TestEngine> {
  const home = options.home ?? (await tempHome(scope));
  const given = ['--home', home, '--osc-port', '0', '--viz-port', '0', '--device', 'null', '--json'];
  const child = launch(['start', ...given, ...(options.args ?? [])]);
  const ended = ending(child);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Ran> => {
    child.kill(signal);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, END_MS);
    const ran = await ended;
    clearTimeout(timer);
    assert.ok(!late, `${signal} did not end the engine within ${END_MS} ms: ${ran.stderr}`);
    return ran;
  };
  finallyDo(scope, () => stop());
  const ready = JSON.parse(await firstLine(child, ended)) as TestEngine['ready'];
  const client = valueOf(await connectTo(ready, home));
  finallyDo(scope, () => client.close());
  return {
    home,
    port: ready.oscPort,
    pid: ready.pid,
    ready,
    client,
    send: (address, ...args) => client.send(address, args),
    request: async (address, ...args) => valueOf(await client.request(address, args)),
    ended,
    stop,
  };
}

function launch(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...plainEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return child;
}

function ending(child: ChildProcess): Promise<Ran> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
}

function firstLine(child: ChildProcess, ended: Promise<Ran>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (more: string) => {
      text += more;
      const [line, rest] = text.split('\n', 2);
      if (line !== undefined && rest !== undefined) resolve(line);
    });
    void ended.then(({ code, stdout, stderr }) =>
      reject(new Error(`the engine ended before it was ready (code ${code}):\n${stdout}${stderr}`)),
    );
  });
}
