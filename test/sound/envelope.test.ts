import { envelopePart } from '../../scripts/sound/envelope.js';
import { testSoundPart } from '../helpers/sound.js';

testSoundPart(envelopePart);
