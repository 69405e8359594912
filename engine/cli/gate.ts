import type { Command } from 'commander';
import { addFlags, type Flags } from './flags.js';

/** chronus gate */
export function register(program: Command): void {
  const command = program
    .command('gate')
    .description('open or close the gate of a voice')
    .argument('<id>', 'voice1 or 1, acid1, or a pattern: voice*')
    .argument('[state]', 'on, off or a number: above 0 opens, 0 closes', 'on');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus gate voice1
  chronus gate 1 off
  chronus gate 'voice*' off`,
    )
    .action(gate);
}

async function gate(id: string, state: string, flags: Flags): Promise<void> {
  const [{ talk, saying }, { gateAddress }, { typed }] = await Promise.all([
    import('./talk.js'),
    import('./address.js'),
    import('./typed.js'),
  ]);
  await talk(flags, async (engine) => {
    const address = gateAddress(id);
    const done = await engine.command(address, [typed(state)]);
    return saying(done, () => ({ document: { ok: true, address, state }, text: '' }));
  });
}
