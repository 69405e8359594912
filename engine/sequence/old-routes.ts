import { MAX_STEPS } from '../shared/steps.js';
import type { RouteRow } from '../shared/table.js';
import { trackArg } from './args.js';
import { BPM, GATE_FRAC } from './range.js';

/**
 * Routes of the older generation of Music Chronus, whose sequencers were many, each with a name. Here such a sequencer is
 * a track; `/seq/start`, `/seq/stop`, `/seq/bpm`, `/seq/reset` and `/seq/pattern` take its name too.
 */
export const OLD_SEQUENCE_ROUTES = [
  {
    address: '/seq/create',
    doc: 'Adds a track of 16 rests without a voice: /seq/assign gives it one. One that is there stays as it is.',
    args: [trackArg],
    example: ['lead'],
  },
  {
    address: '/seq/config',
    doc: 'Sets tempo, length and steps per beat of a track. The tempo becomes a division of the present one.',
    args: [
      trackArg,
      { name: 'bpm', type: 'number', ...BPM, doc: 'Tempo of this track.' },
      { name: 'steps', type: 'int', optional: true, min: 1, max: MAX_STEPS, default: 16, doc: 'Its length.' },
      {
        name: 'division',
        type: 'number',
        optional: true,
        min: 0.25,
        max: 16,
        default: 4,
        doc: 'Steps per beat.',
      },
    ],
    example: ['lead', 120, 16, 4],
  },
  {
    address: '/seq/param_lane',
    doc: 'Keeps a lane of values, one a step, for a track until /seq/assign names its parameter.',
    args: [
      trackArg,
      { name: 'lane', type: 'text', doc: 'Name of the lane.' },
      { name: 'values', type: 'any', rest: true, doc: 'Numbers; they go round when the track is longer.' },
    ],
    example: ['lead', 'cutoff', 400, 800, 1600, 800],
  },
  {
    address: '/seq/assign',
    doc: 'Gives a track its voice: /seq/assign lead gate voice3; or makes a lane its locks: lead param cutoff filter1 cutoff.',
    args: [
      trackArg,
      { name: 'what', type: 'text', words: ['gate', 'param'], doc: 'gate or param.' },
      {
        name: 'rest',
        type: 'text',
        rest: true,
        doc: 'gate: the module. param: the lane, the module, the parameter.',
      },
    ],
    example: ['lead', 'gate', 'voice3'],
  },
  {
    address: '/seq/gate_len',
    doc: 'Length of the notes of a track, in steps.',
    args: [
      trackArg,
      { name: 'fraction', type: 'number', min: GATE_FRAC.min, max: GATE_FRAC.max, doc: 'As gate_frac.' },
    ],
    example: ['lead', 0.5],
  },
] as const satisfies readonly RouteRow[];
