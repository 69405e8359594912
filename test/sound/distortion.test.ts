import { distortionPart } from '../../scripts/sound/distortion.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(distortionPart);
