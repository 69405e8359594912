import type { RouteRow } from '../shared/table.js';

/** Routes of the first generation that are no other name of something else. */
export const OLD_ROUTES = [
  {
    address: '/test',
    doc: 'A test tone: voice1 as a sine of 440 Hz, amp 0.3, gate open. /gate/voice1 0 ends it.',
    args: [],
    example: [],
  },
] as const satisfies readonly RouteRow[];
