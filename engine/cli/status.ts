import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus status */
export function register(program: Command): void {
  const command = program.command('status').description('the state of the running engine on one screen');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus status
  chronus status --json
  chronus status --home ~/set`,
    )
    .action(async (flags: Flags) => {
      const [{ talk, saying }, { viewOf }] = await Promise.all([import('./talk.js'), import('./views.js')]);
      await talk(flags, async (engine) =>
        saying(await engine.request('/engine/status'), (document) => ({
          document,
          text: viewOf('/engine/status', document),
        })),
      );
    });
}
