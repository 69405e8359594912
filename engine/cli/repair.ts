import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus repair */
export function register(program: Command): void {
  const command = program
    .command('repair')
    .description('make a take whole that was cut off or damaged, from the journal of its run')
    .argument('<file>', 'a WAV file, or its name in HOME/recordings');
  addFlags(command)
    .option('--dry-run', 'say what would be done, and do nothing')
    .addHelpText(
      'after',
      `
Examples:
  chronus repair first_take.wav --dry-run
  chronus repair recordings/session_20260101_200010.wav
What is missing or wrong is rendered again; samples that are right are not touched. Of a WAV file without a journal only
the sizes are made right. An engine that starts does this by itself for takes that the one before it could not end.`,
    )
    .action(async (file: string, flags: Flags) => {
      const { repair } = await import('./take-actions.js');
      repair(file, flags);
    });
}
