import { acid } from './acid.js';
import { breaks } from './breaks.js';
import type { Piece } from './piece.js';
import { tides } from './tides.js';

export const PIECES: readonly Piece[] = [breaks, tides, acid];
