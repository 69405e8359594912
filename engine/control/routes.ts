import type { RouteRow } from '../shared/table.js';

/** Routes of the engine itself. */
export const ENGINE_ROUTES = [
  {
    address: '/engine/start',
    doc: 'Switches the sound on.',
    args: [],
    example: [],
  },
  {
    address: '/engine/stop',
    doc: 'Switches the sound off; stops the sequencer and every recording as well.',
    args: [],
    example: [],
  },
  {
    address: '/engine/status',
    doc: 'State of the engine.',
    args: [],
    example: [],
    reply:
      'Audio, frame, rate, voices, slots, the last promotion, what is bypassed and why, recent faults, sequencer, recordings and the counters of the control plane.',
  },
  {
    address: '/engine/list',
    doc: 'The modules and their present values.',
    args: [],
    example: [],
    reply: 'Module id -> parameter -> value.',
  },
  {
    address: '/engine/schema',
    doc: 'Describes every module, parameter, gate and route.',
    args: [
      {
        name: 'format',
        type: 'text',
        optional: true,
        default: 'json',
        words: ['stdout', 'json', 'file'],
        doc: 'json or stdout: answer it; file: write chronus_schema_YYYYMMDD_HHMMSS.json and answer its path.',
      },
    ],
    example: ['json'],
    reply: 'The schema, or the path of the file.',
  },
  {
    address: '/engine/panic',
    doc: 'Closes every voice in 5 ms and stops the sequencer.',
    args: [],
    example: [],
  },
  {
    address: '/sync',
    doc: 'Answers /synced with the same id as soon as everything sent before it has been applied.',
    args: [{ name: 'id', type: 'any', optional: true, default: 0, doc: 'Comes back unchanged.' }],
    example: [1],
  },
] as const satisfies readonly RouteRow[];
