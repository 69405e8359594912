import { rigPart } from '../../scripts/sound/rig.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(rigPart);
