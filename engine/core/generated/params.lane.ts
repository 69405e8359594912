// Generated from the tables by `npm run generate`. Do not edit.
import { least, most } from '../lane.lane';
import { exp2Lane } from '../../../modules/dsp/math.lane';

@unmanaged
export class VoiceParams {
  freq: lane;
  freqTarget: lane;
  freqLeft: lane;
  freqMod: lane;
  amp: lane;
  ampTarget: lane;
  ampLeft: lane;
  ampMod: lane;
  oscType: lane;
  oscTypeTarget: lane;
  oscTypeLeft: lane;
  oscTypeMod: lane;
  filterFreq: lane;
  filterFreqTarget: lane;
  filterFreqLeft: lane;
  filterFreqMod: lane;
  filterQ: lane;
  filterQTarget: lane;
  filterQLeft: lane;
  filterQMod: lane;
  adsrAttack: lane;
  adsrAttackTarget: lane;
  adsrAttackLeft: lane;
  adsrAttackMod: lane;
  adsrDecay: lane;
  adsrDecayTarget: lane;
  adsrDecayLeft: lane;
  adsrDecayMod: lane;
  adsrSustain: lane;
  adsrSustainTarget: lane;
  adsrSustainLeft: lane;
  adsrSustainMod: lane;
  adsrRelease: lane;
  adsrReleaseTarget: lane;
  adsrReleaseLeft: lane;
  adsrReleaseMod: lane;
  sendReverb: lane;
  sendReverbTarget: lane;
  sendReverbLeft: lane;
  sendReverbMod: lane;
  sendDelay: lane;
  sendDelayTarget: lane;
  sendDelayLeft: lane;
  sendDelayMod: lane;
  slideTime: lane;
  slideTimeTarget: lane;
  slideTimeLeft: lane;
  slideTimeMod: lane;
  pan: lane;
  panTarget: lane;
  panLeft: lane;
  panMod: lane;
  pitchEnv: lane;
  pitchEnvTarget: lane;
  pitchEnvLeft: lane;
  pitchEnvMod: lane;
  pitchDecay: lane;
  pitchDecayTarget: lane;
  pitchDecayLeft: lane;
  pitchDecayMod: lane;
  oscWidth: lane;
  oscWidthTarget: lane;
  oscWidthLeft: lane;
  oscWidthMod: lane;
  oscSync: lane;
  oscSyncTarget: lane;
  oscSyncLeft: lane;
  oscSyncMod: lane;
  filterType: lane;
  filterTypeTarget: lane;
  filterTypeLeft: lane;
  filterTypeMod: lane;
}

/** freq with its modulation, inside its range. */
export function voiceFreq(p: VoiceParams): lane {
  return least(5000.0, most(20.0, p.freq * exp2Lane(p.freqMod)));
}

/** amp with its modulation, inside its range. */
export function voiceAmp(p: VoiceParams): lane {
  return least(1.0, most(0.0, p.amp * (1.0 + p.ampMod)));
}

/** filter/freq with its modulation, inside its range. */
export function voiceFilterFreq(p: VoiceParams): lane {
  return least(8000.0, most(50.0, p.filterFreq + p.filterFreqMod));
}

/** filter/q with its modulation, inside its range. */
export function voiceFilterQ(p: VoiceParams): lane {
  return least(10.0, most(0.5, p.filterQ + p.filterQMod));
}

/** send/reverb with its modulation, inside its range. */
export function voiceSendReverb(p: VoiceParams): lane {
  return least(1.0, most(0.0, p.sendReverb + p.sendReverbMod));
}

/** send/delay with its modulation, inside its range. */
export function voiceSendDelay(p: VoiceParams): lane {
  return least(1.0, most(0.0, p.sendDelay + p.sendDelayMod));
}

/** pan with its modulation, inside its range. */
export function voicePan(p: VoiceParams): lane {
  return least(1.0, most(-1.0, p.pan + p.panMod));
}

/** osc/width with its modulation, inside its range. */
export function voiceOscWidth(p: VoiceParams): lane {
  return least(0.95, most(0.05, p.oscWidth + p.oscWidthMod));
}

/** osc/sync with its modulation, inside its range. */
export function voiceOscSync(p: VoiceParams): lane {
  return least(16.0, most(1.0, p.oscSync * exp2Lane(p.oscSyncMod)));
}
