import type { ArgRow, RouteRow } from '../shared/table.js';

const SLOT: ArgRow = {
  name: 'slot',
  type: 'text',
  optional: true,
  default: 'active',
  words: ['active', 'standby', 'spare', 'a', 'b', 'c'],
  doc: 'Which slot it happens to.',
};
const BLOCK: ArgRow = {
  name: 'block',
  type: 'int',
  optional: true,
  min: 0,
  max: 0x7fff_ffff,
  doc: 'In which block; without it in the next one.',
};
const ONLY = 'Only in an engine that was started with --chaos.';

function slotFault<const N extends string>(name: N, doc: string) {
  return {
    address: `/chaos/${name}`,
    doc: `${doc} ${ONLY}`,
    args: [SLOT, BLOCK],
    example: ['standby'],
  } as const satisfies RouteRow;
}

/** Bypassing, being told of faults, and faults on purpose. */
export const FAULT_ROUTES = [
  {
    address: '/engine/bypass',
    doc: 'Takes a module out of the signal, or back in; voices go in fours. A module that has failed is bypassed by itself, and after its second failure stays so.',
    args: [
      { name: 'module', type: 'text', doc: 'Its id: reverb1, voice3 (with the three beside it), ...' },
      {
        name: 'bypassed',
        type: 'bool',
        optional: true,
        doc: '1: bypassed; 0: switched on again, with empty memory; left out: only asks.',
      },
    ],
    example: ['reverb1', 1],
    reply: 'module, bypassed, strikes (how often it has failed), stays (it cannot be switched on again).',
  },
  {
    address: '/subscribe',
    doc:
      'Tells the sender from now on what happens at the addresses that fit: /engine/fault, /seq/step, /recording/state, ' +
      '/recording/progress, /recording/error, /recording/warning, /recording/recovered, /viz/levels, /viz/spectrum. Send ' +
      'it again before the time is over; it also ends when the client is gone.',
    args: [
      {
        name: 'pattern',
        type: 'text',
        doc: 'An address, with *, ?, [1-4], {a,b}: /recording/* for example.',
      },
      {
        name: 'seconds',
        type: 'number',
        optional: true,
        default: 300,
        min: 1,
        max: 86_400,
        unit: 's',
        doc: 'How long it lasts.',
      },
    ],
    example: ['/engine/fault'],
    reply: 'pattern and seconds.',
  },
  {
    address: '/unsubscribe',
    doc: 'Ends what /subscribe of this sender began: that of the pattern, or everything.',
    args: [{ name: 'pattern', type: 'text', optional: true, doc: 'As it was subscribed.' }],
    example: [],
    reply: 'How many have ended.',
  },
  slotFault('throw', 'Lets a render worker throw.'),
  slotFault('hang', 'Lets a render worker loop for ever.'),
  slotFault('exit', 'Lets a render worker end.'),
  slotFault('oom', 'Lets a render worker run out of memory.'),
  slotFault('terminate', 'Ends a render worker at any moment.'),
  {
    address: '/chaos/stall',
    doc: `Lets a render worker stand still for a while. ${ONLY}`,
    args: [
      {
        name: 'ms',
        type: 'number',
        optional: true,
        default: 50,
        min: 1,
        max: 10_000,
        doc: 'How long, in milliseconds.',
      },
      SLOT,
      BLOCK,
    ],
    example: [20, 'standby'],
  },
  {
    address: '/chaos/trap',
    doc: `Lets a module trap when it works next, whichever slot it is in. ${ONLY}`,
    args: [
      { name: 'module', type: 'text', doc: 'Its id.' },
      {
        name: 'how',
        type: 'text',
        optional: true,
        default: 'once',
        words: ['once', 'always', 'hang'],
        doc: 'always: also when it is switched on again; hang: it never returns instead.',
      },
    ],
    example: ['reverb1'],
  },
  {
    address: '/chaos/nan',
    doc: `Puts NaN into the filter of a voice. ${ONLY}`,
    args: [{ name: 'voice', type: 'int', min: 1, max: 256, doc: 'Its number.' }],
    example: [1],
  },
  {
    address: '/chaos/poison',
    doc: `Sends a command that kills every slot that applies it. ${ONLY}`,
    args: [],
    example: [],
  },
] as const satisfies readonly RouteRow[];
