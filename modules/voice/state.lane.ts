// The state of a group of voices, one per lane, and where it lies: header, parameters, Voice, and two rings of samples to
// come: the waves, and the rests of their jumps. A wave is written VOICE_LATENCY frames ahead; the rests reach 32 frames.

import { HEADER_BYTES, Header } from '../../engine/core/cell.lane';
import { VOICE_FREQ, VOICE_PARAMS } from '../../engine/core/generated/layout';
import { LANES } from '../../engine/core/lane.lane';

/** Frames in each ring: at least twice the taps. */
export const RING: i32 = 64;
/** Weight of a waveform that is heard alone: the rings hold half of it (filter.lane.ts). */
export const WHOLE: f32 = <f32>0.5;
/** The same of a saw, which is made from the phase as it is. */
export const WHOLE_SAW: f32 = <f32>0.5 / <f32>2147483648.0;
/** `left` of an envelope stage without end. */
export const HELD: f32 = <f32>1e9;

export const USES_SINE: i32 = 1;
export const USES_STEPS: i32 = 2;
export const USES_WHITE: i32 = 4;
export const USES_PINK: i32 = 8;
export const USES_BROWN: i32 = 16;
export const USES_SENDS: i32 = 32;
export const USES_SQUARE: i32 = 64;
/** A wave with edges of its own: a triangle, a width other than a half, sync. */
export const USES_EDGES: i32 = 128;
export const USES_SYNC: i32 = 256;
/** A filter that is not a low-pass. */
export const USES_MODES: i32 = 512;

@unmanaged
export class Voice {
  // memory: what the signal and the gates left behind
  phase: word;
  /** The phase of the wave itself: with sync it runs faster, and is thrown back when `phase` begins anew. */
  slave: word;
  env: lane;
  envTarget: lane;
  envRate: lane;
  envLeft: lane;
  envEnd: lane;
  /** The decay that follows a running attack. */
  decayTarget: lane;
  decayRate: lane;
  decayFrames: lane;
  decayEnd: lane;
  /** 1 while the attack runs. */
  attacking: lane;
  /** 1 while the gate is open. */
  open: lane;
  velocity: lane;
  ic1: lane;
  ic2: lane;
  seed: word;
  pink0: lane;
  pink1: lane;
  pink2: lane;
  pink3: lane;
  pink4: lane;
  pink5: lane;
  pink6: lane;
  brown: lane;
  /** What brown noise has below 5 Hz: taken off, it would only cost headroom. */
  brownDc: lane;
  /** Pitch after the glide, Hz. */
  glideHz: lane;
  /** Pitch envelope, 1 at the gate, falling to 0. */
  pitchEnv: lane;
  /** Hz added to the cutoff by the hit that sounds. */
  hitCutoff: lane;
  /** 1: the pitch jumps at the next tick instead of moving over the cell. */
  jump: lane;
  /** 1: the voice starts from silence; its coefficients are there at once. */
  fresh: lane;
  /** Shares of the kinds of filter. */
  isLow: lane;
  isBand: lane;
  isHigh: lane;
  isNotch: lane;
  peak: lane;
  /** Bypassed: what left the low-pass last. */
  last: lane;
  /** Share of the normal output; below 1 where an acid filter has taken its place. */
  direct: lane;

  // coefficients: now, at the end of the cell, change per frame
  inc: word;
  incEnd: word;
  incStep: word;
  slaveInc: word;
  slaveIncEnd: word;
  slaveIncStep: word;
  /** Where a pulse falls, as a phase. */
  width: word;
  widthEnd: word;
  widthStep: word;
  c1: lane;
  c1End: lane;
  c1Step: lane;
  c2: lane;
  c2End: lane;
  c2Step: lane;
  c3: lane;
  c3End: lane;
  c3Step: lane;
  /** What leaves the filter: shares of its low-pass, its band-pass and its input. */
  low: lane;
  lowEnd: lane;
  lowStep: lane;
  band: lane;
  bandEnd: lane;
  bandStep: lane;
  through: lane;
  throughEnd: lane;
  throughStep: lane;
  left: lane;
  leftEnd: lane;
  leftStep: lane;
  right: lane;
  rightEnd: lane;
  rightStep: lane;
  reverb: lane;
  reverbEnd: lane;
  reverbStep: lane;
  delay: lane;
  delayEnd: lane;
  delayStep: lane;
  sine: lane;
  sineEnd: lane;
  sineStep: lane;
  saw: lane;
  sawEnd: lane;
  sawStep: lane;
  square: lane;
  squareEnd: lane;
  squareStep: lane;
  triangle: lane;
  triangleEnd: lane;
  triangleStep: lane;
  white: lane;
  whiteEnd: lane;
  whiteStep: lane;
  pink: lane;
  pinkEnd: lane;
  pinkStep: lane;
  brownLevel: lane;
  brownLevelEnd: lane;
  brownLevelStep: lane;
  /** Level without pan, and with it, at the end of the cell: for an acid filter. */
  ampEnd: lane;
  panLeftEnd: lane;
  panRightEnd: lane;
}

const PARAMS_BYTES: usize = <usize>VOICE_PARAMS * 4 * sizeof<lane>();
export const STATE: usize = HEADER_BYTES + PARAMS_BYTES;
/** Bytes of one lane field. */
export const PARAM_CELL: usize = sizeof<lane>();
export const LANE_BYTES: usize = sizeof<lane>();
export const LANE_SHIFT: usize = LANE_BYTES === 16 ? 4 : 2;

export const WAVES_AT: usize = STATE + offsetof<Voice>();
/** Bytes from a frame in the ring of waves to the same in the ring of rests. */
export const RESTS_BEHIND: usize = <usize>RING * sizeof<lane>();
/** Bytes of one group (LANES voices). */
export const VOICE_GROUP_BYTES: usize = (WAVES_AT + 2 * RESTS_BEHIND + 15) & ~15;

/** Address of one lane of a field of Voice. */
export function voiceField(group: usize, lane: i32, field: usize): usize {
  return group + STATE + field + ((<usize>lane) << 2);
}
/** Address of the value of one lane's parameter; target, left and mod follow, PARAM_CELL bytes apart. */
export function voiceParam(group: usize, lane: i32, param: i32): usize {
  return group + HEADER_BYTES + <usize>param * 4 * PARAM_CELL + ((<usize>lane) << 2);
}

/** What waits in the rings of one lane. `slot`: session frame modulo the rings. */
export function voiceComes(group: usize, lane: i32, slot: i32): f32 {
  const at = group + WAVES_AT + ((<usize>slot) << LANE_SHIFT) + ((<usize>lane) << 2);
  return <f32>2 * (load<f32>(at) + load<f32>(at, RESTS_BEHIND));
}

/** Sets up one group; its memory is zero and its parameters have their defaults. `first` is its first voice, from 0. */
export function voiceInit(group: usize, first: i32): void {
  for (let l = 0; l < LANES; l++) {
    begin(group, l);
    store<f32>(voiceField(group, l, offsetof<Voice>('direct')), <f32>1.0);
    // Any seed but 0 will do for xorshift; spread by a multiplicative hash so that voices differ in every bit.
    store<i32>(voiceField(group, l, offsetof<Voice>('seed')), (first + l + 1) * <i32>0x9e3779b1);
  }
  const header = changetype<Header>(group);
  header.settle = 8;
  header.asleep = 0;
}

/** Begins a whole group anew; parameters stay. */
export function voiceAnew(group: usize, first: i32): void {
  memory.fill(group + STATE, 0, VOICE_GROUP_BYTES - STATE);
  voiceInit(group, first);
}

/** Begins one lane anew: silent, its parameters as they are. Noise goes on where it was, and so does what it leaves to an acid filter. */
export function voiceClear(group: usize, lane: i32): void {
  const direct = load<f32>(voiceField(group, lane, offsetof<Voice>('direct')));
  const seed = load<i32>(voiceField(group, lane, offsetof<Voice>('seed')));
  for (let field: usize = 0; field < offsetof<Voice>(); field += LANE_BYTES)
    store<f32>(voiceField(group, lane, field), <f32>0);
  begin(group, lane);
  store<f32>(
    voiceField(group, lane, offsetof<Voice>('direct')),
    direct >= <f32>0 && direct <= <f32>1.0 ? direct : <f32>1.0,
  );
  store<i32>(voiceField(group, lane, offsetof<Voice>('seed')), seed);
  voiceClearRing(group, lane);
}

/** What is not zero where a voice begins. */
function begin(group: usize, l: i32): void {
  store<f32>(voiceField(group, l, offsetof<Voice>('envLeft')), HELD);
  store<f32>(voiceField(group, l, offsetof<Voice>('jump')), <f32>1.0);
  store<f32>(voiceField(group, l, offsetof<Voice>('glideHz')), load<f32>(voiceParam(group, l, VOICE_FREQ)));
}

/** Empties the rings of one lane. */
function voiceClearRing(group: usize, lane: i32): void {
  const rings = group + WAVES_AT + ((<usize>lane) << 2);
  for (let i: usize = 0; i < 2 * <usize>RING; i++) store<f32>(rings + (i << LANE_SHIFT), <f32>0);
}
