import { delayPart } from '../../scripts/sound/delay.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(delayPart);
