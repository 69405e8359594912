/** An engine with a card; says the number of the card's process when blocks are on their way. */
import { openCard } from '../../engine/device/card.js';
import { BLOCK, RATE } from '../modules/recorder/fixtures.js';

const block = new Float32Array(BLOCK * 2);
let told = false;
const card = openCard({
  device: 'default',
  sampleRate: RATE,
  blockFrames: BLOCK,
  addon: process.argv[2] as string,
  onCredit(blocks) {
    for (let i = 0; i < blocks; i++) card.write(block);
    if (!told) process.stdout.write(`${card.pid}\n`);
    told = true;
  },
  onUnderflow: () => undefined,
  onExit: (reason) => process.stderr.write(reason),
});
