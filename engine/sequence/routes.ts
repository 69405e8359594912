import type { ArgRow, RouteRow } from '../shared/table.js';

const track = { name: 'track', type: 'any', doc: 'Id of the track.' } as const satisfies ArgRow;
const at = {
  name: 'at',
  type: 'any',
  optional: true,
  doc: 'at=bar: at the next bar; at=step or nothing: before the next step.',
} as const satisfies ArgRow;

/** Routes of the step sequencer: sixteenth notes, 16 to the bar, every track loops on its own length. */
export const SEQUENCE_ROUTES = [
  {
    address: '/seq/add',
    doc:
      'Adds a track, or replaces the track of that id. Positional after the pattern: base Hz, filter Hz, notes; ' +
      'or key=value: base_freq, filter_freq, notes, base_amp, accent_boost, reverb_send, delay_send, gate_frac, note_index, at.',
    args: [
      track,
      {
        name: 'voice',
        type: 'any',
        doc: 'voice1, voice2, ...; a track on a voice the engine lacks is mute.',
      },
      { name: 'pattern', type: 'any', doc: 'X accent (velocity 1), x hit (0.6), anything else a rest.' },
      { name: 'values', type: 'any', optional: true, rest: true, doc: 'Positional values or key=value.' },
    ],
    example: ['bass', 'voice2', 'X..x..X.', 55, 800, 'A1 C2 E2'],
  },
  {
    address: '/seq/remove',
    doc: 'Removes a track; an unknown id does nothing.',
    args: [track, at],
    example: ['bass'],
  },
  { address: '/seq/clear', doc: 'Removes all tracks and closes their notes.', args: [at], example: [] },
  {
    address: '/seq/start',
    doc: 'Starts at step 0, which plays at once; while running it does nothing.',
    args: [],
    example: [],
  },
  { address: '/seq/stop', doc: 'Stops and closes the gates of all voices.', args: [], example: [] },
  {
    address: '/seq/bpm',
    doc: 'Tempo, kept to a thousandth.',
    args: [
      {
        name: 'bpm',
        type: 'number',
        unit: 'BPM',
        min: 30,
        max: 300,
        default: 120,
        doc: 'Beats (four steps) per minute.',
      },
      at,
    ],
    example: [128],
  },
  {
    address: '/seq/swing',
    doc: 'Delays every second step; the tempo stays.',
    args: [
      {
        name: 'amount',
        type: 'number',
        unit: 'lin',
        min: 0,
        max: 0.6,
        default: 0,
        doc: 'Delay in halves of a step: 0.6 = 0.3 step.',
      },
      at,
    ],
    example: [0.12],
  },
  {
    address: '/seq/update/pattern',
    doc: 'Gives a track another pattern; an unknown id does nothing.',
    args: [track, { name: 'pattern', type: 'any', doc: 'As in /seq/add.' }, at],
    example: ['bass', 'x.x.x.x.'],
  },
  {
    address: '/seq/update/notes',
    doc: 'Gives a track another note list, from its first note; an unknown id does nothing.',
    args: [
      track,
      {
        name: 'notes',
        type: 'any',
        rest: true,
        doc:
          'Names (C4 = 60), MIDI numbers or Hz, separated by blanks or commas, or as numbers; an empty text: none. ' +
          'at=bar works here too.',
      },
    ],
    example: ['bass', 'A1 C2 E2'],
  },
  {
    address: '/seq/status',
    doc: 'State of the sequencer.',
    args: [],
    example: [],
    reply: 'bpm, swing, running, step and the tracks.',
  },
] as const satisfies readonly RouteRow[];
