/**
 * npm run bench:peers: one patch through `chronus render` and through whatever other synthesizers are installed, as whole
 * processes. Figures: seconds of audio per second of CPU (user and system), from the CPU of a long render less that of one
 * of a second, so that start-up counts for nobody.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textTable } from '../../engine/cli/text-table.js';
import { chronus } from './peers/chronus.js';
import { csound } from './peers/csound.js';
import { faust } from './peers/faust.js';
import { cpuSeconds, listen, type Heard } from './peers/measure.js';
import type { Peer } from './peers/patch.js';
import { pyo } from './peers/pyo.js';
import { supercollider } from './peers/supercollider.js';

const PEERS: readonly Peer[] = [chronus, supercollider, csound, faust, pyo];
const SHORT = 1;

const USAGE = `npm run bench:peers -- [--voices 8,16,64,256] [--seconds 60] [--rounds 3] [--only NAME,...] [--json]

Peers: ${PEERS.map(({ name }) => name).join(', ')}. Those that are not installed are named. Debian:
  apt-get install --no-install-recommends supercollider-server csound faust g++ python3-pyo

Examples:
  npm run bench:peers
  npm run bench:peers -- --voices 64 --rounds 5
  npm run bench:peers -- --only chronus,scsynth --seconds 20
`;

export interface PeerFigures {
  readonly name: string;
  readonly doc: string;
  /** Why there are none. */
  readonly missing?: string;
  readonly byVoices: Readonly<Record<number, PeerSpeed>>;
}

export interface PeerSpeed {
  /** Seconds of audio per second of CPU; absent: it failed. */
  readonly rtf?: number;
  /** Speed of chronus in the same round divided by this one's, median. */
  readonly chronusTimes?: number;
  readonly heard?: Heard;
  readonly problem?: string;
}

interface Options {
  readonly voices: readonly number[];
  readonly seconds: number;
  /** Turns; each peer renders once in each. The median counts. */
  readonly rounds: number;
  readonly only: readonly string[];
  readonly say: (text: string) => void;
}

export function benchPeers({ voices, seconds, rounds, only, say }: Options): PeerFigures[] {
  const chosen = PEERS.filter(({ name }) => only.length === 0 || only.includes(name));
  const missing = new Map(chosen.map((peer) => [peer, peer.missing()]));
  const folder = mkdtempSync(join(tmpdir(), 'chronus-peers-'));
  try {
    const speeds = voices.map((count) => {
      const here = chosen.filter((peer) => missing.get(peer) === undefined);
      return measureAll(here, count, { seconds, rounds, folder, say });
    });
    return chosen.map((peer) => {
      const why = missing.get(peer);
      const byVoices = Object.fromEntries(voices.map((count, i) => [count, speeds[i]?.get(peer) ?? {}]));
      return { name: peer.name, doc: peer.doc, byVoices, ...(why !== undefined && { missing: why }) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly rounds: number;
  readonly folder: string;
  readonly say: (text: string) => void;
}

function measureAll(peers: readonly Peer[], voices: number, run: Run): Map<Peer, PeerSpeed> {
  const { seconds, rounds, folder, say } = run;
  const figures = new Map(peers.map((peer) => [peer, [] as number[]]));
  const found = new Map<Peer, PeerSpeed>();
  for (let round = 0; round < rounds; round++) {
    peers.forEach((peer, i) => {
      if (found.get(peer)?.problem !== undefined) return;
      say(`${voices} voices, round ${round + 1} of ${rounds}: ${peer.name}`);
      try {
        const cpu = (length: number): number => {
          const out = join(folder, `${i}-${voices}-${length}-${round}.wav`);
          const spent = cpuSeconds(peer.prepare({ voices, seconds: length }, join(folder), out));
          if (length === seconds && round === 0) found.set(peer, { heard: listen(out) });
          rmSync(out);
          return spent;
        };
        const short = cpu(SHORT);
        figures.get(peer)?.push((seconds - SHORT) / (cpu(seconds) - short));
      } catch (error) {
        found.set(peer, { problem: (error as Error).message });
      }
    });
  }
  const own = figures.get(chronus) ?? [];
  for (const [peer, speeds] of figures) {
    if (speeds.length === 0 || found.get(peer)?.problem !== undefined) continue;
    const times = median(own.map((speed, round) => speed / (speeds[round] as number)));
    found.set(peer, {
      ...found.get(peer),
      rtf: Number(median(speeds).toFixed(1)),
      ...(Number.isFinite(times) && { chronusTimes: Number(times.toFixed(2)) }),
    });
  }
  return found;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function peersText(figures: readonly PeerFigures[], voices: readonly number[]): string {
  const present = figures.filter(({ missing }) => missing === undefined);
  const speed = present.map(({ name, byVoices }) => [
    name,
    ...voices.flatMap((count) => {
      const { rtf, chronusTimes } = byVoices[count] ?? {};
      return [rtf?.toFixed(1) ?? 'failed', chronusTimes?.toFixed(2) ?? '-'];
    }),
  ]);
  const heard = present.flatMap(({ name, byVoices }) =>
    voices.map((count) => {
      const it = byVoices[count]?.heard;
      const cells = it
        ? [it.rmsDb.toFixed(1), it.peak.toFixed(2), it.centroidHz.toFixed(0), String(it.channels)]
        : ['-', '-', '-', '-'];
      return [`${name}, ${count} voices`, ...cells];
    }),
  );
  const problems = figures.flatMap(({ name, byVoices }) =>
    voices.flatMap((count) => {
      const problem = byVoices[count]?.problem;
      return problem === undefined ? [] : [`${name}, ${count} voices: ${problem}\n`];
    }),
  );
  const absent = figures.flatMap(({ name, missing }) =>
    missing === undefined ? [] : [`${name}: ${missing}\n`],
  );
  return (
    'Seconds of audio per second of CPU; behind it how many times as fast chronus is (medians of rounds).\n' +
    textTable(['', ...voices.flatMap((count) => [`${count} voices`, 'x'])], speed) +
    '\nWhat was heard: RMS in dB of full scale, peak, centre of the spectrum in Hz, channels.\n' +
    textTable(['', 'RMS', 'peak', 'centre', 'channels'], heard) +
    `\n${present.map(({ name, doc }) => `${name}: ${doc}\n`).join('')}${absent.join('')}${problems.join('')}`
  );
}

function main(): void {
  const { values } = parseArgs({
    options: {
      voices: { type: 'string', default: '8,16,64,256' },
      seconds: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const voices = values.voices.split(',').map(Number);
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const fits = [
    voices.every((count) => Number.isInteger(count) && count >= 1 && count <= 256),
    seconds >= 8 && seconds <= 600,
    Number.isInteger(rounds) && rounds >= 1,
  ];
  const only = values.only.split(',').filter((name) => name !== '');
  if (!fits.every(Boolean) || only.some((name) => !PEERS.some((peer) => peer.name === name))) {
    process.stderr.write(`Allowed: voices 1..256, 8 to 600 seconds, 1 round or more.\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const say = (text: string): void =>
    void (process.stderr.isTTY && process.stderr.write(`\r${text.padEnd(60)}\r`));
  const figures = benchPeers({ voices, seconds, rounds, only, say });
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
  if (values.json) process.stdout.write(`${JSON.stringify({ machine, seconds, rounds, peers: figures })}\n`);
  else process.stdout.write(`${machine}\n${peersText(figures, voices)}`);
}

if (process.argv[1]?.endsWith('peers.js')) main();
