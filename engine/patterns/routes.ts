import type { ArgRow, RouteRow } from '../shared/table.js';

const slot = {
  name: 'slot',
  type: 'int',
  min: 1,
  max: 128,
  doc: 'Number of the slot file.',
} as const satisfies ArgRow;

/** Routes of the slot files. A slot number outside 1..128 is refused, not clamped: it would be another file. */
export const PATTERN_ROUTES = [
  {
    address: '/pattern/load',
    doc: 'Loads a slot file whole: at the next bar, or at once when the sequencer stands or `immediate` is given.',
    args: [
      slot,
      {
        name: 'when',
        type: 'any',
        optional: true,
        doc: '1, true, immediate or now: at once; anything else: at the bar.',
      },
    ],
    example: [1, 'immediate'],
    reply: 'slot, name, when it acts, and what had to be mended in the file.',
  },
  {
    address: '/pattern/save',
    doc: 'Saves all parameters, tracks and the tempo; the file that was there is kept as a backup.',
    args: [slot, { name: 'name', type: 'text', optional: true, rest: true, doc: 'A name for people.' }],
    example: [100, 'my pattern'],
    reply: 'slot and path.',
  },
  {
    address: '/pattern/list',
    doc: 'The slot files there are.',
    args: [],
    example: [],
    reply: 'A list of slot, name and time of the last change.',
  },
] as const satisfies readonly RouteRow[];
