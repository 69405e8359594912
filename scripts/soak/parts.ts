/** The parts of `npm run soak`, in the order in which they run. */
import { flood } from './flood.js';
import { fullDisk } from './full-disk.js';
import { kills } from './kills.js';
import type { SoakPart } from './part.js';
import { longTake } from './long-take.js';
import { pieces } from './pieces.js';
import { recordCost } from './record-cost.js';
import { sequencerPart } from './sequencer.js';
import { slotFiles } from './slot-files.js';
import { verifyNodes } from './verify-nodes.js';
import { wavFiles } from './wav-files.js';

export const PARTS: readonly SoakPart[] = [
  sequencerPart,
  flood,
  slotFiles,
  wavFiles,
  pieces,
  kills,
  fullDisk,
  recordCost,
  longTake,
  verifyNodes,
];
