/** R89, R90, R91: two hours in one take, played as fast as they can be written: the second needs no more memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { otherPrograms } from './other-programs.js';
import type { LongTake } from './long-take-child.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';

const HALF_SECONDS = 3600;
const QUICK_SECONDS = 90;
const FRAME_BYTES = 6;
const RATE = 48_000;
const MOST_GROWTH = 1e6;
const CHILD = fileURLToPath(new URL('./long-take-child.js', import.meta.url));

async function run({ quick, seed, say }: SoakOptions): Promise<Figure[]> {
  const half = quick ? QUICK_SECONDS : HALF_SECONDS;
  const what = `one take of two times ${half} s at 24 bits`;
  const wanted = 2 * half * RATE * FRAME_BYTES;
  const folder = await mkdtemp(join(tmpdir(), 'chronus-long-'));
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < 2 * wanted) return [noRoom(what, folder, 2 * wanted)];
    const child = spawn(process.execPath, ['--expose-gc', CHILD, folder, String(half), String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const said = await text(child.stdout);
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`the writer ended with ${code}`);
    const take = JSON.parse(said) as LongTake;
    say(`${take.seconds.toFixed(0)} s; ${JSON.stringify(take.memory)}`);
    return await figures(what, take);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function figures(
  what: string,
  { frames, memory, summary, problem, seconds }: LongTake,
): Promise<Figure[]> {
  const [first, second] = memory;
  if (!first || !second || memory.length !== 2) throw new Error(`${memory.length} halves, not 2`);
  const own = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;
  const growth = own(second) - own(first);
  const { size } = await stat(summary.path);
  const fault = otherPrograms().fault(summary.path, frames);
  const right =
    summary.frames === frames &&
    summary.bytes === size &&
    size >= frames * FRAME_BYTES &&
    summary.verified &&
    summary.lostBlocks === 0 &&
    problem === undefined;
  return [
    {
      figure: `R89 R90 R91 ${what}: memory after a forced collection, at the end of the second half against the first`,
      asked: 'less than 1 MB more (heap and external)',
      measured: `${mb(growth)} more (${mb(own(first))}, then ${mb(own(second))}); of the process ${mb(first.rss)}, then ${mb(second.rss)}`,
      reached: growth < MOST_GROWTH,
    },
    {
      figure: `R91 R124 R169 ${what}: length and size, read back, opened by other programs`,
      asked: `${frames} frames, none lost, verified`,
      measured: `${summary.frames} frames, ${summary.bytes} bytes${size === summary.bytes ? '' : ` (on the disk ${size})`}, ${summary.lostBlocks} blocks lost, verified ${summary.verified}; ${fault ?? otherPrograms().names.join(' and ')}; ${Math.round(frames / RATE / seconds)} times real time`,
      reached: right && fault === undefined,
    },
  ];
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

function noRoom(what: string, folder: string, bytes: number): Figure {
  return {
    figure: `R91 ${what}`,
    asked: 'less than 1 MB more in the second half',
    measured: `not run: less than ${mb(bytes)} are free for ${folder}`,
    reached: false,
  };
}

export const longTake: SoakPart = {
  name: 'long-take',
  doc: 'two hours in one take, as fast as they can be written: memory, length, size',
  run,
};
