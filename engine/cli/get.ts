import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus get */
export function register(program: Command): void {
  const command = program
    .command('get')
    .description('the value of a parameter, all values of a module, or the answer of a query')
    .argument('<address>', 'voice1/freq, voice1, a pattern (voice*/pan), or a query as /seq/status');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus get voice1/freq
  chronus get voice1
  chronus get 'voice[1-4]/*' --json
  chronus get /seq/status`,
    )
    .action(async (address: string, flags: Flags) => {
      const [{ talk }, { get }] = await Promise.all([import('./talk.js'), import('./get-action.js')]);
      await talk(flags, (engine) => get(engine, address));
    });
}
