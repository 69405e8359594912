import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus journal */
export function register(program: Command): void {
  const command = program
    .command('journal')
    .description('the runs in a home, or what is in the journal of one: players, takes, commands, damage')
    .argument('[run]', 'name of a run in HOME/journal, or its folder');
  addFlags(command)
    .option('--commands', 'every command with the frame at which it acted and who sent it')
    .option('--from <s>', 'commands from that second of the run on')
    .option('--to <s>', 'commands up to that second')
    .addHelpText(
      'after',
      `
Examples:
  chronus journal
  chronus journal run_20260101_200000_1234
  chronus journal run_20260101_200000_1234 --commands --from 60 --to 61
Nothing is changed. A run that is being played can be read as well.`,
    )
    .action(async (run: string | undefined, flags: Flags) => {
      const { journal } = await import('./journal-action.js');
      journal(run, flags);
    });
}
