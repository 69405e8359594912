import { acidPart } from '../../scripts/sound/acid.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(acidPart);
