/** The envelope of a voice as modules/dsp/segment.ts and modules/voice define it, with numbers of 53 bits. */
import { RATE } from '../../test/helpers/core.js';

export interface Adsr {
  readonly attack: number;
  readonly decay: number;
  readonly sustain: number;
  readonly release: number;
}

/** Frame and velocity; 0 closes the gate. */
export type Gate = readonly [frame: number, velocity: number];

export interface Stage {
  /** Its first frame, and how many it has. */
  readonly from: number;
  readonly frames: number;
  readonly start: number;
  readonly end: number;
  readonly bend: number;
}

export const ATTACK_BEND = 1.5;
export const FALL_BEND = 5;
export const framesOf = (seconds: number): number => Math.max(1, Math.round(Math.fround(seconds) * RATE));

/** Level of a stage in a frame from its first on. */
export function levelAt({ from, frames, start, end, bend }: Stage, frame: number): number {
  const t = frame + 1 - from;
  return t >= frames ? end : start + ((end - start) * Math.expm1((-bend * t) / frames)) / Math.expm1(-bend);
}

/** Levels of an envelope per frame, from silence. */
export function envelope(frames: number, gates: readonly Gate[], adsr: Adsr): Float64Array {
  const out = new Float64Array(frames);
  let level = 0;
  let stages: Stage[] = [];
  let next = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let gate = gates[next]; gate?.[0] === frame; gate = gates[++next]) {
      const [, velocity] = gate;
      const attack = framesOf(adsr.attack);
      stages =
        velocity === 0
          ? [{ start: level, end: 0, bend: FALL_BEND, frames: framesOf(adsr.release), from: frame }]
          : [
              { start: level, end: velocity, bend: ATTACK_BEND, frames: attack, from: frame },
              {
                start: velocity,
                end: velocity * adsr.sustain,
                bend: FALL_BEND,
                frames: framesOf(adsr.decay),
                from: frame + attack,
              },
            ];
    }
    const now = stages.findLast(({ from }) => frame >= from);
    if (now) level = levelAt(now, frame);
    out[frame] = level;
  }
  return out;
}
