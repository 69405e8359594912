/** Arguments that several routes of the sequencer take. */
import type { ArgRow } from '../shared/table.js';

export const trackArg = { name: 'track', type: 'any', doc: 'Id of the track.' } as const satisfies ArgRow;

/** When an edit acts. */
export const atArg = {
  name: 'at',
  type: 'text',
  named: true,
  words: ['now', 'step', 'bar'],
  doc: 'now (or left out): at once, or at the time tag of the bundle; step: with the next step; bar: with the next bar.',
} as const satisfies ArgRow;

export const onArg = {
  name: 'on',
  type: 'bool',
  optional: true,
  doc: '1 (or left out): on; 0: off.',
} as const satisfies ArgRow;
