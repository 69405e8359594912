/**
 * R55, R172: what one version of Node has recorded live, over UDP and with promotions in the middle, another one renders
 * again from the journal, the same to the bit.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, type EngineChild } from './engine-child.js';
import { nodeVersions, type NodeVersion } from './node-versions.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';
import { random } from './random.js';

const MAJORS = [20, 22, 24] as const;
const FORMATS = ['wav16', 'wav24', 'wav32f'] as const;
const FAULTS = ['throw', 'hang', 'throw'] as const;
const MESSAGES = 400;
const READY_MS = 60_000;
const BIN = fileURLToPath(new URL('../../../bin/chronus.mjs', import.meta.url));

interface Session {
  readonly paths: readonly string[];
  readonly promotions: number;
  readonly seconds: number;
}

interface Status {
  readonly slots: readonly { readonly state: string }[];
  readonly promotions: { readonly count: number };
}

async function run({ quick, seed, say }: SoakOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'chronus-nodes-'));
  try {
    const nodes = await nodeVersions(MAJORS, folder);
    say(`Node ${nodes.map(({ version }) => version).join(', ')}`);
    const figures: Figure[] = [];
    for (const node of nodes) {
      const home = join(folder, node.version);
      const session = await record(home, node, quick ? FAULTS.slice(0, 1) : FAULTS, random(seed));
      const verified = nodes.map((other) => verifyWith(other, home, session));
      say(`recorded with ${node.version}: ${verified.map(({ said }) => said).join('; ')}`);
      figures.push({
        figure: `R55 R172 recorded with Node ${node.version} over UDP, ${session.promotions} promotions in it: chronus verify with each of them`,
        asked: 'identical, in 16, 24 and 32 bits',
        measured: `${verified.map(({ said }) => said).join('; ')} (${session.seconds.toFixed(1)} s each)`,
        reached: verified.every(({ identical }) => identical),
      });
    }
    const missing = MAJORS.filter((major) => !nodes.some(({ version }) => version.startsWith(`${major}.`)));
    return [...figures, ...missing.map(notRun)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notRun(major: number): Figure {
  return {
    figure: `R55 R172 recorded or verified with Node ${major}`,
    asked: 'identical',
    measured: `not run: npm install node@${major} gave none`,
    reached: false,
  };
}

/** Three takes side by side, over all promotions, with parameters at random moments. */
async function record(
  home: string,
  { path: node }: NodeVersion,
  faults: readonly string[],
  next: () => number,
): Promise<Session> {
  const engine = await startChild(home, ['--chaos', '--play', 'sunday-house', '--reserve', '0'], node);
  try {
    await ready(engine, 0);
    for (const format of FORMATS) await engine.ask('/record/start', format, format, format);
    for (const [i, fault] of faults.entries()) {
      await talk(engine, next);
      engine.send(`/chaos/${fault}`, 'active');
      await talk(engine, next);
      await ready(engine, i + 1);
    }
    const { promotions } = (await engine.ask('/engine/status')) as Status;
    const { takes } = (await engine.ask('/record/stop', 'all')) as {
      takes: { path: string; seconds: number }[];
    };
    const paths = takes.map(({ path }) => path);
    return { paths, promotions: promotions.count, seconds: takes[0]?.seconds ?? NaN };
  } finally {
    await engine.end('SIGTERM');
  }
}

async function talk({ send }: EngineChild, next: () => number): Promise<void> {
  for (let i = 0; i < MESSAGES; i++) {
    send(`/mod/voice${1 + Math.floor(next() * 16)}/filter/freq`, 150.5 + next() * 6000);
    if (i % 20 === 19) await sleep(next() * 40);
  }
}

/** Whole again: all three slots are what they should be. */
async function ready({ ask }: EngineChild, promotions: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < READY_MS; await sleep(20)) {
    const { slots, promotions: made } = (await ask('/engine/status')) as Status;
    const states = slots.map(({ state }) => state);
    if (made.count >= promotions && ['active', 'standby', 'spare'].every((state) => states.includes(state)))
      return;
  }
  throw new Error(`promotion ${promotions} was not over within ${READY_MS / 1000} s`);
}

function verifyWith(
  { path: node, version }: NodeVersion,
  home: string,
  { paths }: Session,
): { readonly identical: boolean; readonly said: string } {
  const faults: string[] = [];
  for (const path of paths) {
    const { stdout, stderr } = spawnSync(node, [BIN, 'verify', path, '--home', home, '--json'], {
      encoding: 'utf8',
    });
    if (!isIdentical(stdout)) faults.push(`${path}: ${stdout.trim() || stderr.trim()}`);
  }
  const identical = faults.length === 0 && paths.length === FORMATS.length;
  return { identical, said: `${version}: ${identical ? 'identical' : (faults[0] ?? 'takes are missing')}` };
}

function isIdentical(document: string): boolean {
  try {
    return (JSON.parse(document) as { identical?: boolean }).identical === true;
  } catch {
    return false;
  }
}

export const verifyNodes: SoakPart = {
  name: 'verify-nodes',
  doc: 'recorded live with promotions on one version of Node, verified on others',
  run,
};
