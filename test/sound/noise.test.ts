import { noisePart } from '../../scripts/sound/noise.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(noisePart);
