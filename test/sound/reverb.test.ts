import { reverbPart } from '../../scripts/sound/reverb.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(reverbPart);
