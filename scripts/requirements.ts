/**
 * npm run requirements: each number of docs/requirements.md with the tests that carry it, or the decisions that name it.
 *
 *      npm run requirements                 all of them
 *      npm run requirements -- --open       those that nothing holds
 *      npm run requirements -- --json       one JSON document on stdout
 *
 * Exit code 1 when one is open or a number is wrong, 2 for wrong use. Sections marked as later work may be open.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSources } from './requirements/read.js';
import { report, type Held } from './requirements/report.js';

const HELP = `npm run requirements -- [--open] [--json]

  --open   only what no test and no decision holds
  --json   one JSON document
Exit codes: 0 all is held, 1 something is open or a number is wrong, 2 wrong use.
`;

function readFlags() {
  try {
    return parseArgs({
      options: { open: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message} npm run requirements -- --help lists the flags.\n`);
    process.exit(2);
  }
}

function lines({ number, text, tests, decisions, state }: Held): string[] {
  const holders = [...tests, ...decisions].map(({ where, text }) => `      ${where}: ${text.slice(0, 100)}`);
  return [`R${number} ${state === 'open' ? 'OPEN' : state}: ${text}`, ...holders];
}

/** The list by sections, and how many stand how. */
function printed(held: readonly Held[], shown: readonly Held[]): string {
  const out: string[] = [];
  for (const each of shown) {
    const heading = `${each.section.number}. ${each.section.title}${each.section.later ? ' (later work)' : ''}`;
    if (!out.includes(heading)) out.push('', heading);
    out.push(...lines(each));
  }
  const count = (state: Held['state']): number => held.filter((each) => each.state === state).length;
  const [test, decision, later, open] = [count('test'), count('decision'), count('later'), count('open')];
  out.push(
    '',
    `${held.length} requirements: ${test} held by tests, ${decision} by decisions, ${later} left to later work, ${open} open.`,
  );
  return `${out.join('\n').trimStart()}\n`;
}

const flags = readFlags();
if (flags.help) process.stdout.write(HELP);
else {
  // dist/scripts/ lies two folders below the root.
  const { held, problems } = report(readSources(fileURLToPath(new URL('../../', import.meta.url))));
  const open = held.filter(({ state }) => state === 'open');
  const shown = flags.open ? open : held;
  process.stdout.write(
    flags.json ? `${JSON.stringify({ requirements: shown, problems })}\n` : printed(held, shown),
  );
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (open.length > 0 || problems.length > 0) process.exitCode = 1;
}
