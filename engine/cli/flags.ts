/** The flags every command has. */
import { resolve } from 'node:path';
import type { Command } from 'commander';

export type Flags = Readonly<Record<string, unknown>>;

export function addFlags(command: Command): Command {
  return command
    .option('--home <dir>', 'home of the engine (default: CHRONUS_HOME, else the working directory)')
    .option('--json', 'one JSON document on stdout');
}

export function homeOf(flags: Flags): string {
  return resolve(String(flags['home'] ?? (process.env['CHRONUS_HOME'] || '.')));
}

export function wantsJson(flags: Flags): boolean {
  return flags['json'] === true;
}
