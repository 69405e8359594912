import type { Command } from 'commander';
import { NUMBER_OPTIONS } from '../supervisor/options.js';

/** chronus start: only names and help here; what runs is loaded when it is called. */
export function register(program: Command): void {
  const command = program
    .command('start')
    .description('start the engine and listen for OSC; silent until told to play')
    .option('--home <dir>', 'where patterns/, recordings/ and journal/ are (default: the working directory)')
    .option(
      '--recordings <dir>',
      'where takes go, another disk for example (default: HOME/recordings), or CHRONUS_RECORDINGS',
    )
    .option(
      '--device <name>',
      'auto (default), null, file:PATH, or a card by number or name, or CHRONUS_DEVICE_ID',
    )
    .option('--play <slot>', 'play this at once: a slot number, a .json file or a name of the library')
    .option('--osc-host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-standby', 'one render worker, and no second one that takes over when it fails')
    .option('--chaos', 'allow faults on purpose (/chaos/...), for rehearsals')
    .option('--quiet', 'only errors')
    .option('--json', 'one line of JSON on stdout when ready');
  for (const option of NUMBER_OPTIONS) {
    const env = option.env ? `, or ${option.env}` : '';
    command.option(
      `${option.flag} <n>`,
      `${option.doc}, ${option.min}..${option.max} ${option.unit}, default ${option.default}${env}`,
    );
  }
  command
    .addHelpText(
      'after',
      `
Examples:
  chronus start --play first-light           play a factory pattern
  chronus start --home ~/set --osc-port 0    another home, any free port
  chronus start --look-back 600              keep ten minutes for chronus record keep
  chronus start --device file:whole.wav      write everything that is played to a file
  chronus start --chaos                      a rehearsal: kill render workers with /chaos/throw and hear nothing of it
Ends cleanly with Ctrl+C (SIGINT) and SIGTERM: recordings are closed, ports are freed.`,
    )
    .action(async (flags: Record<string, unknown>) => {
      const { run } = await import('./start-action.js');
      await run(flags);
    });
}
