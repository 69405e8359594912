/** What the tests of units, faults and healing share. */
import { unitOf, units } from '../../engine/registry/units.js';
import type { ChaosFault, Command } from '../../engine/shared/command.js';
import { UNIT_BYPASSED, UNIT_STRIKES_SHIFT } from '../../engine/shared/core-layout.js';
import { gate, openRig, set, type Rig, type RigOptions } from '../helpers/core.js';

export const VOICES = 8;
/** Frames of a fade at 48 kHz. */
const FADE = 256;
/** Until nothing of a fade is left behind the distortion and the limiter. */
export const PASSED = FADE + 32 + 128 + 16;
/** 'voice1-4', 'voice5-8', 'acid1', ... */
export const UNITS = units(VOICES);

export function numberOf(name: string): number {
  const unit = unitOf(name.split('-')[0] as string, VOICES);
  if (unit === undefined) throw new Error(`no unit '${name}'`);
  return unit;
}
export function bypass(name: string, on = true, strike = false): Command {
  return { kind: 'bypass', unit: numberOf(name), on, strike };
}
export function chaos(fault: ChaosFault, name: string): Command {
  return { kind: 'chaos', fault, subject: numberOf(name) };
}
export function crumb(rig: Rig): number {
  return new Int32Array(rig.host.memory.buffer, rig.host.exports.crumbAddress(), 1)[0] as number;
}
export function statusOf(rig: Rig, name: string): { readonly bypassed: boolean; readonly strikes: number } {
  const word = rig.host.read('unit', numberOf(name));
  return { bypassed: (word & UNIT_BYPASSED) !== 0, strikes: word >> UNIT_STRIKES_SHIFT };
}

/** Largest difference from one frame to the next, on either side. */
export function largestStep(x: Float32Array): number {
  let most = 0;
  for (let i = 2; i < x.length; i++) most = Math.max(most, Math.abs(x[i]! - x[i - 2]!));
  return most;
}

/** A steady sine of 100 Hz on voice1 through an open filter, no LFO and no acid filter, and what else is asked for. */
export function sineRig(given: readonly Command[] = [], options: RigOptions = {}): Rig {
  const rig = openRig({ voices: VOICES, ...options });
  rig.now(
    set('lfo1/depth', 0),
    set('lfo2/depth', 0),
    set('acid1/voice', 0),
    set('voice1/freq', 100),
    set('voice1/filter/freq', 8000),
    set('voice1/filter/q', 0.7),
    set('voice1/adsr/sustain', 1),
    set('voice1/amp', 0.3),
    ...given,
    gate(1, true),
  );
  rig.render(24000);
  return rig;
}

/** What makes the sine pass each unit. */
export const THROUGH: Readonly<Record<string, readonly Command[]>> = {
  'voice1-4': [],
  'voice5-8': [],
  acid1: [set('acid1/voice', 1), set('acid1/mix', 1), set('acid1/cutoff', 2000), set('acid1/env_amount', 0)],
  dist1: [set('dist1/mix', 1), set('dist1/drive', 0.3)],
  reverb1: [set('voice1/send/reverb', 1), set('reverb1/mix', 1)],
  delay1: [set('voice1/send/delay', 1), set('delay1/mix', 1)],
  limiter1: [],
  lfo1: [set('lfo1/target', 'voice1/amp'), set('lfo1/depth', 1), set('lfo1/rate', 1)],
  lfo2: [set('lfo2/target', 'voice1/pan'), set('lfo2/depth', 1), set('lfo2/rate', 1)],
  meter1: [],
};
