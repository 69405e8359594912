/**
 * A command with one subcommand per route of a table: `/seq/update/notes` is `chronus seq notes`. Names, arguments,
 * help and examples come from the rows.
 */
import type { Command } from 'commander';
import type { ArgRow, RouteRow } from '../shared/table.js';
import { addFlags, type Flags } from './flags.js';

export interface RouteCommands {
  readonly name: string;
  readonly description: string;
  readonly rows: readonly RouteRow[];
  /** More for the help. */
  readonly examples: readonly string[];
  /** True: words after the named arguments go as the numbers they look like. False: as they are typed. */
  readonly typed: boolean;
}

/** Files may have to be written to the end before the answer comes. */
const TIMEOUT_MS = 30_000;

export function registerRoutes(
  program: Command,
  { name, description, rows, examples, typed }: RouteCommands,
): void {
  const group = program
    .command(name)
    .description(description)
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
  for (const row of rows) {
    const word = row.address.slice(row.address.lastIndexOf('/') + 1);
    const command = group.command(word).description(row.doc);
    for (const arg of places(row)) command.argument(syntax(arg), arg.doc);
    const example = ['chronus', name, word, ...row.example.map(quoted)].join(' ');
    addFlags(command)
      .addHelpText('after', `\nExamples:\n  ${example}`)
      .action((...given: unknown[]) => run(row, given, typed));
  }
}

/** Nothing can stand behind a rest: what has a name is part of it there. */
function places({ args }: RouteRow): readonly ArgRow[] {
  return args.some((arg) => arg.rest) ? args.filter((arg) => !arg.named) : args;
}

function syntax({ name, optional, rest, named }: ArgRow): string {
  const inside = rest ? `${name}...` : named ? `${name}=...` : name;
  return optional || named ? `[${inside}]` : `<${inside}>`;
}

function quoted(value: string | number): string {
  return typeof value === 'string' && !/^[\w.=/-]+$/.test(value) ? `'${value}'` : String(value);
}

/** Commander gives the arguments in the order of the rows (a rest as a list), then the flags. */
async function run(row: RouteRow, given: readonly unknown[], numbers: boolean): Promise<void> {
  const [{ talk, saying }, { typed }, { text }, { viewOf }] = await Promise.all([
    import('./talk.js'),
    import('./typed.js'),
    import('../control/encode.js'),
    import('./views.js'),
  ]);
  const rows = places(row);
  const flags = given[rows.length] as Flags;
  const args = rows.flatMap((arg, i) => {
    const words = [given[i] ?? []].flat() as string[];
    const asNumber = arg.type === 'int' || arg.type === 'number' || (numbers && arg.rest === true);
    return words.map(asNumber ? typed : text);
  });
  const { address } = row;
  const options = { timeoutMs: TIMEOUT_MS };
  await talk(flags, async (engine) => {
    if (row.reply === undefined && (row.query === undefined || args.length > 0)) {
      const done = await engine.command(address, args, options);
      return saying(done, () => ({ document: { ok: true, address }, text: '' }));
    }
    const answer = await engine.request(address, args, options);
    return saying(answer, (document) => ({ document, text: viewOf(address, document) }));
  });
}
