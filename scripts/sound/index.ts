import { acidPart } from './acid.js';
import { delayPart } from './delay.js';
import { distortionPart } from './distortion.js';
import { envelopePart } from './envelope.js';
import { filterPart } from './filter.js';
import { limiterPart } from './limiter.js';
import { noisePart } from './noise.js';
import { oscillatorsPart } from './oscillators.js';
import type { SoundPart } from './part.js';
import { reverbPart } from './reverb.js';
import { rigPart } from './rig.js';

/** All of docs/sound.md, in the order of the signal. */
export const SOUND_PARTS: readonly SoundPart[] = [
  oscillatorsPart,
  noisePart,
  envelopePart,
  filterPart,
  acidPart,
  distortionPart,
  delayPart,
  reverbPart,
  limiterPart,
  rigPart,
];
