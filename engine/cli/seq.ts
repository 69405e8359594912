import type { Command } from 'commander';
import { SEQUENCE_ROUTES } from '../sequence/routes.js';
import { registerRoutes } from './route-commands.js';

/** chronus seq */
export function register(program: Command): void {
  registerRoutes(program, {
    name: 'seq',
    description: 'the step sequencer: tracks, tempo, start and stop',
    rows: SEQUENCE_ROUTES,
    typed: true,
    examples: [
      'chronus seq add kick voice1 X...X...X...X... 55',
      "chronus seq add bass voice2 X..x..X. 55 800 'A1 C2 E2'",
      'chronus seq bpm 128 at=bar',
      'chronus seq start',
      'chronus seq notes bass A1 C2 E2',
      'chronus seq status --json',
    ],
  });
}
