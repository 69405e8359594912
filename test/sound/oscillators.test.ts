import { oscillatorsPart } from '../../scripts/sound/oscillators.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(oscillatorsPart);
