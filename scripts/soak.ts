/**
 * npm run soak: the long counts that do not fit into the tests.
 *
 *      npm run soak                         all parts, as long as they take
 *      npm run soak -- --only flood         one part, or several: --only flood,slots
 *      npm run soak -- --quick              short forms, to see that they work
 *      npm run soak -- --seed 7 --json      a failing seed again; one JSON document on stdout
 *
 * Progress goes to stderr, the table to stdout. Exit code 1 when a figure is not reached, 2 for wrong use.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { PARTS } from './soak/parts.js';
import type { Figure, SoakPart } from './soak/part.js';

const HELP = `npm run soak -- [--only NAME,...] [--seed N] [--quick] [--json]

Parts:
${PARTS.map(({ name, doc }) => `  ${name.padEnd(12)}${doc}`).join('\n')}

Examples:
  npm run soak
  npm run soak -- --only ${PARTS[0]?.name ?? ''} --quick
  npm run soak -- --seed 7 --json
`;

/** Wrong use: says what came and what is allowed, and ends. */
function refuse(what: string): never {
  process.stderr.write(`${what} npm run soak -- --help lists parts and flags.\n`);
  process.exit(2);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        seed: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function chosen(only: string | undefined): readonly SoakPart[] {
  if (only === undefined) return PARTS;
  const wanted = only.split(',').map((word) => word.trim());
  const unknown = wanted.find((word) => !PARTS.some(({ name }) => name === word));
  if (unknown !== undefined)
    return refuse(`--only: got '${unknown}', allowed ${PARTS.map(({ name }) => name).join(', ')}.`);
  return PARTS.filter(({ name }) => wanted.includes(name));
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return Date.now() % 1_000_000;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(`--seed: got '${text}', allowed a whole number from 0 to 999999999.`);
}

interface Row extends Figure {
  readonly part: string;
}

/** What a part cannot finish is a figure that is not reached, and the other parts go on. */
async function figuresOf(part: SoakPart, seed: number, quick: boolean): Promise<Row[]> {
  say(`${part.name}: ${part.doc}`);
  try {
    const figures = await part.run({ seed, quick, say: (line) => say(`  ${line}`) });
    return figures.map((figure) => ({ part: part.name, ...figure }));
  } catch (error) {
    const measured = `ended: ${error instanceof Error ? error.message : String(error)}`;
    return [
      { part: part.name, figure: 'the part itself', asked: 'comes to its end', measured, reached: false },
    ];
  }
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ part, figure, asked, measured, reached }) =>
      `| ${part} | ${figure} | ${asked} | ${measured} | ${reached ? 'yes' : 'NO'} |`,
  );
  return ['| Part | Figure | Asked | Measured | Reached |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const flags = readFlags();
if (flags.help) process.stdout.write(HELP);
else {
  const parts = chosen(flags.only);
  const seed = seedOf(flags.seed);
  const quick = flags.quick === true;
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
  say(`${machine}, seed ${seed}${quick ? ', short forms' : ''}`);
  const rows: Row[] = [];
  for (const part of parts) rows.push(...(await figuresOf(part, seed, quick)));
  process.stdout.write(
    flags.json ? `${JSON.stringify({ machine, seed, quick, figures: rows })}\n` : table(rows),
  );
  process.exitCode = rows.every(({ reached }) => reached) ? 0 : 1;
}
