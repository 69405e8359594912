/** Answers of the engine for people; what has no view of its own is shown as indented JSON. Pure. */
import { endedTake, markedTakes, startedTake, stoppedTakes, takeList } from './record-views.js';
import { statusView, takeLines, type RunningTake, type StatusDocument } from './status-view.js';

interface TrackView {
  readonly id: string;
  readonly voice: string;
  readonly pattern: string;
  readonly notes: readonly number[];
}

interface SequencerView {
  readonly bpm: number;
  readonly swing: number;
  readonly running: boolean;
  readonly step: number;
  readonly tracks: readonly TrackView[];
}

interface SlotView {
  readonly slot: number;
  readonly name?: string | null;
  readonly time: string;
  readonly bpm?: number;
  readonly tracks?: number;
  readonly problem?: { readonly code: string };
}

interface BackupView extends SlotView {
  readonly backup: string;
  readonly kept: string;
}

interface ChangeView {
  readonly slot: number;
  readonly name?: string | null;
  readonly backup?: string;
}

interface LoadView extends ChangeView {
  readonly at: string;
}

type View<T> = (document: T) => string;

const view =
  <T>(show: View<T>) =>
  (document: unknown): string =>
    show(document as T);

const VIEWS: Readonly<Record<string, View<unknown>>> = {
  '/engine/status': view<StatusDocument>(statusView),
  '/seq/status': view<SequencerView>(sequencer),
  '/pattern/load': view<LoadView>(({ slot, name, at }) => `slot ${slot}${named(name)} plays ${when(at)}`),
  '/pattern/save': view<{ readonly path: string }>(({ path }) => path),
  '/pattern/list': view<readonly SlotView[]>((slots) => slots.map(slotLine).join('\n')),
  '/pattern/undo': view<{ readonly at: string }>(({ at }) =>
    at === 'dropped' ? 'the load that waited is dropped' : `the state before the load plays ${when(at)}`,
  ),
  '/pattern/copy': view<ChangeView & { readonly from: number }>((change) =>
    changed(`slot ${change.slot} is a copy of slot ${change.from}`, change),
  ),
  '/pattern/name': view<ChangeView>((change) =>
    changed(`slot ${change.slot} is called ${change.name ?? 'nothing'}`, change),
  ),
  '/pattern/restore': view<ChangeView & { readonly restored: string }>((change) =>
    changed(`slot ${change.slot}${named(change.name)} is again what ${change.restored} holds`, change),
  ),
  '/pattern/backups': view<readonly BackupView[]>((backups) => backups.map(backupLine).join('\n')),
  '/pattern/delete': view<ChangeView>((change) => changed(`slot ${change.slot} is free`, change)),
  '/record/start': view(startedTake),
  '/record/stop': view(stoppedTakes),
  '/record/keep': view(endedTake),
  '/record/mark': view(markedTakes),
  '/record/list': view(takeList),
  '/record/status': view<{ readonly takes: readonly RunningTake[] }>(({ takes }) =>
    takeLines(takes).join('\n'),
  ),
};

export function viewOf(address: string, document: unknown): string {
  return VIEWS[address]?.(document) ?? JSON.stringify(document, null, 2);
}

function named(name: string | null | undefined): string {
  return name ? ` (${name})` : '';
}

function when(at: string): string {
  return at === 'bar' ? 'from the next bar on' : 'now';
}

function changed(what: string, { backup }: ChangeView): string {
  return backup === undefined ? what : `${what}\n  what it held: ${backup}`;
}

function slotLine({ slot, ...about }: SlotView): string {
  return `${String(slot).padStart(3)}  ${about.time.slice(0, 19).replace('T', ' ')}  ${contentOf(about)}`;
}

function backupLine({ backup, kept, ...about }: BackupView, i: number): string {
  return `${String(i + 1).padStart(3)}  ${kept.slice(0, 19).replace('T', ' ')}  ${backup}  ${contentOf(about)}`;
}

function contentOf({ name, bpm, tracks, problem }: Omit<SlotView, 'slot'>): string {
  if (problem) return `damaged (${problem.code})`;
  const tempo = bpm === undefined ? '' : `${bpm} BPM, `;
  return `${tempo}${tracks ?? 0} tracks${name ? `  ${name}` : ''}`;
}

function sequencer({ running, step, bpm, swing, tracks }: SequencerView): string {
  const width = Math.max(0, ...tracks.map(({ id }) => id.length));
  return [
    `${running ? `runs, step ${step}` : 'stopped'}, ${bpm} BPM, swing ${swing}, tracks ${tracks.length}`,
    ...tracks.map(
      ({ id, voice, pattern, notes }) =>
        `  ${id.padEnd(width)}  ${voice.padEnd(8)}  ${pattern}${notes.length > 0 ? `  ${notes.map((hz) => hz.toFixed(1)).join(' ')} Hz` : ''}`,
    ),
  ].join('\n');
}
