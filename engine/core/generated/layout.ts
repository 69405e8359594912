// Generated from the tables by `npm run generate`. Do not edit.

export const COMMAND_NONE: i32 = 0;
export const COMMAND_SET: i32 = 1;
export const COMMAND_GATE: i32 = 2;
export const COMMAND_TRANSPORT: i32 = 3;
export const COMMAND_TEMPO: i32 = 4;
export const COMMAND_SWING: i32 = 5;
export const COMMAND_STAGE: i32 = 6;
export const COMMAND_COMMIT_TRACK: i32 = 7;
export const COMMAND_REMOVE_TRACK: i32 = 8;
export const COMMAND_CLEAR_TRACKS: i32 = 9;
export const COMMAND_FORGET: i32 = 10;
export const COMMAND_COMMIT_LOAD: i32 = 11;
export const COMMAND_PANIC: i32 = 12;
export const WHEN_NOW: i32 = 0;
export const WHEN_FRAME: i32 = 1;
export const WHEN_BAR: i32 = 2;
export const ENTRY_BYTES: i32 = 32;
export const ENTRY_WORDS: i32 = 8;
export const STAGE_WORDS: i32 = 6;
export const REGION_LOAD: i32 = 1;
export const MAX_VOICES: i32 = 256;
export const MAX_BLOCK_FRAMES: i32 = 2048;
export const MAX_BLOCK_ENTRIES: i32 = 4096;
export const QUEUE_ENTRIES: i32 = 4096;
export const CELL_FRAMES: i32 = 16;
export const TRACKS: i32 = 128;
export const MAX_STEPS: i32 = 256;
export const MAX_NOTES: i32 = 256;
export const TRACK_VOICE: i32 = 0;
export const TRACK_GIVEN: i32 = 1;
export const TRACK_GATE_FRAC: i32 = 2;
export const TRACK_ACCENT_BOOST: i32 = 3;
export const TRACK_BASE_FREQ: i32 = 4;
export const TRACK_BASE_AMP: i32 = 5;
export const TRACK_FILTER_FREQ: i32 = 6;
export const TRACK_REVERB_SEND: i32 = 7;
export const TRACK_DELAY_SEND: i32 = 8;
export const TRACK_NOTE_INDEX: i32 = 9;
export const TRACK_STEP_COUNT: i32 = 10;
export const TRACK_NOTE_COUNT: i32 = 11;
export const TRACK_HEADER_WORDS: i32 = 12;
export const TRACK_FIELD_COUNT: i32 = 5;
export const TRACK_FIELD_PARAMS: usize = memory.data<i32>([0, 1, 3, 9, 10], 16);
export const LOAD_HAS_SEQUENCER: i32 = 0;
export const LOAD_MILLI_BPM: i32 = 1;
export const LOAD_SWING: i32 = 2;
export const LOAD_RUNNING: i32 = 3;
export const LOAD_TRACK_COUNT: i32 = 4;
export const LOAD_PARAM_COUNT: i32 = 5;
export const LOAD_HEADER_WORDS: i32 = 6;
export const STATUS_STEP: i32 = 0;
export const STATUS_RUNNING: i32 = 1;
export const STATUS_LOAD_SERIAL: i32 = 2;
export const STATUS_QUEUED: i32 = 3;
export const STATUS_QUEUE_DROPPED: i32 = 4;
export const STATUS_POISONED: i32 = 5;
export const STATUS_SOUNDING: i32 = 6;
export const STATUS_MASTER_PEAK: i32 = 7;
export const STATUS_MASTER_POWER: i32 = 8;
export const STATUS_VOICE_PEAK: i32 = 9;
export const STATUS_NOTE_INDEX: i32 = 265;
export const STATUS_WORDS: i32 = 393;
export const MODULE_TYPES: i32 = 8;
export const MODULE_VOICE: i32 = 0;
export const VOICE_PARAMS: i32 = 15;
export const VOICE_FREQ: i32 = 0;
export const VOICE_AMP: i32 = 1;
export const VOICE_OSC_TYPE: i32 = 2;
export const VOICE_FILTER_FREQ: i32 = 3;
export const VOICE_FILTER_Q: i32 = 4;
export const VOICE_ADSR_ATTACK: i32 = 5;
export const VOICE_ADSR_DECAY: i32 = 6;
export const VOICE_ADSR_SUSTAIN: i32 = 7;
export const VOICE_ADSR_RELEASE: i32 = 8;
export const VOICE_SEND_REVERB: i32 = 9;
export const VOICE_SEND_DELAY: i32 = 10;
export const VOICE_SLIDE_TIME: i32 = 11;
export const VOICE_PAN: i32 = 12;
export const VOICE_PITCH_ENV: i32 = 13;
export const VOICE_PITCH_DECAY: i32 = 14;
export const VOICE_LATENCY: i32 = 16;
export const MODULE_ACID: i32 = 1;
export const ACID_PARAMS: i32 = 12;
export const ACID_VOICE: i32 = 0;
export const ACID_CUTOFF: i32 = 1;
export const ACID_RES: i32 = 2;
export const ACID_ENV_AMOUNT: i32 = 3;
export const ACID_DECAY: i32 = 4;
export const ACID_DRIVE: i32 = 5;
export const ACID_MIX: i32 = 6;
export const ACID_VOL_COMP: i32 = 7;
export const ACID_ACCENT: i32 = 8;
export const ACID_CUTOFF_OFFSET: i32 = 9;
export const ACID_RES_ACCENT_BOOST: i32 = 10;
export const ACID_ACCENT_DECAY: i32 = 11;
export const ACID_INSTANCES: i32 = 1;
export const MODULE_DISTORTION: i32 = 2;
export const DISTORTION_PARAMS: i32 = 3;
export const DISTORTION_DRIVE: i32 = 0;
export const DISTORTION_MIX: i32 = 1;
export const DISTORTION_TONE: i32 = 2;
export const DISTORTION_INSTANCES: i32 = 1;
export const DISTORTION_LATENCY: i32 = 32;
export const MODULE_REVERB: i32 = 3;
export const REVERB_PARAMS: i32 = 3;
export const REVERB_MIX: i32 = 0;
export const REVERB_ROOM: i32 = 1;
export const REVERB_DAMP: i32 = 2;
export const REVERB_INSTANCES: i32 = 1;
export const MODULE_DELAY: i32 = 4;
export const DELAY_PARAMS: i32 = 5;
export const DELAY_TIME: i32 = 0;
export const DELAY_FEEDBACK: i32 = 1;
export const DELAY_MIX: i32 = 2;
export const DELAY_LOWCUT: i32 = 3;
export const DELAY_HIGHCUT: i32 = 4;
export const DELAY_INSTANCES: i32 = 1;
export const MODULE_LIMITER: i32 = 5;
export const LIMITER_PARAMS: i32 = 2;
export const LIMITER_CEILING: i32 = 0;
export const LIMITER_RELEASE: i32 = 1;
export const LIMITER_INSTANCES: i32 = 1;
export const LIMITER_LATENCY: i32 = 128;
export const MODULE_LFO: i32 = 6;
export const LFO_PARAMS: i32 = 5;
export const LFO_RATE: i32 = 0;
export const LFO_DEPTH: i32 = 1;
export const LFO_SHAPE: i32 = 2;
export const LFO_OFFSET: i32 = 3;
export const LFO_TARGET: i32 = 4;
export const LFO_INSTANCES: i32 = 2;
export const MODULE_METER: i32 = 7;
export const METER_PARAMS: i32 = 0;
export const METER_INSTANCES: i32 = 1;

// Instances that start differently: parameter addresses and their values.
export const INSTANCE_DEFAULTS: i32 = 5;
export const INSTANCE_DEFAULT_ADDRESSES: usize = memory.data<i32>([393217, 393220, 393472, 393473, 393476], 16);
export const INSTANCE_DEFAULT_VALUES: usize = memory.data<f32>([0.7, 260.0, 4.0, 0.3, 514.0], 16);
export const PARAM_TABLE_WIDTH: i32 = 15;

// One row per module type, PARAM_TABLE_WIDTH wide.
export const PARAM_MIN: usize = memory.data<f32>([20.0, 0.0, 0.0, 50.0, 0.5, 0.001, 0.0, 0.0, 0.01, 0.0, 0.0, 0.0, -1.0, -48.0, 0.005, 0.0, 80.0, 0.0, 0.0, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 20.0, 1000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -20.0, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 16);
export const PARAM_MAX: usize = memory.data<f32>([5000.0, 1.0, 5.0, 8000.0, 10.0, 2.0, 2.0, 1.0, 3.0, 1.0, 1.0, 1.5, 1.0, 48.0, 2.0, 256.0, 5000.0, 0.98, 5000.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1000.0, 0.4, 0.15, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.6, 0.7, 1.0, 1000.0, 10000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 1.0, 7.0, 1.0, 16777216.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 16);
export const PARAM_DEFAULT: usize = memory.data<f32>([440.0, 0.3, 0.0, 1000.0, 2.0, 0.01, 0.1, 0.7, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 2.0, 1500.0, 0.45, 2500.0, 0.25, 0.2, 1.0, 0.5, 0.0, 300.0, 0.2, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.4, 0.3, 100.0, 5000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 16);
export const PARAM_SMOOTH_MS: usize = memory.data<f32>([20.0, 20.0, 0.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 5.0, 20.0, 0.0, 0.0, 0.0, 20.0, 20.0, 20.0, 0.0, 20.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 20.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 20.0, 0.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 16);
export const PARAM_MOD_SPAN: usize = memory.data<f32>([1.0, 0.8, 0.0, 800.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 800.0, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 16);
export const PARAM_MOD_SCALES: usize = memory.data<i32>([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

@unmanaged
export class AcidParams {
  voice: f32;
  voiceTarget: f32;
  voiceLeft: f32;
  voiceMod: f32;
  cutoff: f32;
  cutoffTarget: f32;
  cutoffLeft: f32;
  cutoffMod: f32;
  res: f32;
  resTarget: f32;
  resLeft: f32;
  resMod: f32;
  envAmount: f32;
  envAmountTarget: f32;
  envAmountLeft: f32;
  envAmountMod: f32;
  decay: f32;
  decayTarget: f32;
  decayLeft: f32;
  decayMod: f32;
  drive: f32;
  driveTarget: f32;
  driveLeft: f32;
  driveMod: f32;
  mix: f32;
  mixTarget: f32;
  mixLeft: f32;
  mixMod: f32;
  volComp: f32;
  volCompTarget: f32;
  volCompLeft: f32;
  volCompMod: f32;
  accent: f32;
  accentTarget: f32;
  accentLeft: f32;
  accentMod: f32;
  cutoffOffset: f32;
  cutoffOffsetTarget: f32;
  cutoffOffsetLeft: f32;
  cutoffOffsetMod: f32;
  resAccentBoost: f32;
  resAccentBoostTarget: f32;
  resAccentBoostLeft: f32;
  resAccentBoostMod: f32;
  accentDecay: f32;
  accentDecayTarget: f32;
  accentDecayLeft: f32;
  accentDecayMod: f32;
}

@unmanaged
export class DistortionParams {
  drive: f32;
  driveTarget: f32;
  driveLeft: f32;
  driveMod: f32;
  mix: f32;
  mixTarget: f32;
  mixLeft: f32;
  mixMod: f32;
  tone: f32;
  toneTarget: f32;
  toneLeft: f32;
  toneMod: f32;
}

@unmanaged
export class ReverbParams {
  mix: f32;
  mixTarget: f32;
  mixLeft: f32;
  mixMod: f32;
  room: f32;
  roomTarget: f32;
  roomLeft: f32;
  roomMod: f32;
  damp: f32;
  dampTarget: f32;
  dampLeft: f32;
  dampMod: f32;
}

@unmanaged
export class DelayParams {
  time: f32;
  timeTarget: f32;
  timeLeft: f32;
  timeMod: f32;
  feedback: f32;
  feedbackTarget: f32;
  feedbackLeft: f32;
  feedbackMod: f32;
  mix: f32;
  mixTarget: f32;
  mixLeft: f32;
  mixMod: f32;
  lowcut: f32;
  lowcutTarget: f32;
  lowcutLeft: f32;
  lowcutMod: f32;
  highcut: f32;
  highcutTarget: f32;
  highcutLeft: f32;
  highcutMod: f32;
}

@unmanaged
export class LimiterParams {
  ceiling: f32;
  ceilingTarget: f32;
  ceilingLeft: f32;
  ceilingMod: f32;
  release: f32;
  releaseTarget: f32;
  releaseLeft: f32;
  releaseMod: f32;
}

@unmanaged
export class LfoParams {
  rate: f32;
  rateTarget: f32;
  rateLeft: f32;
  rateMod: f32;
  depth: f32;
  depthTarget: f32;
  depthLeft: f32;
  depthMod: f32;
  shape: f32;
  shapeTarget: f32;
  shapeLeft: f32;
  shapeMod: f32;
  offset: f32;
  offsetTarget: f32;
  offsetLeft: f32;
  offsetMod: f32;
  target: f32;
  targetTarget: f32;
  targetLeft: f32;
  targetMod: f32;
}
