import type { Command } from 'commander';
import { PATTERN_ROUTES } from '../patterns/routes.js';
import { registerRoutes } from './route-commands.js';

/** chronus pattern */
export function register(program: Command): void {
  registerRoutes(program, {
    name: 'pattern',
    description: 'the slot files: load, save, list',
    rows: PATTERN_ROUTES,
    typed: false,
    examples: [
      'chronus pattern load 1 now',
      "chronus pattern save 100 'my pattern'",
      'chronus pattern list --json',
    ],
  });
}
