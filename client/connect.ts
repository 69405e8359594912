/** Finds an engine and connects to it. */
import { runningEngine } from '../engine/supervisor/home.js';
import type { Problem } from '../engine/shared/outcome.js';
import { systemClock } from './clock.js';
import { ChronusError } from './errors.js';
import { Synth, type LinkOptions } from './synth.js';
import { openTcp } from './tcp.js';
import { openUdp } from './udp.js';

export interface ConnectOptions extends LinkOptions {
  /** Where the engine runs that is meant. Default: CHRONUS_HOME, else this folder. */
  readonly home?: string;
  /** With a port the engine is not looked for in a home. Default 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  /** Default udp. TCP loses nothing, at any rate of messages, and is told when the engine ends. */
  readonly transport?: 'udp' | 'tcp';
}

/**
 * Connects to the engine of a home, or of host and port. Rejects with a ChronusError: E_NO_ENGINE when there is none,
 * E_TIMEOUT when nobody answers.
 */
export async function connect(options: ConnectOptions = {}): Promise<Synth> {
  const { host, port } =
    options.port === undefined ? inHome(options) : { host: '127.0.0.1', ...options, port: options.port };
  const opened = await (options.transport === 'tcp' ? openTcp : openUdp)(host, port);
  if (!opened.ok) throw new ChronusError(opened.error);
  const synth = new Synth(opened.value, systemClock(), options);
  try {
    await synth.sync();
  } catch (error) {
    synth.close();
    throw error;
  }
  return synth;
}

function inHome({ home, host }: ConnectOptions): { host: string; port: number } {
  const folder = home ?? process.env.CHRONUS_HOME ?? '.';
  const engine = runningEngine(folder);
  if (!engine) throw new ChronusError(noEngine(`none runs in ${folder}`));
  if (typeof engine.oscPort !== 'number') throw new ChronusError(starting(engine.pid));
  return { host: host ?? hostOf(engine.oscHost), port: engine.oscPort };
}

/** Where to reach an engine on this machine: one that listens everywhere listens on the loopback too. */
export function hostOf(oscHost: string | undefined): string {
  if (oscHost === undefined || oscHost === '0.0.0.0') return '127.0.0.1';
  return oscHost === '::' ? '::1' : oscHost;
}

export function noEngine(why: string): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `no engine: ${why}`,
    allowed: 'the home of a running engine',
    mend: 'Run `chronus start` there, or name its home.',
  };
}

export function starting(pid: number): Problem {
  return {
    code: 'E_NO_ENGINE',
    got: `an engine that is not ready yet (pid ${pid})`,
    allowed: 'a running engine',
    mend: 'Try again in a moment.',
  };
}
