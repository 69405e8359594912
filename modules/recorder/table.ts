import { defineModule } from '../../engine/shared/table.js';

/** Writes what is heard to disk: a service beside the audio, fed by the tap ring. */
export const recorderTable = defineModule({
  type: 'recorder',
  idPrefix: 'rec',
  instances: 1,
  level: 'service',
  latencyFrames: 0,
  doc: 'Session recorder: streams the master to 24-bit stereo WAV files, any number of takes side by side.',
  notes:
    'A file can be opened at any time, also while it grows or when it was cut off. Nothing is ever overwritten: an ' +
    'existing name gets _002. Names keep their last component, bad characters become _.',
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
            'One word: name. Two: name and format when the second is a format, else id and name. ' +
            'Then dur=SECONDS preroll=SECONDS (up to 60, what was played before) format=wav id=WORD.',
        },
      ],
      example: ['first_take', 'preroll=10', 'dur=30'],
      reply:
        'id, path, format, bits, sampleRate, startFrame, prerollSeconds and, where given, durationSeconds.',
    },
    {
      address: '/record/stop',
      aliases: ['/engine/record/stop'],
      doc: 'Ends a take at the block that is being played; the file is complete when the reply comes.',
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
      reply:
        'id, path, frames, seconds, bytes, peakDb, rmsDb, clippedSamples, lostBlocks, mostBehindBlocks; ' +
        'for all: takes, a list of these.',
    },
    {
      address: '/record/status',
      aliases: ['/engine/record/status'],
      doc: 'The takes that run and the last ones that ended.',
      args: [],
      example: [],
      reply:
        'recording, takes (id, state, path, seconds, bytes, lostBlocks, blocks, waitingBlocks), ended, folder, memoryBytes.',
    },
  ],
});
