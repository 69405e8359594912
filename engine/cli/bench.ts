import type { Command } from 'commander';

/** chronus bench */
export function register(program: Command): void {
  program
    .command('bench')
    .description(
      'measure this machine: speed by number of voices, cost per module, what is asked of both; OSC, start, rest, slots',
    )
    .option('--voices <list>', 'voices that sound, 1..256, one number or several (default 8,16,64,256)')
    .option('--seconds <s>', 'seconds of music for each of them (default 20)')
    .option('--no-engine', 'only the rig, no engine process')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  chronus bench                                 a minute or so
  chronus bench --voices 64 --no-engine         one row of the table
  chronus bench --voices 8,256 --seconds 60
  chronus bench --seconds 1 --no-engine --json  quick and coarse, for programs
Times are of this machine and this moment; ratios, measured in turns in the same run, are what counts.
Against other synthesizers: npm run bench:peers (in the source tree).`,
    )
    .action(async (flags: Record<string, unknown>) => {
      const { run } = await import('./bench-action.js');
      await run(flags);
    });
}
