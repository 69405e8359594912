/**
 * The command line. Here are only names, flags and help: what a command does is loaded when it is called, so that
 * `chronus start` is up at once. Exit codes: 0 done, 1 failed, 2 wrong use.
 */
import { Command, CommanderError } from 'commander';
import { ENGINE_VERSION } from '../shared/version.js';
import { FAILED, printError, WRONG_USE } from './output.js';

interface CommandFile {
  register(program: Command): void;
}

/** In the order of the help. */
const COMMANDS = new Map<string, () => Promise<CommandFile>>([
  ['start', () => import('./start.js')],
  ['render', () => import('./render.js')],
  ['play', () => import('./play.js')],
  ['set', () => import('./set.js')],
  ['get', () => import('./get.js')],
  ['gate', () => import('./gate.js')],
  ['seq', () => import('./seq.js')],
  ['pattern', () => import('./pattern.js')],
  ['record', () => import('./record.js')],
  ['verify', () => import('./verify.js')],
  ['repair', () => import('./repair.js')],
  ['journal', () => import('./journal.js')],
  ['status', () => import('./status.js')],
  ['schema', () => import('./schema.js')],
  ['devices', () => import('./devices.js')],
  ['bench', () => import('./bench.js')],
]);

/** Wrong use, or an end that is none (help, version), of that command. */
export class Ended extends Error {
  constructor(
    readonly command: Command,
    override readonly cause: CommanderError,
  ) {
    super(cause.message);
  }
}

/**
 * The command line; parsing throws `Ended` for wrong use and for help. With the name of a command only that one is
 * there, which is up in half the time; with any other word all of them.
 */
export async function build(name?: string): Promise<Command> {
  const program = new Command('chronus')
    .description(
      'a headless synthesizer for live coding, spoken to over OSC, with a session recorder built in',
    )
    .version(ENGINE_VERSION)
    // Printed here, as a problem that says the mend.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Examples:
  chronus start --play first-light         an engine that plays
  chronus set voice1/filter/freq 800       from another terminal, in the same folder
  chronus record start                     to recordings/
  chronus seq --help                       what a command takes
Exit codes: 0 done, 1 failed, 2 wrong use. --json prints one JSON document on stdout; notices go to stderr.`,
    );
  const one = COMMANDS.get(name ?? '');
  const loads = one ? [one] : [...COMMANDS.values()];
  for (const { register } of await Promise.all(loads.map((load) => load()))) register(program);
  endByThrowing(program);
  return program;
}

function endByThrowing(command: Command): void {
  command.exitOverride((error) => {
    throw new Ended(command, error);
  });
  command.commands.forEach(endByThrowing);
}

async function end({ command, cause }: Ended, json: boolean): Promise<void> {
  if (cause.exitCode === 0) return;
  process.exitCode = WRONG_USE;
  // Without a command the help has been printed.
  if (cause.code === 'commander.help') return;
  const { usageProblem } = await import('./usage.js');
  printError(usageProblem(command, cause), json);
}

/** Runs on: main thread. Sets the exit code and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  try {
    await (await build(argv[2])).parseAsync(argv);
  } catch (error) {
    if (error instanceof Ended) return await end(error, json);
    process.exitCode = FAILED;
    const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const mend = 'This is a defect of the program. Please report it with this text.';
    printError({ code: 'E_INTERNAL', got, allowed: 'no such error', mend }, json);
  }
}

// `chronus schema | head`: whoever reads may stop reading.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
