import { MAX_STEPS } from '../shared/steps.js';
import type { RouteRow } from '../shared/table.js';
import { atArg, onArg, trackArg } from './args.js';
import { BPM, SWING } from './range.js';
import { OLD_SEQUENCE_ROUTES } from './old-routes.js';

const patternDoc =
  'X accent (velocity 1), x hit (0.6), . rest, _ tie; x?50 chance in per cent, x*3 ratchet, x(3,8) or x(3,8,2) Euclid.';

/** Routes of the step sequencer: sixteenth notes, 16 to the bar, every track loops on its own length. */
export const SEQUENCE_ROUTES = [
  {
    address: '/seq/add',
    doc:
      'Adds a track, or replaces the track of that id. Positional after the pattern: base Hz, filter Hz, notes; ' +
      'or key=value: base_freq, filter_freq, notes, base_amp, accent_boost, reverb_send, delay_send, gate_frac, ' +
      'note_index, length, division, mute, solo.',
    args: [
      trackArg,
      {
        name: 'voice',
        type: 'any',
        doc: 'voice1, voice2, ...; a track on a voice the engine lacks is mute.',
      },
      { name: 'pattern', type: 'any', doc: patternDoc },
      { name: 'values', type: 'any', optional: true, rest: true, doc: 'Positional values or key=value.' },
      atArg,
    ],
    example: ['bass', 'voice2', 'X..x..X.', 55, 800, 'A1 C2 E2'],
  },
  {
    address: '/seq/set',
    doc: 'Changes what is named of a track and leaves the rest: the keys of /seq/add, and pattern and voice.',
    args: [trackArg, { name: 'values', type: 'text', rest: true, doc: 'key=value.' }, atArg],
    example: ['bass', 'gate_frac=0.25', 'length=12'],
  },
  {
    address: '/seq/remove',
    doc: 'Removes a track and ends its note; an unknown id does nothing.',
    args: [trackArg, atArg],
    example: ['bass'],
  },
  { address: '/seq/clear', doc: 'Removes all tracks and closes their notes.', args: [atArg], example: [] },
  {
    address: '/seq/start',
    doc:
      'Starts at step 0, which plays at once; while running it does nothing. With a track: takes its mute away, and ' +
      'starts when nothing runs.',
    args: [{ ...trackArg, optional: true }],
    example: [],
  },
  {
    address: '/seq/stop',
    doc: 'Stops, and closes every voice in 5 ms, also while the sequencer stands. With a track: mutes it.',
    args: [{ ...trackArg, optional: true }],
    example: [],
  },
  {
    address: '/seq/bpm',
    doc: 'Tempo, kept to a thousandth.',
    args: [
      {
        name: 'bpm',
        type: 'number',
        ...BPM,
        optional: true,
        doc: 'Beats (four steps) per minute.',
      },
      atArg,
    ],
    example: [128],
    query: 'the tempo; during a ramp the one it leads to.',
    forms: [
      {
        doc: 'gives one track a tempo of its own, as a division that stays when the tempo changes.',
        args: [trackArg, { name: 'bpm', type: 'number', ...BPM, doc: 'Of this track.' }, atArg],
        example: ['bass', 64],
      },
    ],
  },
  {
    address: '/seq/ramp',
    doc: 'Leads the tempo to another in a straight line in time.',
    args: [
      { name: 'bpm', type: 'number', ...BPM, doc: 'Where it leads.' },
      {
        name: 'beats',
        type: 'number',
        min: 0.001,
        max: 4096,
        default: 16,
        optional: true,
        doc: 'How many beats (four steps) it takes.',
      },
      atArg,
    ],
    example: [140, 32],
  },
  {
    address: '/seq/tap',
    doc: 'Tap tempo: from the second tap on the tempo is that of the last taps (up to eight, none further apart than 2 s).',
    args: [],
    example: [],
    reply: 'The tempo in BPM; null after the first tap.',
  },
  {
    address: '/seq/nudge',
    doc: 'Shifts everything that is to come against other players, without a change of tempo.',
    args: [
      {
        name: 'ms',
        type: 'number',
        min: -250,
        max: 250,
        doc: 'Later by so many milliseconds; below 0: earlier.',
      },
    ],
    example: [-5],
  },
  {
    address: '/seq/swing',
    doc: 'Delays every second step; the tempo stays.',
    args: [
      {
        name: 'amount',
        type: 'number',
        ...SWING,
        optional: true,
        doc: 'Delay in halves of a step: 0.6 = 0.3 step.',
      },
      atArg,
    ],
    example: [0.12],
    query: 'the swing.',
  },
  {
    address: '/seq/mute',
    doc: 'Silences a track; it goes on in its steps and notes, unheard.',
    args: [trackArg, onArg, atArg],
    example: ['bass'],
  },
  {
    address: '/seq/solo',
    doc: 'While any track is solo, only those that are sound.',
    args: [trackArg, onArg, atArg],
    example: ['bass', 0],
  },
  {
    address: '/seq/length',
    doc: 'Steps after which a track begins again: what the pattern lacks rests, what it has too much is not played.',
    args: [
      trackArg,
      {
        name: 'steps',
        type: 'int',
        optional: true,
        min: 0,
        max: MAX_STEPS,
        default: 0,
        doc: '0: as long as its pattern.',
      },
      atArg,
    ],
    example: ['bass', 12],
  },
  {
    address: '/seq/division',
    doc: 'Length of the steps of a track, in sixteenths: 2 plays eighths, 1/2 thirty-seconds, 4/3 a third of a quarter.',
    args: [
      trackArg,
      {
        name: 'division',
        type: 'any',
        optional: true,
        default: 1,
        doc: 'A number or a fraction as text, 1/64 to 64.',
      },
      atArg,
    ],
    example: ['bass', '4/3'],
  },
  {
    address: '/seq/lock',
    doc:
      'Locks a parameter for one step of a track. It holds until the next step that hits or has locks of its own; then ' +
      'what was before comes back.',
    args: [
      trackArg,
      { name: 'step', type: 'int', min: 0, max: MAX_STEPS - 1, doc: 'From 0, as in /seq/step.' },
      {
        name: 'param',
        type: 'text',
        doc: 'filter/freq, pan, ... of the voice of the track; delay1/mix, ... of a module; velocity or gate_frac of the hit.',
      },
      { name: 'value', type: 'any', doc: 'As the parameter takes it.' },
      atArg,
    ],
    example: ['bass', 4, 'filter/freq', 2400],
  },
  {
    address: '/seq/unlock',
    doc: 'Takes locks of a track away: all, those of a step, or one.',
    args: [
      trackArg,
      { name: 'step', type: 'int', optional: true, min: 0, max: MAX_STEPS - 1, doc: 'Left out: every step.' },
      { name: 'param', type: 'text', optional: true, doc: 'Left out: every parameter.' },
      atArg,
    ],
    example: ['bass', 4, 'filter/freq'],
  },
  {
    address: '/seq/reset',
    doc: 'Begins a track anew at the next step: its pattern and its notes. Without a track: all of them.',
    args: [{ ...trackArg, optional: true }],
    example: ['bass'],
    aliases: ['/seq/reset_all'],
  },
  {
    address: '/seq/seed',
    doc: 'What chance in patterns (x?50) draws from: the same seed, the same music from there on.',
    args: [{ name: 'seed', type: 'int', min: 0, max: 0x7fff_ffff, doc: 'Any whole number.' }, atArg],
    example: [42],
  },
  {
    address: '/seq/update/pattern',
    doc: 'Gives a track another pattern; an unknown id does nothing.',
    args: [trackArg, { name: 'pattern', type: 'any', doc: patternDoc }, atArg],
    example: ['bass', 'x.x.x.x.'],
    aliases: ['/seq/pattern'],
  },
  {
    address: '/seq/update/notes',
    doc: 'Gives a track another note list, from its first note; an unknown id does nothing.',
    args: [
      trackArg,
      {
        name: 'notes',
        type: 'any',
        rest: true,
        doc: 'Names (C4 = 60), MIDI numbers or Hz, separated by blanks or commas, or as numbers; an empty text: none.',
      },
      atArg,
    ],
    example: ['bass', 'A1 C2 E2'],
  },
  {
    address: '/seq/status',
    doc: 'State of the sequencer.',
    args: [],
    example: [],
    reply: 'bpm, the tempo at this moment, swing, running, step and the tracks.',
  },
  {
    address: '/note',
    doc: 'Plays one note: on a voice, or on one that is free; where none is, the oldest note gives way.',
    args: [
      {
        name: 'voice',
        type: 'any',
        doc: 'voice3 or 3; poly: the voice that has been silent longest, of those without a track and without acid1 first.',
      },
      { name: 'note', type: 'any', doc: 'A name (C4), a MIDI number (60), or Hz (261.6, 440, 49hz).' },
      {
        name: 'velocity',
        type: 'number',
        optional: true,
        min: 0,
        max: 127,
        default: 0.8,
        doc: '0 to 1; above 1 it is a MIDI velocity. 1 is an accent; 0 ends the note, with poly the oldest of that pitch.',
      },
      {
        name: 'beats',
        type: 'any',
        optional: true,
        min: 0,
        max: 4096,
        default: 1,
        doc: 'Length at the tempo of the sequencer, which need not run; 0: until /gate closes it.',
      },
    ],
    example: ['poly', 'C4', 0.8, 2],
  },
  ...OLD_SEQUENCE_ROUTES,
] as const satisfies readonly RouteRow[];
