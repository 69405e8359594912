import { filterPart } from '../../scripts/sound/filter.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(filterPart);
