/**
 * npm run sound: the figures of docs/sound.md, measured with the built kernels.
 *
 *      npm run sound                        all parts, as a table
 *      npm run sound -- --only limiter      one part, or several: --only limiter,acid
 *      npm run sound -- --json              one JSON document on stdout
 *      npm run sound -- --write             docs/sound.md and its pictures
 *
 * Progress goes to stderr. Exit code 1 when a figure is not reached, 2 for wrong use.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documentOf, type Measured } from './sound/document.js';
import { SOUND_PARTS } from './sound/index.js';
import type { SoundPart } from './sound/part.js';
import { svgOf } from './sound/svg.js';
import { soundTable } from './sound/table.js';

// dist/scripts/ lies two folders below the root.
const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const NAMES = SOUND_PARTS.map(({ name }) => name).join(', ');

const HELP = `npm run sound -- [--only NAME,...] [--json] [--write]

  --only   some parts instead of all
  --json   one JSON document instead of tables
  --write  writes docs/sound.md and docs/sound/*.svg as well

Parts:
${SOUND_PARTS.map(({ name, doc }) => `  ${name.padEnd(12)}${doc}`).join('\n')}

Examples:
  npm run sound
  npm run sound -- --only limiter,reverb
  npm run sound -- --only acid --json
  npm run sound -- --write

Exit codes: 0 all figures are reached, 1 one is not, 2 wrong use.
`;

/** Wrong use: says what came and what is allowed, and ends. */
function refuse(what: string): never {
  process.stderr.write(`${what} npm run sound -- --help lists parts and flags.\n`);
  process.exit(2);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        json: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function chosen(only: string | undefined): readonly SoundPart[] {
  if (only === undefined) return SOUND_PARTS;
  const wanted = only.split(',').map((word) => word.trim());
  const unknown = wanted.find((word) => !SOUND_PARTS.some(({ name }) => name === word));
  if (unknown !== undefined) return refuse(`--only: got '${unknown}', allowed ${NAMES}.`);
  return SOUND_PARTS.filter(({ name }) => wanted.includes(name));
}

function write(measured: readonly Measured[]): void {
  const plots = new Map(measured.map(({ part }) => [part, part.plots.map((plot) => plot())]));
  const pictures = [...plots.values()].flat().map((plot) => ({ name: plot.name, svg: svgOf(plot) }));
  const folder = join(DOCS, 'sound');
  // Pictures of plots that are no more go too.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { name, svg } of pictures) writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(DOCS, 'sound.md'), documentOf(measured, plots));
  process.stderr.write('docs/sound.md and docs/sound/ are written.\n');
}

function main(): void {
  const flags = readFlags();
  if (flags.help) return void process.stdout.write(HELP);
  if (flags.write && flags.only !== undefined) refuse('--write needs all parts: leave --only away.');
  const measured = chosen(flags.only).map((part) => {
    process.stderr.write(`measuring ${part.name} ...\n`);
    const each = { part, figures: part.figures.map((figure) => figure()) };
    if (!flags.json) process.stdout.write(`${soundTable(each)}\n`);
    return each;
  });
  if (flags.write) write(measured);
  const figures = measured.flatMap(({ part, figures }) =>
    figures.map((figure) => ({ part: part.name, ...figure })),
  );
  if (flags.json) process.stdout.write(`${JSON.stringify({ figures })}\n`);
  const missed = figures.filter(({ reached }) => !reached);
  if (missed.length > 0) {
    process.stderr.write(
      `${missed.length} of ${figures.length} figures not reached: ${missed.map(({ part, claim }) => `${part}: ${claim}`).join('; ')}\n`,
    );
    process.exitCode = 1;
  }
}

main();
