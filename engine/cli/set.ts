import type { Command } from 'commander';
import { isPattern } from '../control/pattern.js';
import { addFlags, type Flags } from './flags.js';

/** chronus set */
export function register(program: Command): void {
  const command = program
    .command('set')
    .description('send a value to a parameter, or arguments to any OSC address')
    .argument('<address>', 'voice1/freq, /mod/voice1/freq, or a pattern: voice[1-4]/amp')
    .argument('<value...>', 'integers go as i, decimals as f, all else as text');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus set voice1/freq 220
  chronus set voice1/pan -0.5
  chronus set lfo1/target voice1/filter/freq
  chronus set 'voice[1-4]/filter/freq' 800
  chronus set /seq/bpm 128
Ends when it has been applied; what the engine refuses ends with code 1.`,
    )
    .action(set);
}

async function set(typedAddress: string, words: readonly string[], flags: Flags): Promise<void> {
  const [{ talk, saying }, { fullAddress }, { typed }] = await Promise.all([
    import('./talk.js'),
    import('./address.js'),
    import('./typed.js'),
  ]);
  await talk(flags, async (engine) => {
    const address = fullAddress(typedAddress);
    const done = await engine.command(address, words.map(typed));
    const sent = { address, text: `${address} ${words.join(' ')}` };
    if (!done.ok || !address.startsWith('/mod/') || isPattern(address)) {
      return saying(done, () => ({ document: { ok: true, address }, text: '' }));
    }
    // What it is now: clamped, or a word as its number.
    const now = await engine.request(address);
    return saying(now.ok ? { ...now, warnings: [...done.warnings, ...now.warnings] } : now, (value) => ({
      document: { ok: true, address, value },
      text: `${sent.address} ${String(value)}`,
    }));
  });
}
