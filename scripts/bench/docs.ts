/**
 * npm run bench:docs: measures everything and writes docs/performance.md. Some ten minutes; `-- --quick` for a look at it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asked } from '../../engine/cli/bench-asked.js';
import type { EngineFigures } from '../../engine/cli/bench-engine.js';
import type { ModuleFigures } from '../../engine/cli/bench-modules.js';
import type { SpeedFigures } from '../../engine/cli/bench-speed.js';
import { markdownTable } from '../markdown.js';
import { benchPeers, type PeerFigures } from './peers.js';
import { cpuSeconds } from './peers/measure.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BIN = join(ROOT, 'bin', 'chronus.mjs');
const VOICES = [8, 16, 64, 256];
const PIECES = ['first-light', 'sunday-house', 'night-tide'];
const PIECE_SECONDS = 180;
const PIECE_ASKED = 1.2;
/** Speed against scsynth and against the pyo rig. */
const PEERS_ASKED = [
  { name: 'scsynth', voices: [64, 256], times: 2 },
  { name: 'pyo rig', voices: [64, 256], times: 25 },
];

interface Bench {
  readonly machine: string;
  readonly speed: readonly SpeedFigures[];
  readonly modules: Readonly<Record<string, ModuleFigures>>;
  readonly asked: readonly Asked[];
  readonly engine: EngineFigures;
}

function bench(quick: boolean): Bench {
  const args = [BIN, 'bench', '--json', ...(quick ? ['--seconds', '1'] : [])];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`chronus bench ended with code ${status}`);
  return JSON.parse(stdout) as Bench;
}

/** CPU seconds of a whole render, start-up included: the median of some. */
function pieces(rounds: number): { readonly name: string; readonly cpu: number }[] {
  const folder = mkdtempSync(join(tmpdir(), 'chronus-piece-'));
  try {
    return PIECES.map((name) => {
      const spent = Array.from({ length: rounds }, (_, round) => {
        const out = join(folder, `${name}-${round}.wav`);
        const command = [
          process.execPath,
          BIN,
          'render',
          name,
          '--seconds',
          String(PIECE_SECONDS),
          '-o',
          out,
        ];
        const cpu = cpuSeconds(command);
        rmSync(out);
        return cpu;
      }).sort((a, b) => a - b);
      return { name, cpu: spent[Math.floor(rounds / 2)] ?? NaN };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const yes = (reached: boolean): string => (reached ? 'yes' : 'no');

function askedOfPeers(peers: readonly PeerFigures[]): string[][] {
  return PEERS_ASKED.flatMap(({ name, voices, times }) =>
    voices.map((count) => {
      const measured = peers.find((peer) => peer.name === name)?.byVoices[count]?.chronusTimes;
      const what = `faster than ${name} with ${count} voices`;
      return [
        what,
        `${times} times`,
        measured === undefined ? 'not measured' : `${measured} times`,
        yes((measured ?? 0) >= times),
      ];
    }),
  );
}

function peersTable(peers: readonly PeerFigures[]): string {
  const head = ['', ...VOICES.map((count) => `${count} voices`), 'heard (64 voices): RMS, peak, centre'];
  const rows = peers.map(({ name, missing, byVoices }) => {
    if (missing !== undefined) return [name, missing];
    const cells = VOICES.map((count) => {
      const { rtf, chronusTimes } = byVoices[count] ?? {};
      if (rtf === undefined) return 'failed';
      return name === 'chronus' ? rtf.toFixed(1) : `${rtf.toFixed(1)} (${chronusTimes?.toFixed(2)})`;
    });
    const heard = byVoices[64]?.heard;
    const told = heard
      ? `${heard.rmsDb.toFixed(1)} dB, ${heard.peak.toFixed(2)}, ${heard.centroidHz.toFixed(0)} Hz`
      : '-';
    return [name, ...cells, told];
  });
  return markdownTable(head, rows);
}

function documentOf(
  figures: Bench,
  peers: readonly PeerFigures[],
  rendered: ReturnType<typeof pieces>,
  quick: boolean,
): string {
  const { machine, speed, modules, asked, engine } = figures;
  const speedRows = speed.map((of) => [
    String(of.voices),
    of.rtf.toFixed(1),
    of.blockUs.toFixed(1),
    of.nsPerVoiceSample.toFixed(2),
    of.scalarRtf.toFixed(1),
    of.ratioToScalar.toFixed(2),
    of.ratioToYardstick?.toFixed(3) ?? '-',
  ]);
  const moduleRows = Object.entries(modules).map(([name, { workUs, scalarUs, defaultUs }]) => [
    name,
    workUs.toFixed(2),
    scalarUs.toFixed(2),
    defaultUs.toFixed(2),
  ]);
  const askedRows = [
    ...asked.map((of) => [of.what, of.asked, of.measured, yes(of.reached)]),
    ...rendered.map(({ name, cpu }) => [
      `${name}, ${PIECE_SECONDS} s, 16 voices, CPU with start-up`,
      `under ${PIECE_ASKED} s`,
      `${cpu.toFixed(2)} s`,
      yes(cpu < PIECE_ASKED),
    ]),
    ...askedOfPeers(peers),
  ];
  const costs = (['standby', 'noStandby'] as const).map((key) => {
    const { restCorePercent, playingCorePercent, residentMb } = engine[key];
    return [
      key === 'standby' ? 'with standby' : 'without',
      `${restCorePercent} %`,
      `${playingCorePercent} %`,
      `${residentMb} MB`,
    ];
  });
  return `# Performance

Written by \`npm run bench:docs${quick ? ' -- --quick' : ''}\` on: ${machine}.
Figures move from machine to machine and from minute to minute; ratios,
measured in turns of one run, are what counts. RTF: seconds of sound per second of CPU, one core.

## What is asked

${markdownTable(['', 'asked', 'measured', 'reached'], askedRows)}
## Speed

\`npx chronus bench\`. Held saws with both sends, distortion, reverb, delay and limiter at work, stereo, 48 kHz, blocks of 256
frames (5333 µs). The scalar build gives the same bits without vectors; the yardstick is a fixed bank of simple voices and a
reverb (\`scripts/bench/yardstick.lane.ts\`).

${markdownTable(['voices', 'RTF', 'µs a block', 'ns a voice-sample', 'scalar RTF', 'times scalar', 'times yardstick'], speedRows)}
## Modules

µs a block: at work, the same in the scalar build, and at their defaults with sound going through. Each is the difference
between a rig with it and one without; of the limiter, one with the delay and clip that stand in for it while it is bypassed.

${markdownTable(['module', 'at work', 'scalar', 'at defaults'], moduleRows)}
## Against others

\`npm run bench:peers\`. One patch (\`scripts/bench/peers/patch.ts\`): saws through a resonant low-pass and an envelope, sends to a
reverb and a delay, a limiter. Whole processes: CPU of a long render less that of one of a second. In brackets how many times
as fast chronus is. What was heard shows that all of them play it.

${peersTable(peers)}
${peers.map(({ name, doc }) => `- ${name}: ${doc}\n`).join('')}
## An engine

A process of its own, 16 voices: ready after ${engine.startMs} ms; a slot is saved in ${engine.slotSaveMs} ms and loaded in ${engine.slotLoadMs} ms,
from the datagram to the reply. Shares of one core:

${markdownTable(['', 'at rest', 'playing', 'memory'], costs)}`;
}

function main(): void {
  const quick = process.argv.includes('--quick');
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const say = (text: string): void =>
    void (process.stderr.isTTY && process.stderr.write(`\r${text.padEnd(60)}\r`));
  tell('chronus bench ...');
  const figures = bench(quick);
  tell('pieces ...');
  const rendered = pieces(quick ? 1 : 5);
  tell('peers ...');
  const peers = benchPeers({
    voices: VOICES,
    seconds: quick ? 10 : 60,
    rounds: quick ? 1 : 3,
    only: [],
    say,
  });
  writeFileSync(join(ROOT, 'docs', 'performance.md'), documentOf(figures, peers, rendered, quick));
  tell('docs/performance.md is written.');
}

main();
