import { limiterPart } from '../../scripts/sound/limiter.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(limiterPart);
