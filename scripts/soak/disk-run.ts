/** A real engine on a disk that is filled while it records, and what it tells. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../client/connect.js';
import { describeProblem, type Problem } from '../../engine/shared/outcome.js';
import { verifyTake } from '../../engine/takes/verify.js';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import { startEngine, type Scope, type TestEngine } from '../../test/helpers/engine.js';
import { otherPrograms } from './other-programs.js';

const CHANGES = 600;

export interface EngineStatus {
  readonly late_blocks: number;
  readonly blocks: number;
  readonly journal_status: { readonly state: string; readonly error?: string };
}

export interface Told {
  readonly atMs: number;
  readonly code: string;
}

/** Engine, home and recordings; what /recording/error says. */
export interface Rig {
  readonly engine: TestEngine;
  readonly home: string;
  readonly recordings: string;
  readonly errors: readonly Told[];
  status(): Promise<EngineStatus>;
  /** The answer, or the problem. */
  ask(address: string, ...words: (string | number)[]): Promise<Record<string, unknown> | Problem>;
}

export function isProblem(answer: object): answer is Problem {
  return 'code' in answer && 'mend' in answer;
}

export function ownHome(scope: Scope): string {
  const home = mkdtempSync(join(tmpdir(), 'chronus-full-'));
  scope.after(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

export async function startRig(scope: Scope, home: string, recordings: string): Promise<Rig> {
  mkdirSync(recordings, { recursive: true });
  const args = ['--play', 'sunday-house', '--reserve', '0', '--recordings', recordings, '--quiet'];
  const engine = await startEngine(scope, { home, args });
  const synth = await connect({ port: engine.port });
  scope.after(() => synth.close());
  // Of an engine that is ended on purpose.
  synth.on('error', () => undefined);
  const errors: Told[] = [];
  synth.on('/recording/error', ([, code]) => errors.push({ atMs: performance.now(), code: String(code) }));
  await synth.sync();
  return {
    engine,
    home,
    recordings,
    errors,
    status: async () => (await engine.request('/engine/status')) as EngineStatus,
    async ask(address, ...words) {
      const args = words.map((word) =>
        typeof word === 'string'
          ? ({ type: 's', value: word } as const)
          : ({ type: 'f', value: word } as const),
      );
      const answer = await engine.client.request(address, args, { timeoutMs: 30_000 });
      return answer.ok ? (answer.value as Record<string, unknown>) : answer.error;
    },
  };
}

/** Late blocks in so many seconds, in which as many parameters are set as fill a page of the journal several times. */
export async function lateIn({ engine, status }: Rig, seconds: number): Promise<number> {
  const before = await status();
  for (let i = 0; i < CHANGES; i++) {
    engine.send('/mod/voice1/filter/freq', { type: 'f', value: 200 + i });
    if (i % 50 === 49) await sleep((seconds * 1000 * 50) / CHANGES);
  }
  return (await status()).late_blocks - before.late_blocks;
}

/** Every so often, until it holds; undefined: not within that time. Milliseconds it took. */
export async function until(
  limitMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<number | undefined> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > limitMs) return undefined;
    await sleep(5);
  }
  return performance.now() - began;
}

export interface Looked {
  readonly frames: number;
  readonly differingFrames: number;
  /** The sidecar says that it was cut off. */
  readonly unfinished: boolean;
  /** What does not hold; undefined: nothing. */
  readonly fault?: string;
}

/** For other programs, and against the journal. */
export function lookAt(path: string, home: string): Looked {
  const wav = openWav(path);
  if (!wav.ok) return { frames: 0, differingFrames: 0, unfinished: true, fault: describeProblem(wav.error) };
  const { frames, headerFrames } = wav.value;
  wav.value.close();
  const { unfinished } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { unfinished?: boolean };
  const verified = verifyTake(path, home);
  if (!verified.ok)
    return { frames, differingFrames: 0, unfinished: !!unfinished, fault: describeProblem(verified.error) };
  const { identical, differingFrames } = verified.value;
  const fault =
    frames !== headerFrames
      ? `its head counts ${headerFrames} of ${frames} frames`
      : (otherPrograms().fault(path, frames) ??
        (identical ? undefined : `verify says ${JSON.stringify(verified.value)}`));
  return {
    frames,
    differingFrames,
    unfinished: unfinished === true,
    ...(fault === undefined ? {} : { fault }),
  };
}
