import type { Command } from 'commander';

/** chronus render */
export function register(program: Command): void {
  program
    .command('render')
    .description('render slot files, runs and takes to WAV files, faster than real time')
    .argument(
      '<source...>',
      'slot number, .json file, library name, folder of a run, or WAV file of a take; of each a file',
    )
    .option(
      '-o, --output <path>',
      'the WAV file to write, with several sources a folder; never overwrites (default: SOURCE.wav)',
    )
    .option('--jobs <n>', 'how many sources are rendered at once, 1..256 (default: one a core)')
    .option('--bars <n>', 'length in bars of 16 steps, exact to the frame (default 8)')
    .option('--seconds <s>', 'length in seconds')
    .option('--tail <s>', 'seconds more, with the sequencer stopped (default 0)')
    .option('--from <s>', 'of a run or take: from that second on')
    .option('--to <s>', 'of a run or take: up to that second')
    .option('--rate <hz>', 'sample rate (default 48000)')
    .option('--voices <n>', 'number of voices (default 16)')
    .option('--format <bits>', '16, 24 or 32f (float); default 24')
    .option(
      '--tap <place>',
      'the sound at one place instead of the master, frame for frame with it:\n' +
        'voice1 (2, 3 ...), voices, distortion, reverb, delay, bus (before the limiter)',
    )
    .option('--home <dir>', 'where slots and runs are (default: the working directory)')
    .option('--json', 'the result as one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  chronus render patterns/library/original/slot_001.json --bars 16 -o out.wav
  chronus render 1 --seconds 30 --tail 3 -o one.wav
  chronus render 1 --tap voice2 -o bass.wav
  chronus render patterns/slots/*.json --bars 32 --jobs 4 -o album/
  chronus render journal/run_20260101_200000_1234 -o again.wav
  chronus render journal/run_20260101_200000_1234 --from 3600 --to 3660 -o minute.wav
  chronus render recordings/session_20260101_200010.wav -o take-again.wav`,
    )
    .action(async (sources: string[], flags: Record<string, unknown>) => {
      const { run } = await import('./render-action.js');
      await run(sources, flags);
    });
}
