/** What the echo keeps: its state block, for the files of its kernel. */

/** The longest delay, of a synced time: a quarter at 30 BPM. */
const LONGEST_S: f64 = 2.0;
/** Frames behind the end of the line that repeat its beginning: what is read in one run lies in one piece. */
export const GUARD: i32 = 16;

// Numbers in the bank of ramps.
export const LOW_A1: i32 = 0;
export const LOW_A2: i32 = 1;
export const LOW_A3: i32 = 2;
export const HIGH_A1: i32 = 3;
export const HIGH_A2: i32 = 4;
export const HIGH_A3: i32 = 5;
export const BACK: i32 = 6;
export const WET: i32 = 7;
export const CROSS: i32 = 8;
export const RAMPS: i32 = 9;

@unmanaged
export class Delay {
  /** While it glides: frames between what is written and what is read, and the goal as the first inertia lets it through. */
  position: f64;
  eased: f64;
  sampleRate: f32;
  primed: i32;
  // parameters the coefficients were made from
  feedback: f32;
  mix: f32;
  lowcutHz: f32;
  highcutHz: f32;
  pingPong: f32;
  // coefficients; the others are in the bank
  left: i32;
  size: i32;
  fadeFrames: i32;
  // memory
  /** Frames from what is written to what is read; where it glides to, while it does. */
  delay: i32;
  gliding: i32;
  /** What is faded in. */
  nextDelay: i32;
  fadeLeft: i32;
  write: i32;
  quiet: i32;
  asleep: i32;
  pad: i32;
}

const HEAD: usize = 96;
export const BANK: usize = HEAD;
/** Filter memory: first and second integrator of the low-pass, of the high-pass; left and right of each side by side. */
export const FILTERS: usize = BANK + 112;
/** The line: frames of left and right, then the guard. */
export const LINE: usize = FILTERS + 32;

/** The longest delay in frames. */
export function longestFrames(sampleRate: f32): f64 {
  return LONGEST_S * <f64>sampleRate;
}

/** Frames in the line: the longest delay and what the interpolation reads before it. */
export function lineFrames(sampleRate: f32): i32 {
  return (<i32>ceil<f64>(longestFrames(sampleRate)) + 39) & ~7;
}

/** Bytes of the line with its guard. */
export function lineBytes(frames: i32): usize {
  return (<usize>(frames + GUARD)) << 3;
}
