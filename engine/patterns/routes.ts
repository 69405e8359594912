import type { ArgRow, RouteRow } from '../shared/table.js';

const slot = {
  name: 'slot',
  type: 'int',
  min: 1,
  max: 128,
  doc: 'Number of the slot file.',
} as const satisfies ArgRow;

const when = {
  name: 'when',
  type: 'any',
  optional: true,
  doc: '1, true, immediate or now: at once; anything else: at the bar.',
} as const satisfies ArgRow;

/** Routes of the slot files. A slot number outside 1..128 is refused, not clamped: it would be another file. */
export const PATTERN_ROUTES = [
  {
    address: '/pattern/load',
    doc: 'Loads a slot file whole: at the next bar, or at once when the sequencer stands or `immediate` is given.',
    args: [slot, when],
    example: [1, 'immediate'],
    reply: 'slot, name, when it acts, and what had to be mended in the file.',
  },
  {
    address: '/pattern/undo',
    doc: 'Takes back the last load: parameters, tracks, tempo, swing and running are again what they were right before it acted. A load that still waits for its bar is dropped. Sent again, it takes the undo back.',
    args: [when],
    example: ['now'],
    reply: 'at: now, bar, or dropped for a load that had not acted yet.',
  },
  {
    address: '/pattern/save',
    doc: 'Saves all parameters, tracks and the tempo; the file that was there is kept as a backup. Without a name the slot keeps the one it has.',
    args: [
      slot,
      {
        name: 'name',
        type: 'text',
        optional: true,
        rest: true,
        doc: 'A name for people, up to 128 characters.',
      },
    ],
    example: [100, 'my pattern'],
    reply: 'slot, path and the backup.',
  },
  {
    address: '/pattern/list',
    doc: 'The slot files there are.',
    args: [],
    example: [],
    reply:
      'A list of slot, path, time of the last change (modified in Unix milliseconds, time as text), bytes, name, bpm and number of tracks; problem for a file that cannot be read.',
  },
  {
    address: '/pattern/copy',
    doc: 'Copies a slot file into another slot; what that one held is kept as a backup.',
    args: [
      { ...slot, name: 'from', doc: 'The slot to copy.' },
      { ...slot, name: 'to', doc: 'The slot to copy into.' },
    ],
    example: [100, 101],
    reply: 'from, slot, path and the backup.',
  },
  {
    address: '/pattern/name',
    doc: 'Gives a slot a name. An empty one takes the name away.',
    args: [slot, { name: 'name', type: 'text', rest: true, doc: 'A name for people, up to 128 characters.' }],
    example: [101, 'second verse'],
    reply: 'slot, name, path and the backup.',
  },
  {
    address: '/pattern/restore',
    doc: 'Brings a backup back into its slot; what the slot held becomes a backup, so a second restore brings that back.',
    args: [
      slot,
      {
        name: 'backup',
        type: 'any',
        optional: true,
        doc: 'Its number in /pattern/backups (1 is the newest) or its file name; left out: the newest good one.',
      },
    ],
    example: [101],
    reply: 'slot, name, path, which backup was restored, and the new backup.',
  },
  {
    address: '/pattern/backups',
    doc: 'The backups of a slot, newest first. The newest 20 are kept, and the newest good one in any case.',
    args: [slot],
    example: [101],
    reply:
      'A list of slot, backup (file name), kept (when it was put away, as text) and what /pattern/list says of a file.',
  },
  {
    address: '/pattern/delete',
    doc: 'Frees a slot; its file becomes a backup, which /pattern/restore brings back.',
    args: [slot],
    example: [101],
    reply: 'slot, path and the backup.',
  },
] as const satisfies readonly RouteRow[];
