/**
 * The command line. Here are only names, flags and help: what a command does is loaded when it is called, so that
 * `chronus start` is up at once. Exit codes: 0 done, 1 failed, 2 wrong use.
 */
import { Command, CommanderError } from 'commander';
import { ENGINE_VERSION } from '../shared/version.js';
import { register as bench } from './bench.js';
import { register as devices } from './devices.js';
import { register as gate } from './gate.js';
import { register as get } from './get.js';
import { register as journal } from './journal.js';
import { FAILED, printError, WRONG_USE } from './output.js';
import { register as pattern } from './pattern.js';
import { register as play } from './play.js';
import { register as record } from './record.js';
import { register as render } from './render.js';
import { register as repair } from './repair.js';
import { register as schema } from './schema.js';
import { register as seq } from './seq.js';
import { register as set } from './set.js';
import { register as start } from './start.js';
import { register as status } from './status.js';
import { usageProblem } from './usage.js';
import { register as verify } from './verify.js';

const COMMANDS = [
  start,
  render,
  play,
  set,
  get,
  gate,
  seq,
  pattern,
  record,
  verify,
  repair,
  journal,
  status,
  schema,
  devices,
  bench,
];

/** Wrong use, or an end that is none (help, version), of that command. */
export class Ended extends Error {
  constructor(
    readonly command: Command,
    override readonly cause: CommanderError,
  ) {
    super(cause.message);
  }
}

/** The whole command line; parsing throws `Ended` for wrong use and for help. */
export function build(): Command {
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
  for (const register of COMMANDS) register(program);
  endByThrowing(program);
  return program;
}

function endByThrowing(command: Command): void {
  command.exitOverride((error) => {
    throw new Ended(command, error);
  });
  command.commands.forEach(endByThrowing);
}

function end({ command, cause }: Ended, json: boolean): void {
  if (cause.exitCode === 0) return;
  process.exitCode = WRONG_USE;
  // Without a command the help has been printed.
  if (cause.code !== 'commander.help') printError(usageProblem(command, cause), json);
}

/** Runs on: main thread. Sets the exit code and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  try {
    await build().parseAsync(argv);
  } catch (error) {
    if (error instanceof Ended) return end(error, json);
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
