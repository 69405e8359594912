import type { Command } from 'commander';

/** chronus bench */
export function register(program: Command): void {
  program
    .command('bench')
    .description(
      'measure the rig on this machine: speed, cost per module, OSC to log, start, rest, slot load and save',
    )
    .option('--voices <n>', 'voices that sound, 1..64', '64')
    .option('--seconds <s>', 'seconds of music to render', '20')
    .option('--no-engine', 'only the rig, no engine process')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  chronus bench --voices 64 --json
  chronus bench --voices 16 --seconds 60 --no-engine
Times are of this machine and this moment; the ratio to the yardstick, measured in turns in the same run, is what counts.`,
    )
    .action(async (flags: Record<string, unknown>) => {
      const { run } = await import('./bench-action.js');
      await run(flags);
    });
}
