/** The parts of `npm run soak`, in the order in which they run. */
import { flood } from './flood.js';
import type { SoakPart } from './part.js';
import { pieces } from './pieces.js';
import { sequencerPart } from './sequencer.js';
import { slotFiles } from './slot-files.js';

export const PARTS: readonly SoakPart[] = [sequencerPart, flood, slotFiles, pieces];
