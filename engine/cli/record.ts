import type { Command } from 'commander';
import { recorderTable } from '../../modules/recorder/table.js';
import { registerRoutes } from './route-commands.js';

/** chronus record */
export function register(program: Command): void {
  registerRoutes(program, {
    name: 'record',
    description: 'record what is played to WAV files',
    // The one without a verb would be `chronus record record start`.
    rows: recorderTable.routes.filter(({ address }) => address !== '/record'),
    typed: false,
    examples: [
      'chronus record start',
      'chronus record start first_take preroll=10 dur=30',
      'chronus record start id=second other_take',
      'chronus record start quiet format=wav32f',
      'chronus record mark chorus',
      'chronus record keep 60 that_was_good',
      'chronus record stop',
      'chronus record stop all',
      'chronus record list',
      'chronus record status --json',
    ],
  });
}
