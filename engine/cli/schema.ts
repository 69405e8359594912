import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus schema */
export function register(program: Command): void {
  const command = program
    .command('schema')
    .description(
      'every module, parameter, gate and route; without an engine, those of an engine with defaults',
    );
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus schema
  chronus schema --json > schema.json`,
    )
    .action(async (flags: Flags) => {
      const { printSchema } = await import('./schema-action.js');
      await printSchema(flags);
    });
}
