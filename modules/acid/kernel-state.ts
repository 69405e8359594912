/** What the acid filter keeps from frame to frame. */
@unmanaged
export class Acid {
  // memory
  shaped: f32;
  s1: f32;
  s2: f32;
  s3: f32;
  s4: f32;
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
  /** Share of the place it has taken, 0..1: it comes and goes in PRESENCE_CELLS cells. */
  presence: f32;

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
