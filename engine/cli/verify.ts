import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus verify */
export function register(program: Command): void {
  const command = program
    .command('verify')
    .description('compare a take with a rendering from the journal of its run, sample by sample')
    .argument('<take>', 'a WAV file, or its name in HOME/recordings');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus verify first_take.wav
  chronus verify recordings/session_20260101_200010.wav --json
Exit code 0: identical. 1: it differs, and the first differing frame is named. Nothing is changed; chronus repair puts it right.`,
    )
    .action(async (take: string, flags: Flags) => {
      const { verify } = await import('./take-actions.js');
      await verify(take, flags);
    });
}
