import type { Command } from 'commander';
import { PATTERN_ROUTES } from '../patterns/routes.js';
import { registerRoutes } from './route-commands.js';

/** chronus pattern */
export function register(program: Command): void {
  registerRoutes(program, {
    name: 'pattern',
    description: 'the slot files: load, save, copy, delete, bring back',
    rows: PATTERN_ROUTES,
    typed: false,
    examples: [
      'chronus pattern load 1 now',
      "chronus pattern save 100 'my pattern'",
      'chronus pattern list --json',
      'chronus pattern copy 100 101',
      'chronus pattern undo',
      'chronus pattern backups 100',
      'chronus pattern restore 100 2',
    ],
  });
}
