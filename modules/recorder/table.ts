import { defineModule } from '../../engine/shared/table.js';

export const RECORD_VERBS = ['start', 'stop', 'keep', 'mark', 'status', 'list'] as const;

const END_REPLY =
  'id, path, sample, startFrame, frames, seconds, bytes, verified, peakDb, rmsDb, truePeakDbtp, integratedLufs, rangeLu, ' +
  'maxMomentaryLufs, maxShortTermLufs, clippedSamples, lateBlocks, lostBlocks, mostBehindBlocks, hash, hashes (of each ' +
  'second, up to four minutes)';

/** Writes what is heard to disk: a service beside the audio, fed by the tap ring. */
export const recorderTable = defineModule({
  type: 'recorder',
  idPrefix: 'rec',
  instances: 1,
  level: 'service',
  latencyFrames: 0,
  doc: 'Session recorder: streams the master to stereo WAV files (16, 24 or 32 bit), any number of takes side by side.',
  notes:
    'A file can be opened at any time, also while it grows or when it was cut off. Nothing is ever overwritten: an ' +
    'existing name gets _002. Names keep their last component, bad characters become _. States of a take: IDLE, ' +
    'STARTING, RECORDING, STOPPING, ERROR.',
  params: {
    recording: {
      unit: 'bool',
      min: 0,
      max: 1,
      default: 0,
      smoothMs: 0,
      doc: 'The take with the id main: 1 starts it under an automatic name, 0 stops it.',
    },
  },
  routes: [
    {
      address: '/record',
      aliases: ['/engine/record'],
      doc: 'The same with the verb as first word: start, stop, keep, mark, status or list.',
      args: [
        { name: 'verb', type: 'text', words: RECORD_VERBS, doc: 'What is to be done.' },
        { name: 'words', type: 'any', optional: true, rest: true, doc: 'What goes behind that address.' },
      ],
      example: ['start', 'first_take'],
      reply: 'As the address with that verb.',
    },
    {
      address: '/record/start',
      aliases: ['/engine/record/start'],
      doc: 'Starts a take; it begins with the block that is played next, whatever the disk is doing.',
      args: [
        {
          name: 'words',
          type: 'any',
          optional: true,
          rest: true,
          doc:
            'One word: name. Two: name and format when the second is a format, else id and name. Then ' +
            'dur=SECONDS preroll=SECONDS (what was played before) format=wav|wav16|wav24|wav32f bits=16|24|32 id=WORD ' +
            'style=session|recording|chronus|project project=NAME (for automatic names).',
        },
      ],
      example: ['first_take', 'preroll=10', 'dur=30'],
      reply:
        'id, path, format, sample, bits, sampleRate, startFrame, prerollSeconds and, where given, durationSeconds.',
    },
    {
      address: '/record/stop',
      aliases: ['/engine/record/stop'],
      doc: 'Ends a take at the block that is being played; the file is complete and read back when the reply comes.',
      args: [
        {
          name: 'id',
          type: 'any',
          optional: true,
          default: 'main',
          doc: 'Which take; all: every one of them.',
        },
      ],
      example: ['main'],
      reply: END_REPLY + '; for all: takes, a list of these.',
    },
    {
      address: '/record/keep',
      aliases: ['/engine/record/keep'],
      doc: 'Saves what has just been played, although nobody had pressed record.',
      args: [
        {
          name: 'words',
          type: 'any',
          optional: true,
          rest: true,
          doc: 'Seconds (default: all that is kept), name, format; then format= bits= style= project= as for a start.',
        },
      ],
      example: [60, 'that_was_good'],
      reply: END_REPLY + '.',
    },
    {
      address: '/record/mark',
      aliases: ['/engine/record/mark'],
      doc: 'A cue point with this name at this moment, in every take that runs (or id=WORD).',
      args: [
        {
          name: 'words',
          type: 'any',
          optional: true,
          rest: true,
          doc: 'The name; id=WORD for one take only.',
        },
      ],
      example: ['chorus'],
      reply: 'text, frame, takes (id, seconds).',
    },
    {
      address: '/record/status',
      aliases: ['/engine/record/status'],
      doc: 'The takes that run and the last ones that ended.',
      args: [{ name: 'id', type: 'any', optional: true, doc: 'One take only.' }],
      example: [],
      reply:
        'recording, takes (id, state, path, sample, seconds, bytes, lostBlocks, blocks, waitingBlocks), ended, folder, ' +
        'lookBackSeconds, memoryBytes.',
    },
    {
      address: '/record/list',
      aliases: ['/engine/record/list'],
      doc: 'The takes that run and those in the folder, newest first, with length and loudness.',
      args: [],
      example: [],
      reply:
        'active, takes (file, started, seconds, sampleRate, sample, bytes, peakDb, truePeakDbtp, integratedLufs, rangeLu, ' +
        'lostBlocks, verified, unfinished, recovered, run), total, folder.',
    },
  ],
});
