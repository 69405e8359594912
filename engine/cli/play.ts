import type { Command } from 'commander';
import { addFlags, homeOf, type Flags } from './flags.js';

/** chronus play */
export function register(program: Command): void {
  const command = program
    .command('play')
    .description('have the running engine play a pattern, at once')
    .argument('<source>', 'slot number, or a library name or .json file that a slot of the home holds');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus play 1
  chronus play first-light
Without a running engine: chronus start --play first-light`,
    )
    .action(async (source: string, flags: Flags) => {
      const [{ talk }, { play }] = await Promise.all([import('./talk.js'), import('./play-action.js')]);
      await talk(flags, (engine) => play(engine, homeOf(flags), source));
    });
}
