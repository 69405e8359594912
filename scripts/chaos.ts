/**
 * npm run chaos: kills, hangs and starves slots, clock and modules of a run that plays, and counts what became of the sound.
 *
 *      npm run chaos                        the full counts (about an hour)
 *      npm run chaos -- --count 20          each row with so many faults
 *      npm run chaos -- --only hang,clock   rows whose name holds one of these
 *      npm run chaos -- --hour 600          only the long run: so many seconds of music at 256 voices
 *      npm run chaos -- --seed 7            a failing seed again
 *
 * Exit code 1 when a sample was changed, a block is missing, or redundancy did not come back.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { hour } from './chaos/hour.js';
import { FAULTS, MODES, type Mode } from './chaos/injections.js';
import {
  burdened,
  BURDENS,
  CLOCK_FAULTS,
  clockFaults,
  combined,
  flooded,
  MODULE_FAULTS,
  moduleFaults,
  realTime,
  slotFaults,
  type Burden,
} from './chaos/scenarios.js';
import { holds, tableHead, tableRow, type Row } from './chaos/table.js';

/** Wrong use: says what came and what is allowed, and ends. */
function refuse(what: string): never {
  process.stderr.write(`${what} npm run chaos -- --help lists rows and flags.\n`);
  process.exit(2);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        count: { type: 'string' },
        only: { type: 'string' },
        seed: { type: 'string' },
        hour: { type: 'string' },
        voices: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** A whole number from `min` to `max`; `fallback` where the flag was not given. */
function whole(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse(`--${name}: got '${text}', allowed a whole number from ${min} to ${max}.`);
}

const values = readFlags();
const seed = whole('seed', values.seed, Date.now() % 1_000_000, 0, 0x7fff_ffff);
const musicSeconds = whole('hour', values.hour, 3600, 10, 86_400);
const voices = whole('voices', values.voices, 256, 1, 256);
const given = whole('count', values.count, 0, 1, 100_000);
const count = (full: number): number => given || full;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Name, for --only, and how to make the row. The counts are those of docs/reliability.md. */
const ROWS: readonly (readonly [string, () => Promise<Row>])[] = [
  ...FAULTS.map((fault) => [`slot ${fault}`, () => slotFaults(fault, count(500), seed)] as const),
  ...MODULE_FAULTS.map((fault) => [`module ${fault}`, () => moduleFaults(fault, count(500), seed)] as const),
  ...(Object.keys(MODES) as Mode[])
    .filter((mode) => mode !== 'single')
    .map((mode) => [`together ${mode}`, () => combined(mode, count(100), seed)] as const),
  ['flood', () => flooded(count(40), seed)],
  ...(Object.keys(BURDENS) as Burden[]).map(
    (burden) => [`burden ${burden}`, () => burdened(burden, count(20), seed, say)] as const,
  ),
  ...CLOCK_FAULTS.map((fault) => [`clock ${fault}`, () => clockFaults(fault, count(20), seed, say)] as const),
  ['real time', () => realTime(count(40), seed, say)],
];

function help(): void {
  process.stdout.write(
    `npm run chaos -- [--count N] [--only NAME,...] [--seed N] [--hour SECONDS [--voices N]]\nRows: ${ROWS.map(([name]) => name).join(', ')}\n`,
  );
}

async function table(): Promise<boolean> {
  const wanted = values.only?.split(',');
  const rows = ROWS.filter(([name]) => !wanted || wanted.some((word) => name.includes(word)));
  if (rows.length === 0) refuse(`--only: no row is called '${values.only}'.`);
  process.stdout.write(`${tableHead()}\n`);
  let all = true;
  for (const [, make] of rows) {
    const row = await make();
    process.stdout.write(`${tableRow(row)}\n`);
    if (!holds(row)) all = false;
  }
  return all;
}

async function longRun(): Promise<boolean> {
  const result = await hour({
    seed,
    musicSeconds,
    voices,
    say,
  });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return result.changedBlocks === 0 && result.missingBlocks === 0 && result.notRestored === 0;
}

if (values.help) help();
else {
  say(
    `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}, seed ${seed}`,
  );
  const good = values.hour === undefined ? await table() : await longRun();
  process.exitCode = good ? 0 : 1;
}
