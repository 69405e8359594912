/** Answers of the engine for people; what has no view of its own is shown as indented JSON. Pure. */
import { db, statusView, takeLines, type RunningTake, type StatusDocument } from './status-view.js';

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
  readonly tracks?: number;
  readonly problem?: { readonly code: string };
}

interface LoadView extends SlotView {
  readonly at: string;
}

interface StartView {
  readonly id: string;
  readonly path: string;
  readonly prerollSeconds: number;
}

interface TakeView {
  readonly path: string;
  readonly seconds: number;
  readonly peakDb: number | null;
  readonly rmsDb: number | null;
  readonly lostBlocks: number;
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
  '/record/start': view<StartView>(started),
  '/record/stop': view<TakeView | { readonly takes: readonly TakeView[] }>((answer) =>
    ('takes' in answer ? answer.takes : [answer]).map(stopped).join('\n'),
  ),
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

function slotLine({ slot, name, tracks, problem }: SlotView): string {
  const about = problem ? `damaged (${problem.code})` : `${tracks ?? 0} tracks`;
  return `${String(slot).padStart(3)}  ${about}${name ? `  ${name}` : ''}`;
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

function started({ id, path, prerollSeconds }: StartView): string {
  const before = prerollSeconds > 0 ? `, from ${prerollSeconds.toFixed(1)} s ago on` : '';
  return `recording '${id}' to ${path}${before}`;
}

function stopped({ path, seconds, peakDb, rmsDb, lostBlocks }: TakeView): string {
  const lost = lostBlocks > 0 ? `, LOST ${lostBlocks} blocks` : '';
  return `${path}\n  ${seconds.toFixed(2)} s, peak ${db(peakDb)}, RMS ${db(rmsDb)}${lost}`;
}
