/** A process that records until it is killed; says the path when a second of audio is in the file. */
import { createRecorder } from '../../../modules/recorder/service.js';
import { Player, RATE, smallTap } from './fixtures.js';

const tap = smallTap();
const player = new Player(tap);
const recorder = createRecorder({
  taps: { master: tap },
  recordingsFolder: process.argv[2] as string,
  sampleRate: RATE,
  run: { runFolder: 'run', startBlock: 0 },
  now: () => new Date(),
});
const started = await recorder.start(['killed']);
if (!started.ok) throw new Error(started.error.got);
let told = false;
setInterval(() => {
  player.play(10);
  const [take] = recorder.status().takes as { frames: number }[];
  if (told || (take?.frames ?? 0) < RATE) return;
  told = true;
  process.stdout.write(`${started.value.path}\n`);
}, 10);
