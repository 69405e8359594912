/** What the acid filter keeps from frame to frame. Behind it lie the filters of modules/dsp/raise.ts. */
@unmanaged
export class Acid {
  // memory
  s1: f32;
  s2: f32;
  s3: f32;
  s4: f32;
  shaped: f32;
  /** Last sample at four times the rate, before the shaper, its rising share, behind the shaper. */
  fast: f32;
  rising: f32;
  edge: f32;
  env: f32;
  accentEnv: f32;
  /** Accent of the note that sounds, 0..1. */
  accent: f32;
  /** What it gave in the last frame. */
  lastLeft: f32;
  lastRight: f32;
  open: i32;
  /** 1: the envelopes were fired at this frame and have yet to be moved to the end of the cell. */
  fired: i32;
  /** Share of the place it has taken, 0..1: it comes and goes in FADE_CELLS cells. */
  presence: f32;
  /** Share of its feedback, 0..1: it goes in FADE_CELLS cells when its voice is silent. */
  hold: f32;

  // coefficients: now, at the end of the cell, per frame
  g: f32;
  gEnd: f32;
  gStep: f32;
  k: f32;
  kEnd: f32;
  kStep: f32;
  drive: f32;
  driveEnd: f32;
  driveStep: f32;
  slope: f32;
  level: f32;
  levelEnd: f32;
  levelStep: f32;
  left: f32;
  leftEnd: f32;
  leftStep: f32;
  right: f32;
  rightEnd: f32;
  rightStep: f32;
  reverb: f32;
  delay: f32;
}
