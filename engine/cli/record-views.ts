/** Answers of the recorder for people. Pure. */
import { basename } from 'node:path';
import { clock, db, takeLines, type RunningTake } from './status-view.js';

interface StartView {
  readonly id: string;
  readonly path: string;
  readonly prerollSeconds: number;
}

interface TakeView {
  readonly path: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly peakDb: number | null;
  readonly truePeakDbtp: number | null;
  readonly integratedLufs: number | null;
  readonly lateBlocks: number;
  readonly lostBlocks: number;
  readonly restoredFrames?: number;
  readonly verified: boolean;
}

interface MarkView {
  readonly text: string;
  readonly takes: readonly { readonly id: string; readonly seconds: number }[];
}

interface ListedTake {
  readonly file: string;
  readonly started?: string;
  readonly seconds?: number;
  readonly bytes?: number;
  readonly sample?: string;
  readonly integratedLufs?: number | null;
  readonly truePeakDbtp?: number | null;
  readonly unfinished?: boolean;
  readonly problem?: string;
}

interface ListView {
  readonly active: readonly RunningTake[];
  readonly takes: readonly ListedTake[];
  readonly total: number;
  readonly folder: string;
}

export function startedTake({ id, path, prerollSeconds }: StartView): string {
  const before = prerollSeconds > 0 ? `, from ${prerollSeconds.toFixed(1)} s ago on` : '';
  return `recording '${id}' to ${path}${before}`;
}

export function stoppedTakes(answer: TakeView | { readonly takes: readonly TakeView[] }): string {
  return ('takes' in answer ? answer.takes : [answer]).map(endedTake).join('\n');
}

export function endedTake(take: TakeView): string {
  const { path, seconds, bytes, peakDb, truePeakDbtp, integratedLufs } = take;
  const levels = `peak ${db(peakDb)}, true peak ${unit(truePeakDbtp, 'dBTP')}, loudness ${unit(integratedLufs, 'LUFS')}`;
  return `${path}\n  ${seconds.toFixed(2)} s, ${megabytes(bytes)}, ${levels}${odd(take)}`;
}

/** What is worth a look; nothing where all is well. */
function odd({ lateBlocks, lostBlocks, restoredFrames, verified }: TakeView): string {
  return [
    lostBlocks > 0 ? `, LOST ${lostBlocks} blocks` : '',
    restoredFrames ? `, ${restoredFrames} frames restored from the journal` : '',
    lateBlocks > 0 ? `, ${lateBlocks} late blocks` : '',
    verified === false ? ', NOT VERIFIED' : '',
  ].join('');
}

export function markedTakes({ text, takes }: MarkView): string {
  return takes.map(({ id, seconds }) => `${id}: '${text}' at ${seconds.toFixed(3)} s`).join('\n');
}

export function takeList({ active, takes, total, folder }: ListView): string {
  const running = active.length > 0 ? [...takeLines(active), ''] : [];
  const more = total > takes.length ? [`and ${total - takes.length} more`] : [];
  return [...running, `${folder}: ${total} takes`, ...takes.map(listed), ...more].join('\n');
}

function listed(take: ListedTake): string {
  const { file, started = '', seconds, bytes, sample = '', integratedLufs, truePeakDbtp } = take;
  const when = started.slice(0, 19).replace('T', ' ').padEnd(19);
  const state = take.unfinished ? '  UNFINISHED: chronus repair' : take.problem ? `  ${take.problem}` : '';
  if (seconds === undefined || bytes === undefined) return `${when}  ${basename(file)}${state}`;
  const loud = `${unit(integratedLufs ?? null, 'LUFS')}, ${unit(truePeakDbtp ?? null, 'dBTP')}`;
  return `${when}  ${clock(seconds)}  ${sample.padEnd(7)}  ${megabytes(bytes).padStart(9)}  ${loud}  ${basename(file)}${state}`;
}

function unit(value: number | null, name: string): string {
  return value === null ? 'silence' : `${value.toFixed(1)} ${name}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
