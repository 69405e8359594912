import type { Command } from 'commander';
import { addFlags, homeOf, wantsJson, type Flags } from './flags.js';

/** chronus devices */
export function register(program: Command): void {
  const command = program
    .command('devices')
    .description('the sound cards that `chronus start --device` takes');
  addFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  chronus devices
  chronus devices --json
The engine that runs in the home is asked for nothing; only the device it plays on is named.`,
    )
    .action(devices);
}

async function devices(flags: Flags): Promise<void> {
  const [{ listDevices }, { runningEngine }, { give }, { succeed }, { devicesView }] = await Promise.all([
    import('../device/list.js'),
    import('../supervisor/home.js'),
    import('./output.js'),
    import('../shared/outcome.js'),
    import('./devices-view.js'),
  ]);
  const list = await listDevices();
  const inUse = runningEngine(homeOf(flags))?.device ?? null;
  give(succeed({ document: { ...list, inUse }, text: devicesView(list, inUse) }), wantsJson(flags));
}
